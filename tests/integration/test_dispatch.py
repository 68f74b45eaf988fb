"""The dispatcher on a real broker and database: agencies are told once, after the backlog, and taken back."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator, Sequence
from typing import Any

import orjson
import pytest
import pytest_asyncio
from aiokafka import TopicPartition
from aiokafka.admin import AIOKafkaAdminClient, NewTopic

from services.processing.checkpoint import Checkpoint
from services.processing.dispatch.dispatcher import Dispatcher
from services.processing.dispatch.duty import keep_dispatching
from services.processing.dispatch.store import SentStore
from services.processing.dispatch.wanted import Sent
from services.processing.store import StateStore
from shared.catalogue.base import Meters
from shared.catalogue.processing import SPECS
from shared.contract.tasks import AGENCY_ADAPTER
from shared.kafka import make_consumer, make_producer
from shared.mongo import connect
from shared.topics import agency_tasks, agency_tasks_spec, lifecycle
from tests.stack import Backends
from tests.waiting import until_async

PARTITIONS = 2
DUE = "2026-03-03T03:00:00.000000Z"


class Office:
    """A lifecycle topic written by hand, agencies of its own, and dispatchers that work on it."""

    def __init__(self, backends: Backends) -> None:
        self.backends = backends
        self.epoch = random.randrange(2**31, 2**32)
        self.unit = backends.unique("H1.01")
        self.code = backends.unique("H1-260302")
        self.client = connect(backends.mongo, "test")
        self.store = StateStore(self.client, self.epoch)
        self.sent = SentStore(self.client)
        self.producer = make_producer(backends.kafka, "test")
        self.journal = ""
        self.tasks: list[asyncio.Task[None]] = []
        self._offset = 0

    async def open(self) -> None:
        self.journal = await self.backends.topic("journal", PARTITIONS)
        await self._create(lifecycle(self.epoch), PARTITIONS)
        await self.producer.start()

    async def _create(self, name: str, partitions: int) -> None:
        admin = AIOKafkaAdminClient(bootstrap_servers=self.backends.kafka)
        await admin.start()
        try:
            await admin.create_topics([NewTopic(name, partitions, 1)])
        finally:
            await admin.close()

    async def add_agency(self, unit: str | None = None) -> None:
        spec = agency_tasks_spec(unit or self.unit, 1)
        await self._create(spec.name, spec.partitions)

    async def close(self) -> None:
        await self.stop()
        await self.producer.stop()
        self.client.close()

    def make(self, sent: SentStore | None = None, grace: float = 0.2) -> Dispatcher:
        return Dispatcher(
            self.backends.kafka,
            self.epoch,
            self.store,
            sent or self.sent,
            Meters(SPECS),
            grace=grace,
            simulated=True,
            journal=self.journal,
            look_seconds=0.2,
        )

    def start(self, dispatcher: Dispatcher | None = None) -> None:
        self.tasks.append(asyncio.create_task((dispatcher or self.make()).run()))

    async def stop(self) -> None:
        for task in self.tasks:
            task.cancel()
        await asyncio.gather(*self.tasks, return_exceptions=True)
        self.tasks = []

    async def row(
        self, *steps: dict[str, Any], happened: Sequence[dict[str, Any]] = (), partition: int = 0, **more: Any
    ) -> None:
        """A newer row of the dossier on the lifecycle topic."""
        row = {"code": self.code, "unit": self.unit, "due": DUE, "steps": list(steps)} | more
        await self._event("dossier.changed", row["code"], {"row": row, "happened": list(happened)}, partition)

    async def clock(self, time: str, partition: int = 0) -> None:
        await self._event("clock.advanced", f"clock:{partition}", {"clock": time}, partition)

    async def _event(self, type_: str, key: str, data: dict[str, Any], partition: int) -> None:
        self._offset += 1
        value = {"type": type_, "subject": key, "data": {"cause": {"offset": self._offset}} | data}
        await self.producer.send_and_wait(
            lifecycle(self.epoch), orjson.dumps(value), key=key.encode(), partition=partition
        )

    def step(self, outcome: str | None = None, unit: str | None = None) -> dict[str, Any]:
        return {
            "step": "check",
            "unit": unit or self.unit,
            "planned": True,
            "assigned_at": "2026-03-02T01:00:00.000000Z",
            "outcome": outcome,
            "budget": 240,
            "due": DUE,
        }

    async def read_journal_to(self, partition: int, offset: int) -> None:
        """Processing's checkpoint says so."""
        await self.store.save_checkpoint(partition, self.checkpoint(offset))

    @staticmethod
    def checkpoint(offset: int) -> Checkpoint:
        names = Checkpoint.__slots__
        values: dict[str, Any] = dict.fromkeys(names) | {"next": offset, "partitions": PARTITIONS, "run": 0}
        return Checkpoint(**{name: values[name] for name in names})

    async def told(self, unit: str | None = None) -> list[dict[str, Any]]:
        """All messages of a unit's topic, each checked against the contract."""
        found = []
        for record in await read_all(self.backends.kafka, agency_tasks(unit or self.unit)):
            AGENCY_ADAPTER.validate_json(record.value)
            found.append(orjson.loads(record.value))
        return found

    async def until_told(self, *types: str, unit: str | None = None) -> list[dict[str, Any]]:
        """The messages, once they are of these types."""

        async def are_there() -> bool:
            found = [one["type"] for one in await self.told(unit)]
            if found == list(types):
                return True
            raise LookupError(f"told so far: {found}")

        await until_async(are_there, f"{types} to be told", 30)
        return await self.told(unit)


