"""Replicas of metrics inside the test process, on a real broker and database, and a pen for lifecycle records."""

from __future__ import annotations

import contextlib
import itertools
import random
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Iterator
from pathlib import Path
from typing import Any, TypeVar, cast

import httpx
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient, NewTopic

from deploy.local.backends import topics
from deploy.local.stack import LocalStack
from services.metrics.app import make_app
from services.metrics.settings import MetricsSettings
from shared.broker.topics import DEADLETTER, JOURNAL, lifecycle, reference
from shared.instants import parse_instant
from shared.mongo import DatabaseError
from tests.keyring import asking, hold_keys
from tests.stack import Backends, free_ports, stop
from tests.unit.metrics.known import reference_record
from tests.unit.metrics.records import clock_record, row_record
from tests.waiting import until_async

__all__ = [
    "DUE",
    "IN_AUGUST",
    "PARTITIONS",
    "Pen",
    "Replica",
    "backends_alone",
    "dead_letters",
    "epoch_with",
    "eventually",
    "metric",
    "new_epoch",
    "pen",
    "replica",
]

T = TypeVar("T")

PARTITIONS = 4
DUE = "2026-08-10T10:00:00.000000Z"
IN_AUGUST = parse_instant("2026-08-20T01:00:00Z")
_epochs = itertools.count(2)


@contextlib.contextmanager
def backends_alone(home: Path) -> Iterator[Backends]:
    """A broker and database of one's own, to move the epoch pointer in and to stop."""
    stack = LocalStack(home)
    try:
        stack.up(clock="data", services=(), preferred=free_ports())
        addresses = stack.addresses()
        yield Backends(stack, addresses["kafka"], addresses["mongo"])
    finally:
        stop(stack)


async def new_epoch(backends: Backends, *, live: bool = True) -> int:
    """A new epoch with its empty topic, the live one unless told otherwise."""
    number = next(_epochs)
    await topics.create(backends.kafka, number, PARTITIONS)
    if live:
        await topics.point_to(backends.kafka, number)
    return number


async def epoch_with(backends: Backends, **config: str) -> int:
    """A new live epoch whose topic has other settings than a stack gives it."""
    number = next(_epochs)
    admin = AIOKafkaAdminClient(bootstrap_servers=backends.kafka)
    await admin.start()
    try:
        settings = {name.replace("_", "."): value for name, value in config.items()}
        await admin.create_topics([NewTopic(lifecycle(number), PARTITIONS, 1, topic_configs=settings)])
    finally:
        await admin.close()
    await topics.point_to(backends.kafka, number)
    return number


async def eventually(condition: Callable[[], Awaitable[T]], what: str, seconds: float = 30) -> T:
    """The first truthy answer of an asynchronous condition; a database that is away is waited for."""

    async def asked() -> T:
        try:
            return await condition()
        except DatabaseError as error:
            raise ValueError(str(error)) from error

    return cast("T", await until_async(cast("Callable[[], Any]", asked), what, seconds))


class Replica:
    """One running replica, asked over HTTP only."""

    def __init__(self, client: httpx.AsyncClient) -> None:
        self.client = client

    async def get(self, path: str, **query: Any) -> dict[str, Any]:
        """A successful answer."""
        answer = await self.client.get(path, params=query)
        if answer.status_code != 200:
            raise ValueError(f"{answer.status_code} {answer.text}")
        return cast("dict[str, Any]", answer.json())

    async def index(self, **query: Any) -> dict[str, Any]:
        """The one index of August 2026."""
        answer = await self.get("/v1/indices", **({"from": "2026-08-01", "to": "2026-08-31"} | query))
        [index] = answer["indices"]
        return cast("dict[str, Any]", index)

    async def read(self, causes: dict[int, int], seconds: float = 30) -> dict[str, Any]:
        """Wait until everything was read, the given journal offsets by partition included; the status."""

        async def done() -> dict[str, Any] | None:
            status = await self.get("/v1/status")
            marks = status["partitions"]
            far = all(marks.get(str(p), {}).get("cause_offset", -1) >= offset for p, offset in causes.items())
            return status if status["caught_up"] and far else None

        return await eventually(done, f"causes {causes} read", seconds) or {}

    async def metrics(self) -> str:
        """The Prometheus exposition."""
        return (await self.client.get("/metrics")).text

    async def ready(self) -> bool:
        """Whether the replica says it can work."""
        return (await self.client.get("/health/ready")).status_code == 200


