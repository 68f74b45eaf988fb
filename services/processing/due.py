"""When each dossier of a partition next has something to announce: a heap, loaded once per assignment.

Knows codes and instants only; entries made stale by a newer timer are skipped when they surface.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterable

__all__ = ["DueHeap"]

_SLACK = 1_000


class DueHeap:
    """Timers by dossier code, in UTC microseconds of the partition's clock."""

    def __init__(self, timers: Iterable[tuple[str, int]] = ()) -> None:
        self._timers: dict[str, int] = dict(timers)
        self._heap = [(timer, code) for code, timer in self._timers.items()]
        heapq.heapify(self._heap)

    def __len__(self) -> int:
        return len(self._timers)

    def set(self, code: str, timer: int | None) -> None:
        """The dossier's timer is this one from now on, or none."""
        if timer is None:
            self._timers.pop(code, None)
            return
        if self._timers.get(code) == timer:
            return
        self._timers[code] = timer
        heapq.heappush(self._heap, (timer, code))
        if len(self._heap) > 2 * len(self._timers) + _SLACK:
            self._heap = [(due, name) for name, due in self._timers.items()]
            heapq.heapify(self._heap)

    def take(self, clock: int) -> list[str]:
        """Codes of all dossiers with timer ≤ clock, in code order; their timers are gone until set again."""
        codes = []
        while self._heap and self._heap[0][0] <= clock:
            timer, code = heapq.heappop(self._heap)
            if self._timers.get(code) == timer:
                del self._timers[code]
                codes.append(code)
        codes.sort()
        return codes
