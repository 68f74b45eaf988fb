"""Results in the database, of which one writer was frozen in the middle: newer ones stay, in the days' copies too."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator
from datetime import date
from typing import Any

import pytest_asyncio

from services.metrics.results.evaluate import Result
from services.metrics.results.store import ResultStore
from shared.mongo import Client, connect
from tests.stack import Backends


@pytest_asyncio.fixture
async def client(backends: Backends) -> AsyncIterator[Client]:
    made = connect(backends.mongo, "test")
    yield made
    made.close()


class Frozen(ResultStore):
    """Frozen before it writes a day's copy, or a result."""

    def __init__(self, client: Client, before: str) -> None:
        super().__init__(client)
        self._before = before
        self.reached, self.thawed = asyncio.Event(), asyncio.Event()

    async def _replace(self, collection: Any, key: str, document: dict[str, Any]) -> Any:
        if collection.name == self._before and not self.reached.is_set():
            self.reached.set()
            await self.thawed.wait()
        return await super()._replace(collection, key, document)


def result(epoch: int, day: int, position: int) -> Result:
    document = {"epoch": epoch, "kind": "month", "day": f"2026-08-{day:02}", "positions": {"0": position}}
    return Result("month", date(2026, 8, day), document)


async def test_a_writer_frozen_before_its_result_replaces_no_newer_one(client: Client) -> None:
    epoch, other = random.randrange(2**31, 2**32), ResultStore(client)
    late = Frozen(client, "results")
    woken = asyncio.create_task(late.publish(result(epoch, 20, 5)))
    await asyncio.wait_for(late.reached.wait(), 10)
    assert await other.publish(result(epoch, 20, 9)) == "stored"
    late.thawed.set()
    assert await woken == "refused"
    current = await other.current(epoch, "month")
    assert current is not None
    assert current["positions"] == {"0": 9}


async def test_a_writer_frozen_before_a_day_s_copy_keeps_the_last_of_the_day(client: Client) -> None:
    epoch, other = random.randrange(2**31, 2**32), ResultStore(client)
    await other.publish(result(epoch, 20, 5))
    late = Frozen(client, "frozen")
    woken = asyncio.create_task(late.publish(result(epoch, 21, 20)))
    await asyncio.wait_for(late.reached.wait(), 10)
    await other.publish(result(epoch, 20, 9))
    late.thawed.set()
    assert await woken == "stored"
    copy = await other.frozen(epoch, "month", "2026-08-20")
    assert copy is not None
    assert copy["positions"] == {"0": 9}, "what was stored between the copy and the next day's result"


async def test_a_writer_frozen_before_a_day_s_copy_replaces_no_newer_copy(client: Client) -> None:
    epoch, other = random.randrange(2**31, 2**32), ResultStore(client)
    await other.publish(result(epoch, 20, 5))
    late = Frozen(client, "frozen")
    woken = asyncio.create_task(late.publish(result(epoch, 21, 20)))
    await asyncio.wait_for(late.reached.wait(), 10)
    await other.publish(result(epoch, 20, 9))
    await other.publish(result(epoch, 21, 21))
    late.thawed.set()
    assert await woken == "refused"
    copy = await other.frozen(epoch, "month", "2026-08-20")
    assert copy is not None
    assert copy["positions"] == {"0": 9}
