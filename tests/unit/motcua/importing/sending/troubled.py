"""An intake whose own door and journal write to a producer that fails as brokers do: by partition, and late."""

from __future__ import annotations

import asyncio
import dataclasses
import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx
import orjson
from aiokafka.errors import KafkaTimeoutError

from services.intake.journal import Journal
from services.intake.senders.directory import Directory
from shared.catalogue.base import Meters
from shared.catalogue.intake import SPECS
from shared.clock import FixedClock
from shared.instants import parse_instant
from tests.unit.intake.parts import REPLAY, MemoryStore, make_parts, record
from tests.waiting import turns

__all__ = ["KEY", "PARTITIONS", "TroubledIntake"]

KEY = "mc_importer"
PARTITIONS = 3


class _Batch:
    """Some records of one partition; a few fill it, so that a request needs several."""

    def __init__(self, most: int) -> None:
        self.values: list[bytes] = []
        self._most = most

    def append(self, *, key: bytes, value: bytes, timestamp: int | None) -> object | None:
        del key, timestamp
        if len(self.values) >= self._most:
            return None
        self.values.append(value)
        return self.values


@dataclasses.dataclass(frozen=True)
class _Place:
    offset: int


class _Producer:
    """Writes to lists; some batches are confirmed, some written and not confirmed, now or later, some lost."""

    def __init__(self, chance: random.Random, trouble: float, partitions: dict[int, list[bytes]]) -> None:
        self._chance, self._trouble, self._partitions = chance, trouble, partitions
        self.late: set[asyncio.Task[None]] = set()

    def create_batch(self) -> _Batch:
        return _Batch(self._chance.randint(1, 7))

    async def send_batch(self, batch: _Batch, topic: str, *, partition: int) -> Any:
        del topic
        await turns(self._chance.randint(0, 4))
        fate = self._chance.random() / self._trouble if self._trouble else 1.0
        if fate < 0.3:
            self.late.add(asyncio.create_task(self._write_later(batch, partition)))
        written = self._partitions[partition]
        if 0.3 <= fate < 0.6 or fate >= 1:
            written.extend(batch.values)
        if fate < 1:
            raise KafkaTimeoutError
        confirmed: asyncio.Future[_Place] = asyncio.get_running_loop().create_future()
        confirmed.set_result(_Place(len(written) - len(batch.values)))
        return confirmed

    async def _write_later(self, batch: _Batch, partition: int) -> None:
        await turns(self._chance.randint(1, 400))
        self._partitions[partition].extend(batch.values)


class _Gateway(httpx.AsyncBaseTransport):
    """Carries requests to the application; some answers are lost, and what was begun goes on without its client."""

    def __init__(self, app: Any, chance: random.Random, trouble: float) -> None:
        self._inner = httpx.ASGITransport(app)
        self._chance, self._trouble = chance, trouble
        self.begun: set[asyncio.Task[httpx.Response]] = set()
        self.under_way = self.most_under_way = 0

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        task = asyncio.create_task(self._inner.handle_async_request(request))
        self.begun.add(task)
        self.under_way += 1
        try:
            self.most_under_way = max(self.most_under_way, self.under_way)
            if self._chance.random() < self._trouble / 2:
                raise httpx.ReadTimeout("lost", request=request)
            return await asyncio.shield(task)
        finally:
            self.under_way -= 1


class TroubledIntake:
    """Intake on the data's clock with the real door and journal, and what its partitions hold.

    The importer's key may name the unit U and no other.

    Args:
        seed: of all that happens.
        trouble: probability that a write fails.
        roles: what the importer's key may do.
    """

    def __init__(self, seed: int, trouble: float, *roles: Any) -> None:
        chance = random.Random(seed)
        self.partitions: dict[int, list[bytes]] = {number: [] for number in range(PARTITIONS)}
        self._producer = _Producer(chance, trouble, self.partitions)
        journal = Journal("nowhere:1", PARTITIONS, Meters(SPECS))
        journal._producer, journal._found, journal.broker_answers = self._producer, PARTITIONS, True
        parts = make_parts(REPLAY)
        importer = record("importer", KEY, *(roles or ("importer", "clock"))).model_copy(update={"units": ["U"]})
        clock = FixedClock(parse_instant("2026-08-25T10:00:00+07:00"))
        directory = parts.app.state.keyring = Directory(MemoryStore(), [importer])
        parts.app.state.door = dataclasses.replace(parts.door, journal=journal, directory=directory, clock=clock)
        self.transport = _Gateway(parts.app, chance, trouble)

    async def pause(self, seconds: float) -> None:
        """Gives others a turn instead of pausing."""
        del seconds
        await turns(1)

    @asynccontextmanager
    async def settled(self) -> AsyncIterator[None]:
        """At the end nothing is under way any more."""
        yield
        await asyncio.gather(*self.transport.begun, *self._producer.late, return_exceptions=True)

    def first_appearances(self, partition: int) -> list[tuple[str, str, str]]:
        """(type, subject, id) in a partition's order, repeats left out, since the same identity counts once."""
        entries = (orjson.loads(value) for value in self.partitions[partition])
        return list(dict.fromkeys((entry["type"], entry["subject"], entry["id"]) for entry in entries))
