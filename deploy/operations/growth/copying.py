"""Copies a journal into the next one in the order of its records' writing. Where they go is regrouping.py's."""

from __future__ import annotations

import heapq
from collections import deque
from collections.abc import AsyncIterator, Callable, Mapping
from typing import Final

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition

from deploy.local.errors import StackError
from deploy.operations.epochs.reading import Record
from deploy.operations.epochs.writing import BATCH_BYTES, PartitionWriter
from deploy.operations.growth.regrouping import Regrouping
from shared.broker.kafka import make_consumer, make_producer

__all__ = ["Copy"]

_EVERY: Final = 1_000
_AT_ONCE: Final = 500
_POLL_MS: Final = 5_000


class Copy:
    """One copy; `run` may be called again for what came later.

    Args:
        kafka: bootstrap servers.
        source: topic of the journal.
        target: topic of the next one; it must be empty.
        old: partitions of the source.
        new: partitions of the target.
        told: records read, and how many there are.
    """

    def __init__(
        self, kafka: str, source: str, target: str, old: int, new: int, *, told: Callable[[int, int], None]
    ) -> None:
        self._kafka = kafka
        self._source = source
        #: Topic of the next journal.
        self.target = target
        self._regrouping = Regrouping(old, new)
        self._told = told
        #: Where each partition of the source was copied to.
        self.done = dict.fromkeys(range(old), 0)
        #: Ends of the target.
        self.ends = dict.fromkeys(range(new), 0)

    async def run(self, ends: Mapping[int, int]) -> None:
        """Copy up to these ends.

        Raises:
            StackError: records are gone from the source, or do not stand where they must in the target.
            KafkaError, TimeoutError: the broker failed.
        """
        consumer = make_consumer(self._kafka, "motcua-growth", auto_offset_reset="earliest")
        producer = make_producer(self._kafka, "motcua-growth", max_batch_size=BATCH_BYTES)
        await consumer.start()
        try:
            await producer.start()
            await self._copy(consumer, producer, ends)
        finally:
            await producer.stop()
            await consumer.stop()

    async def _copy(self, consumer: AIOKafkaConsumer, producer: AIOKafkaProducer, ends: Mapping[int, int]) -> None:
        writers = {number: PartitionWriter(producer, self.target, number, end) for number, end in self.ends.items()}
        read, total = sum(self.done.values()), sum(ends.values())
        async for record in self._merged(consumer, ends):
            for target in self._regrouping.targets(record.partition, record.key, record.value):
                await writers[target].add(record.key, record.value, record.headers)
            # In a journal, which is never compacted, only ends of transactions, which are no records, leave gaps.
            self.done[record.partition] = record.offset + 1
            read += 1
            if read % _EVERY == 0:
                self._told(read, total)
        for number, writer in writers.items():
            await writer.flush()
            self.ends[number] = writer.next
        self._told(read, total)

    async def _merged(self, consumer: AIOKafkaConsumer, ends: Mapping[int, int]) -> AsyncIterator[Record]:
        """Records of all partitions by the time they were written; each partition in its own order."""
        wanted = {
            number: TopicPartition(self._source, number) for number, end in ends.items() if self.done[number] < end
        }
        if not wanted:
            return
        for place, begin in (await consumer.beginning_offsets(list(wanted.values()))).items():
            if begin > self.done[place.partition]:
                raise StackError(
                    f"partition {place.partition} of {self._source} begins at {begin}, not at "
                    f"{self.done[place.partition]}: records are gone; restore a backup instead"
                )
        consumer.assign(list(wanted.values()))
        for number, place in wanted.items():
            consumer.seek(place, self.done[number])
        waiting: dict[int, deque[Record]] = {number: deque() for number in wanted}
        heads: list[tuple[int, int]] = []
        for number, place in wanted.items():
            await self._fetch(consumer, place, waiting[number])
            heapq.heappush(heads, (waiting[number][0].timestamp, number))
        while heads:
            latest, number = heapq.heappop(heads)
            record = waiting[number].popleft()
            yield record
            if record.offset + 1 >= ends[number]:
                continue
            if not waiting[number]:
                await self._fetch(consumer, wanted[number], waiting[number])
            # A broker's clock may step back; the order within a partition may not.
            heapq.heappush(heads, (max(latest, waiting[number][0].timestamp), number))

    async def _fetch(self, consumer: AIOKafkaConsumer, place: TopicPartition, into: deque[Record]) -> None:
        found = (await consumer.getmany(place, timeout_ms=_POLL_MS, max_records=_AT_ONCE)).get(place)
        if not found:
            raise TimeoutError(f"{place.topic}, partition {place.partition}: no record came")
        into.extend(found)
