"""Entered figures at every door of intake on a real broker: each stands once, in the partition of its subject."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from typing import Any

import orjson
import pytest
import pytest_asyncio

from shared.access.bearer import Bearer
from shared.broker.partition import partition_of
from shared.problems.problem import Problem
from tests.integration.deadletters.place import STAMPS, Place, copy_of
from tests.integration.intake.outboxes import PARTITIONS, Outboxes, step
from tests.integration.intake.test_intake import Intake, entry
from tests.stack import Backends, StackFactory
from tests.waiting import until_async

OFFICE = Bearer("office", ("*",), ("*",), frozenset({"reference"}))
MARCH = {"indicator": "1.4", "unit": "hcm.q1", "first_day": "2025-03-01", "last_day": "2025-03-31"}
SHARE = MARCH | {"numerator": 7, "denominator": 9}


def figure(subject: str, data: dict[str, Any] | None = SHARE, number: int = 1, **more: Any) -> dict[str, Any]:
    return entry(subject, number, type="indicator.entered", data=data, **more)


def test_over_http_alone_in_a_batch_and_only_looked_at(local_stack: StackFactory) -> None:
    live = Intake(local_stack(clock="data", services=("intake",)))
    alone = live.send(figure("khảo sát"))
    assert alone.status_code == 202, alone.text
    assert "positions" not in alone.json()
    assert alone.json()["partition"] == partition_of("khảo sát", PARTITIONS)
    unit = figure("hcm.q1", {"unit": "hcm.q1", "name": "Quận 1"}) | {"type": "unit.revised"}
    wrong = SHARE | {"numerator": 10}
    lines = [entry("HS-1"), figure("s"), figure("s", wrong, 2), unit, figure("s", MARCH | {"value": "9.5"}, 3)]
    batch = live.batch([*lines, figure("s", None, 1, revision=1), figure("s")]).json()
    assert (batch["accepted"], batch["refused"]) == (6, 1)
    assert batch["results"][2]["problem"]["code"] == "share_above_one"
    for language, word in (("vi", "mẫu số"), ("en", "denominator")):
        told = live.http.post("/v1/entries", json=figure("s", wrong), headers=live.key | {"Accept-Language": language})
        assert (told.status_code, told.json()["field"]) == (422, "data.numerator")
        assert word in told.json()["detail"]
        assert "10" in told.json()["detail"]
        assert word in told.json()["remedy"]
    # What reference data would move is looked at beforehand; a figure moves nothing.
    looked = live.http.post("/v1/reference:check", content=orjson.dumps(figure("s")), headers=live.key)
    assert looked.status_code == 200, looked.text
    assert [(one["code"], one["field"]) for one in looked.json()["faults"]] == [("not_allowed_value", "type")]
    journal = live.journal()
    found = [(place, one) for place, one in journal.items() if one["entry"]["type"] == "indicator.entered"]
    assert sorted(one["key"].decode() for _, one in found) == ["khảo sát", "s", "s", "s", "s"]
    for (partition, _), one in found:
        assert partition == partition_of(one["entry"]["subject"], PARTITIONS)
        assert "grant" not in one["entry"]
    assert live.http.get("/v1/reference", headers=live.key).json()["total"] == 1, "the unit alone"


def test_only_who_may_send_reference_data(local_stack: StackFactory) -> None:
    live = Intake(local_stack(clock="data", services=("intake",)))
    for role, allowed in (("sender", False), ("reference", True)):
        wanted = {"sender": f"a-{role}", "sources": ["test/*"], "units": ["hcm"], "roles": [role]}
        key = live.http.post("/v1/senders", json=wanted, headers=live.key).json()["key"]
        for language in ("vi", "en"):
            headers = {"X-Api-Key": key, "Accept-Language": language}
            told = live.http.post("/v1/entries", json=figure("s"), headers=headers)
            assert told.status_code == (202 if allowed else 403), told.text
            if not allowed:
                assert told.json()["code"] == "right_missing"
                assert told.json()["remedy"]


@pytest.fixture
async def outboxes(backends: Backends) -> AsyncIterator[Outboxes]:
    made = Outboxes(backends, await backends.topic("agencies", PARTITIONS))
    await made.open()
    yield made
    await made.close()


async def test_an_agency_is_told_that_it_may_not_enter_any(outboxes: Outboxes) -> None:
    unit = outboxes.unit("a")
    await outboxes.topics(unit)
    sent = step(unit, 1, type="indicator.entered", data=SHARE | {"unit": unit})
    async with outboxes.replica([unit]):
        await outboxes.put(unit, sent, step(unit, 2))
        told = await until_async(lambda: _two(outboxes, unit), "both answers")
    assert [one["type"] for one in told] == ["answer.refused", "answer.accepted"]
    assert (told[0]["data"]["status"], told[0]["data"]["code"]) == (403, "right_missing")
    assert [one["type"] for one in await outboxes.entries()] == ["step.completed"]


async def _two(outboxes: Outboxes, unit: str) -> list[dict[str, Any]]:
    told = await outboxes.answers(unit)
    return told if len(told) == 2 else []


@pytest_asyncio.fixture
async def place(backends: Backends) -> AsyncIterator[Place]:
    topic = await backends.topic("deadletter", 1, {"max.message.bytes": "4194304"})
    made = Place(backends, topic, await backends.topic("journal", PARTITIONS))
    yield made
    made.store.close()


async def test_a_dead_letter_is_replayed_into_one_partition(place: Place) -> None:
    """Of a record told to every partition before, with the bytes it has; and corrected, by who may."""
    kept = json.dumps(figure("s") | STAMPS, sort_keys=True).encode()
    bad = json.dumps(figure("t", SHARE | {"numerator": 10}) | STAMPS, sort_keys=True).encode()
    await place.put(copy_of(kept), copy_of(bad, offset=8))
    async with place.register():
        ids = sorted(one.letter.id for one in await place.seen(2))
    async with place.replayer() as replayer:
        assert (await replayer.replay(ids[0], OFFICE)).state == "replayed"
        with pytest.raises(Problem) as refused:
            await replayer.replay(ids[1], OFFICE)
        assert (refused.value.status, refused.value.code) == (422, "share_above_one")
        assert (await replayer.replay(ids[1], OFFICE, json.dumps(figure("t")).encode())).state == "replayed"
    written = await place.written()
    assert {(partition, key) for partition, _, key, _ in written} == {
        (partition_of(subject, PARTITIONS), subject.encode()) for subject in ("s", "t")
    }
    assert len(written) == 2
    assert kept in [value for *_, value in written], "the bytes as they were"
    assert all("grant" not in json.loads(value) for *_, value in written)
