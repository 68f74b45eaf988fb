"""Transactions in topics that only our services write, and that send nothing in transactions: somebody else's mistake.

What they wrote is read as it stands, also what was rolled back: to wait for the end of a transaction would let one open
one hold processing or metrics. So it is told, once a producer, with the place and the producer's number.

The client hands on records without their batches, and only a batch says that it is of a transaction. Gaps in the
offsets, where ends of transactions stand, would tell it too, but not whose it is, not before it has ended, and not in
compacted topics, where gaps are usual. Hence what the client makes of fetched batches is looked over on its way.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.consumer import fetcher

from shared.catalogue.base import Meters
from shared.logging import get_logger
from shared.notes import Note

__all__ = ["SEEN", "Seen", "last_record_end", "log_transactions", "measure_transactions", "transaction_notes"]

_log = get_logger("kafka.transactions")
_POLL_MS: Final = 500


@dataclass(slots=True)
class Seen:
    """Batches of transactions in one partition, as far as this process has read: how many, the first, the last."""

    first: int
    producer: int
    last: int
    batches: int = 1


#: What this process has seen since it began.
SEEN: Final[dict[TopicPartition, Seen]] = {}
#: Producers that the log has told of, by place.
_told: set[tuple[TopicPartition, int]] = set()
#: Whether this process is a service: the log of a command would be in the middle of what it prints.
_logs = [False]


def log_transactions() -> None:
    """Have this process log what it sees from now on, once a producer and partition."""
    _logs[0] = True


def transaction_notes() -> list[str]:
    """What was seen, a note for each partition: where, whose, and what to do."""
    return [_note(place, SEEN[place]) for place in sorted(SEEN)]


def measure_transactions(meters: Meters) -> None:
    """Set the gauge of every topic in which batches of transactions were seen."""
    batches: dict[str, int] = {}
    for place, seen in SEEN.items():
        batches[place.topic] = batches.get(place.topic, 0) + seen.batches
    for topic, count in batches.items():
        meters.gauge("motcua_transactional_batches").labels(topic).set(count)


async def last_record_end(consumer: AIOKafkaConsumer, place: TopicPartition, end: int) -> int:
    """The offset after the last record before `end`; the end of a transaction takes an offset too, and is none.

    Args:
        consumer: without a group; it is assigned this partition alone.
        place: the partition.
        end: an end of the partition.
    """
    begin = int((await consumer.beginning_offsets([place]))[place])
    if begin >= end:
        # Assigned and never sought, a partition keeps the client from stopping: it waits for a place to read from.
        return end
    consumer.assign([place])
    back = 1
    while True:
        # No await before it, else the client looks for a place of its own first.
        consumer.seek(place, max(begin, end - back))
        last = begin
        while await consumer.position(place) < end:
            for record in (await consumer.getmany(place, timeout_ms=_POLL_MS)).get(place, ()):
                last = int(record.offset) + 1 if record.offset < end else last
        if last > begin or end - back <= begin:
            return last
        back *= 4


def _notice(place: TopicPartition, batch: Any) -> None:
    seen, offset, producer = SEEN.get(place), int(batch.base_offset), int(batch.producer_id)
    if seen is None:
        SEEN[place] = Seen(offset, producer, offset)
    elif offset > seen.last:
        seen.last = offset
        seen.batches += 1
    else:
        return  # read again
    if _logs[0] and (place, producer) not in _told:
        _told.add((place, producer))
        _log.warning(
            "a transaction in a topic that only services write",
            topic=place.topic,
            partition=place.partition,
            offset=offset,
            producer=producer,
        )


def _note(place: TopicPartition, seen: Seen) -> Note:
    find = f"`kafka-transactions.sh describe-producers --topic {place.topic} --partition {place.partition}`"
    count, where = seen.batches, f"{place.topic}, "
    return Note(
        f"{count} batches of transactions in {where}partition {place.partition}, the first at offset {seen.first} by "
        f"producer {seen.producer}; only services write there, and without transactions: what was rolled back counts "
        "like the rest",
        f"find who it is ({find}) and take its right to write; take back what it wrote by entries of a higher revision",
        vi=f"{count} lô bản ghi của giao dịch trong {where}phân vùng {place.partition}, lô đầu ở offset {seen.first}, "
        f"bên gửi số {seen.producer}; chỉ các dịch vụ được ghi vào đó, và không dùng giao dịch: những gì đã bị hủy vẫn "
        "được tính như bản ghi khác",
        vi_remedy=f"tìm xem đó là ai ({find}) và thu quyền ghi; rút lại những gì đã ghi bằng bản ghi có revision cao "
        "hơn",
    )


class _Batches:
    """Fetched batches, looked over one by one as the client unpacks them."""

    __slots__ = ("_batches", "_place")

    def __init__(self, place: TopicPartition, batches: Any) -> None:
        self._place = place
        self._batches = batches

    def has_next(self) -> bool:
        return bool(self._batches.has_next())

    def next_batch(self) -> Any:
        batch = self._batches.next_batch()
        if batch.is_transactional and not batch.is_control_batch:
            _notice(self._place, batch)
        return batch


class _PartitionRecords(fetcher.PartitionRecords):  # type: ignore[misc]  # aiokafka carries no types
    """What the client makes of a fetch; who reads committed expects transactions."""

    def __init__(self, tp: TopicPartition, records: Any, *others: Any) -> None:
        committed = fetcher.READ_COMMITTED in others[-1:]
        super().__init__(tp, records if committed else _Batches(tp, records), *others)


fetcher.PartitionRecords = _PartitionRecords
