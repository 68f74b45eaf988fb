"""Tells whether this process stood still (stopped, or its machine asleep) so long that others may have its partitions.

A slow database is no standstill: the loop goes on, and with it the heartbeats to the group's coordinator.
"""

from __future__ import annotations

import asyncio
import time
from typing import Final

__all__ = ["Pulse"]

_BEAT_SECONDS: Final = 0.25


class Pulse:
    """A beat of the event loop.

    Args:
        longest: seconds between two beats that are still no standstill.
    """

    def __init__(self, longest: float) -> None:
        self._longest = longest
        self._last = time.monotonic()
        self._standstills = 0

    async def run(self) -> None:
        """Beat until cancelled."""
        while True:
            self._beat()
            await asyncio.sleep(_BEAT_SECONDS)

    def standstills(self) -> int:
        """How often the process stood still, a standstill that has just ended included."""
        self._beat()
        return self._standstills

    def _beat(self) -> None:
        now = time.monotonic()
        if now - self._last > self._longest:
            self._standstills += 1
        self._last = now
