"""What an import has done so far, and what it did in the end. Knows no files and no network."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any, Literal

from motcua.importing.reasons import Reason, Refused
from motcua.importing.report.names import Names
from motcua.importing.tables.header import Places
from shared.messages import Language

__all__ = ["Outcome", "Progress", "Stage", "Summary"]

Stage = Literal["reading", "sorting", "sending", "done"]
_SHOWN_LINES = 3


@dataclass(slots=True)
class Outcome:
    """What became of the entries that were dealt with; kept in the resume file."""

    accepted: int = 0
    ticks: int = 0
    contradictions: int = 0
    refused: dict[str, int] = field(default_factory=dict)
    #: The first refusal of each reason, as a sentence with its line.
    examples: dict[str, str] = field(default_factory=dict)

    @property
    def refused_total(self) -> int:
        """Refused rows and entries of all reasons."""
        return sum(self.refused.values())

    def note(self, refused: Refused, language: Language, places: Places) -> None:
        """Count a refusal or a contradiction."""
        code = refused.reason.code
        if refused.contradiction:
            self.contradictions += 1
        else:
            self.refused[code] = self.refused.get(code, 0) + 1
        self.examples.setdefault(code, f"{places.text(refused.line)}: {refused.reason.text(language)}")


@dataclass(frozen=True, slots=True)
class Progress:
    """A moment of a running import, for a progress bar. Bytes are those of the file on disk."""

    stage: Stage
    rows: int
    entries: int
    accepted: int
    refused: int
    ticks: int
    bytes_read: int
    bytes_total: int
    #: Entries that still wait for intake's answer.
    waiting: int
    seconds: float
    #: Rows that an interrupted run had dealt with, among `rows`.
    skipped: int = 0
    #: Of the seconds, those for which intake told the key to wait.
    waited: float = 0.0

    @property
    def rows_per_second(self) -> float:
        """Rows of this run for each of its seconds."""
        return (self.rows - self.skipped) / self.seconds if self.seconds > 0 else 0.0


@dataclass(frozen=True, slots=True)
class Summary:
    """What an import did.

    `entries` counts what the file gave, refused entries left out; `resumed` those that an interrupted run had already
    brought in, `skipped` the rows they came from, refused ones included (in the order of time, where rows have no
    order: their share of all). `accepted` includes those; `rows_per_second` is of the others.
    """

    file: Path
    rows: int
    entries: int
    accepted: int
    refused: int
    refused_by_reason: dict[str, int]
    examples: dict[str, str]
    contradictions: int
    filtered: int
    after_until: int
    clock_entries: int
    ticks: int
    dossiers: int
    resumed: int
    seconds: float
    rows_per_second: float
    refused_file: Path | None
    notes: tuple[Reason, ...]
    #: What the file as a whole holds that people should know (report/kinds.py).
    noted: tuple[Reason, ...] = ()
    skipped: int = 0
    #: Of the seconds, those for which intake told the key to wait, since it sent more than its rate.
    waited: float = 0.0
    #: Units and procedures that the entries name.
    names: Names = field(default_factory=Names)

    def as_dict(self, language: Language = "en") -> dict[str, Any]:
        """The summary as JSON-able values."""
        made = asdict(replace(self, names=Names()))
        del made["names"]
        made["file"] = str(self.file)
        made["refused_file"] = None if self.refused_file is None else str(self.refused_file)
        made["notes"] = [note.text(language) for note in self.notes]
        made["noted"] = [{"code": one.code, **one.parameters, "text": one.text(language)} for one in self.noted]
        return made
