"""Gives the process's other work a turn by the time a piece of work takes, not by how many things it is about.

One entry may cost ten microseconds or a hundred milliseconds; heartbeats, HTTP and other partitions wait alike.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Iterable
from typing import Final, TypeVar

__all__ = ["LONGEST_SECONDS", "Turns"]

T = TypeVar("T")

#: Time a loop works before others get their turn; every loop has as much, and may end what it is about.
LONGEST_SECONDS: Final = 0.01


class Turns:
    """The turns of one loop.

    Args:
        longest: seconds of work between two turns.
    """

    __slots__ = ("_longest", "_since")

    def __init__(self, longest: float = LONGEST_SECONDS) -> None:
        self._longest = longest
        self._since = time.perf_counter()

    async def give(self) -> None:
        """Give a turn if it is time; called between any two things, as it costs next to nothing."""
        if time.perf_counter() - self._since >= self._longest:
            await asyncio.sleep(0)
            self._since = time.perf_counter()

    async def each(self, things: Iterable[T]) -> AsyncIterator[T]:
        """The things, with turns between them."""
        for thing in things:
            yield thing
            await self.give()
