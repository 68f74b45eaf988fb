"""Reference entries in their wire form, and the problems of rows that cannot become one. Sends nothing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from shared.contract.normal_form import bring_to_form
from shared.instants import to_rfc3339
from shared.texts.normal_form import normal_form

__all__ = ["SOURCE", "RowProblem", "reference_entry"]

#: Source of entries made by the command line; the administrator's key speaks for every source.
SOURCE: Final = "motcua/reference"


@dataclass(frozen=True, slots=True)
class RowProblem:
    """What cannot be read in a row of a file.

    Args:
        line: line of the file, the heading is line 1.
        field: column.
        value: what stands there.
        vi: what is wrong and what to do, in Vietnamese.
        en: the same in English.
        kept: whether the row was loaded all the same, without this value.
    """

    line: int
    field: str
    value: str
    vi: str
    en: str
    kept: bool = False

    def as_json(self) -> dict[str, Any]:
        """For `--json` and for files of what was refused."""
        return {"line": self.line, "field": self.field, "value": self.value, "vi": self.vi, "en": self.en} | (
            {"kept": True} if self.kept else {}
        )


def reference_entry(
    type_: str,
    subject: str,
    version: str,
    time: int,
    data: dict[str, Any],
    *,
    simulated: bool,
    revision: int = 0,
) -> dict[str, Any]:
    """A reference entry; the same version of the same thing has the same identity, so that loading again does nothing.

    Args:
        type_: such as `unit.revised`.
        subject: what it is about: unit, procedure, calendar or rule.
        version: tells versions of it apart.
        time: since when it is known, UTC microseconds: it applies to dossiers that end later.
        data: as in the contract; members that are None are left out.
        simulated: whether the stack is simulated.
        revision: raised to correct an entry of the same identity.
    """
    # The identity too is made of the texts as they are kept, so that a file typed in another way tells the same.
    subject = normal_form(subject)
    entry: dict[str, Any] = {
        "specversion": "1.0",
        "type": type_,
        "source": SOURCE,
        "id": f"{type_} {subject} {normal_form(version)}",
        "subject": subject,
        "time": to_rfc3339(time),
        "data": {name: value for name, value in data.items() if value is not None},
    }
    bring_to_form(entry)
    if revision:
        entry["revision"] = revision
    if simulated:
        entry["simulated"] = True
    return entry
