"""A journal, a database and outboxes of a test's own on a real broker, and replicas of intake's agency part on them."""

from __future__ import annotations

import asyncio
import dataclasses
import json
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from typing import Any
from zoneinfo import ZoneInfo

from aiokafka import AIOKafkaProducer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient, NewTopic

from services.intake.agencies.agencies import Agencies
from services.intake.agencies.entries import AgencyEntries
from services.intake.agencies.reader import AgencyReader
from services.intake.agencies.state.holding import Holding
from services.intake.agencies.state.losses import Losses
from services.intake.agencies.state.store_losses import LossStore
from services.intake.agencies.voice import AgencyVoice
from services.intake.app import build_app
from services.intake.doors.door import Door
from services.intake.journal import Journal
from services.intake.senders.directory import Directory
from services.intake.senders.sender import AgencyRequest
from services.intake.senders.store import SenderStore
from services.intake.settings import IntakeSettings
from shared.broker.kafka import make_consumer
from shared.broker.topics import DEADLETTER, agency_answers, agency_outbox
from shared.clock import FixedClock
from tests.stack import Backends

__all__ = ["Outboxes", "Replica", "step"]

PARTITIONS = 4


def step(unit: str, number: int, dossier: str = "HS-1", **changes: Any) -> bytes:
    """A good entry of an agency."""
    entry = {
        "specversion": "1.0",
        "type": "step.completed",
        "source": f"agency/{unit}",
        "id": f"{unit}/{number}",
        "subject": dossier,
        "time": "2020-01-01T08:00:00+07:00",
        "data": {"step": "survey", "unit": unit},
    }
    return json.dumps(entry | changes, ensure_ascii=False).encode()


@dataclasses.dataclass(frozen=True)
class Replica:
    """One replica's parts."""

    door: Door
    reader: AgencyReader
    agencies: Agencies
    losses: Losses


