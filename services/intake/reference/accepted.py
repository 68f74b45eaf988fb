"""The reference entries intake has accepted: judges new ones by them, stores, and hands over to the outbox.

All replicas read the same numbered parcels from the database, so each judges by all that was accepted before. Knows no
broker and no HTTP.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final, Protocol

from services.intake.admission.admit import Admitted
from services.intake.reference.judging import judge, read_all
from services.intake.reference.listing import Listing
from services.intake.reference.outbox import Outbox
from services.intake.reference.parcels import Parcel, Place, divide
from services.intake.reference.reading import digest_in_form, read_accepted
from services.intake.senders.store import StoreAway
from shared.catalogue.base import Meters
from shared.clock import Clock
from shared.instants import to_datetime
from shared.logging import get_logger
from shared.problems.problem import Problem
from shared.reference.entry import Identity, ReferenceEntry
from shared.reference.known import ReferenceSet
from shared.turns import Turns

__all__ = ["Accepted", "AcceptedReference", "ParcelStore"]

_log = get_logger("intake.registry")
#: How often numbers taken by other replicas are given way to.
_TRIES: Final = 20
_GIVE_WAY_SECONDS: Final = 0.02


class ParcelStore(Protocol):
    """Where parcels are kept; every method may raise StoreAway."""

    async def after(self, number: int) -> list[Parcel]:
        """The parcels with higher numbers, in order."""

    async def add(self, parcels: Sequence[Parcel]) -> int:
        """Store parcels; how many were, before a number that was taken."""

    async def owe(self, parcel: Parcel) -> None:
        """Store anew which partitions a parcel is owed to."""


@dataclass(frozen=True, slots=True)
class Accepted:
    """Where an accepted entry stands."""

    parcel: Parcel
    index: int


class AcceptedReference:
    """What was accepted, as this replica knows it.

    Args:
        store: where parcels are kept.
        outbox: told of every parcel that is not everywhere.
        partitions: how many partitions an entry goes to.
        clock: the wall clock, for when an entry was accepted.
        meters: intake's metrics.
        seconds: after how long parcels of other replicas are looked for.
    """

    def __init__(
        self,
        store: ParcelStore,
        outbox: Outbox,
        partitions: int,
        clock: Clock,
        meters: Meters,
        *,
        seconds: float = 2.0,
    ) -> None:
        self._store = store
        self._outbox = outbox
        self._partitions = partitions
        self._clock = clock
        self._meters = meters
        self._seconds = seconds
        self._lock = asyncio.Lock()
        self._number = 0
        self._known = ReferenceSet()
        self._accepted: dict[str, Accepted] = {}
        self._revisions: dict[tuple[Identity, int], str] = {}
        #: Digest of what an entry of before texts were brought to one form would be now, by its own.
        self._in_form: dict[str, str] = {}
        self._held: dict[Identity, ReferenceEntry] = {}
        self._counts: dict[str, int] = {}
        #: The entries that hold (highest revision, not withdrawn), for who asks for them.
        self.listing = Listing()
        #: Whether the last reading failed, or there was none yet.
        self.away = True
        self._said_away = False
        self._failures = 0

    @property
    def known(self) -> ReferenceSet:
        """The accepted entries as a set."""
        return self._known

    async def accept(self, entries: Sequence[Admitted]) -> list[Accepted | Problem]:
        """Judge entries in order, each by all before it, and store the good ones; an exact repeat is accepted again.

        Raises:
            Problem: 503 the database does not answer: nothing was stored (`database_away`), or it is not
                known (`outcome_unknown`).
        """
        read = await read_all(entries)
        failures = self._failures
        async with self._lock:
            if self._failures != failures:
                # It failed while this one waited: no need to find out again, each in turn.
                raise _away()
            for attempt in range(_TRIES):
                await self._look(first=attempt == 0)
                found, fresh, known = await judge(read, self._known, self._revisions, self._in_form, self._today())
                parcels = [
                    Parcel(self._number + place, values, self._clock.now(), set(range(self._partitions)))
                    for place, values in enumerate(divide([entry.value for entry in fresh]), start=1)
                ]
                # Before anything is stored: what is stored is remembered in one go.
                alike = [digest_in_form(entry) async for entry in Turns().each(fresh)]
                if await self._add(parcels) == len(parcels):
                    self._take(parcels, fresh, alike, known)
                    break
                # Another replica took the number: what it accepted counts for these entries too.
                await asyncio.sleep(_GIVE_WAY_SECONDS)
            else:
                raise _unknown()
        return [found[place] or self._accepted[entry.digest] for place, entry in enumerate(read)]

    async def check(self, entries: Sequence[Admitted]) -> list[Problem | None]:
        """What `accept` would refuse of these entries, and why; nothing is stored.

        Raises:
            Problem: 503 the database does not answer.
        """
        read = await read_all(entries)
        async with self._lock:
            await self._look(first=True)
            return (await judge(read, self._known, self._revisions, self._in_form, self._today()))[0]

    def _today(self) -> date:
        return to_datetime(self._clock.now()).date()

    async def load(self) -> None:
        """Read what other replicas accepted, or an earlier process.

        Raises:
            StoreAway: the database does not answer.
        """
        async with self._lock:
            await self._load()

    async def run(self) -> None:
        """Read again and again, and let the outbox send what is owed, until cancelled."""
        while True:
            try:
                await self.load()
            except StoreAway as error:
                if not self._said_away:
                    _log.warning("reference entries cannot be read", error=str(error)[:200])
                self._said_away = True
            else:
                self._said_away = False
            await self._outbox.flush()
            await asyncio.sleep(self._seconds)

    async def _look(self, *, first: bool) -> None:
        try:
            await self._load()
        except StoreAway as error:
            if first:
                raise _away() from error
            # Some of the parcels may have been stored at an earlier try.
            raise _unknown() from error

    async def _add(self, parcels: Sequence[Parcel]) -> int:
        if not parcels:
            return 0
        try:
            return await self._store.add(parcels)
        except StoreAway as error:
            raise _unknown() from error

    async def _load(self) -> None:
        at_start = self._number == 0 and self.away
        self.away = True
        try:
            parcels = await self._store.after(self._number)
        except StoreAway:
            self._failures += 1
            raise
        for parcel in parcels:
            entries, alike = [], []
            turns = Turns()
            for value in parcel.values:
                await turns.give()
                entry = read_accepted(value, parcel.number)
                entries.append(entry)
                alike.append(None if entry is None else digest_in_form(entry))
            await self._owe_to_all(parcel)
            known = self._known.with_entries(entry for entry in entries if entry is not None)
            self._remember(parcel, entries, alike, known)
            self._outbox.add([parcel], own=False)
        if parcels:
            self._measure()
        self.away = False
        if at_start:
            self._outbox.take_over()

    async def _owe_to_all(self, parcel: Parcel) -> None:
        """What an earlier generation of the journal did not get everywhere is owed to all partitions of this one."""
        partitions = set(range(self._partitions))
        if parcel.todo and parcel.todo | parcel.first.keys() != partitions:
            parcel.todo, parcel.first = partitions, {}
            await self._store.owe(parcel)

    def _take(
        self,
        parcels: Sequence[Parcel],
        entries: Sequence[ReferenceEntry],
        alike: Sequence[str | None],
        known: ReferenceSet,
    ) -> None:
        """Remember parcels this replica has just stored; `known` is the set with all of them."""
        begin = 0
        for parcel in parcels:
            end = begin + len(parcel.values)
            self._remember(parcel, entries[begin:end], alike[begin:end], known)
            begin = end
        self._outbox.add(parcels, own=True)
        self._measure()

    def _remember(
        self,
        parcel: Parcel,
        entries: Sequence[ReferenceEntry | None],
        alike: Sequence[str | None],
        known: ReferenceSet,
    ) -> None:
        """Let a parcel's entries count; `alike` are the digests they would have if they were sent now."""
        for index, (entry, digest) in enumerate(zip(entries, alike, strict=True)):
            if entry is None:
                continue
            place = self._accepted.setdefault(entry.digest, Accepted(parcel, index))
            if digest is not None:
                self._in_form[entry.digest] = digest
                self._accepted.setdefault(digest, place)
            self._revisions.setdefault((entry.identity, entry.revision), entry.digest)
            self._hold(entry)
        self._number = parcel.number
        self._known = known

    def _measure(self) -> None:
        gauge = self._meters.gauge("motcua_intake_reference_entries")
        for type_, count in self._counts.items():
            gauge.labels(type_).set(count)

    def _hold(self, entry: ReferenceEntry) -> None:
        """Let an entry hold instead of the one of its identity that held, if it beats it."""
        before = self._held.get(entry.identity)
        if before is not None and not entry.beats(before):
            return
        self._held[entry.identity] = entry
        for each, change, tell in ((before, -1, self.listing.remove), (entry, 1, self.listing.put)):
            if each is not None and each.data is not None:
                self._counts[each.type] = self._counts.get(each.type, 0) + change
                accepted = self._accepted[each.digest]
                tell(Place(accepted.parcel.number, accepted.index), each)


def _away() -> Problem:
    return Problem(503, "database_away", headers={"Retry-After": "5"})


def _unknown() -> Problem:
    return Problem(503, "outcome_unknown", headers={"Retry-After": "2"})
