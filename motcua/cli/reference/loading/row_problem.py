"""What is wrong with a row of a file that was to become a reference entry."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

__all__ = ["RowProblem"]


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
