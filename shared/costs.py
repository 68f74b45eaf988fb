"""Tells what one thing costs that costs much: processor time of this thread, which all others wait for meanwhile."""

from __future__ import annotations

import time
from collections.abc import Callable, Hashable, Mapping
from typing import Final

from shared.logging import get_logger
from shared.seldom import Seldom

__all__ = ["CostWatch"]

_log = get_logger("shared.costs")
_LOG_SECONDS: Final = 60.0


class CostWatch:
    """Watches over pieces of work, each without an await within.

    Args:
        most: seconds one may cost before it is told.
        what: what is told, as a log's event.
        clock: monotonic seconds.
        cost: processor seconds of this thread.
    """

    def __init__(
        self,
        most: float,
        what: str,
        clock: Callable[[], float] = time.monotonic,
        cost: Callable[[], float] = time.thread_time,
    ) -> None:
        self._most = most
        self._what = what
        self._cost = cost
        self._seldom = Seldom(_LOG_SECONDS, clock)

    def of(self, kind: Hashable, count: Callable[[], None], **where: str | int) -> _Piece:
        """Measure a piece of work: what is done within the context that this gives.

        Args:
            kind: of each there is one line in the log a minute, which says how many others there were.
            count: called for each that costs much.
            where: what the log says of it; never anything personal.
        """
        return _Piece(self, kind, count, where)

    def begin(self) -> float:
        """Processor seconds so far."""
        return self._cost()

    def end(self, begun: float, kind: Hashable, count: Callable[[], None], where: Mapping[str, str | int]) -> None:
        """Tell a piece of work that cost much since it was begun; arguments as of `of`."""
        seconds = self._cost() - begun
        if seconds > self._most:
            count()
            others = self._seldom.due(kind)
            if others is not None:
                _log.warning(self._what, milliseconds=round(seconds * 1_000), others=others, **where)


class _Piece:
    """One piece of work; a class, since a generator costs more than what it measures."""

    __slots__ = ("_begun", "_count", "_kind", "_watch", "_where")

    def __init__(
        self, watch: CostWatch, kind: Hashable, count: Callable[[], None], where: Mapping[str, str | int]
    ) -> None:
        self._watch = watch
        self._kind = kind
        self._count = count
        self._where = where
        self._begun = 0.0

    def __enter__(self) -> None:
        self._begun = self._watch.begin()

    def __exit__(self, *_raised: object) -> None:
        self._watch.end(self._begun, self._kind, self._count, self._where)
