"""What lifecycle records look like, and that batches go out in order, one after the other."""

from __future__ import annotations

import asyncio
from typing import Any

import orjson
import pytest
from aiokafka.producer.message_accumulator import BatchBuilder
from pydantic import TypeAdapter

from services.processing.cases import dossier_case
from services.processing.record import read_entry
from services.processing.stream.output import LifecycleWriter, Records
from shared.contract.lifecycle import LIFECYCLE_ADAPTER, ClockAdvanced, EntryTold, ReferenceRevised
from shared.reference import ReferenceEntry
from tests.unit.processing.stream.build import accepted, revised


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


def test_a_reference_record_holds_the_journal_record_as_it_is() -> None:
    sent = orjson.dumps(revised("unit.revised", {"unit": "H29"}), option=orjson.OPT_SORT_KEYS)
    entry = ReferenceEntry.of(sent)
    key, value = Records(7, 3).reference(42, entry, 1_772_000_000_000_000)
    event = TypeAdapter(ReferenceRevised).validate_json(value)
    assert key.decode() == event.subject == f"reference:{entry.digest}"
    assert event.id == f"e7-3-42-reference:{entry.digest}-0"
    assert event.data.cause.model_dump() == {"epoch": 7, "partition": 3, "offset": 42, "index": 0}
    assert sent in value
    assert ReferenceEntry.of(orjson.dumps(event.data.entry)) == entry
    before_any_tick = orjson.loads(Records(7, 3).reference(42, entry, None)[1])
    assert before_any_tick["time"] == "2025-12-31T17:00:00.000000Z"


def test_acts_are_told_only_where_there_are_some() -> None:
    act = {"kind": "entry.rejected", "rejection": {"code": "not_the_owner", "source": "s", "id": "1"}}
    assert "acts" not in orjson.loads(Records(7, 0).case(dossier_case("A"), 3, 0, {"code": "A"}, [])[1])["data"]
    told = Records(7, 0).case(dossier_case("A"), 3, 0, {"code": "A"}, [], acts=[act])[1]
    assert orjson.loads(told)["data"]["acts"] == [act]


def test_the_entry_that_made_an_event_is_told_beside_the_row() -> None:
    entry = read_entry(orjson.dumps(accepted("A", "a/1", revision=2, sender="agency-H29")), 3)
    row = {"code": "A", "status": 2, "entries": 1}
    told = LIFECYCLE_ADAPTER.validate_json(Records(7, 0).case(dossier_case("A"), 3, 0, row, [], entry=entry)[1])
    assert told.data.entry == EntryTold(
        type="dossier.accepted", source="test", id="a/1", revision=2, sender="agency-H29"
    )
    assert "entry" not in orjson.loads(Records(7, 0).case(dossier_case("A"), 3, 0, row, [])[1])["data"]
