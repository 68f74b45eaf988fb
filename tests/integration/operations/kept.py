"""What a stack keeps that its journal does not tell: made by hand, and told again after a restore."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Collection
from datetime import date
from typing import Any, Final

from deploy.local.backends.topics import create_agency
from services.metrics.results.evaluate import Result
from services.metrics.results.store import DATABASE, ResultStore
from shared.broker.kafka import make_producer
from shared.broker.topics import agency_outbox
from shared.clock import SystemClock
from shared.mongo import connect, open_database
from tests.suite import Suite
from tests.waiting import until

__all__ = ["copies_of", "kept_beside_the_journal"]

#: A unit that the entries register, and that has no software of its own in them.
AGENCY: Final = "H44.01"


def _settle_a_letter(suite: Suite) -> None:
    """An agency with a key of its own is not understood, and somebody says that this needs nothing."""
    body = {"unit": AGENCY, "sources": ["/other"], "units": [AGENCY]}
    answer = suite.post("/v1/agencies", json.dumps(body).encode())
    assert answer.status_code == 201, answer.text

    async def send() -> None:
        await create_agency(suite.address("kafka"), AGENCY)
        producer = make_producer(suite.address("kafka"), "test-backup")
        await producer.start()
        try:
            await producer.send_and_wait(agency_outbox(AGENCY), b"{broken")
        finally:
            await producer.stop()

    asyncio.run(send())
    [letter] = until(lambda: suite.get("intake", "/v1/deadletters", state="open").json()["letters"], "a letter", 60)
    place = f"{letter['topic']}/{letter['partition']}/{letter['offset']}"
    told = suite.post(f"/v1/deadletters/{place}/discard", b'{"reason": "a test"}')
    assert told.status_code == 200, told.text


def kept_beside_the_journal(suite: Suite) -> dict[tuple[str, str], Any]:
    """Make some of each thing that the journal does not tell; days' copies as they are."""
    _settle_a_letter(suite)
    return _wait_for_copies(suite)


def copies_of(suite: Suite, wanted: Collection[tuple[str, str]]) -> dict[tuple[str, str], Any]:
    """Days' copies as metrics stored them, without the name of their rows."""

    async def read() -> dict[tuple[str, str], Any]:
        client = connect(suite.address("mongo"), "test")
        store, found = ResultStore(client, SystemClock()), {}
        for kind, day in wanted:
            copy = await store.frozen(kind, day)
            assert copy is not None, (kind, day)
            found[kind, day] = {name: said for name, said in copy.items() if name not in ("id", "settled")}
        client.close()
        return found

    return asyncio.run(read())


def _wait_for_copies(suite: Suite) -> dict[tuple[str, str], Any]:
    """Three of a day of the stack's own, and one that no derivation will ever make again: of a day before all."""

    async def days() -> set[tuple[str, str]]:
        client = connect(suite.address("mongo"), "test")
        store = ResultStore(client, SystemClock())
        newest = await store.current("month")
        if newest is not None:
            early = date.fromisoformat("2020-02-01")
            await store.freeze(Result("month", early, newest | {"day": early.isoformat()}))
        names = [one["_id"] async for one in open_database(client, DATABASE)["frozen"].find({}, {"_id": 1})]
        client.close()
        return {(kind, day) for kind, _, day in (name.partition(":") for name in names)}

    found = until(lambda: known if len(known := asyncio.run(days())) > 3 else set(), "copies of days", 60)
    return copies_of(suite, found)