@contextlib.asynccontextmanager
async def replica(backends: Backends, image: Path | None = None, **settings: Any) -> AsyncIterator[Replica]:
    """A replica that is stopped in good order at the end."""
    known = {"evaluate_seconds": 0.1, "partitions": PARTITIONS} | settings
    app = make_app(MetricsSettings(kafka=backends.kafka, mongo=backends.mongo, image_dir=image, **known))
    hold_keys(app)
    async with (
        app.router.lifespan_context(app),
        asking(app) as client,
    ):
        yield Replica(client)


class Pen:
    """Writes lifecycle records of one epoch as processing would, one journal offset after the other."""

    def __init__(self, producer: AIOKafkaProducer, epoch: int) -> None:
        self.producer = producer
        self.epoch = epoch
        self.next = dict.fromkeys(range(PARTITIONS), 0)
        self._journal = dict.fromkeys(range(PARTITIONS), 0)

    @property
    def written(self) -> dict[int, int]:
        """Highest journal offset named as a cause, by partition."""
        return {partition: offset - 1 for partition, offset in self.next.items() if offset}

    async def row(self, code: str, partition: int = 0, **row: Any) -> bytes:
        """A dossier's row with the next cause; returns the record's value."""
        value = row_record(code, await self._offset(partition), partition=partition, epoch=self.epoch, **row)
        await self.raw(code.encode(), value, partition)
        return value

    async def history(self, dossiers: int, seed: int = 1) -> None:
        """Dossiers due on 10 August, most of them finished on time or late; then the clock, 20 August."""
        dice = random.Random(seed)
        for number in range(dossiers):
            partition, unit = number % PARTITIONS, f"H44.0{number % 3}"
            code = f"{unit}-{seed}-{number}"
            await self.row(code, partition, unit=unit, due=DUE)
            if dice.random() < 0.7:
                end = dice.choice(("2026-08-10T09:00:00.000000Z", "2026-08-11T09:00:00.000000Z"))
                ended = {"finished_at": end, "judged_at": end, "finish": "resolved", "status": 9}
                await self.row(code, partition, unit=unit, due=DUE, **ended)
        await self.clock(IN_AUGUST)

    async def clock(self, instant: int, partitions: Iterable[int] = range(PARTITIONS)) -> None:
        """The clock of partitions."""
        for partition in partitions:
            value = clock_record(partition, await self._offset(partition), instant, epoch=self.epoch)
            await self.raw(f"clock:{partition}".encode(), value, partition)

    async def reference(self, entry: dict[str, Any], partitions: Iterable[int] = range(PARTITIONS)) -> None:
        """A reference entry, as each partition takes it in."""
        for partition in partitions:
            offset = await self._offset(partition)
            key, value = reference_record(entry, partition=partition, epoch=self.epoch, offset=offset)
            await self.producer.send_and_wait(reference(self.epoch), value, key=key, partition=partition)

    async def raw(self, key: bytes | None, value: bytes | None, partition: int = 0) -> None:
        """Any record at all."""
        await self.producer.send_and_wait(lifecycle(self.epoch), value, key=key, partition=partition)

    async def _offset(self, partition: int) -> int:
        """The next cause; the journal is made so long that it can be one."""
        offset = self.next[partition]
        self.next[partition] += 1
        while self._journal[partition] <= offset:
            written = await self.producer.send_and_wait(JOURNAL, b"{}", partition=partition)
            self._journal[partition] = written.offset + 1
        return offset


@contextlib.asynccontextmanager
async def pen(backends: Backends, epoch: int) -> AsyncIterator[Pen]:
    """A writer of an epoch's lifecycle records."""
    producer = AIOKafkaProducer(bootstrap_servers=backends.kafka, acks="all")
    await producer.start()
    try:
        yield Pen(producer, epoch)
    finally:
        await producer.stop()


async def dead_letters(backends: Backends) -> list[bytes]:
    """All values on the dead-letter topic."""
    consumer = AIOKafkaConsumer(bootstrap_servers=backends.kafka, group_id=None)
    await consumer.start()
    try:
        partition = TopicPartition(DEADLETTER, 0)
        end = (await consumer.end_offsets([partition]))[partition]
        consumer.assign([partition])
        consumer.seek(partition, 0)
        found: list[bytes] = []
        while len(found) < end:
            records = (await consumer.getmany(partition, timeout_ms=500)).get(partition, [])
            found += [record.value for record in records]
        return found
    finally:
        await consumer.stop()


def metric(exposition: str, name: str) -> float:
    """The value of a sample by its name with labels."""
    [line] = [line for line in exposition.splitlines() if line.startswith(f"{name} ")]
    return float(line.rsplit(" ", 1)[1])
