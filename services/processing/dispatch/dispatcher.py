"""The dispatcher's loop: reads the live epoch's lifecycle topic and has agencies told what is new, when it is time.

Works on the live epoch only. Partitions are shared out by a consumer group; what was read and not told is read again
after a restart, and identities keep a second telling from counting.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Collection
from contextlib import suppress
from dataclasses import replace
from typing import Any, Final

import orjson
from aiokafka import AIOKafkaConsumer, ConsumerRebalanceListener, TopicPartition
from aiokafka.errors import CommitFailedError, IllegalStateError

from services.processing.dispatch.news import News, read_news
from services.processing.dispatch.pending import Barrier, Pending
from services.processing.dispatch.reach import NOBODY, Reach, reach_of
from services.processing.dispatch.roll import Roll
from services.processing.dispatch.store import SentStore
from services.processing.dispatch.telling import Telling
from services.processing.states.store import StateStore
from shared.broker.kafka import make_consumer, make_producer, stop_client
from shared.broker.topics import JOURNAL, lifecycle
from shared.broker.transactions import last_record_end
from shared.catalogue.base import Meters
from shared.logging import get_logger
from shared.turns import Turns

__all__ = ["Dispatcher"]

_POLL_MS: Final = 200
#: Dossiers told of before what was sent is recorded.
_AT_ONCE: Final = 200
_COMMIT_SECONDS: Final = 5.0
_STOP_SECONDS: Final = 5.0
#: Seconds for which the checkpoint stays behind the journal's end before it is asked what stands there.
_LOOK_AGAIN_SECONDS: Final = 5.0
_log = get_logger("processing.dispatch")


class Dispatcher(ConsumerRebalanceListener):  # type: ignore[misc]  # aiokafka carries no types
    """One generation of clients; `run` ends by cancellation or with what failed.

    Args:
        kafka: bootstrap servers.
        epoch: the live epoch.
        store: the epoch's checkpoints.
        sent: what was sent before.
        meters: processing's metrics.
        roll: tells which agencies are disabled.
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
        roll: Roll,
        grace: float,
        simulated: bool,
        journal: str = JOURNAL,
        look_seconds: float = 10.0,
    ) -> None:
        self._kafka = kafka
        self._epoch = epoch
        self._topic = lifecycle(epoch)
        self._group = f"motcua-dispatcher-e{epoch}"
        self._store = store
        self._sent = sent
        self._roll = roll
        self._meters = meters
        self._grace = grace
        self._simulated = simulated
        self._journal = journal
        self._look_seconds = look_seconds
        self._pending: dict[int, Pending] = {}
        self._reach: Reach | None = None
        self._disabled: frozenset[str] | None = None
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
            while self._reach == NOBODY:
                # Nobody to tell: the facts are not even read.
                await asyncio.sleep(self._look_seconds)
                await self._look(consumer)
            telling = Telling(producer, self._sent, self._meters, self._epoch, simulated=self._simulated)
            consumer.subscribe([self._topic], listener=self)
            while True:
                await self._read(consumer)
                await self._look(consumer)
                for partition in sorted(self._pending):
                    await self._advance(consumer, telling, partition)
                await self._commit(consumer)
        finally:
            for client in (consumer, producer):
                await stop_client(client)

    async def on_partitions_revoked(self, revoked: Collection[TopicPartition]) -> None:
        """Another replica goes on from the committed offsets."""
        for place in revoked:
            self._pending.pop(place.partition, None)

    async def on_partitions_assigned(self, assigned: Collection[TopicPartition]) -> None:
        """Nothing is known of a partition before it is read."""
        for place in assigned:
            self._pending[place.partition] = Pending()

    async def _look(self, consumer: AIOKafkaConsumer) -> None:
        """Who can be told; a partition not read for one of them yet is read from its beginning."""
        if self._reach is None or time.monotonic() - self._looked_at >= self._look_seconds:
            async with asyncio.timeout(_STOP_SECONDS):
                names = await consumer.topics()
            self._reach = reach_of(names, await self._ask())
            self._looked_at = time.monotonic()
            self._meters.gauge("motcua_processing_dispatch_agencies").set(len(self._reach.units))
        for partition, pending in list(self._pending.items()):
            if pending.read_for != self._reach:
                await self._review(consumer, partition, pending, self._reach)

    async def _ask(self) -> frozenset[str]:
        """The disabled units; while intake does not say, those it named last."""
        told = await self._roll.disabled()
        if told is None:
            told = await self._sent.disabled() if self._disabled is None else self._disabled
        elif told != self._disabled:
            await self._sent.save_disabled(told)
        self._disabled = told
        return told

    async def _review(self, consumer: AIOKafkaConsumer, partition: int, pending: Pending, reach: Reach) -> None:
        """See that the partition was read from its beginning since these units can be told."""
        read_for = await self._sent.read_for(self._topic, partition)
        if not read_for.covers(reach):
            place = TopicPartition(self._topic, partition)
            begin = (await consumer.beginning_offsets([place]))[place]
            consumer.seek(place, begin)
            pending.restart(begin)
            await consumer.commit({place: begin})
            new = sorted(reach.units - (read_for.tasks & read_for.answers))
            _log.info("agencies are told from the beginning", partition=partition, units=new)
        if (reach.tasks, reach.answers) != (read_for.tasks, read_for.answers):
            # Recorded after the position is back: a crash between the two only reads once more. And before anything is
            # told without those who are missing now: what they miss begins here.
            await self._sent.save_read_for(self._topic, partition, reach, read_for)
        pending.read_for = reach

    async def _read(self, consumer: AIOKafkaConsumer) -> None:
        batches = await consumer.getmany(timeout_ms=_POLL_MS, max_records=2_000)
        now = time.monotonic()
        for place, records in batches.items():
            pending = self._pending.get(place.partition)
            if pending is None:
                continue
            read = [self._read_one(pending, record) async for record in Turns().each(records)]
            news = [one for one in read if one is not None]
            strange = {one.key for one in news if not one.concerns and one.key not in pending}
            # Most dossiers are no agency's business: their rows are not kept, whatever has to be read again.
            known = await self._sent.known(sorted(strange))
            for one in news:
                # Most rows concern nobody, and are looked at no further than that.
                if (one.concerns or one.key in pending or one.key in known) and _is_whole(one):
                    pending.add(one.key, one.row, one.notices, one.offset, now, cause=one.cause, heard=one.heard)
        for partition, pending in list(self._pending.items()):
            with suppress(IllegalStateError):  # it is another replica's by now
                # Not the last record's place: behind it may be the end of a transaction, which is no record.
                pending.position = await consumer.position(TopicPartition(self._topic, partition))

    def _read_one(self, pending: Pending, record: Any) -> News | None:
        try:
            found = read_news(record.value, record.offset, self._reach or NOBODY)
        except (orjson.JSONDecodeError, KeyError, TypeError, ValueError, AttributeError):
            # Metrics reports such records; here only what can be told matters.
            _log.warning("a lifecycle record cannot be told", partition=record.partition, offset=record.offset)
            return None
        if isinstance(found, int):
            pending.clock = max(pending.clock, found)
            return None
        return found

    async def _advance(self, consumer: AIOKafkaConsumer, telling: Telling, partition: int) -> None:
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
            barrier = pending.barrier = Barrier(ripe_at, end, time.monotonic())
        if barrier.lifecycle_end is None:
            checkpoint = await self._store.checkpoint(partition)
            if barrier.journal_end > (0 if checkpoint is None else checkpoint.next):
                if time.monotonic() - barrier.looked_at > _LOOK_AGAIN_SECONDS:
                    pending.barrier = await self._only_records(barrier, partition)
                return
            end = await _end(consumer, TopicPartition(self._topic, partition))
            barrier = pending.barrier = replace(barrier, lifecycle_end=end)
        if pending.position < (barrier.lifecycle_end or 0):
            return
        pending.barrier = None
        ripe = pending.ripe(barrier.ripe_at)
        codes = list(ripe)
        for start in range(0, len(codes), _AT_ONCE):
            some = codes[start : start + _AT_ONCE]
            await telling.tell({code: ripe[code] for code in some}, self._reach or NOBODY, pending.clock)
            pending.told(some)

    async def _only_records(self, barrier: Barrier, partition: int) -> Barrier:
        """The barrier at the journal's last record: behind it may be the end of a transaction, which nobody handles."""
        journal = make_consumer(self._kafka, "motcua-dispatcher-journal")
        try:
            await journal.start()
            end = await last_record_end(journal, TopicPartition(self._journal, partition), barrier.journal_end)
        finally:
            await stop_client(journal)
        return replace(barrier, journal_end=end, looked_at=time.monotonic())

    async def _commit(self, consumer: AIOKafkaConsumer) -> None:
        if time.monotonic() - self._committed_at < _COMMIT_SECONDS:
            return
        self._committed_at = time.monotonic()
        self._meters.gauge("motcua_processing_dispatch_waiting").set(sum(map(len, self._pending.values())))
        waiting = sum(pending.entries for pending in self._pending.values())
        self._meters.gauge("motcua_processing_judged_waiting").set(waiting)
        offsets = {TopicPartition(self._topic, at): one.resume_at for at, one in self._pending.items() if one.position}
        await self._commit_at(consumer, offsets)

    async def _commit_at(self, consumer: AIOKafkaConsumer, offsets: dict[TopicPartition, int]) -> None:
        if offsets:
            with suppress(CommitFailedError, IllegalStateError):  # they are another replica's by now
                await consumer.commit(offsets)


def _is_whole(one: News) -> bool:
    if one.whole:
        return True
    # Metrics reports it with its place.
    _log.warning("a row cannot be told")
    return False


async def _end(consumer: AIOKafkaConsumer, place: TopicPartition) -> int:
    return int((await consumer.end_offsets([place]))[place])
