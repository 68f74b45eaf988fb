"""Reads all partitions of one epoch's lifecycle topic into a view, for ever. An own loop on aiokafka, without a group.

A record that cannot be used is handed on as a dead letter and never stops the loop. A broker that is away is waited
for; a topic that is another one than before (recreated, truncated) is an alarm and everything is read anew.
"""

from __future__ import annotations

import asyncio
import zlib
from collections.abc import Callable, Mapping, Sequence
from typing import Final

from aiokafka import AIOKafkaConsumer, ConsumerRecord, TopicPartition
from aiokafka.errors import KafkaError, OffsetOutOfRangeError

from services.metrics.follow.reading.causes import JournalEnds
from services.metrics.follow.reading.losses import other_partitions, shortened
from services.metrics.follow.reading.waits import NOT_STARTED, waiting_for
from services.metrics.follow.view import View, Watermark
from services.metrics.table.decode import Batch, Decoder, Unusable
from shared.broker.kafka import make_consumer, stop_client
from shared.broker.topics import lifecycle
from shared.catalogue.base import Meters
from shared.logging import get_logger
from shared.notes import Note

__all__ = ["DeadLetterSink", "Reader"]

_log = get_logger("metrics.reader")

DeadLetterSink = Callable[[ConsumerRecord, Unusable], None]

#: Decoding and applying so many takes some 20 ms, for which the event loop stands still.
_BATCH: Final = 2_000
_POLL_MS: Final = 200
_PAUSE_SECONDS: Final = 1.0
_LONGEST_PAUSE: Final = 60.0
#: Having read for so long, the next trouble is another one.
_LONG_SECONDS: Final = 300.0
#: Freshness is observed on at most so many records between two evaluations.
_FRESH: Final = 1_000


class AnotherTopicError(Exception):
    """The topic is not the one that was read before."""


class WrongPartitionsError(Exception):
    """The topic and the setting MOTCUA_PARTITIONS differ; `note` says so."""

    def __init__(self, note: Note) -> None:
        super().__init__(note)
        self.note = note


