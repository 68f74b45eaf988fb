"""Batches of transactions are noticed as the client unpacks them: once each, and not where they are expected."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from aiokafka import TopicPartition
from aiokafka.consumer import fetcher
from aiokafka.record.default_records import DefaultRecordBatchBuilder
from aiokafka.record.memory_records import MemoryRecords

from shared.broker import transactions
from shared.broker.transactions import SEEN, Seen, log_transactions, measure_transactions, transaction_notes
from shared.catalogue.base import Meters
from shared.catalogue.metrics import SPECS

PLACE = TopicPartition("motcua.lifecycle.v1.e9", 3)


@pytest.fixture(autouse=True)
def nothing_seen() -> Iterator[None]:
    before = dict(SEEN)
    SEEN.clear()
    yield
    SEEN.clear()
    SEEN.update(before)


def batch(offset: int, *values: bytes, producer: int | None = None) -> bytes:
    """A batch as a broker gives it, of a producer's transaction or of none."""
    builder = DefaultRecordBatchBuilder(
        magic=2,
        compression_type=0,
        is_transactional=int(producer is not None),
        producer_id=-1 if producer is None else producer,
        producer_epoch=-1 if producer is None else 0,
        base_sequence=0,
        batch_size=100_000,
    )
    for number, value in enumerate(values):
        builder.append(number, timestamp=1, key=None, value=value, headers=[])
    made = bytearray(builder.build())
    made[0:8] = offset.to_bytes(8, "big")
    return bytes(made)


def unpack(*batches: bytes, committed: bool = False) -> list[bytes]:
    """What a consumer gets of fetched batches; the client makes it by the name that is looked up here."""
    level = fetcher.READ_COMMITTED if committed else fetcher.READ_UNCOMMITTED
    records = MemoryRecords(b"".join(batches))
    return [one.value for one in fetcher.PartitionRecords(PLACE, records, [], 0, None, None, True, level)]


def test_each_batch_is_noticed_once_and_handed_on() -> None:
    fetched = (batch(0, b"ours"), batch(1, b"a", b"b", producer=7), batch(3, b"ours"), batch(4, b"c", producer=12))
    assert unpack(*fetched) == [b"ours", b"a", b"b", b"ours", b"c"]
    assert unpack(*fetched[1:]) == [b"a", b"b", b"ours", b"c"]
    assert {PLACE: Seen(first=1, producer=7, last=4, batches=2)} == SEEN
    (note,) = transaction_notes()
    assert f"2 batches of transactions in {PLACE.topic}, partition 3, the first at offset 1 by producer 7" in note
    assert f"describe-producers --topic {PLACE.topic} --partition 3" in note.partition(" → ")[2]


def test_a_service_logs_a_producer_once_and_a_command_says_nothing(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    fetched = b"".join(batch(offset, b"x", b"y", producer=31) for offset in range(0, 40, 2))

    def read(partition: int) -> str:
        place = PLACE._replace(partition=partition)
        list(fetcher.PartitionRecords(place, MemoryRecords(fetched), [], 0, None, None, True, fetcher.READ_UNCOMMITTED))
        assert SEEN[place].batches == 20
        printed = capsys.readouterr()
        return printed.out + printed.err

    monkeypatch.setattr(transactions, "_logs", [False])
    assert read(4) == ""
    log_transactions()
    assert read(5).count("a transaction in a topic that only services write") == 1


def test_our_own_batches_and_outboxes_are_left_alone() -> None:
    assert unpack(batch(0, b"ours"), batch(1, b"more")) == [b"ours", b"more"]
    assert unpack(batch(2, b"an agency's", producer=4), committed=True) == [b"an agency's"]
    assert SEEN == {}
    assert transaction_notes() == []


def test_topics_are_counted_over_their_partitions() -> None:
    SEEN[PLACE] = Seen(4, 1, 9, 3)
    SEEN[PLACE._replace(partition=0)] = Seen(0, 1, 2, 2)
    SEEN[TopicPartition("motcua.epoch.v1", 0)] = Seen(0, 1, 0)
    meters = Meters(SPECS)
    measure_transactions(meters)
    counted = {
        topic: meters.registry.get_sample_value("motcua_transactional_batches", {"topic": topic})
        for topic in (PLACE.topic, "motcua.epoch.v1")
    }
    assert counted == {PLACE.topic: 5, "motcua.epoch.v1": 1}
