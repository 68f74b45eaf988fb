"""What lifecycle records look like, and that batches go out in order, one after the other."""

from __future__ import annotations

import asyncio
from typing import Any

import orjson
import pytest
from aiokafka.producer.message_accumulator import BatchBuilder

from services.processing.output import LifecycleWriter, Records
from shared.contract.lifecycle import LIFECYCLE_ADAPTER, ClockAdvanced


class Producer:
    """Takes batches of 1,000 bytes and acknowledges them later; fails at one if asked to."""

    def __init__(self, fail_at: int | None = None) -> None:
        self.batches: list[int] = []
        self.outstanding = 0
        self.fail_at = fail_at

    def create_batch(self) -> Any:
        return BatchBuilder(1_000, 0)

    async def send_batch(self, batch: Any, topic: str, *, partition: int) -> Any:
        assert (topic, partition) == ("lifecycle", 3)
        assert self.outstanding == 0, "one batch outstanding"
        self.outstanding += 1

        async def acknowledge() -> None:
            self.outstanding -= 1
            if self.fail_at == len(self.batches):
                raise TimeoutError
            self.batches.append(batch.record_count())

        return asyncio.ensure_future(acknowledge())


async def test_records_are_split_over_batches_each_awaited() -> None:
    producer = Producer()
    writer = LifecycleWriter(producer, "lifecycle", 3)
    for number in range(10):
        writer.add((b"key", b"%300d" % number))
    assert (len(writer), writer.waiting_bytes) == (10, 3_000)
    assert await writer.flush() == 10
    assert producer.batches == [3, 3, 3, 1]
    assert await writer.flush() == 0
    writer.add((b"key", b"x" * 5_000))
    writer.add((b"key", b"x" * 5_000))
    assert await writer.flush() == 2
    assert producer.batches[4:] == [1, 1]


async def test_nothing_follows_a_failed_batch() -> None:
    producer = Producer(fail_at=1)
    writer = LifecycleWriter(producer, "lifecycle", 3)
    for number in range(10):
        writer.add((b"key", b"%300d" % number))
    with pytest.raises(TimeoutError):
        await writer.flush()
    assert producer.batches == [3]


def test_a_clock_record_is_of_the_contract() -> None:
    key, value = Records(7, 3).clock(42, 1_772_000_000_000_000)
    event = LIFECYCLE_ADAPTER.validate_json(value)
    assert key == b"clock:3"
    assert isinstance(event, ClockAdvanced)
    assert event.id == "e7-3-42-clock:3-0"
    assert event.source == "motcua/processing/e7"
    assert event.data.cause.model_dump() == {"epoch": 7, "partition": 3, "offset": 42, "index": 0}
    assert orjson.loads(value)["data"]["clock"] == orjson.loads(value)["time"]
