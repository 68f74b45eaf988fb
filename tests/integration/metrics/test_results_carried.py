"""What versions of before kept of results in each epoch's database stands in the database that no epoch owns."""

from __future__ import annotations

import random
from collections.abc import AsyncIterator
from datetime import date
from typing import Any

import pytest_asyncio

from services.metrics.results.evaluate import Result
from services.metrics.results.store import ResultStore
from services.metrics.results.store_carrying import carry_over
from shared.clock import SystemClock
from shared.mongo import Client, connect, open_database
from tests.stack import Backends


@pytest_asyncio.fixture
async def client(backends: Backends) -> AsyncIterator[Client]:
    made = connect(backends.mongo, "test")
    yield made
    made.close()


def of_before(epoch: int, day: str, position: int) -> dict[str, Any]:
    """A document as an epoch's database had it: one for everything."""
    rows = [{"unit": unit, "scope": position} for unit in (None, "H44.01")]
    return {"kind": "month", "day": day, "epoch": epoch, "positions": {"0": position}, "rows": rows, "rule": "766-2026"}


async def test_copies_of_every_epoch_are_carried_over_once_and_stay(client: Client) -> None:
    first = random.randrange(2**30, 2**31)
    second, database = first + 1, Backends.unique("results")
    old, new = (open_database(client, f"motcua_metrics_e{epoch}") for epoch in (first, second))
    try:
        for opened, epoch, days in ((old, first, (1, 2, 3)), (new, second, (3, 4))):
            for day in days:
                document = of_before(epoch, f"2026-08-0{day}", day * 10)
                await opened["frozen"].insert_one({"_id": f"month:{document['day']}", **document})
            last = of_before(epoch, f"2026-08-0{days[-1] + 1}", 99)
            await opened["results"].insert_one({"_id": "month", **last})
        store = ResultStore(client, SystemClock(), database)
        await _publish(store, of_before(second, "2026-08-06", 120) | {"pointer": 3})
        assert await carry_over(client, store, database) == 7
        told = {}
        for day in range(1, 7):
            found = await store.frozen("month", f"2026-08-0{day}")
            told[day] = None if found is None else (found["epoch"], found["rows"][1]["scope"])
        # Of a day that both have, that of the later epoch; the last results are the last of their days.
        assert told == {1: (first, 10), 2: (first, 20), 3: (second, 30), 4: (second, 40), 5: (second, 99), 6: None}
        current = await store.current("month")
        assert current is not None
        assert current["day"] == "2026-08-06"
        assert await carry_over(client, store, database) == 0
        # A replica of the version of before goes on for a while: what it adds is carried over by the next start.
        late = of_before(second, "2026-07-31", 7)
        await new["frozen"].insert_one({"_id": "month:2026-07-31", **late})
        assert await carry_over(client, store, database) == 4
        found = await store.frozen("month", "2026-07-31")
        assert found is not None
        assert found["rows"] == late["rows"]
    finally:
        for epoch in (first, second):
            await client.drop_database(f"motcua_metrics_e{epoch}")


async def _publish(store: ResultStore, document: dict[str, Any]) -> None:
    assert await store.publish(Result("month", date.fromisoformat(document["day"]), document)) == "stored"
