"""Outboxes on a real broker: new ones are found, order is kept, nothing is lost, and one holds up no other."""

from __future__ import annotations

import asyncio
import base64
import collections
import hashlib
from collections.abc import AsyncIterator, Sequence
from typing import Any

import pytest

from services.intake.admission.admit import Admitted
from services.intake.journal import Journal, Receipt
from shared.broker.topics import agency_outbox
from shared.problems.problem import Problem
from tests.integration.intake.outboxes import PARTITIONS, Outboxes, step
from tests.stack import Backends
from tests.waiting import until_async


@pytest.fixture
async def outboxes(backends: Backends) -> AsyncIterator[Outboxes]:
    made = Outboxes(backends, await backends.topic("agencies", PARTITIONS))
    await made.open()
    yield made
    await made.close()


class Failing(Journal):
    """A journal that confirms nothing, or writes and does not tell, while `broken` says so."""

    broken: str | None = None

    def __init__(self, journal: Journal) -> None:
        self.__dict__.update(journal.__dict__)
        self.attempts = 0

    async def write_many(self, entries: Sequence[Admitted]) -> list[Receipt | None]:
        self.attempts += 1
        if self.broken == "away":
            raise Problem(503, "broker_away")
        receipts = await super().write_many(entries)
        return receipts if self.broken is None else [None] * len(receipts)


async def test_an_outbox_made_while_running_is_read_from_its_beginning_in_order(outboxes: Outboxes) -> None:
    a, b = outboxes.unit("a"), outboxes.unit("b")
    await outboxes.topics(a)
    async with outboxes.replica([a, b]):
        await outboxes.put(a, step(a, 0))
        await until_async(lambda: outboxes.answers(a), "the first answer")
        await outboxes.topics(b)
        await outboxes.put(b, *(step(b, number) for number in range(100)))
        told = await until_async(lambda: _at_least(outboxes, b, 100), "all answers", seconds=15)
    assert [each["data"]["outbox_offset"] for each in told] == list(range(100))
    assert {each["type"] for each in told} == {"answer.accepted"}
    entries = [each for each in await outboxes.entries() if each["sender"] == f"agency-{b}"]
    assert [each["id"] for each in entries] == [f"{b}/{number}" for number in range(100)]
    places = {(each["data"]["partition"], each["data"]["offset"]) for each in told}
    assert len(places) == 100


async def test_messages_with_thousands_of_members_hold_nobody(outboxes: Outboxes) -> None:
    """One of 20,000 held all of intake for 80 s, again and again: explaining it cost the consumer's session."""
    a, b = outboxes.unit("a"), outboxes.unit("b")
    await outboxes.topics(a, b)
    members: dict[str, Any] = dict.fromkeys((f"x{number}" for number in range(20_000)), 0)
    inside = {"step": "s", **dict(list(members.items())[:450])}
    async with outboxes.replica([a, b]):
        await outboxes.put(a, *(step(a, number, **members) for number in range(4)))
        await outboxes.put(a, *(step(a, 4 + number, data=inside) for number in range(40)), step(a, 99))
        await outboxes.put(b, step(b, 0))
        told = await until_async(lambda: _at_least(outboxes, a, 45), "all answers", seconds=30)
        assert (await until_async(lambda: outboxes.answers(b), "the other's"))[0]["type"] == "answer.accepted"
    assert [each["data"].get("code") for each in told] == ["too_many_values"] * 4 + ["unknown_field"] * 40 + [None]
    assert await outboxes.passed(a) == (45, 45)


async def test_what_cannot_be_taken_is_answered_and_laid_aside_and_the_rest_goes_on(outboxes: Outboxes) -> None:
    a = outboxes.unit("a")
    await outboxes.topics(a, config={"max.message.bytes": "6000000"})
    outboxes.producer._max_request_size = 6_000_000
    bad = {
        "not_json": b"{",
        "not_an_object": b"[1]",
        "line_too_long": b'{"a":"' + b"x" * 5_000_000 + b'"}',
        "source_not_granted": step(a, 1, source="other"),
        "personal_field": step(a, 2, data={"step": "s", "hoTen": "X"}),
        "unknown_type": step(a, 3, type="dossier.lost"),
    }
    async with outboxes.replica([a]):
        await outboxes.put(a, step(a, 10), None, b"", "Hồ sơ".encode("utf-16"), *bad.values(), step(a, 11))
        await outboxes.put(a, step(a, 12), headers=[("trace", b"\xff\xfe"), ("reply_to", b"motcua.probe.v1")])
        told = await until_async(lambda: _at_least(outboxes, a, 12), "all answers")
        letters = await outboxes.letters()
    kinds = [each["data"].get("code", "accepted") for each in told]
    assert kinds == ["accepted", "not_json", "not_json", "not_json", *bad, "accepted", "accepted"]
    assert [each["reason"] for each in letters] == kinds[1:10]
    by_reason = {each["reason"]: each for each in letters}
    assert all(each["service"] == "intake" for each in letters)
    assert "value" in by_reason["source_not_granted"]
    assert "value" not in by_reason["personal_field"]
    too_long = by_reason["line_too_long"]
    assert bad["line_too_long"].startswith(base64.b64decode(too_long["value"]))
    assert (too_long["size"], too_long["sha256"]) == (5_000_008, hashlib.sha256(bad["line_too_long"]).hexdigest())
    refused = told[7]
    assert refused["id"] == f"motcua.agency.{a}.outbox.v1:0:7:refused"
    assert refused["subject"] == "HS-1"
    assert refused["data"]["status"] == 403
    assert "other" in refused["data"]["detail_vi"]
    assert refused["data"]["remedy_en"]


