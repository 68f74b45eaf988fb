"""How many questions are answered at a time: the others wait for their turn, and after a while are sent away.

Large questions and small ones have lanes of their own, so that no number of large ones holds up a small one.
"""

from __future__ import annotations

import asyncio
import math
import sys
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from typing import Final

from shared.problems.problem import Problem

__all__ = ["Lane", "share_the_interpreter"]

#: Seconds after which a thread that makes an answer lets others go on; by default Python waits five times as long.
_TURN_SECONDS: Final = 0.001


def share_the_interpreter() -> None:
    """Have threads of this process take turns more often: the event loop waits for the one that makes an answer."""
    sys.setswitchinterval(_TURN_SECONDS)


class Lane:
    """Places for questions, with a thread for each of those that may be worked on.

    Args:
        name: of the threads.
        at_once: places.
        threads: answers being made at a time.
        waiting: how many may wait for a place.
        seconds: for how long.
    """

    def __init__(self, name: str, at_once: int, threads: int, waiting: int, seconds: float) -> None:
        self.thread = ThreadPoolExecutor(threads, thread_name_prefix=f"answers-{name}")
        self.waiting = 0
        self._free = asyncio.Semaphore(at_once)
        self._most = waiting
        self._seconds = seconds

    @asynccontextmanager
    async def place(self) -> AsyncIterator[None]:
        """Hold a place for as long as the block takes.

        Raises:
            Problem: 503, too many wait already, or it took too long.
        """
        if self._free.locked() and self.waiting >= self._most:
            raise self._busy()
        self.waiting += 1
        try:
            async with asyncio.timeout(self._seconds):
                await self._free.acquire()
        except TimeoutError:
            raise self._busy() from None
        finally:
            self.waiting -= 1
        try:
            yield
        finally:
            self._free.release()

    def _busy(self) -> Problem:
        seconds = max(1, math.ceil(self._seconds))
        return Problem(503, "questions_busy", value=self.waiting, headers={"Retry-After": str(seconds)})

    def close(self) -> None:
        """Let the threads end; no question comes any more."""
        self.thread.shutdown(wait=False, cancel_futures=True)
