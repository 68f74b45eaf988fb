"""Rates at the doors: 429 takes nothing, waits are true, outboxes are read slower, keys may have rates of their own."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import AsyncIterator
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

import httpx
import pytest
from aiokafka import TopicPartition

from services.intake.agencies.reader import AgencyReader
from services.intake.agencies.state.holding import Holding
from services.intake.agencies.state.losses import Losses
from services.intake.doors.rates.allowance import Allowance, Owing, Rates
from services.intake.senders.sender import AgencyRequest
from shared.broker.topics import agency_outbox
from shared.problems.problem import Problem
from tests.unit.intake.agencies.test_agency_entries import OWN, UNIT, Desk, Record
from tests.unit.intake.parts import Parts, body, entry, make_parts, unit
from tests.waiting import until_async

SENDER = {"Authorization": "Bearer mc_sender"}
ADMIN = {"Authorization": "Bearer mc_admin"}


class Time:
    """A clock of the test."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def with_rates(parts: Parts, time: Time, entries: int = 10, size: int = 0, burst: float = 1.0) -> Parts:
    """The same with an allowance whose clock is the test's."""
    allowance = Allowance(Rates(entries, size, burst), parts.door.meters, time)
    door = dataclasses.replace(parts.door, allowance=allowance)
    parts.app.state.door = door
    return dataclasses.replace(parts, door=door)


@pytest.fixture
def time() -> Time:
    return Time()


@pytest.fixture
def parts(time: Time) -> Parts:
    return with_rates(make_parts(), time)


@pytest.fixture
async def client(parts: Parts) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(parts.app)
    async with httpx.AsyncClient(transport=transport, base_url="http://test") as open_client:
        yield open_client


def lines(count: int, first: int = 0) -> bytes:
    return b"\n".join(
        json.dumps(entry(id=f"{number}", subject=f"HS-{number}")).encode() for number in range(first, first + count)
    )


async def test_of_a_batch_nothing_is_taken_and_all_of_it_after_the_time_told(
    client: httpx.AsyncClient, parts: Parts, time: Time
) -> None:
    answer = await client.post("/v1/entries:batch", content=lines(60), headers=SENDER)
    assert answer.json()["accepted"] == 60
    refused = await client.post("/v1/entries:batch", content=lines(20, 60), headers=SENDER)
    assert (refused.status_code, refused.headers["retry-after"]) == (429, "5")
    assert refused.headers["content-type"] == "application/problem+json"
    told = refused.json()
    assert (told["code"], told["limit"], told["limited"]) == ("rate_limited_entries", 10, "entries")
    assert len(parts.journal.entries) == 60
    one = await client.post("/v1/entries", content=body(), headers=SENDER)
    assert one.status_code == 429
    time.now = 5.0
    answer = await client.post("/v1/entries:batch", content=lines(20, 60), headers=SENDER)
    assert answer.json()["accepted"] == 20
    assert len(parts.journal.entries) == 80
    refusals = parts.door.meters.registry.get_sample_value(
        "motcua_intake_refused_total", {"code": "rate_limited_entries"}
    )
    assert refusals == 2


async def test_refused_before_the_body_is_read(parts: Parts) -> None:
    parts.door.allowance.charge(await parts.door.directory.find("mc_sender"), 1_000, 0)
    sent: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        raise AssertionError("the body was read")

    async def send(message: Any) -> None:
        sent.append(message)

    scope = {
        "type": "http",
        "method": "POST",
        "path": "/v1/entries:batch",
        "raw_path": b"/v1/entries:batch",
        "query_string": b"",
        "headers": [(b"authorization", b"Bearer mc_sender"), (b"content-length", b"16000000")],
    }
    await parts.app(scope, receive, send)
    assert sent[0]["status"] == 429


async def test_checks_of_reference_entries_count_and_the_homes_own_key_has_no_limit(
    client: httpx.AsyncClient, parts: Parts
) -> None:
    reference = {"Authorization": "Bearer mc_reference"}
    checked = b"\n".join(json.dumps(unit(f"u{number}")).encode() for number in range(50))
    for key in (reference, ADMIN, ADMIN, ADMIN):
        assert (await client.post("/v1/reference:check", content=checked, headers=key)).status_code == 200
    refused = await client.post("/v1/reference:check", content=checked, headers=reference)
    assert (refused.status_code, refused.headers["retry-after"]) == (429, "4")
    for first in range(0, 500, 100):
        answer = await client.post("/v1/entries:batch", content=lines(100, first), headers=ADMIN)
        assert answer.json()["accepted"] == 100


