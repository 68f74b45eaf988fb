"""The outbox: brings what was accepted to every journal partition, whatever is away meanwhile. Judges nothing.

What is owed stands in the database before anything is sent, so any replica can finish what another began. Sending
twice is harmless: the same identity with the same content counts once.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterable, Sequence
from typing import Any, Final, Protocol

from services.intake.reference.parcels import Parcel
from services.intake.senders.store import StoreAway
from shared.broker.places import REFERENCE_KEY
from shared.catalogue.base import Meters
from shared.clock import Clock
from shared.instants import SECOND
from shared.logging import get_logger
from shared.problems.problem import Problem

__all__ = ["LATE_SECONDS", "Outbox"]

_log = get_logger("intake.outbox")
#: Seconds a request waits for its parcels; afterwards they are sent without it.
_WAIT_SECONDS: Final = 6.0
#: Seconds left to the replica that accepted a parcel before another sends it too.
_GRACE_SECONDS: Final = 3.0
#: Age in seconds from which a parcel is told of as late.
LATE_SECONDS: Final = 60.0


class _Notes(Protocol):
    async def note(self, parcel: Parcel) -> None:
        """Store which partitions have a parcel."""

    async def refresh(self, parcels: Sequence[Parcel]) -> None:
        """Learn which partitions have parcels by now."""


class _Partitions(Protocol):
    def refusal(self) -> Problem | None:
        """Why nothing may be written now."""

    async def write_batch(self, key: bytes, values: Sequence[bytes], partition: int) -> int | None:
        """Write to one partition; the first offset, None when that is not known."""


class Outbox:
    """The parcels that are not everywhere yet, in the order they were accepted.

    Args:
        store: where it is noted which partitions have a parcel.
        journal: where parcels go.
        clock: the wall clock, for ages.
        meters: intake's metrics.
        monotonic: seconds, for the grace left to other replicas.
    """

    def __init__(
        self,
        store: _Notes,
        journal: _Partitions,
        clock: Clock,
        meters: Meters,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._store = store
        self._journal = journal
        self._clock = clock
        self._monotonic = monotonic
        self._waiting: dict[int, Parcel] = {}
        #: When this replica may send what another accepted; its own parcels are not in here.
        self._due: dict[int, float] = {}
        self._lock = asyncio.Lock()
        self._length = meters.gauge("motcua_intake_outbox_entries")
        self._age = meters.gauge("motcua_intake_outbox_age_seconds")
        self._said_late = False
        self.measure()

    def add(self, parcels: Iterable[Parcel], *, own: bool) -> None:
        """Owe these parcels to the partitions still to do.

        Args:
            parcels: stored ones; those that are everywhere are passed over.
            own: whether this replica accepted them just now; what others accepted is left to them for seconds.
        """
        for parcel in parcels:
            if parcel.everywhere:
                continue
            self._waiting[parcel.number] = parcel
            if not own:
                self._due[parcel.number] = self._monotonic() + _GRACE_SECONDS
        self.measure()

    def take_over(self) -> None:
        """Leave nothing to others: whoever accepted what waits here may have ended."""
        self._due.clear()

    @property
    def waiting(self) -> list[Parcel]:
        """The parcels that are not everywhere, oldest first."""
        return [parcel for _, parcel in sorted(self._waiting.items()) if not parcel.everywhere]

    @property
    def oldest_seconds(self) -> float:
        """Seconds since the oldest of them was accepted; 0 when there is none."""
        waiting = self.waiting
        return max(0.0, (self._clock.now() - waiting[0].accepted_at) / SECOND) if waiting else 0.0

    async def deliver(self, last: int) -> None:
        """Send what waits up to this number, in order, for at most seconds; what remains is sent later."""
        try:
            async with asyncio.timeout(_WAIT_SECONDS):
                await self._deliver(last)
        except TimeoutError:
            _log.warning("reference entries wait", parcels=len(self._waiting))

    async def flush(self) -> None:
        """Send what this replica owes, and what others did not send in time."""
        now = self._monotonic()
        due = [number for number in self._waiting if self._due.get(number, now) <= now]
        if due:
            async with self._lock:
                await self._send([number for number in due if number in self._waiting])
        self.measure()
        late = self.oldest_seconds > LATE_SECONDS
        if late and not self._said_late:
            undone = self.waiting
            _log.error(
                "reference entries are not in every partition",
                entries=sum(len(parcel.values) for parcel in undone),
                partitions=sorted(set().union(*(parcel.todo for parcel in undone))),
                seconds=round(self.oldest_seconds),
            )
        self._said_late = late

    def measure(self) -> None:
        """Set the metrics of what waits."""
        self._length.set(sum(len(parcel.values) for parcel in self.waiting))
        self._age.set(self.oldest_seconds)

    def tell(self) -> list[dict[str, Any]]:
        """What is not everywhere: number, entries, when accepted, partitions still to do."""
        return [
            {
                "number": parcel.number,
                "entries": len(parcel.values),
                "accepted_at": parcel.accepted_at,
                "missing_partitions": sorted(parcel.todo),
            }
            for parcel in self.waiting
        ]

    async def _deliver(self, last: int) -> None:
        async with self._lock:
            wanted = [number for number in self._waiting if number <= last]
            if wanted:
                await self._send(wanted)
        self.measure()

    async def _send(self, numbers: Sequence[int]) -> None:
        """One pass in order; a partition that does not confirm gets nothing more in this pass."""
        parcels = [self._waiting[number] for number in sorted(numbers)]
        others = [parcel for parcel in parcels if parcel.number in self._due]
        if others:
            await self._refresh(others)
        stuck: set[int] = set()
        for parcel in parcels:
            targets = sorted(parcel.todo - stuck) if self._journal.refusal() is None else []
            firsts = await asyncio.gather(
                *(self._journal.write_batch(REFERENCE_KEY, parcel.values, target) for target in targets)
            )
            for target, first in zip(targets, firsts, strict=True):
                if first is None:
                    stuck.add(target)
                else:
                    parcel.confirm(target, first)
            await self._settle(parcel)

    async def _refresh(self, parcels: Sequence[Parcel]) -> None:
        try:
            await self._store.refresh(parcels)
        except StoreAway:
            _log.warning("the database does not answer; parcels may be sent again", parcels=len(parcels))

    async def _settle(self, parcel: Parcel) -> None:
        """Note what was reached, and forget a parcel that is everywhere and noted so."""
        if parcel.unrecorded:
            try:
                await self._store.note(parcel)
            except StoreAway:
                _log.warning("not noted that partitions have a parcel; it may be sent again", number=parcel.number)
        if parcel.everywhere and not parcel.unrecorded:
            self._waiting.pop(parcel.number, None)
            self._due.pop(parcel.number, None)
