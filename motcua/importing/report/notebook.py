"""Counts what people should know of a file while it is read, with the first places of each kind. Pure.

Takes a few numbers per kind, however long the file is.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from motcua.importing.reasons import Reason
from motcua.importing.report.kinds import NOTE_TEXTS
from motcua.importing.tables.header import Places

__all__ = ["Notebook"]

_SHOWN_LINES: Final = 3


@dataclass(slots=True)
class _Met:
    count: int = 0
    lines: list[int] = field(default_factory=list[int])


class Notebook:
    """How often each kind of `NOTE_TEXTS` was met."""

    def __init__(self) -> None:
        self._met = {code: _Met() for code in NOTE_TEXTS}

    def count(self, code: str, line: int, times: int = 1) -> None:
        """Note something about a row.

        Args:
            code: a code of `NOTE_TEXTS`.
            line: the row's place, as `Places` understands it.
            times: how often it is met there.
        """
        met = self._met[code]
        met.count += times
        if len(met.lines) < _SHOWN_LINES:
            met.lines.append(line)

    def discount(self, code: str) -> None:
        """What was noted once proved wrong by a later row."""
        self._met[code].count -= 1

    def reasons(self, places: Places) -> Iterator[Reason]:
        """What was met, in the order of the declarations; parameters `count` and `lines` (`7, 9, 12…`)."""
        for code, met in self._met.items():
            if met.count:
                more = "…" if met.count > len(met.lines) else ""
                lines = ", ".join(places.text(line) for line in met.lines) + more
                yield Reason(code, {"count": met.count, "lines": lines})
