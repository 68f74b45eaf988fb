"""Which unit was accountable for something from when to when, walked over the entries that may move it.

Pure. Knows no dossier and no petition: who moves what is decided by those who call.
"""

from __future__ import annotations

from bisect import bisect_left
from typing import Final

from services.processing.entitling.covering import Covers, covers_named
from services.processing.record import EntryRecord, SortKey

__all__ = ["NEVER", "Chain"]

#: Later than every instant of the contract: the end of what lasts.
NEVER: Final = 1 << 62


class Chain:
    """The units accountable one after another. Instants in UTC µs.

    Args:
        first: who is accountable from the beginning on; None: nobody.
        covers: whether a grant covers a unit on the day of an instant.
    """

    __slots__ = ("_covers", "_ends", "_moves", "_named", "_units")

    def __init__(self, first: str | None, covers: Covers) -> None:
        self._covers = covers
        self._units: list[str | None] = [first]
        #: The entries by which the units but the first became accountable.
        self._moves: list[SortKey | tuple[int]] = []
        #: The end of the last tenure of each unit, the latest first; made when it is asked for.
        self._ends: list[tuple[str, int]] | None = None
        self._named: dict[str | None, int] = {}

    @property
    def units(self) -> list[str]:
        """Every unit that was accountable some time, each once."""
        return [unit for unit, _ in self._latest_ends()]

    @property
    def present(self) -> str | None:
        """Who is accountable at the end of what was walked."""
        return self._units[-1]

    def move(self, entry: EntryRecord, unit: str) -> None:
        """From an entry on, which comes after all before it, a unit is accountable."""
        self._units.append(unit)
        self._moves.append(entry.key)
        self._ends = None
        self._named.clear()

    def at(self, entry: EntryRecord) -> str | None:
        """Who was accountable when an entry came, in the order of entries."""
        return self._units[bisect_left(self._moves, entry.key)]

    def covers_present(self, entry: EntryRecord) -> bool:
        """Whether an entry's grant covers who is accountable at the end of what was walked."""
        return self._covers(entry.grant, self.present, entry.time)

    def covers(self, grant: str | None, at: int) -> bool:
        """Whether a grant covers a unit that was accountable at an instant or became so later.

        A unit is accountable to the very instant at which the next one is.
        """
        # Most act while they are accountable, and most others under the name of who was: of a row of many units it is
        # seldom that each is asked about.
        now = {bisect_left(self._moves, (at,)), bisect_left(self._moves, (at + 1,))}
        if any(self._covers(grant, self._units[place], at) for place in now) or self._named_until(grant) >= at:
            return True
        for unit, end in self._latest_ends():
            if end < at:
                return False
            if self._covers(grant, unit, at):
                return True
        return False

    def _named_until(self, grant: str | None) -> int:
        """The end of the last tenure of a unit that the patterns of a grant cover; before all where there is none."""
        found = self._named.get(grant)
        if found is None:
            ends = (end for unit, end in self._latest_ends() if grant is not None and covers_named(grant, unit))
            found = self._named[grant] = next(ends, -NEVER)
        return found

    def _latest_ends(self) -> list[tuple[str, int]]:
        if self._ends is None:
            ends: dict[str, int] = {}
            last = NEVER
            for place in range(len(self._units) - 1, -1, -1):
                unit = self._units[place]
                if unit is not None:
                    ends.setdefault(unit, last)
                if place:
                    last = self._moves[place - 1][0]
            self._ends = list(ends.items())
        return self._ends
