"""When each dossier of a partition next has something to announce: a heap, loaded once per assignment.

Knows keys and instants only; entries made stale by a newer timer are skipped when they surface.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterable

__all__ = ["DueHeap"]

_SLACK = 1_000


class DueHeap:
    """Timers by the keys of cases, in UTC microseconds of the partition's clock."""

    def __init__(self, timers: Iterable[tuple[str, int]] = ()) -> None:
        self._timers: dict[str, int] = dict(timers)
        self._heap = [(timer, key) for key, timer in self._timers.items()]
        heapq.heapify(self._heap)

    def __len__(self) -> int:
        return len(self._timers)

    def set(self, key: str, timer: int | None) -> None:
        """The dossier's timer is this one from now on, or none."""
        if timer is None:
            self._timers.pop(key, None)
            return
        if self._timers.get(key) == timer:
            return
        self._timers[key] = timer
        heapq.heappush(self._heap, (timer, key))
        if len(self._heap) > 2 * len(self._timers) + _SLACK:
            self._heap = [(due, name) for name, due in self._timers.items()]
            heapq.heapify(self._heap)

    def take(self, clock: int) -> list[str]:
        """Keys of all cases with timer ≤ clock, in their order; their timers are gone until set again."""
        keys = []
        while self._heap and self._heap[0][0] <= clock:
            timer, key = heapq.heappop(self._heap)
            if self._timers.get(key) == timer:
                del self._timers[key]
                keys.append(key)
        keys.sort()
        return keys
