"""Lets one thing of a kind through in a number of seconds and counts the others, for logs. Pure."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Final

__all__ = ["Seldom"]

#: Kinds remembered; a kind is something bounded, as a sender or a partition.
_MOST: Final = 10_000


class Seldom:
    """What was said when, by kind.

    Args:
        seconds: how long a kind is silent after it was let through.
        clock: monotonic seconds.
    """

    def __init__(self, seconds: float, clock: Callable[[], float]) -> None:
        self._seconds = seconds
        self._clock = clock
        self._said: dict[Hashable, tuple[float, int]] = {}

    def due(self, kind: Hashable) -> int | None:
        """How many of a kind were held back since one was let through; None where this one is held back too."""
        now = self._clock()
        before = self._said.get(kind)
        if before is not None and now - before[0] < self._seconds:
            self._said[kind] = (before[0], before[1] + 1)
            return None
        if before is None and len(self._said) >= _MOST:
            self._said.clear()
        self._said[kind] = (now, 0)
        return 0 if before is None else before[1]
