"""The dispatcher's loop: reads the live epoch's lifecycle topic and tells agencies on their tasks topics.

Works on the live epoch only. Partitions are shared out by a consumer group; what was read and not told is read again
after a restart, and identities keep a second telling from counting.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Collection, Iterable
from contextlib import suppress
from typing import Any, Final

import orjson
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, ConsumerRebalanceListener, TopicPartition
from aiokafka.errors import CommitFailedError, IllegalStateError, UnknownTopicOrPartitionError

from services.processing.dispatch.pending import Barrier, Item, Pending
from services.processing.dispatch.store import Remembered, SentStore
from services.processing.dispatch.wanted import SOURCE, Message, notice_of, reconcile
from services.processing.store import StateStore
from shared.catalogue.base import Meters
from shared.instants import parse_instant, to_rfc3339
from shared.kafka import make_consumer, make_producer
from shared.logging import get_logger
from shared.topics import JOURNAL, agency_tasks, lifecycle

__all__ = ["Dispatcher"]

_POLL_MS: Final = 200
#: Dossiers told of before what was sent is recorded.
_AT_ONCE: Final = 200
_COMMIT_SECONDS: Final = 5.0
_STOP_SECONDS: Final = 5.0
_NOTHING: Final = Remembered(())
_PREFIX, _SUFFIX = agency_tasks("\0").split("\0")
_log = get_logger("processing.dispatch")


class Dispatcher(ConsumerRebalanceListener):  # type: ignore[misc]  # aiokafka carries no types
    """One generation of clients; `run` ends by cancellation or with what failed.

    Args:
        kafka: bootstrap servers.
        epoch: the live epoch.
        store: the epoch's checkpoints.
        sent: what was sent before.
        meters: processing's metrics.
        grace: seconds for which a dossier must be quiet before its news are told.
        simulated: whether the stack is simulated; its messages are marked as such.
        journal: the topic entries come from.
        look_seconds: how often to look for new agencies.
    """

    def __init__(
        self,
        kafka: str,
        epoch: int,
        store: StateStore,
        sent: SentStore,
        meters: Meters,
        *,
        grace: float,
        simulated: bool,
        journal: str = JOURNAL,
        look_seconds: float = 10.0,
    ) -> None:
        self._kafka = kafka
        self._topic = lifecycle(epoch)
        self._group = f"motcua-dispatcher-e{epoch}"
        self._store = store
        self._sent = sent
        self._meters = meters
        self._grace = grace
        self._simulated = simulated
        self._journal = journal
        self._look_seconds = look_seconds
        self._pending: dict[int, Pending] = {}
        self._reachable: frozenset[str] | None = None
        self._looked_at = self._committed_at = 0.0

    async def run(self) -> None:
        """Tell agencies until cancelled.

        Raises:
                KafkaError, DatabaseError, TimeoutError: broker or database is away; begin again.
        """
        consumer = make_consumer(
            self._kafka, self._group, group=self._group, auto_offset_reset="earliest", session_timeout_ms=10_000
        )
        producer = make_producer(self._kafka, "motcua-dispatcher")
        try:
            await producer.start()
            await consumer.start()
            await self._look(consumer)
            while not self._reachable:
                # Nobody to tell: the facts are not even read.
                await asyncio.sleep(self._look_seconds)
                await self._look(consumer)
            consumer.subscribe([self._topic], listener=self)
            while True:
                await self._read(consumer)
                await self._look(consumer)
                for partition in sorted(self._pending):
                    await self._advance(consumer, producer, partition)
                await self._commit(consumer)
        finally:
            for client in (consumer, producer):
                with suppress(Exception):
                    await asyncio.wait_for(client.stop(), _STOP_SECONDS)

    async def on_partitions_revoked(self, revoked: Collection[TopicPartition]) -> None:
        """Another replica goes on from the committed offsets."""
        for place in revoked:
            self._pending.pop(place.partition, None)

    async def on_partitions_assigned(self, assigned: Collection[TopicPartition]) -> None:
        """Nothing is known of a partition before it is read."""
        for place in assigned:
            self._pending[place.partition] = Pending()

    async def _look(self, consumer: AIOKafkaConsumer) -> None:
        """Which units have a tasks topic; a partition not read for one of them yet is read from its beginning."""
        if self._reachable is None or time.monotonic() - self._looked_at >= self._look_seconds:
            names = await asyncio.wait_for(consumer.topics(), _STOP_SECONDS)
            self._reachable = frozenset(unit for name in names if (unit := _unit_of(name)))
            self._looked_at = time.monotonic()
            self._meters.gauge("motcua_processing_dispatch_agencies").set(len(self._reachable))
        for partition, pending in list(self._pending.items()):
            if pending.agencies != self._reachable:
                await self._review(consumer, partition, pending, self._reachable)

    async def _review(
        self, consumer: AIOKafkaConsumer, partition: int, pending: Pending, reachable: frozenset[str]
    ) -> None:
        """See that the partition was read from its beginning since these units have topics."""
        read_for = await self._sent.agencies(self._topic, partition)
        if new := reachable - read_for:
            place = TopicPartition(self._topic, partition)
            begin = (await consumer.beginning_offsets([place]))[place]
            consumer.seek(place, begin)
            pending.restart(begin)
            await consumer.commit({place: begin})
            # Recorded after the position is back: a crash between the two only reads once more.
            await self._sent.save_agencies(self._topic, partition, reachable | read_for)
            _log.info("agencies are told from the beginning", partition=partition, units=sorted(new))
        pending.agencies = reachable

    async def _read(self, consumer: AIOKafkaConsumer) -> None:
        batches = await consumer.getmany(timeout_ms=_POLL_MS, max_records=2_000)
        now = time.monotonic()
        for place, records in batches.items():
            pending = self._pending.get(place.partition)
            if pending is None:
                continue
            for record in records:
                self._take(pending, record, now)
            pending.position = records[-1].offset + 1

    def _take(self, pending: Pending, record: Any, now: float) -> None:
        try:
            event = orjson.loads(record.value)
            data = event["data"]
            if event["type"] == "clock.advanced":
                pending.clock = max(pending.clock, parse_instant(data["clock"]))
                return
            row = data["row"]
            notices = [notice for one in data.get("happened") or () if (notice := notice_of(row, one)) is not None]
            pending.add(row["code"], row, notices, record.offset, now)
        except (orjson.JSONDecodeError, KeyError, TypeError, ValueError):
            # Metrics reports such records; here only what can be told matters.
            _log.warning("a lifecycle record cannot be told", partition=record.partition, offset=record.offset)

    async def _advance(self, consumer: AIOKafkaConsumer, producer: AIOKafkaProducer, partition: int) -> None:
        """Tell what is ripe, once everything the journal held when it got ripe is read."""
        pending = self._pending.get(partition)
        if pending is None:
            return
        barrier = pending.barrier
        if barrier is None:
            ripe_at = time.monotonic() - self._grace
            if not pending.any_ripe(ripe_at):
                return
            end = await _end(consumer, TopicPartition(self._journal, partition))
            barrier = pending.barrier = Barrier(ripe_at, end)
        if barrier.lifecycle_end is None:
            checkpoint = await self._store.checkpoint(partition)
            if barrier.journal_end > (0 if checkpoint is None else checkpoint.next):
                return
            end = await _end(consumer, TopicPartition(self._topic, partition))
            barrier = pending.barrier = Barrier(barrier.ripe_at, barrier.journal_end, end)
        if pending.position < (barrier.lifecycle_end or 0):
            return
        pending.barrier = None
        ripe = pending.ripe(barrier.ripe_at)
        codes = list(ripe)
        for start in range(0, len(codes), _AT_ONCE):
            some = codes[start : start + _AT_ONCE]
            await self._tell(producer, {code: ripe[code] for code in some}, pending.clock)
            pending.told(some)

    async def _tell(self, producer: AIOKafkaProducer, items: dict[str, Item], clock: int) -> None:
        reachable = self._reachable or frozenset()
        if not reachable:
            return
        before = await self._sent.load(list(items))
        messages: list[tuple[str, Message]] = []
        after: dict[str, Remembered] = {}
        for code, item in items.items():
            known = before.get(code, _NOTHING)
            fresh, all_ = reconcile(item.row, item.notices, known.sent, reachable, clock)
            if owed := [*known.owed, *fresh]:
                messages += [(code, message) for message in owed]
                after[code] = Remembered(all_, owed)
        # Before the broker has them: what a crash leaves in doubt is sent again under the same identities, and taken
        # back if it proves wrong meanwhile.
        await self._sent.save(after)
        await self._send(producer, messages, clock)
        await self._sent.save({code: Remembered(one.sent) for code, one in after.items()})

    async def _send(self, producer: AIOKafkaProducer, messages: Iterable[tuple[str, Message]], clock: int) -> None:
        counter = self._meters.counter("motcua_processing_dispatched_total")
        sends = []
        for code, message in messages:
            told: dict[str, Any] = {
                "specversion": "1.0",
                "id": message.id,
                "source": SOURCE,
                "type": message.type,
                "subject": code,
                "time": to_rfc3339(clock),
                "data": message.data,
            }
            if self._simulated:
                told["simulated"] = True
            try:
                sends.append(
                    await producer.send(agency_tasks(message.unit), orjson.dumps(told), key=code.encode(), partition=0)
                )
            except UnknownTopicOrPartitionError:
                _log.warning("an agency's topic is gone", unit=message.unit)
                continue
            counter.labels(message.type).inc()
        if sends:
            await asyncio.gather(*sends)

    async def _commit(self, consumer: AIOKafkaConsumer) -> None:
        if time.monotonic() - self._committed_at < _COMMIT_SECONDS:
            return
        self._committed_at = time.monotonic()
        self._meters.gauge("motcua_processing_dispatch_waiting").set(sum(map(len, self._pending.values())))
        await self._commit_at(
            consumer,
            {
                TopicPartition(self._topic, partition): pending.resume_at
                for partition, pending in self._pending.items()
                if pending.position
            },
        )

    async def _commit_at(self, consumer: AIOKafkaConsumer, offsets: dict[TopicPartition, int]) -> None:
        if offsets:
            with suppress(CommitFailedError, IllegalStateError):  # they are another replica's by now
                await consumer.commit(offsets)


def _unit_of(topic: str) -> str:
    """The unit whose tasks topic this is; empty for other topics."""
    if topic.startswith(_PREFIX) and topic.endswith(_SUFFIX):
        return topic[len(_PREFIX) : -len(_SUFFIX)]
    return ""


async def _end(consumer: AIOKafkaConsumer, place: TopicPartition) -> int:
    return int((await consumer.end_offsets([place]))[place])