async def test_records_that_cannot_be_unpacked_hold_their_own_outbox_only(outboxes: Outboxes) -> None:
    a, b = outboxes.unit("a"), outboxes.unit("b")
    await outboxes.topics(a)
    await outboxes.topics(b, config={"compression.type": "zstd"})
    await outboxes.put(b, step(b, 0))
    async with outboxes.replica([a, b]) as replica:
        for number in range(60):
            await outboxes.put(a, step(a, number))
        told = await until_async(lambda: _at_least(outboxes, a, 60), "the other outbox's answers")
        assert [each["data"]["outbox_offset"] for each in told] == list(range(60))
        place = next(each for each in replica.reader._outboxes.values() if each.unit == b)
        assert "UnsupportedCodecError" in str(place.why)
    assert await outboxes.answers(b) == []


@pytest.mark.parametrize("broken", ["away", "silent"])
async def test_what_is_not_confirmed_is_held_and_comes_again(outboxes: Outboxes, broken: str) -> None:
    a = outboxes.unit("a")
    await outboxes.topics(a)
    async with outboxes.replica([a], Failing) as replica:
        journal = replica.door.journal
        assert isinstance(journal, Failing)
        journal.broken = broken
        await outboxes.put(a, *(step(a, number) for number in range(20)), b"{")
        await until_async(lambda: journal.attempts > 1, "a second try")
        assert await outboxes.answers(a) == []
        journal.broken = None
        told = await until_async(lambda: _at_least(outboxes, a, 21), "all answers")
    assert [each["type"] for each in told] == ["answer.accepted"] * 20 + ["answer.refused"]
    assert {each["id"] for each in await outboxes.entries()} == {f"{a}/{number}" for number in range(20)}


async def test_two_replicas_share_outboxes_and_one_takes_over(outboxes: Outboxes) -> None:
    units = [outboxes.unit(name) for name in "abcd"]
    await outboxes.topics(*units)
    async with outboxes.replica(units) as one:
        async with outboxes.replica() as two:
            await until_async(
                lambda: bool(one.reader._outboxes) and bool(two.reader._outboxes), "both to have some", seconds=20
            )
            feeding = asyncio.gather(*(outboxes.put(each, *(step(each, n) for n in range(150))) for each in units))
            await until_async(lambda: _at_least(outboxes, units[0], 20), "some answers")
        await feeding
        for each in units:
            told = await until_async(lambda each=each: _all(outboxes, each, 150), f"all answers of {each}")  # type: ignore[misc]
            assert len({answer["id"] for answer in told}) == 150
    entries = collections.Counter(each["id"] for each in await outboxes.entries())
    assert entries.keys() == {f"{each}/{number}" for each in units for number in range(150)}


async def test_a_flood_starves_nobody(outboxes: Outboxes) -> None:
    flood, calm = outboxes.unit("flood"), outboxes.unit("calm")
    await outboxes.topics(flood, calm)
    batch = outboxes.producer.create_batch
    async with outboxes.replica([flood, calm]):
        for begin in range(0, 6000, 500):
            records = batch()
            for number in range(begin, begin + 500):
                while records.append(key=None, value=step(flood, number), timestamp=None) is None:
                    await (await outboxes.producer.send_batch(records, f"motcua.agency.{flood}.outbox.v1", partition=0))
                    records = batch()
            await (await outboxes.producer.send_batch(records, f"motcua.agency.{flood}.outbox.v1", partition=0))
        await outboxes.put(calm, step(calm, 0))
        one = (await until_async(lambda: outboxes.answers(calm), "the calm one's answer"))[0]
        many = await until_async(lambda: _at_least(outboxes, flood, 6000), "the flood's answers", seconds=60)
        # By when intake said it, not by when this test had read it, which a busy machine puts off.
        assert one["time"] < max(answer["time"] for answer in many)


