"""Reading a topic from its beginning to the end it had when reading began. Knows no record's meaning."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from typing import Final, TypeAlias

from aiokafka import AIOKafkaConsumer, ConsumerRecord, TopicPartition

from shared.broker.kafka import make_consumer
from shared.broker.transactions import last_record_end

__all__ = ["Record", "ends_of", "first_since", "read_topic", "topics_of"]

Record: TypeAlias = ConsumerRecord

#: How long one look for records may wait: as long as the broker itself waits for more. Behind the last record that can
#: be read there may be places without any (compacted away, or marks of transactions); those are passed by then.
_LOOK_MS: Final = 100


@asynccontextmanager
async def _consumer(kafka: str) -> AsyncIterator[AIOKafkaConsumer]:
    consumer = make_consumer(kafka, "motcua-cli", auto_offset_reset="earliest")
    await consumer.start()
    try:
        yield consumer
    finally:
        await consumer.stop()


async def ends_of(kafka: str, topic: str, partitions: int) -> dict[int, int]:
    """The offset after the last record of each partition, as it is now; the end of a transaction is no record."""
    async with _consumer(kafka) as consumer:
        ends = await consumer.end_offsets([TopicPartition(topic, number) for number in range(partitions)])
        return {place.partition: await last_record_end(consumer, place, end) for place, end in ends.items()}


async def topics_of(kafka: str) -> set[str]:
    """Names of all topics."""
    async with _consumer(kafka) as consumer:
        return set(await consumer.topics())


async def first_since(kafka: str, topic: str, partitions: int, timestamp: int) -> dict[int, Record | None]:
    """The first record of each partition that was written at or after an instant; None where there is none.

    Args:
        kafka: bootstrap servers.
        topic: its name.
        partitions: how many it has.
        timestamp: milliseconds since 1970, as the broker keeps them.
    """
    found: dict[int, Record | None] = {}
    async with _consumer(kafka) as consumer:
        for number in range(partitions):
            partition = TopicPartition(topic, number)
            place = (await consumer.offsets_for_times({partition: timestamp}))[partition]
            found[number] = None
            if place is not None:
                end = (await consumer.end_offsets([partition]))[partition]
                consumer.assign([partition])
                consumer.seek(partition, place.offset)
                while found[number] is None and await consumer.position(partition) < end:
                    records = (await consumer.getmany(partition, timeout_ms=_LOOK_MS, max_records=1)).get(partition)
                    found[number] = records[0] if records else None
    return found


async def read_topic(
    kafka: str,
    topic: str,
    partitions: Iterable[int],
    ends: dict[int, int] | None = None,
    begins: dict[int, int] | None = None,
) -> AsyncIterator[Record]:
    """Records of a topic, partition after partition, each in offset order, from its begin up to the given ends.

    Args:
        kafka: bootstrap servers.
        topic: its name.
        partitions: which of its partitions.
        ends: offset after the last record wanted, by partition; None is the end each has when reading begins.
        begins: offset of the first record wanted, by partition; the first there is where none is given.
    """
    async with _consumer(kafka) as consumer:
        wanted = [TopicPartition(topic, number) for number in partitions]
        known = ends or {p.partition: end for p, end in (await consumer.end_offsets(wanted)).items()}
        for partition in wanted:
            consumer.assign([partition])
            begin = (await consumer.beginning_offsets([partition]))[partition]
            begin = max(begin, (begins or {}).get(partition.partition, 0))
            consumer.seek(partition, begin)
            position = begin
            # A compacted topic has gaps, so the position, not the last record seen, tells when the end is reached.
            while position < known[partition.partition]:
                for record in (await consumer.getmany(partition, timeout_ms=_LOOK_MS)).get(partition, []):
                    if record.offset < known[partition.partition]:
                        yield record
                position = await consumer.position(partition)
