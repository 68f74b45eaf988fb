"""A journal of its own, replicas of processing in this process, and their output compared with the engine alone."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Iterable, Mapping
from typing import Any

import orjson
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition

from services.processing.engine import apply_reference
from services.processing.http.answers import PartitionAnswer
from services.processing.http.keys import Keys
from services.processing.service import Service
from services.processing.settings import ProcessingSettings
from services.processing.states.store import database_name
from shared.broker.kafka import make_consumer, make_producer
from shared.broker.partition import partition_of
from shared.broker.topics import DEADLETTER, lifecycle, reference
from shared.clock import SystemClock
from shared.contract.entries import CLOCK_TYPES, REFERENCE_TYPES
from shared.contract.lifecycle import LIFECYCLE_ADAPTER, ReferenceRevised
from shared.instants import parse_instant
from shared.mongo import Database, connect, open_database
from shared.populations.all import POPULATIONS
from shared.reference import ReferenceEntry
from tests.stack import Backends
from tests.unit.processing.driver import Partition, net
from tests.waiting import until_async
from tests.whole_rows import whole

__all__ = ["PARTITIONS", "Bench", "dossier", "entry", "of_partition", "revision", "tick"]

PARTITIONS = 4
_QUICK: dict[str, Any] = {"store_seconds": 0.1, "session_seconds": 6.0, "revoke_seconds": 3.0}

Json = dict[str, Any]


def entry(code: str, id_: str, type_: str, time: str, data: Mapping[str, Any] | None = None, **more: Any) -> Json:
    """An entry as intake writes it."""
    return {
        "specversion": "1.0",
        "id": id_,
        "source": "test/one-stop",
        "subject": code,
        "time": time,
        "type": type_,
        "data": dict(data or {}),
        "recordedtime": "2026-03-01T00:00:00.000000Z",
        "sender": "test",
    } | more


def dossier(number: int, due: str = "2026-03-10") -> list[Json]:
    """Acceptance, a step and a late end of one dossier."""
    code = f"H29-{number:05d}"
    return [
        entry(
            code,
            f"{code}-1",
            "dossier.accepted",
            f"2026-03-02T08:{number % 60:02d}:00+07:00",
            {"channel": "online", "unit": "H29.1", "procedure": "1.001", "promised_due": due},
        ),
        entry(code, f"{code}-2", "step.completed", "2026-03-03T08:00:00+07:00", {"step": "A", "unit": "H29.1"}),
        entry(code, f"{code}-3", "dossier.resolved", "2026-03-12T08:00:00+07:00"),
    ]


def tick(time: str, type_: str = "clock.ticked", **more: Any) -> Json:
    """A clock entry."""
    return entry("clock", f"{type_}-{time}", type_, time, **more)


def revision(type_: str, data: Mapping[str, Any] | None, time: str = "2026-01-01T00:00:00+07:00", **more: Any) -> Json:
    """A reference entry; its id is that of its data unless one is given."""
    return entry("reference", f"{type_}-{orjson.dumps(data).hex()[:100]}", type_, time) | {"data": data} | more


def of_partition(partition: int, count: int) -> list[int]:
    """Numbers of dossiers that lie in a partition."""
    numbers = (number for number in range(100_000) if partition_of(f"H29-{number:05d}", PARTITIONS) == partition)
    return [next(numbers) for _ in range(count)]


class Alone(Partition):
    """The engine alone; a reference entry goes to all dossiers, whomever it can concern."""

    def revise(self, one: Json) -> None:
        """Take a reference entry."""
        self.position += 1
        known = self.reference.known.with_entry(ReferenceEntry.of(orjson.dumps(one)))
        if known is self.reference.known:
            return
        before, self.reference = self.reference, self.reference.with_known(known)
        for code in sorted(self.states):
            outcome = apply_reference(self.states[code], self.position, self.clock, before, self.reference)
            self._keep(code, outcome)


class Bench:
    """A journal and an epoch nobody else uses."""

    def __init__(self, backends: Backends) -> None:
        self.backends = backends
        self.epoch = random.randrange(1_000, 2**31)
        self.journal = ""
        self.partitions = [Alone() for _ in range(PARTITIONS)]
        self.offsets = [0] * PARTITIONS
        self.replicas: list[Service] = []
        self.mongo = connect(backends.mongo, "test")
        self._producer: AIOKafkaProducer | None = None

    async def open(self) -> None:
        """Create the journal."""
        self.journal = await self.backends.topic("journal", PARTITIONS)
        self._producer = make_producer(self.backends.kafka, "test")
        await self._producer.start()

    async def close(self) -> None:
        """Stop what still runs."""
        for replica in list(self.replicas):
            await self.stop(replica)
        if self._producer is not None:
            await self._producer.stop()
        self.mongo.close()

    @property
    def database(self) -> Database:
        """Processing's database of this epoch."""
        return open_database(self.mongo, database_name(self.epoch))

    async def start(self, **settings: Any) -> Service:
        """One more replica."""
        values: dict[str, Any] = {"kafka": self.backends.kafka, "mongo": self.backends.mongo, "partitions": PARTITIONS}
        wanted = ProcessingSettings(**(_QUICK | values | {"epoch": self.epoch} | settings))
        replica = Service(wanted, SystemClock(), Keys("http://127.0.0.1:1"), self.journal)
        self.replicas.append(replica)
        await replica.start()
        return replica

    async def stop(self, replica: Service) -> None:
        """End a replica as a SIGTERM does."""
        self.replicas.remove(replica)
        await replica.stop()

    async def send_raw(self, partition: int, value: bytes | None, key: bytes | None) -> int:
        """A record the engine alone is not given; its offset."""
        assert self._producer is not None
        sent = await self._producer.send_and_wait(self.journal, value, key=key, partition=partition)
        self.offsets[partition] = sent.offset + 1
        self.partitions[partition].position = sent.offset
        return int(sent.offset)

    async def send(self, entries: Iterable[Json], times: int = 1) -> None:
        """Entries into the journal and into the engine alone; clock and reference entries go to every partition."""
        for one in entries:
            everywhere = one["type"] in REFERENCE_TYPES
            places = range(PARTITIONS) if everywhere else [partition_of(one["subject"], PARTITIONS)]
            for place in places:
                for _ in range(times):
                    await self._send_one(place, one)

    async def send_together(self, partition: int, entries: Iterable[Json]) -> None:
        """Entries of dossiers of one partition, all on their way before the first is acknowledged."""
        assert self._producer is not None
        taken = list(entries)
        sent = [
            await self._producer.send(self.journal, orjson.dumps(one), key=_key(one), partition=partition)
            for one in taken
        ]
        self.offsets[partition] = max([record.offset for record in await asyncio.gather(*sent)]) + 1
        self.partitions[partition].feed(taken)

    async def _send_one(self, place: int, one: Json) -> None:
        alone = self.partitions[place]
        await self.send_raw(place, orjson.dumps(one), _key(one))
        alone.position -= 1  # the engine alone counts up itself
        if one["type"] == "clock.ticked":
            alone.feed([_instant(one)])
        elif one["type"] == "clock.corrected":
            alone.correct(_instant(one))
        elif one["type"] in REFERENCE_TYPES:
            alone.revise(one)
        else:
            alone.feed([one])

    def state(self, partition: int) -> PartitionAnswer | None:
        """What the replicas tell of a partition; the one that runs it, if any does."""
        told = [replica.positions().partitions.get(str(partition)) for replica in self.replicas]
        found = [one for one in told if one is not None]
        return next((one for one in found if one.state == "running"), found[0] if found else None)

    async def caught_up(self, partitions: Iterable[int] = range(PARTITIONS), seconds: float = 30) -> None:
        """Wait until everything sent is handled and stored."""

        def behind() -> list[tuple[int, Any]]:
            states = {place: self.state(place) for place in partitions}
            return [
                (place, told)
                for place, told in states.items()
                if told is None or told.next != self.offsets[place] or (told.stored or 0) < self.offsets[place]
            ]

        try:
            await until_async(lambda: not behind(), f"all partitions to be at {self.offsets}", seconds)
        except AssertionError as late:
            raise AssertionError(f"{late}; behind: {behind()}") from None

    async def records(self, topic: str) -> list[Any]:
        """All records of a topic."""
        consumer: AIOKafkaConsumer = make_consumer(self.backends.kafka, "test")
        await consumer.start()
        try:
            assert self._producer is not None
            places = [TopicPartition(topic, number) for number in await self._producer.partitions_for(topic)]
            consumer.assign(places)
            ends = await consumer.end_offsets(places)
            await asyncio.gather(*(_to_begin(consumer, place) for place in places))
            found: list[Any] = []
            while any([await consumer.position(place) < ends[place] for place in places]):
                for some in (await consumer.getmany(timeout_ms=500)).values():
                    found.extend(some)
            return found
        finally:
            await consumer.stop()

    async def events(self) -> list[Json]:
        """All lifecycle events of the epoch, each checked against the contract."""
        found = []
        for record in await self.records(lifecycle(self.epoch)):
            event = orjson.loads(record.value)
            LIFECYCLE_ADAPTER.validate_python(event, strict=False)
            assert event["data"]["cause"]["partition"] == record.partition
            assert record.key.decode() == event["subject"]
            found.append(event)
        return found

    async def revisions(self) -> list[Json]:
        """All records of the epoch's reference topic, each checked against the contract."""
        found = []
        for record in await self.records(reference(self.epoch)):
            event = orjson.loads(record.value)
            ReferenceRevised.model_validate(event)
            assert event["data"]["cause"]["partition"] == record.partition
            assert record.key.decode() == event["subject"]
            found.append(event)
        return found

    async def dead(self) -> list[Json]:
        """The dead letters of this journal."""
        letters = [orjson.loads(record.value) for record in await self.records(DEADLETTER)]
        return [letter for letter in letters if letter["topic"] == self.journal]

    async def check(self) -> list[Json]:
        """What was put out is what the engine alone says, whatever was repeated; the events without repeats."""
        once: dict[str, Json] = {}
        for event in await self.events():
            first = once.setdefault(event["id"], event)
            assert first == event, "the same cause gave two different events"
        rows: dict[str, Json] = {}
        happened: dict[str, list[Json]] = {}
        by_cause = sorted(once.values(), key=lambda event: event["data"]["cause"]["offset"])
        for event in by_cause:
            if event["type"] in _ROWS:
                rows[event["subject"]] = whole(event["data"]["row"], _ROWS[event["type"]])
                happened.setdefault(event["subject"], []).extend(event["data"]["happened"])
        alone = {code: _as_json(row) for partition in self.partitions for code, row in partition.rows.items()}
        assert rows.keys() == alone.keys(), (sorted(rows), sorted(alone), len(once))
        for code, row in alone.items():
            assert rows[code] == row, (code, rows[code], row)
        wanted = {code: net(told) for partition in self.partitions for code, told in partition.happened.items()}
        assert {code: net(told) for code, told in happened.items()} == wanted
        return by_cause


#: The facts of a row by the event that carries it.
_ROWS = {population.event: population.facts for population in POPULATIONS}


def _key(one: Json) -> bytes:
    if one["type"] in CLOCK_TYPES:
        return b"clock"
    return b"reference" if one["type"] in REFERENCE_TYPES else str(one["subject"]).encode()


def _as_json(row: Json) -> Json:
    read: Json = orjson.loads(orjson.dumps(row))
    return read


def _instant(one: Json) -> int:
    return parse_instant(one["time"])


async def _to_begin(consumer: AIOKafkaConsumer, place: TopicPartition) -> None:
    consumer.seek(place, (await consumer.beginning_offsets([place]))[place])
