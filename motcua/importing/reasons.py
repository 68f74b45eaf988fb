"""Why a row, a mapping or a whole import was refused: a code, its parameters, and the sentence in both languages."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from motcua.importing.texts import TEXTS
from shared.messages import MESSAGES, Language
from shared.problems.field_errors import LONGEST_VALUE, MOST_ERRORS, FieldError, explain

__all__ = [
    "ImportFailed",
    "MappingMistakes",
    "Mistake",
    "Reason",
    "Refused",
    "reason_of",
    "reason_of_field_errors",
    "unwritten",
]


@dataclass(frozen=True, slots=True)
class Reason:
    """A declared code and what its sentence names; `literal` is a sentence somebody else (intake) already wrote."""

    code: str
    parameters: Mapping[str, object] = field(default_factory=dict[str, object])
    literal: str | None = None

    def text(self, language: Language) -> str:
        """What is wrong and what to do, on one line."""
        if self.literal is not None:
            return " ".join(self.literal.split())
        shown = {name: _shown(value, language) for name, value in self.parameters.items()}
        if self.code in TEXTS:
            text = TEXTS[self.code].fill(language, shown)
        else:
            message = MESSAGES[self.code]
            text = f"{message.detail.fill(language, shown)} {message.remedy.fill(language, shown)}"
        return " ".join(text.split())


def _shown(value: object, language: Language) -> object:
    if isinstance(value, Reason):
        return value.text(language)
    if isinstance(value, str) and len(value) > 3 * LONGEST_VALUE:
        return value[: 3 * LONGEST_VALUE] + "…"
    return value


@dataclass(frozen=True, slots=True)
class Refused:
    """Something of the file that does not become an entry, or contradicts one, with the lines it stands on.

    `entry` is the name of the entry in the mapping where only that one is concerned. A contradiction is a note: its
    entry was made before, from an earlier row.
    """

    line: int
    last_line: int
    reason: Reason
    entry: str | None = None
    subject: str | None = None
    contradiction: bool = False


class ImportFailed(Exception):  # noqa: N818 (it is reported as a sentence, not as an error's name)
    """An import that cannot start or go on; `text` is one line that says what to do."""

    def __init__(self, code: str, **parameters: object) -> None:
        self.reason = Reason(code, parameters)
        super().__init__(self.reason.text("en"))

    def text(self, language: Language) -> str:
        """What is wrong and what to do, on one line."""
        return self.reason.text(language)


class unwritten:  # noqa: N801 (it is used as a function; a class, since it stands around each row)
    """Tell a disk that takes nothing more as what it means: the import cannot go on.

    Args:
        place: file or folder that is written.

    Raises:
        ImportFailed: instead of an OSError.
    """

    __slots__ = ("_place",)

    def __init__(self, place: Path) -> None:
        self._place = place

    def __enter__(self) -> None: ...

    def __exit__(self, _kind: object, error: BaseException | None, _trace: object) -> None:
        if isinstance(error, OSError):
            reason = error.strerror or str(error)
            raise ImportFailed("refused_unwritten", file=str(self._place), reason=reason) from error


@dataclass(frozen=True, slots=True)
class Mistake:
    """One mistake in a mapping file: where it stands and what it is."""

    file: Path
    line: int
    path: str
    reason: Reason

    def text(self, language: Language) -> str:
        """`file:line: path: what is wrong and what to do`."""
        place = f"{self.path}: " if self.path else ""
        return f"{self.file}:{self.line}: {place}{self.reason.text(language)}"


class MappingMistakes(ImportFailed):
    """All mistakes of a mapping file, in the order of their lines."""

    def __init__(self, mistakes: Iterable[Mistake]) -> None:
        self.mistakes = sorted(set_of_first(mistakes), key=lambda mistake: (mistake.line, mistake.path))
        super().__init__("mapping_mistakes", count=len(self.mistakes))
        self.args = (self.text("en"),)

    def text(self, language: Language) -> str:
        """One line for each of the first mistakes; then how many more there are."""
        more = len(self.mistakes) - MOST_ERRORS
        lines = [mistake.text(language) for mistake in self.mistakes[:MOST_ERRORS]]
        return "\n".join([*lines, *([f"+ {more}"] if more > 0 else [])])


def set_of_first(mistakes: Iterable[Mistake]) -> list[Mistake]:
    """One mistake per line and path: what follows from the first only confuses."""
    seen: dict[tuple[int, str], Mistake] = {}
    for mistake in mistakes:
        seen.setdefault((mistake.line, mistake.path), mistake)
    return list(seen.values())


def reason_of_field_errors(errors: Iterable[Mapping[str, Any]], skip: int = 1) -> Reason:
    """The first thing pydantic found wrong with an entry (the leading part of its location is the type)."""
    found = explain(errors, skip=skip)
    if not found:
        return Reason("invalid_value", {"field": "", "reason": ""})
    return reason_of(found[0])


def reason_of(error: FieldError) -> Reason:
    """A field error as a reason."""
    value = "" if error.value is None else error.value
    return Reason(error.code, {"field": error.field, "value": value, **error.parameters})
