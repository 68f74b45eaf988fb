"""Turns for other work in an event loop, by the time that was spent and not by a count of things that may be large."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from typing import Final

__all__ = ["Turns"]

#: Seconds of work before others get a turn.
_SECONDS: Final = 0.005


class Turns:
    """Gives others a turn once work has taken long enough; ask after every piece of it.

    Args:
        seconds: work before others get a turn.
        clock: monotonic seconds.
    """

    def __init__(self, seconds: float = _SECONDS, clock: Callable[[], float] = time.perf_counter) -> None:
        self._seconds = seconds
        self._clock = clock
        self._since = clock()

    async def give(self) -> None:
        """Let others go on, if it is their turn."""
        if self._clock() - self._since >= self._seconds:
            await asyncio.sleep(0)
            self._since = self._clock()
