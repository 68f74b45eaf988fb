"""A place for trying the dispatcher: topics of its own, rows as processing writes them, and what an agency reads."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Sequence
from typing import Any

import httpx
import orjson
from aiokafka import TopicPartition
from aiokafka.admin import AIOKafkaAdminClient, NewTopic

from services.processing.dispatch.dispatcher import Dispatcher
from services.processing.dispatch.roll import Roll
from services.processing.dispatch.store import SentStore
from services.processing.states.store import StateStore
from services.processing.stream.checkpoint import Checkpoint
from shared.broker.kafka import make_consumer, make_producer
from shared.broker.topics import agency_answers, agency_tasks, lifecycle
from shared.catalogue.base import Meters
from shared.catalogue.processing import SPECS
from shared.contract.answers import ANSWER_ADAPTER, Judged
from shared.contract.tasks import AGENCY_ADAPTER
from shared.mongo import connect
from tests.stack import Backends
from tests.waiting import until_async

__all__ = ["DUE", "PARTITIONS", "Office"]

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
        #: Agencies that intake says are disabled; None while it does not answer.
        self.disabled: set[str] | None = set()
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

    async def add_agency(self, unit: str | None = None, *, answers: bool = False) -> None:
        await self._create(agency_tasks(unit or self.unit), 1)
        if answers:
            await self._create(agency_answers(unit or self.unit), 1)

    def _roll(self, request: httpx.Request) -> httpx.Response:
        """Intake's list of agencies."""
        if self.disabled is None:
            raise httpx.ConnectError("nobody listens", request=request)
        units = [{"unit": unit, "enabled": False} for unit in self.disabled]
        return httpx.Response(200, json={"agencies": units})

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
            roll=Roll("http://intake", None, httpx.MockTransport(self._roll)),
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
        self,
        *steps: dict[str, Any],
        happened: Sequence[dict[str, Any]] = (),
        partition: int = 0,
        entry: dict[str, Any] | None = None,
        **more: Any,
    ) -> None:
        """A newer row of the dossier on the lifecycle topic, and the entry that made it."""
        row: dict[str, Any] = {
            "code": self.code,
            "status": 4,
            "unit": self.unit,
            "due": DUE,
            "entries": 1,
            "steps": list(steps),
        } | more
        made = {} if entry is None else {"entry": entry}
        await self.event("dossier.changed", row["code"], {"row": row, "happened": list(happened)} | made, partition)

    def entry(self, id_: str = "1", revision: int = 0, unit: str | None = None) -> dict[str, Any]:
        """An entry an agency sent, as events tell it."""
        told = {"type": "step.completed", "source": f"agency/{self.unit}", "id": id_, "revision": revision}
        return told | {"sender": f"agency-{unit or self.unit}"}

    def rejected(self, id_: str = "1") -> dict[str, Any]:
        """A rejection of it."""
        of = {"code": "not_the_owner", "source": f"agency/{self.unit}", "id": id_}
        return of | {"step": "check", "unit": self.unit, "owner": "H1.02"}

    async def clock(self, time: str, partition: int = 0) -> None:
        await self.event("clock.advanced", f"clock:{partition}", {"clock": time}, partition)

    async def event(self, type_: str, key: str, data: dict[str, Any], partition: int) -> None:
        """Any record of the lifecycle topic with the next cause."""
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
            "entries": 1,
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

    async def answered(self, unit: str | None = None) -> list[tuple[str, int, str]]:
        """Of each answer on a unit's topic, checked against the contract: the entry's id, version and fate."""
        found: list[tuple[str, int, str]] = []
        for record in await read_all(self.backends.kafka, agency_answers(unit or self.unit)):
            data = ANSWER_ADAPTER.validate_json(record.value).data
            assert isinstance(data, Judged)
            found.append((data.id or "", data.version, data.fate))
        return found

    async def until_answered(self, *answers: tuple[str, int, str], unit: str | None = None) -> None:
        """Return once the answers are these."""

        async def are_there() -> bool:
            found = await self.answered(unit)
            if found == list(answers):
                return True
            raise LookupError(f"answered so far: {found}")

        await until_async(are_there, f"{answers} to be given", 30)

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
