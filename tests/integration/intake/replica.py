"""Replicas of intake's reference part on a real broker and database, entries for them, and what the journal holds."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any

import orjson
from aiokafka import TopicPartition

from services.intake.admission.admit import Admitted, StackRules, admit
from services.intake.journal import Journal
from services.intake.reference.accepted import AcceptedReference
from services.intake.reference.door import ReferenceDoor
from services.intake.reference.outbox import Outbox
from services.intake.reference.store import ReferenceStore
from shared.access.bearer import Bearer
from shared.broker.kafka import make_consumer
from shared.catalogue.base import Meters
from shared.catalogue.intake import SPECS
from shared.clock import SystemClock
from tests.stack import Backends

__all__ = ["PARTITIONS", "Place", "Stopping", "admitted", "ids", "read", "unit"]

PARTITIONS = 4
TIME = "2020-01-01T00:00:00+07:00"
RULES = StackRules(simulated=False, data_clock=True, future_tolerance=120)
ANYBODY = Bearer("test", ("*",), ("*",), frozenset({"reference"}))


def unit(code: str, revision: int = 0, **data: Any) -> dict[str, Any]:
    return {
        "specversion": "1.0",
        "type": "unit.revised",
        "source": "test/reference",
        "id": f"unit/{code}",
        "subject": code,
        "time": TIME,
        "revision": revision,
        "data": {"unit": code, "kind": "commune"} | data,
    }


def admitted(*entries: dict[str, Any]) -> list[Admitted]:
    return [admit(orjson.dumps(each), ANYBODY, RULES, SystemClock().now()) for each in entries]


async def read(kafka: str, topic: str) -> list[list[bytes]]:
    """Values of the reference entries by partition, in order."""
    consumer = make_consumer(kafka, "test")
    await consumer.start()
    try:
        partitions = [TopicPartition(topic, number) for number in range(PARTITIONS)]
        consumer.assign(partitions)
        for each in partitions:
            consumer.seek(each, 0)
        ends = await consumer.end_offsets(partitions)
        found: list[list[bytes]] = [[] for _ in partitions]
        while any([await consumer.position(each) < ends[each] for each in partitions]):
            for each, records in (await consumer.getmany(timeout_ms=200)).items():
                found[each.partition] += [record.value for record in records if record.key == b"reference"]
        return found
    finally:
        await consumer.stop()


def ids(values: Sequence[bytes]) -> list[str]:
    return [json.loads(value)["id"] for value in values]


class Stopping(Journal):
    """A journal that confirms some partitions, and for the others answers never, as when the process is killed."""

    def __init__(self, kafka: str, topic: str, confirmed: frozenset[int]) -> None:
        super().__init__(kafka, PARTITIONS, Meters(SPECS), topic)
        self._confirmed = confirmed
        self.stopped = asyncio.Event()

    async def write_batch(self, key: bytes, values: Sequence[bytes], partition: int) -> int | None:
        if partition in self._confirmed:
            return await super().write_batch(key, values, partition)
        self.stopped.set()
        await asyncio.Event().wait()
        return None


class Place:
    """A journal and a database of their own, and replicas of intake's reference part on them."""

    def __init__(self, backends: Backends, topic: str) -> None:
        self.backends = backends
        self.topic = topic
        self.database = backends.unique("intake")

    @asynccontextmanager
    async def replica(self, journal: Journal | None = None, mongo: str | None = None) -> AsyncIterator[ReferenceDoor]:
        meters, clock = Meters(SPECS), SystemClock()
        journal = journal or Journal(self.backends.kafka, PARTITIONS, meters, self.topic)
        store = ReferenceStore(mongo or self.backends.mongo, self.database)
        outbox = Outbox(store, journal, clock, meters)
        await journal.start()
        await journal.check_partitions()
        journal.broker_answers = True
        try:
            yield ReferenceDoor(AcceptedReference(store, outbox, PARTITIONS, clock, meters, seconds=0.05), outbox)
        finally:
            await journal.close()
            store.close()

    async def journal(self) -> list[list[bytes]]:
        return await read(self.backends.kafka, self.topic)
