"""A dead-letter topic, a journal and a database of a test's own, with registers and replayers of intake on them."""

from __future__ import annotations

import asyncio
import dataclasses
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Any

from aiokafka import AIOKafkaProducer, TopicPartition

from services.intake.app import build_app
from services.intake.deadletters.bulk import BulkReplayer
from services.intake.deadletters.journal import JournalReader
from services.intake.deadletters.letters import Kept
from services.intake.deadletters.register import Register
from services.intake.deadletters.replay import Replayer
from services.intake.deadletters.store import DeadLetterStore
from services.intake.journal import Journal
from services.intake.settings import IntakeSettings
from shared.broker.kafka import make_consumer
from shared.catalogue.base import Meters
from shared.catalogue.intake import SPECS
from shared.clock import Clock, SystemClock
from tests.stack import Backends
from tests.unit.intake.deadletters.deadletter_parts import letter_record
from tests.unit.intake.parts import entry
from tests.waiting import until_async

__all__ = ["PARTITIONS", "Place", "copy_of", "stamped"]

PARTITIONS = 4
STAMPS = {"sender": "one-stop", "recordedtime": "2026-08-25T01:15:01.000000Z", "time": "2026-08-25T01:15:00.000000Z"}


class Place:
    """A dead-letter topic, a journal and a database of the test's own."""

    def __init__(self, backends: Backends, topic: str, journal: str) -> None:
        self.backends = backends
        self.topic = topic
        self.journal = journal
        self.database = backends.unique("intake")
        self.group = backends.unique("register")
        self.store = DeadLetterStore(backends.mongo, self.database)

    async def put(self, *values: bytes | None) -> None:
        """Records onto the dead letters' topic."""
        producer = AIOKafkaProducer(bootstrap_servers=self.backends.kafka, acks="all", max_request_size=4_194_304)
        await producer.start()
        try:
            for value in values:
                headers = [("reply_to", self.topic.encode()), ("content-type", b"application/json"), ("x", b"\xff")]
                await producer.send_and_wait(self.topic, value, key=b"x", headers=headers)
        finally:
            await producer.stop()

    async def written(self) -> list[tuple[int, int, bytes, bytes]]:
        """All of the journal: partition, offset, key, value."""
        consumer = make_consumer(self.backends.kafka, "test")
        await consumer.start()
        try:
            places = [TopicPartition(self.journal, number) for number in range(PARTITIONS)]
            consumer.assign(places)
            ends = await consumer.end_offsets(places)
            for place in places:
                consumer.seek(place, 0)
            found = []
            while any([await consumer.position(place) < ends[place] for place in places]):
                for place, records in (await consumer.getmany(timeout_ms=200)).items():
                    found += [(place.partition, record.offset, record.key, record.value) for record in records]
            return found
        finally:
            await consumer.stop()

    @asynccontextmanager
    async def register(
        self, kind: type[DeadLetterStore] = DeadLetterStore, clock: Clock | None = None
    ) -> AsyncIterator[Register]:
        """A register that reads until the end of the block."""
        store = kind(self.backends.mongo, self.database)
        made = Register(
            self.backends.kafka,
            store,
            clock or SystemClock(),
            Meters(SPECS),
            days=30,
            topic=self.topic,
            group=self.group,
        )
        running = asyncio.create_task(made.run())
        try:
            yield made
        finally:
            running.cancel()
            with suppress(asyncio.CancelledError):
                await running
            store.close()

    @asynccontextmanager
    async def replayer(self, kind: type[DeadLetterStore] = DeadLetterStore) -> AsyncIterator[Replayer]:
        """A replica of intake, as far as replaying goes."""
        settings = IntakeSettings(kafka=self.backends.kafka, mongo=self.backends.mongo, database=self.database)
        door = build_app(settings).state.door
        journal = Journal(self.backends.kafka, PARTITIONS, door.meters, self.journal)
        await journal.start()
        await journal.check_partitions()
        journal.broker_answers = True
        reader = JournalReader(self.backends.kafka, self.journal)
        store = kind(self.backends.mongo, self.database)
        try:
            yield Replayer(store, reader, dataclasses.replace(door, journal=journal))
        finally:
            await reader.close()
            await journal.close()
            store.close()

    @asynccontextmanager
    async def bulk(self, kind: type[DeadLetterStore] = DeadLetterStore) -> AsyncIterator[BulkReplayer]:
        """A replica of intake, as far as replaying many goes."""
        async with self.replayer(kind) as single:
            yield BulkReplayer(single._store, single._reader, single._door, single)  # type: ignore[arg-type]

    async def seen(self, count: int) -> list[Kept]:
        """The register when it has so many copies."""

        async def there() -> list[Kept]:
            found = await self.store.page({}, None, 100)
            return found if sum(kept.seen for kept in found) == count else []

        return await until_async(there, f"{count} copies in the register")


def copy_of(value: bytes | None, **changes: Any) -> bytes:
    """The letter about a journal record with this value, as a service writes it."""
    written = letter_record(value, **changes).value
    assert written is not None
    return written


def stamped(code: str = "HS-1", **changes: Any) -> bytes:
    """The bytes of a good entry as intake wrote it."""
    return json.dumps(entry(subject=code, id=f"{code}/1", **STAMPS) | changes, sort_keys=True).encode()