async def read_all(kafka: str, topic: str) -> list[Any]:
    """All records of a topic of one partition."""
    consumer = make_consumer(kafka, "test")
    await consumer.start()
    try:
        place = TopicPartition(topic, 0)
        consumer.assign([place])
        consumer.seek(place, 0)
        end = (await consumer.end_offsets([place]))[place]
        found: list[Any] = []
        while len(found) < end:
            found += (await consumer.getmany(place, timeout_ms=500)).get(place, [])
        return found
    finally:
        await consumer.stop()


@pytest_asyncio.fixture
async def office(backends: Backends) -> AsyncIterator[Office]:
    made = Office(backends)
    await made.open()
    yield made
    await made.close()


async def test_work_is_given_and_closed_once_over_restarts(office: Office) -> None:
    await office.add_agency()
    await office.row(office.step())
    office.start()
    (given,) = await office.until_told("task.assigned")
    assert given["simulated"] is True
    assert given["subject"] == office.code
    assert given["data"]["due"] == DUE
    await office.stop()
    office.start()
    await office.row(office.step("completed"), finished_at="2026-03-02T09:00:00.000000Z")
    told = await office.until_told("task.assigned", "task.closed")
    assert told[1]["data"]["outcome"] == "completed"


async def test_nothing_is_told_before_the_journal_s_backlog_is_read(office: Office) -> None:
    await office.add_agency()
    for _ in range(3):
        await office.producer.send_and_wait(office.journal, b"{}", key=b"x", partition=0)
    breach = {"kind": "breach", "due": DUE, "at": DUE}
    await office.row(office.step(), happened=[breach])
    await office.read_journal_to(0, 2)
    dispatcher = office.make()
    office.start(dispatcher)
    # The other partition has no backlog: what is told there shows that the dispatcher came this far.
    other = office.backends.unique("H1-other")
    await office.row(office.step(), partition=1, code=other)
    (told,) = await office.until_told("task.assigned")
    assert told["subject"] == other
    # The answer that was on its way: the breach is taken back, the dossier finished in time.
    retracted = {"kind": "retracted", "retracts": "breach", "due": DUE, "at": DUE}
    await office.row(office.step("completed"), happened=[retracted], finished_at="2026-03-02T09:00:00.000000Z")
    await office.read_journal_to(0, 3)
    last = office.backends.unique("H1-last")
    await office.row(office.step(), code=last)
    told_ = await office.until_told("task.assigned", "task.assigned")
    assert [one["subject"] for one in told_] == [other, last]


async def test_a_notice_is_cancelled_when_it_proves_wrong(office: Office) -> None:
    await office.add_agency()
    breach = {"kind": "breach", "due": DUE, "at": DUE}
    await office.clock("2026-03-04T00:00:00.000000Z")
    await office.row(happened=[breach])
    office.start()
    await office.until_told("notice.given")
    await office.row(happened=[{"kind": "retracted", "retracts": "breach", "due": DUE, "at": DUE}])
    told = await office.until_told("notice.given", "notice.cancelled")
    assert told[0]["data"]["notice"] == told[1]["data"]["notice"]


async def test_an_agency_that_comes_later_learns_what_it_holds(office: Office) -> None:
    await office.row(office.step())
    office.start()
    first = office.backends.unique("H1.09")
    await office.add_agency(first)
    await office.row(office.step(unit=first), code=office.backends.unique("H1-x"))
    await office.until_told("task.assigned", unit=first)
    await office.add_agency()
    await office.until_told("task.assigned")
    assert len(await office.told(first)) == 1


async def test_what_was_sent_and_not_recorded_is_sent_again_under_the_same_identity(office: Office) -> None:
    class Forgetful(SentStore):
        async def save(self, sent: Any) -> None:
            raise TimeoutError(f"the database did not answer for {sent}")

    await office.add_agency()
    await office.row(office.step())
    with pytest.raises(TimeoutError):
        await office.make(Forgetful(office.client)).run()
    office.start()
    told = await office.until_told("task.assigned", "task.assigned")
    assert told[0]["id"] == told[1]["id"]


async def test_two_replicas_share_the_partitions_and_tell_once(office: Office) -> None:
    await office.add_agency()
    office.start()
    office.start()
    codes = [office.backends.unique("H1-many") for _ in range(20)]
    for number, code in enumerate(codes):
        await office.row(office.step(), code=code, partition=number % PARTITIONS)
    told = await office.until_told(*["task.assigned"] * len(codes))
    assert {one["subject"] for one in told} == set(codes)


async def test_an_epoch_that_is_not_live_tells_nobody_until_it_is(office: Office) -> None:
    await office.add_agency()
    await office.row(office.step())
    live = [office.epoch + 1]
    asked = asyncio.Event()

    async def live_epoch() -> int:
        asked.set()
        return live[0]

    office.tasks.append(asyncio.create_task(keep_dispatching(office.epoch, live_epoch, office.make, look_seconds=0.1)))
    await asyncio.wait_for(asked.wait(), 10)
    assert await office.told() == []
    live[0] = office.epoch
    await office.until_told("task.assigned")


async def test_what_another_epoch_sent_is_not_sent_again(office: Office) -> None:
    await office.add_agency()
    id_ = f"task {office.code} check 1 {office.unit}"
    await office.sent.save({office.code: [Sent(id_, office.unit, "sent", 1, "check", 1, DUE, 240)]})
    await office.row(office.step())
    office.start()
    later = office.backends.unique("H1-later")
    await office.row(office.step(), code=later)
    (told,) = await office.until_told("task.assigned")
    assert told["subject"] == later
