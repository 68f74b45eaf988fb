"""What each sender may send in how short a time: entries and bytes a second, with a burst. Asks no database.

The home's own keys, those that may make keys, have no limit. A decision looks at two numbers of one sender, however
many senders there are and however much they sent.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Literal

from services.intake.doors.rates.bucket import Bucket
from shared.access.bearer import Bearer
from shared.catalogue.base import Meters
from shared.logging import get_logger
from shared.problems.problem import Problem
from shared.seldom import Seldom

__all__ = ["Allowance", "Owing", "Rates", "What"]

_log = get_logger("intake.rates")
_LOG_SECONDS: Final = 60.0
#: Senders remembered before those that owe nothing are forgotten.
_MOST: Final = 10_000

What = Literal["entries", "bytes"]


@dataclass(frozen=True, slots=True)
class Rates:
    """What a sender may send a second where its key says nothing else; 0 is no limit.

    Args:
        entries: entries a second.
        bytes: bytes a second, after unpacking.
        burst: seconds of that which may come at once.
    """

    entries: int
    bytes: int
    burst: float


@dataclass(frozen=True, slots=True)
class Owing:
    """What a sender sent too much of, its limit a second, and for how many seconds it is to send no more."""

    what: What
    limit: int
    seconds: float


class Allowance:
    """The allowances of all senders, at this replica.

    Args:
        rates: those of the settings.
        meters: intake's metrics.
        clock: monotonic seconds.
    """

    def __init__(self, rates: Rates, meters: Meters, clock: Callable[[], float] = time.monotonic) -> None:
        self._rates = rates
        self._clock = clock
        self._buckets: dict[tuple[str, What], Bucket] = {}
        self._entries = meters.counter("motcua_intake_sender_entries_total")
        self._bytes = meters.counter("motcua_intake_sender_bytes_total")
        self._limited = meters.counter("motcua_intake_sender_limited_total")
        self._seldom = Seldom(_LOG_SECONDS, clock)

    def check(self, bearer: Bearer) -> None:
        """Whether a sender may send now.

        Raises:
            Problem: 429 it sent too much; Retry-After says when it may.
        """
        found = self.owing(bearer)
        if found is None:
            return
        raise Problem(
            429,
            f"rate_limited_{found.what}",
            value=bearer.name,
            limit=found.limit,
            extra={"limit": found.limit, "limited": found.what},
            headers={"Retry-After": str(math.ceil(found.seconds))},
        )

    def take(self, bearer: Bearer, entries: int, size: int) -> None:
        """Take what a sender wants to send, whole.

        Args:
            bearer: whose it is.
            entries: how many entries, refused ones included: they cost as much.
            size: their bytes.

        Raises:
            Problem: as of `check`; nothing was taken.
        """
        self.check(bearer)
        self.charge(bearer, entries, size)

    def charge(self, bearer: Bearer, entries: int, size: int) -> None:
        """Count what a sender has sent already, as into its outbox."""
        self._entries.labels(bearer.name).inc(entries)
        self._bytes.labels(bearer.name).inc(size)
        amounts: dict[What, int] = {"entries": entries, "bytes": size}
        for what, limit in self._limits(bearer):
            most = limit * self._rates.burst
            self._bucket(bearer.name, what, most).take(amounts[what], limit, most, self._clock())

    def owing(self, bearer: Bearer) -> Owing | None:
        """What a sender owes for longest; None where it may send. Who owes something is told."""
        found = self._look(bearer)
        if found is not None:
            self._limited.labels(bearer.name, found.what).inc()
            others = self._seldom.due((bearer.name, found.what))
            if others is not None:
                _log.warning(
                    "a sender sends more than its rate",
                    sender=bearer.name,
                    what=found.what,
                    limit=found.limit,
                    others=others,
                )
        return found

    def _look(self, bearer: Bearer) -> Owing | None:
        longest: Owing | None = None
        for what, limit in self._limits(bearer):
            most = limit * self._rates.burst
            seconds = self._bucket(bearer.name, what, most).wait(limit, most, self._clock())
            if seconds > 0 and (longest is None or seconds > longest.seconds):
                longest = Owing(what, limit, seconds)
        return longest

    def _limits(self, bearer: Bearer) -> list[tuple[What, int]]:
        if bearer.administers:
            return []
        entries = self._rates.entries if bearer.entries_per_second is None else bearer.entries_per_second
        size = self._rates.bytes if bearer.bytes_per_second is None else bearer.bytes_per_second
        found: list[tuple[What, int]] = [("entries", entries), ("bytes", size)]
        return [one for one in found if one[1]]

    def _bucket(self, sender: str, what: What, most: float) -> Bucket:
        found = self._buckets.get((sender, what))
        if found is None:
            if len(self._buckets) >= _MOST:
                self._buckets = {key: bucket for key, bucket in self._buckets.items() if bucket.level < 0}
            found = self._buckets[sender, what] = Bucket(most, self._clock())
        return found
