"""Tells what one thing costs that costs much: processor time of this thread, which all others wait for meanwhile."""

from __future__ import annotations

import time
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
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

    @contextmanager
    def of(self, kind: Hashable, count: Callable[[], None], **where: str | int) -> Iterator[None]:
        """Measure a piece of work.

        Args:
            kind: of each there is one line in the log a minute, which says how many others there were.
            count: called for each that costs much.
            where: what the log says of it; never anything personal.
        """
        begun = self._cost()
        try:
            yield
        finally:
            seconds = self._cost() - begun
            if seconds > self._most:
                count()
                others = self._seldom.due(kind)
                if others is not None:
                    _log.warning(self._what, milliseconds=round(seconds * 1_000), others=others, **where)