async def test_what_is_not_tried_while_the_broker_is_away_costs_nothing(
    client: httpx.AsyncClient, parts: Parts
) -> None:
    parts.journal.away = Problem(503, "broker_away", headers={"Retry-After": "2"})
    for _ in range(5):
        assert (await client.post("/v1/entries:batch", content=lines(60), headers=SENDER)).status_code == 503
        assert (await client.post("/v1/entries", content=body(), headers=SENDER)).status_code == 503
    parts.journal.away = None
    assert (await client.post("/v1/entries:batch", content=lines(60), headers=SENDER)).status_code == 200


async def test_a_key_may_have_a_rate_of_its_own(client: httpx.AsyncClient) -> None:
    wanted = {"sender": "big", "sources": ["*"], "units": ["*"], "roles": ["sender"], "entries_per_second": 1_000}
    made = await client.post("/v1/senders", json=wanted, headers=ADMIN)
    assert made.status_code == 201
    assert made.json()["entries_per_second"] == 1_000
    key = {"Authorization": f"Bearer {made.json()['key']}"}
    known = (await client.get("/v1/senders/me", headers=key)).json()
    assert known["entries_per_second"] == 1_000
    assert "bytes_per_second" not in known
    for first in range(0, 1_000, 100):
        answer = await client.post("/v1/entries:batch", content=lines(100, first), headers=key)
        assert answer.status_code == 200
    refused = await client.post("/v1/senders", json=wanted | {"bytes_per_second": -1}, headers=ADMIN)
    assert (refused.status_code, refused.json()["field"]) == (422, "bytes_per_second")


def message(offset: int) -> Record:
    return Record(offset, body(**OWN, id=str(offset)))


async def agency(parts: Parts) -> Desk:
    desk = Desk(parts)
    await parts.door.directory.refresh()
    await desk.entries._agencies.create(AgencyRequest(unit=UNIT, sources=[], units=[]))
    return desk


async def test_an_outbox_is_taken_and_then_left_alone_for_a_while(parts: Parts) -> None:
    desk = await agency(parts)
    portion = [message(offset) for offset in range(5)]
    assert await desk.entries.take(UNIT, portion, desk.progress) is None
    owing = await desk.entries.take(UNIT, [message(offset) for offset in range(5, 45)], desk.progress)
    assert owing == Owing("entries", 10, 3.5)
    assert len(parts.journal.entries) == 45
    assert desk.count("accepted") == 45
    seconds = parts.door.meters.registry.get_sample_value(
        "motcua_intake_sender_seconds_total", {"sender": f"agency-{UNIT}"}
    )
    assert seconds


class NoLosses(Losses):
    """Where nothing is lost."""

    def __init__(self) -> None:
        """Nothing is kept."""

    async def look(self, *_where: Any) -> None:
        """Nothing is lost."""


class Consumer:
    """One outbox that always has more."""

    def __init__(self) -> None:
        self.at = 0

    def highwater(self, _place: TopicPartition) -> int:
        return 10**6

    last_stable_offset = highwater

    async def position(self, _place: TopicPartition) -> int:
        return self.at

    async def committed(self, _place: TopicPartition) -> None:
        """Nothing was read before."""

    async def getmany(self, place: TopicPartition, **_options: Any) -> dict[TopicPartition, list[Record]]:
        self.at += 40
        return {place: [message(offset) for offset in range(self.at - 40, self.at)]}


async def test_the_reader_leaves_it_alone_that_long_and_says_so(
    parts: Parts, time: Time, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = await agency(parts)
    monkeypatch.setattr("services.intake.agencies.reader.time", SimpleNamespace(monotonic=time))
    holding = Holding(parts.clock, ZoneInfo(parts.door.rules.zone), parts.door.meters)
    reader = AgencyReader("nowhere:1", lambda _voice: desk.entries, parts.door.meters, holding, NoLosses())
    reader._entries = desk.entries
    place, consumer = TopicPartition(agency_outbox(UNIT), 0), Consumer()
    reader._consumer = consumer
    await reader.on_partitions_assigned([place])

    async def rounds() -> int:
        """Portions read in many looks at one instant."""
        before = consumer.at
        for _ in range(10):
            await reader._round(consumer)
            await until_async(lambda: all(each.task is None for each in reader._outboxes.values()), "the portion")
        return (consumer.at - before) // 40

    assert await rounds() == 1
    notes = reader.notes()
    assert len(notes) == 1
    assert "is read slowly: it brings more than 10 entries a second" in notes[0]
    assert await rounds() == 0
    time.now = 2.9
    assert await rounds() == 0
    time.now = 3.1
    assert await rounds() == 1
    time.now = 1_000.0
    assert reader.notes() == []
