"""Metrics when somebody writes into the inner topics what nobody may: told with its place, it changes nothing."""

from __future__ import annotations

import hashlib
import json
from typing import Any

import orjson
import pytest
from aiokafka import AIOKafkaProducer

from shared.broker.kafka import make_producer
from shared.broker.topics import EPOCH, lifecycle
from shared.contract.housekeeping import DeadLetter
from tests.integration.metrics.replica import (
    DUE,
    IN_AUGUST,
    PARTITIONS,
    dead_letters,
    eventually,
    metric,
    new_epoch,
    pen,
    replica,
)
from tests.stack import Backends
from tests.unit.metrics.records import row_record


async def told(own: Backends, topic: str) -> list[tuple[int, str]]:
    """Offset and reason of the dead letters about a topic."""
    letters = [DeadLetter.model_validate_json(value) for value in await dead_letters(own)]
    return sorted((letter.offset, letter.reason) for letter in letters if letter.topic == topic)


def _clock(partition: int, offset: int, text: str, epoch: int) -> bytes:
    cause = {"epoch": epoch, "partition": partition, "offset": offset, "index": 0}
    return orjson.dumps({"type": "clock.advanced", "data": {"cause": cause, "clock": text}})


async def test_clocks_of_the_year_9999_end_nothing(own: Backends, epoch: int) -> None:
    async with pen(own, epoch) as hand, replica(own) as one:
        await hand.row("a", due=DUE)
        await hand.clock(IN_AUGUST)
        for partition in range(PARTITIONS):
            forged = _clock(partition, hand.next[partition] - 1, "9999-12-31T23:59:59Z", epoch)
            await hand.raw(f"clock:{partition}".encode(), forged, partition)
        await hand.row("b", due=DUE)
        await one.read(hand.written)

        async def exported() -> bool:
            return metric(await one.metrics(), 'motcua_dossiers{figure="received",period="month",unit="*"}') == 2

        await eventually(exported, "figures go on")
        assert (await one.index())["scope"] == 2

        async def all_told() -> bool:
            return [reason for _, reason in await told(own, lifecycle(epoch))] == ["malformed"] * PARTITIONS

        await eventually(all_told, "the dead letters")


async def test_a_cause_beyond_the_journal_hides_no_true_row(own: Backends, epoch: int) -> None:
    async with pen(own, epoch) as hand:
        await hand.row("a", due=DUE, unit="H44.01")
        await hand.clock(IN_AUGUST)
        forged = row_record("a", 2**40, epoch=epoch, unit="H99", due=DUE)
        async with replica(own) as one:
            await one.read(hand.written)
            await hand.raw(b"a", forged)
            await hand.row("a", due=DUE, unit="H44.02")
            await one.read(hand.written)
            assert (await one.get("/v1/dossiers/a"))["row"]["unit"] == "H44.02"

        async def letter() -> bool:
            return set(await told(own, lifecycle(epoch))) == {(2, "cause_beyond_journal")}

        # One that starts later reads the same.
        async with replica(own) as one:
            await one.read(hand.written)
            assert (await one.get("/v1/dossiers/a"))["row"]["unit"] == "H44.02"
            await eventually(letter, "the dead letter with its place")


@pytest.mark.parametrize("pointer", [{"epoch": 99_000}, {"epoch": 99_000, "number": 2**50}])
async def test_a_pointer_to_an_epoch_that_is_not_there_keeps_the_one_that_is(
    own: Backends, epoch: int, pointer: dict[str, Any]
) -> None:
    async with pen(own, epoch) as hand:
        await hand.row("a", due=DUE)
        await hand.clock(IN_AUGUST)
        async with replica(own) as one:
            await one.read(hand.written)
            producer: AIOKafkaProducer = hand.producer
            await producer.send_and_wait(EPOCH, json.dumps(pointer).encode(), key=b"live")
            if "number" in pointer:

                async def letter() -> bool:
                    return "no_such_epoch" in [reason for _, reason in await told(own, EPOCH)]

                await eventually(letter, "the dead letter about the pointer")
            assert await one.ready()
        async with replica(own) as one:
            await one.read(hand.written)
            assert (await one.get("/v1/status"))["epoch"] == epoch
            assert await one.ready()
        # The next true one is followed.
        following = await new_epoch(own)
        async with pen(own, following) as next_hand, replica(own) as one:
            await next_hand.row("b", due=DUE)
            await next_hand.clock(IN_AUGUST)
            await one.read(next_hand.written)
            assert (await one.get("/v1/status"))["epoch"] == following


async def test_a_record_larger_than_the_dead_letters_take_is_told_all_the_same(own: Backends, epoch: int) -> None:
    value = b"{" + bytes(6_000_000)
    async with pen(own, epoch) as hand, replica(own) as one:
        await hand.row("a", due=DUE)
        await hand.clock(IN_AUGUST)
        large = make_producer(own.kafka, "test", max_request_size=8_000_000, max_batch_size=8_000_000)
        await large.start()
        try:
            await large.send_and_wait(lifecycle(epoch), value, key=b"large", partition=0)
        finally:
            await large.stop()

        async def letter() -> DeadLetter | None:
            found = [DeadLetter.model_validate_json(each) for each in await dead_letters(own)]
            return next((each for each in found if each.topic == lifecycle(epoch)), None)

        kept = await eventually(letter, "the dead letter")
        assert kept is not None
        assert (kept.offset, kept.size, kept.sha256) == (2, len(value), hashlib.sha256(value).hexdigest())
        await hand.row("b", due=DUE)
        await one.read(hand.written)
        assert metric(await one.metrics(), "motcua_metrics_deadletters_dropped_total") == 0