class Reader:
    """Keeps one view up to date.

    Args:
        view: what is kept; its marks say where to begin.
        bootstrap: Kafka servers.
        meters: the service's metrics.
        dead: told of each record that cannot be used.
        journal: the topic that the epoch derives; no true cause lies beyond its end.
    """

    def __init__(self, view: View, bootstrap: str, meters: Meters, dead: DeadLetterSink, journal: str) -> None:
        self.view = view
        #: What keeps the loop from reading, in words; None while it reads.
        self.trouble: str | None = NOT_STARTED
        #: What was found to be missing from the topic, as long as this epoch is read; None where nothing was.
        self.loss: Note | None = None
        #: Broker times (ms) of records read since they were last taken, once caught up: for freshness.
        self.fresh: list[int] = []
        self._bootstrap = bootstrap
        self._meters = meters
        self._dead = dead
        self._topic = lifecycle(view.epoch)
        self._decode = Decoder(view.epoch)
        self._journal = JournalEnds(journal)
        self._loading: dict[int, int] = {}
        #: Up to where each partition was read, ends of transactions included, which are no records.
        self._passed: dict[int, int] = {}

    async def run(self) -> None:
        """Read until cancelled; troubles of broker and topic are waited out."""
        clock = asyncio.get_running_loop().time
        pause = _PAUSE_SECONDS
        while True:
            begun = clock()
            consumer = make_consumer(self._bootstrap, f"motcua-metrics-e{self.view.epoch}")
            try:
                await consumer.start()
                await self._follow(consumer)
            except (AnotherTopicError, OffsetOutOfRangeError) as error:
                await self._begin_anew(str(error))
            except WrongPartitionsError as error:
                self._tell(error.note)
            except (KafkaError, OSError) as error:
                self._tell(waiting_for(self._topic, error))
                pause = _PAUSE_SECONDS
            finally:
                await stop_client(consumer)
            # What does not heal must not cost a core: a topic that cannot be read to its end is tried ever less often.
            pause = _PAUSE_SECONDS if clock() - begun > _LONG_SECONDS else pause
            await asyncio.sleep(pause)
            pause = min(2 * pause, _LONGEST_PAUSE)

    async def _begin_anew(self, reason: str) -> None:
        """Forget everything: the topic is not what it was, and rows may be missing from it for good."""
        if self.loss is None or self.trouble is None:
            # Not for every try: it is said again only after something was read in between.
            _log.error("lifecycle topic is another one, reading anew", topic=self._topic, reason=reason)
        self._meters.counter("motcua_metrics_reloads_total").inc()
        self.trouble = self.loss = shortened(self._topic)
        await self.view.start_over()

    async def _follow(self, consumer: AIOKafkaConsumer) -> None:
        marks = self.view.marks
        partitions = {partition: TopicPartition(self._topic, partition) for partition in marks}
        begins = await consumer.beginning_offsets(list(partitions.values()))
        ends = await consumer.end_offsets(list(partitions.values()))
        actual = consumer.partitions_for_topic(self._topic) or set()
        if actual != set(partitions):
            # `all([])` is true: a wrong number would look like being caught up.
            raise WrongPartitionsError(other_partitions(self._topic, len(actual), len(partitions)))
        consumer.assign(list(partitions.values()))
        checks: dict[int, int] = {}
        # No await between here and the end of the loop, else the client looks for a reset policy first.
        for partition, assigned in partitions.items():
            mark = marks[partition]
            begin, mark.end = begins[assigned], ends[assigned]
            if mark.position > mark.end:
                raise AnotherTopicError(f"partition {partition} ends at {mark.end}, read up to {mark.position}")
            if mark.position == 0:
                mark.position = begin
                if begin > 0:
                    # Compaction leaves the beginning at 0, whatever it removes.
                    self.loss = shortened(self._topic)
            elif mark.position < begin:
                raise AnotherTopicError(f"partition {partition} begins at {begin}, read up to {mark.position}")
            start = mark.position
            if mark.anchor is not None and mark.position > begin:
                start = mark.position - 1
                checks[partition] = mark.anchor
            consumer.seek(assigned, start)
        self._loading = {partition: marks[partition].end for partition in partitions}
        self._passed = {}
        self._note_caught_up()
        while True:
            fetched = await consumer.getmany(timeout_ms=_POLL_MS, max_records=_BATCH)
            self.trouble = None
            if fetched:
                await self._take(consumer, fetched, checks)
            await self._note_passed(consumer, partitions)
            # Between full batches nothing else would ever run.
            await asyncio.sleep(0)

    async def _note_passed(self, consumer: AIOKafkaConsumer, partitions: Mapping[int, TopicPartition]) -> None:
        """Note how far partitions are read; what stands behind the last record, and is none, is no lag."""
        for partition, assigned in partitions.items():
            mark, passed = self.view.marks[partition], await consumer.position(assigned)
            high = consumer.highwater(assigned) or 0
            mark.end = mark.position if passed >= high else max(mark.position, high)
            self._passed[partition] = passed
        if not self.view.caught_up.is_set():
            self._note_caught_up()

    async def _take(
        self,
        consumer: AIOKafkaConsumer,
        fetched: Mapping[TopicPartition, Sequence[ConsumerRecord]],
        checks: dict[int, int],
    ) -> None:
        new: dict[int, Sequence[ConsumerRecord]] = {}
        read: list[tuple[int, int, int]] = []
        for assigned, records in fetched.items():
            partition = assigned.partition
            mark = self.view.marks[partition]
            _check_anchor(checks.pop(partition, None), mark, records[0])
            new[partition] = [record for record in records if record.offset >= mark.position]
            last = records[-1]
            read.append((partition, max(mark.position, last.offset + 1), zlib.crc32(last.value or b"")))
        batch = await self._read(consumer, new)
        for record, unusable in batch.dead:
            self._dead(record, unusable)
        for partition, count in batch.rows.items():
            self._meters.counter("motcua_metrics_rows_received_total").labels(partition).inc(count)
        changed = await self.view.apply(batch.facts(), batch.clocks, read)
        times = [record.timestamp for records in new.values() for record in records]
        self._meters.counter("motcua_metrics_records_total").inc(len(times))
        self._meters.counter("motcua_metrics_rows_changed_total").inc(changed)
        if self.view.caught_up.is_set():
            room = _FRESH - len(self.fresh)
            self.fresh += times[: max(0, room)]

    async def _read(self, consumer: AIOKafkaConsumer, new: Mapping[int, Sequence[ConsumerRecord]]) -> Batch:
        """What records come to; of those that claim a cause which the journal does not hold, nothing."""
        batch = self._decode_all(new, Batch())
        ends = await self._journal.beyond(consumer, batch.highest)
        # Read once more, since a false row may have stood above true ones.
        return self._decode_all(new, Batch(ends)) if ends else batch

    def _decode_all(self, new: Mapping[int, Sequence[ConsumerRecord]], batch: Batch) -> Batch:
        for partition, records in new.items():
            self._decode.read_many(batch, partition, records)
        return batch

    def _note_caught_up(self) -> None:
        marks = self.view.marks
        if all(max(marks[each].position, self._passed.get(each, 0)) >= end for each, end in self._loading.items()):
            if not self.view.caught_up.is_set():
                _log.info("caught up", topic=self._topic, rows=len(self.view.table))
            self.view.caught_up.set()
            self.view.changed.set()

    def _tell(self, trouble: str) -> None:
        if trouble != self.trouble:
            _log.warning("waiting", reason=trouble)
        self.trouble = trouble


def _check_anchor(anchor: int | None, mark: Watermark, record: ConsumerRecord) -> None:
    """Compare the last record read with what stands at its place now; compaction may have removed it.

    Raises:
        AnotherTopicError: another record stands there.
    """
    if anchor is None or record.offset != mark.position - 1:
        return
    if zlib.crc32(record.value or b"") != anchor:
        raise AnotherTopicError(f"partition {record.partition} holds another record at {record.offset}")
