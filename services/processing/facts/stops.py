"""When the clock of one dossier stood still, looked up without a walk over all of its pauses. Pure."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from typing import Final

from services.processing.routing.model import Pause

__all__ = ["NO_STOPS", "Stops"]

#: Later than every instant of the contract.
_NEVER: Final = 1 << 62


class Stops:
    """The pauses of one dossier. Instants in UTC microseconds.

    Args:
        pauses: ascending, not overlapping; only the last may be open.
    """

    __slots__ = ("_begins", "_ends", "_runs", "open_since")

    def __init__(self, pauses: Sequence[Pause]) -> None:
        #: The begin of the pause that lasts; None where the clock runs at the end.
        self.open_since = pauses[-1][0] if pauses and pauses[-1][1] is None else None
        self._begins = [begin for begin, _ in pauses]
        self._ends = [_NEVER if end is None else end for _, end in pauses]
        #: By pause, when the clock runs again: pauses may follow upon one another without a moment between them.
        self._runs = self._ends[:]
        for place in range(len(pauses) - 2, -1, -1):
            if self._begins[place + 1] <= self._ends[place]:
                self._runs[place] = self._runs[place + 1]

    def running(self, at: int) -> int:
        """The instant itself, or while the clock is stopped the one at which it runs again; of an open pause none."""
        place = bisect_right(self._begins, at) - 1
        return at if place < 0 or self._ends[place] <= at else self._runs[place]

    def last_end(self, by: int) -> int | None:
        """The end of the last closed pause that begins by an instant; None where there is none."""
        place = bisect_right(self._begins, by) - 1
        if place >= 0 and self._ends[place] == _NEVER:
            place -= 1
        return self._ends[place] if place >= 0 else None


NO_STOPS: Final = Stops(())