class Outboxes:
    """Units have codes of the test's own, so that nobody else's reader finds their outboxes.

    `journal` is the topic entries go to.
    """

    def __init__(self, backends: Backends, journal: str) -> None:
        self.backends = backends
        self.journal = journal
        self.database = backends.unique("intake")
        self.mark = backends.unique("u")
        self.deadletter = backends.unique("deadletter")
        #: By which people are told for how long a transaction has been open.
        self.clock = FixedClock(1_762_000_000_000_000)
        self.producer = AIOKafkaProducer(bootstrap_servers=backends.kafka, request_timeout_ms=3000)

    def unit(self, name: str) -> str:
        return f"{self.mark}.{name}"

    async def open(self) -> None:
        await self.producer.start()
        await self.create((self.deadletter, {}))

    async def close(self) -> None:
        await self.producer.stop()

    async def create(self, *topics: tuple[str, dict[str, str]]) -> None:
        admin = AIOKafkaAdminClient(bootstrap_servers=self.backends.kafka)
        await admin.start()
        try:
            await admin.create_topics([NewTopic(name, 1, 1, topic_configs=config) for name, config in topics])
        finally:
            await admin.close()

    async def topics(self, *units: str, config: dict[str, str] | None = None) -> None:
        """Make outboxes and answers."""
        for unit in units:
            await self.create((agency_outbox(unit), config or {}), (agency_answers(unit), {}))

    async def put(self, unit: str, *values: bytes | None, headers: Sequence[tuple[str, bytes]] = ()) -> None:
        for value in values:
            await self.producer.send_and_wait(agency_outbox(unit), value, key=b"HS-1", headers=list(headers))

    @asynccontextmanager
    async def transactions(self, name: str) -> AsyncIterator[AIOKafkaProducer]:
        """An agency's producer that sends in transactions."""
        producer = AIOKafkaProducer(bootstrap_servers=self.backends.kafka, transactional_id=f"{self.mark}-{name}")
        await producer.start()
        try:
            yield producer
        finally:
            await producer.stop()

    async def passed(self, unit: str) -> tuple[int | None, int]:
        """Where the group of readers is in an outbox, and where the outbox ends."""
        place = TopicPartition(agency_outbox(unit), 0)
        consumer = make_consumer(self.backends.kafka, "test", group=f"{self.mark}-readers")
        await consumer.start()
        try:
            return await consumer.committed(place), (await consumer.end_offsets([place]))[place]
        finally:
            await consumer.stop()

    @asynccontextmanager
    async def replica(
        self, agencies: Sequence[str] = (), wrap: Callable[[Journal], Journal] = lambda journal: journal
    ) -> AsyncIterator[Replica]:
        """A replica that reads outboxes; it makes these units agencies first."""
        settings = IntakeSettings(kafka=self.backends.kafka, mongo=self.backends.mongo, database=self.database)
        door: Door = build_app(settings).state.door
        store = SenderStore(self.backends.mongo, self.database)
        journal = wrap(Journal(self.backends.kafka, PARTITIONS, door.meters, self.journal))
        door = dataclasses.replace(
            door,
            rules=dataclasses.replace(door.rules, data_clock=True),
            directory=Directory(store),
            journal=journal,
        )
        await journal.start()
        await journal.check_partitions()
        journal.broker_answers = True
        await door.directory.refresh()
        made = Agencies(door.directory, door.reference.registry)
        for unit in agencies:
            await made.create(AgencyRequest(unit=unit, sources=[], units=[]))
        losses = Losses(
            LossStore(self.backends.mongo, self.database), self.clock, ZoneInfo("Asia/Ho_Chi_Minh"), door.meters
        )
        reader = AgencyReader(
            self.backends.kafka,
            lambda voice: _Entries(door, voice, self.deadletter),
            door.meters,
            Holding(self.clock, ZoneInfo("Asia/Ho_Chi_Minh"), door.meters),
            losses,
            group=f"{self.mark}-readers",
            pattern=rf"motcua\.agency\.{self.mark}\.[A-Za-z0-9._-]+\.outbox\.v1",
        )
        task = asyncio.create_task(reader.run())
        try:
            yield Replica(door, reader, made, losses)
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
            await journal.close()
            losses.close()
            store.close()

    async def read(self, topic: str, partitions: int = 1) -> list[dict[str, Any]]:
        """All JSON values of a topic, partition after partition."""
        consumer = make_consumer(self.backends.kafka, "test")
        await consumer.start()
        try:
            places = [TopicPartition(topic, number) for number in range(partitions)]
            consumer.assign(places)
            for each in places:
                consumer.seek(each, 0)
            ends = await consumer.end_offsets(places)
            found: dict[TopicPartition, list[dict[str, Any]]] = {each: [] for each in places}
            while any([await consumer.position(each) < ends[each] for each in places]):
                for each, records in (await consumer.getmany(timeout_ms=200)).items():
                    found[each] += [json.loads(record.value) for record in records]
            return [value for each in places for value in found[each]]
        finally:
            await consumer.stop()

    async def entries(self) -> list[dict[str, Any]]:
        return await self.read(self.journal, PARTITIONS)

    async def answers(self, unit: str) -> list[dict[str, Any]]:
        return await self.read(agency_answers(unit))

    async def letters(self) -> list[dict[str, Any]]:
        return await self.read(self.deadletter)


class _Entries(AgencyEntries):
    """Lays aside on a topic of the test's own."""

    def __init__(self, door: Door, voice: AgencyVoice, deadletter: str) -> None:
        super().__init__(door, _Elsewhere(voice, deadletter))


class _Elsewhere:
    def __init__(self, voice: AgencyVoice, deadletter: str) -> None:
        self._voice = voice
        self._deadletter = deadletter

    async def exists(self, topic: str) -> bool:
        return await self._voice.exists(topic)

    async def send(self, topic: str, said: Sequence[Any]) -> None:
        await self._voice.send(self._deadletter if topic == DEADLETTER else topic, said)