async def test_disabled_and_unknown_agencies_are_refused_and_told_so(outboxes: Outboxes) -> None:
    a, b = outboxes.unit("a"), outboxes.unit("b")
    await outboxes.topics(a)
    await outboxes.create((f"motcua.agency.{b}.outbox.v1", {}))
    async with outboxes.replica([a]) as replica:
        await replica.agencies.switch(a, enabled=False)
        await outboxes.put(a, step(a, 0))
        await outboxes.put(b, step(b, 0))
        await until_async(lambda: _letters(outboxes, 2), "dead letters")
        await replica.agencies.switch(a, enabled=True)
        await outboxes.put(a, step(a, 0))
        told = await until_async(lambda: _at_least(outboxes, a, 2), "answers")
    assert [each["data"].get("code") for each in told] == ["sender_disabled", None]
    assert {each["reason"] for each in await outboxes.letters()} == {"sender_disabled", "agency_unknown"}


async def test_what_was_rolled_back_was_never_said_and_leaves_no_backlog(outboxes: Outboxes) -> None:
    a = outboxes.unit("a")
    await outboxes.topics(a)
    topic = agency_outbox(a)
    async with outboxes.replica([a]) as replica, outboxes.transactions("a") as producer:
        await outboxes.put(a, step(a, 0))
        await producer.begin_transaction()
        for value in (b"{", step(a, 1), step(a, 0, revision=1, data={"step": "other", "unit": a}), None):
            await producer.send_and_wait(topic, value, key=b"HS-1")
        await producer.abort_transaction()
        async with producer.transaction():
            await producer.send_and_wait(topic, step(a, 2), key=b"HS-1")
            await producer.send_and_wait(topic, b"{", key=b"HS-1")
        await until_async(lambda: _at_least(outboxes, a, 3), "answers to what was committed")
        # An outbox that ends with what was rolled back has nothing left to read, whoever compares the offsets.
        await producer.begin_transaction()
        await producer.send_and_wait(topic, step(a, 3), key=b"HS-1")
        await producer.abort_transaction()
        await until_async(lambda: _passed(outboxes, a), "the group to pass the end of the transaction")
        await replica.reader._measure_once(replica.reader._consumer)
        assert replica.door.meters.registry.get_sample_value("motcua_intake_agency_unread", {"unit": a}) == 0
        told = await outboxes.answers(a)
    assert [each["data"]["outbox_offset"] for each in told] == [0, 6, 7]
    assert [each["type"] for each in told] == ["answer.accepted", "answer.accepted", "answer.refused"]
    assert sorted(each["id"] for each in await outboxes.entries()) == [f"{a}/0", f"{a}/2"]
    assert [each["offset"] for each in await outboxes.letters()] == [7]


async def test_an_open_transaction_holds_its_own_outbox_and_is_told(outboxes: Outboxes) -> None:
    a, b = outboxes.unit("a"), outboxes.unit("b")
    await outboxes.topics(a, b)
    async with outboxes.replica([a, b]) as replica, outboxes.transactions("a") as producer:

        def told(name: str, unit: str = a) -> float | None:
            return replica.door.meters.registry.get_sample_value(f"motcua_intake_agency_{name}", {"unit": unit})

        await outboxes.put(a, step(a, 0))
        await until_async(lambda: _at_least(outboxes, a, 1), "the first answer")
        await producer.begin_transaction()
        await producer.send_and_wait(agency_outbox(a), step(a, 1), key=b"HS-1")
        await outboxes.put(a, *(step(a, number) for number in range(2, 5)))
        await outboxes.put(b, *(step(b, number) for number in range(5)))
        await until_async(lambda: _at_least(outboxes, b, 5), "the other outbox's answers")
        assert replica.reader.notes() == []
        outboxes.clock.instant += 73_000_000
        (note,) = await until_async(replica.reader.notes, "a note")
        for part in (f"outbox of {a}", "open transaction", "at offset 1", "19:26:40+07:00 (73 s)", "--start-offset 1"):
            assert part in note
        await replica.reader._measure_once(replica.reader._consumer)
        assert (told("transaction_seconds"), told("unread"), told("unread_seconds")) == (73, 0, 0)
        assert told("transaction_seconds", b) == 0
        assert len(await outboxes.answers(a)) == 1
        await producer.abort_transaction()
        answers = await until_async(lambda: _at_least(outboxes, a, 4), "what stood behind it")
        assert [each["data"]["outbox_offset"] for each in answers] == [0, 2, 3, 4]
        await until_async(lambda: not replica.reader.notes(), "no note")
        await replica.reader._measure_once(replica.reader._consumer)
        assert (told("transaction_seconds"), told("unread")) == (0, 0)


async def _passed(outboxes: Outboxes, unit: str) -> bool:
    committed, end = await outboxes.passed(unit)
    return committed == end


async def _at_least(outboxes: Outboxes, unit: str, count: int) -> list[dict]:  # type: ignore[type-arg]
    told = await outboxes.answers(unit)
    return told if len(told) >= count else []


async def _all(outboxes: Outboxes, unit: str, count: int) -> list[dict]:  # type: ignore[type-arg]
    told = await outboxes.answers(unit)
    return told if len({each["id"] for each in told}) >= count else []


async def _letters(outboxes: Outboxes, count: int) -> bool:
    return len(await outboxes.letters()) >= count
