"""Intake's parts without a broker and a database: a journal and stores in memory, and entries to send."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Sequence
from typing import Any, Final

from fastapi import FastAPI

from services.intake.admission.admit import Admitted, StackRules, admit
from services.intake.app import build_app
from services.intake.deadletters.bulk import BulkReplayer
from services.intake.deadletters.replay import Replayer
from services.intake.doors.door import Door
from services.intake.journal import Journal, Receipt
from services.intake.reference.accepted import AcceptedReference
from services.intake.reference.door import ReferenceDoor
from services.intake.reference.outbox import Outbox
from services.intake.reference.parcels import Parcel
from services.intake.senders.directory import Directory
from services.intake.senders.sender import SenderRecord
from services.intake.senders.store import StoreAway
from services.intake.settings import IntakeSettings
from shared.access.bearer import Bearer
from shared.access.keys import hash_key
from shared.access.rights import Role
from shared.catalogue.base import Meters
from shared.catalogue.intake import SPECS
from shared.clock import FixedClock
from shared.instants import SECOND, parse_instant
from shared.problems.problem import Problem
from tests.unit.intake.deadletters.deadletter_parts import MemoryLetters, MemoryReader

NOW: Final = parse_instant("2026-08-25T10:00:00+07:00")
REAL: Final = StackRules(simulated=False, data_clock=False, future_tolerance=120)
REPLAY: Final = StackRules(simulated=False, data_clock=True, future_tolerance=120)
SIMULATED: Final = StackRules(simulated=True, data_clock=False, future_tolerance=120)
KEYS: Final[dict[str, tuple[Role, ...]]] = {
    "mc_sender": ("sender",),
    "mc_clock": ("clock",),
    "mc_reference": ("reference",),
    "mc_admin": ("admin", "sender"),
}


def grant(
    *roles: str, sources: Sequence[str] = ("*",), units: Sequence[str] = ("*",), sender: str = "one-stop"
) -> Bearer:
    return Bearer(sender, tuple(sources), tuple(units), frozenset(roles or ("sender",)))


def entry(**changes: Any) -> dict[str, Any]:
    """A good entry with members changed; `...` takes one out."""
    whole: dict[str, Any] = {
        "specversion": "1.0",
        "type": "dossier.accepted",
        "source": "hcm/one-stop",
        "id": "1/accepted",
        "subject": "HS-1",
        "time": "2026-08-25T08:15:00+07:00",
        "data": {"channel": "online", "unit": "hcm.q1"},
    }
    return {name: value for name, value in (whole | changes).items() if value is not ...}


def body(**changes: Any) -> bytes:
    return json.dumps(entry(**changes), ensure_ascii=False).encode()


def unit(code: str, **changes: Any) -> dict[str, Any]:
    """A good reference entry: a unit; members of its data by `data`."""
    data = {"unit": code, "kind": "commune"} | changes.pop("data", {})
    whole = {"type": "unit.revised", "id": f"unit/{code}", "subject": code, "data": data}
    return entry(**(whole | changes))


def admitted(*entries: dict[str, Any]) -> list[Admitted]:
    """Entries as they are after admission, for an administrator."""
    key = grant("admin", "reference", "sender")
    return [admit(json.dumps(each).encode(), key, REAL, NOW) for each in entries]


class MemoryJournal(Journal):
    """A journal of two partitions in memory.

    `fails` makes the next writes unconfirmed; `away` refuses before anything is written.
    """

    def __init__(self) -> None:
        super().__init__("nowhere:1", 2, Meters(SPECS))
        self.records: dict[int, list[Admitted]] = {0: [], 1: []}
        self.fails: set[int] = set()
        self.away: Problem | None = None

    def refusal(self) -> Problem | None:
        return self.away

    async def write_one(self, entry: Admitted) -> Receipt:
        receipt = (await self.write_many([entry]))[0]
        if receipt is None:
            raise Problem(503, "outcome_unknown", headers={"Retry-After": "2"})
        return receipt

    async def write_many(self, entries: Sequence[Admitted]) -> list[Receipt | None]:
        if self.away is not None:
            raise self.away
        return [self._write(each) for each in entries]

    async def write_batch(self, key: bytes, values: Sequence[bytes], partition: int) -> int | None:
        if self.away is not None or partition in self.fails:
            return None
        first = len(self.records[partition])
        for value in values:
            self.records[partition].append(Admitted("", "", "", "", 0, key, value, everywhere=True))
        return first

    def values(self, partition: int) -> list[bytes]:
        """What a partition holds."""
        return [record.value for record in self.records[partition]]

    def _write(self, entry: Admitted) -> Receipt | None:
        partitions = list(self._partitions_of(entry))
        if self.fails.intersection(partitions):
            return None
        for partition in partitions:
            self.records[partition].append(entry)
        return Receipt(tuple((partition, len(self.records[partition]) - 1) for partition in partitions))

    @property
    def entries(self) -> list[dict[str, Any]]:
        return [json.loads(record.value) for records in self.records.values() for record in records]


class MemoryParcels:
    """Parcels in memory, as several replicas see them; copies go in and out, as with a database.

    `away` makes every method fail as an absent database does; `breaks_after` lets `add` store so many parcels and then
    fail, which leaves the outcome unknown.
    """

    def __init__(self) -> None:
        self.stored: dict[int, Parcel] = {}
        self.away = False
        self.breaks_after: int | None = None
        self.additions: list[int] = []

    def _ask(self) -> None:
        if self.away:
            raise StoreAway("away")

    async def after(self, number: int) -> list[Parcel]:
        self._ask()
        return [_copy(parcel) for _, parcel in sorted(self.stored.items()) if parcel.number > number]

    async def add(self, parcels: Sequence[Parcel]) -> int:
        self._ask()
        self.additions.append(len(parcels))
        for place, parcel in enumerate(parcels):
            if place == self.breaks_after:
                raise StoreAway("gone")
            if parcel.number in self.stored:
                return place
            self.stored[parcel.number] = _copy(parcel)
        return len(parcels)

    async def note(self, parcel: Parcel) -> None:
        self._ask()
        self.stored[parcel.number].learn({each: parcel.first[each] for each in parcel.unrecorded})
        parcel.unrecorded.clear()

    async def owe(self, parcel: Parcel) -> None:
        self._ask()
        self.stored[parcel.number] = _copy(parcel)

    async def refresh(self, parcels: Sequence[Parcel]) -> None:
        self._ask()
        for parcel in parcels:
            parcel.learn(self.stored[parcel.number].first)


def _copy(parcel: Parcel) -> Parcel:
    return Parcel(parcel.number, parcel.values, parcel.accepted_at, set(parcel.todo), dict(parcel.first))


def make_reference(
    journal: MemoryJournal, parcels: MemoryParcels, clock: FixedClock, meters: Meters | None = None
) -> ReferenceDoor:
    """The reference part of one replica of intake, on two partitions."""
    meters = meters or Meters(SPECS)
    outbox = Outbox(parcels, journal, clock, meters, monotonic=lambda: clock.now() / SECOND)
    return ReferenceDoor(AcceptedReference(parcels, outbox, 2, clock, meters), outbox)


class MemoryStore:
    """Senders in memory; `away` makes every method fail as an absent database does."""

    def __init__(self) -> None:
        self.records: dict[str, SenderRecord] = {}
        self.away = False
        self.readings = 0

    def _ask(self) -> None:
        if self.away:
            raise StoreAway("away")

    async def all(self) -> list[SenderRecord]:
        self.readings += 1
        self._ask()
        return list(self.records.values())

    async def add(self, record: SenderRecord) -> bool:
        self._ask()
        if record.sender in self.records:
            return False
        self.records[record.sender] = record
        return True

    async def put(self, record: SenderRecord) -> None:
        self._ask()
        self.records[record.sender] = record

    async def remove(self, sender: str) -> bool:
        self._ask()
        return self.records.pop(sender, None) is not None

    async def disable(self, sender: str, disabled: bool) -> bool:
        self._ask()
        if sender not in self.records:
            return False
        self.records[sender] = self.records[sender].model_copy(update={"disabled": disabled})
        return True


def record(sender: str, key: str, *roles: Role) -> SenderRecord:
    return SenderRecord(sender=sender, sources=["*"], units=["*"], roles=list(roles or ("sender",)), hash=hash_key(key))


@dataclasses.dataclass(frozen=True)
class Parts:
    """An application with its memory parts."""

    app: FastAPI
    door: Door
    journal: MemoryJournal
    store: MemoryStore
    parcels: MemoryParcels
    clock: FixedClock
    letters: MemoryLetters


def make_parts(rules: StackRules = REAL) -> Parts:
    """An application that needs neither broker nor database; keys by KEYS."""
    clock = FixedClock(NOW)
    journal, store, parcels = MemoryJournal(), MemoryStore(), MemoryParcels()
    first = [record(key.removeprefix("mc_"), key, *roles) for key, roles in KEYS.items()]
    app = build_app(IntakeSettings(kafka="127.0.0.1:1", mongo="mongodb://127.0.0.1:1"), (), clock)
    door: Door = app.state.door
    door = dataclasses.replace(
        door,
        rules=rules,
        journal=journal,
        directory=Directory(store, first),
        reference=make_reference(journal, parcels, clock, door.meters),
    )
    app.state.door = door
    app.state.keyring = door.directory
    letters = MemoryLetters()
    reader = MemoryReader(journal.records)
    app.state.replayer = Replayer(letters, reader, door)
    app.state.bulk_replayer = BulkReplayer(letters, reader, door, app.state.replayer)
    return Parts(app, door, journal, store, parcels, clock, letters)
