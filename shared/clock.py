"""The only place that reads the wall clock. Processing and the figures never do: their time comes from the journal."""

from __future__ import annotations

import time
from typing import Protocol

__all__ = ["Clock", "FixedClock", "SystemClock"]


class Clock(Protocol):
    """Something that tells the present instant."""

    def now(self) -> int:
        """The present instant in UTC microseconds."""
        ...


class SystemClock:
    """The machine's wall clock."""

    def now(self) -> int:
        """The present instant in UTC microseconds."""
        return time.time_ns() // 1_000


class FixedClock:
    """A clock set by hand, for tests and replays."""

    def __init__(self, instant: int) -> None:
        self.instant = instant

    def now(self) -> int:
        """The instant it was set to, in UTC microseconds."""
        return self.instant
