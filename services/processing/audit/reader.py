"""Reads the lifecycle topic of the partitions this replica owns, beside everything else, and remembers how far.

Cheap enough to run always, in every epoch: of a record only key and cause are looked at. What it finds the partitions'
sessions judge (see `mending`); where it stood a successor goes on.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Collection, Iterable
from contextlib import suppress
from typing import Final

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.errors import KafkaError, OffsetOutOfRangeError

from services.processing.audit.trail import Causes, Place, Trail
from services.processing.runtime import Runtime
from shared.broker.kafka import make_consumer, stop_client
from shared.broker.topics import lifecycle
from shared.logging import get_logger
from shared.mongo import DatabaseError

__all__ = ["AuditReader"]

#: Records looked at in one go (some 2 ms), and seconds in which everything else has its turn.
_AT_ONCE: Final = 500
_BREATH_SECONDS: Final = 0.02
#: Seconds left for more to come, once there was less than that.
_QUIET_SECONDS: Final = 0.25
_POLL_MS: Final = 500
_SAVE_SECONDS: Final = 5.0
_PAUSE_SECONDS: Final = 1.0
_ANSWER_SECONDS: Final = 5.0
_FETCH_BYTES: Final = 1_048_576
_log = get_logger("processing.audit")


class AuditReader:
    """One consumer without a group; `run` ends by cancellation.

    Args:
        runtime: what all partitions share; its `trails` are kept here.
        owned: the partitions this replica works on now.
    """

    def __init__(self, runtime: Runtime, owned: Callable[[], Collection[int]]) -> None:
        self._runtime = runtime
        self._owned = owned
        self._topic = lifecycle(runtime.epoch)
        self._causes: dict[int, Causes] = {}
        self._saved: dict[int, Place] = {}
        self._saved_at = time.monotonic()
        self._said = ""

    async def run(self) -> None:
        """Read until cancelled; broker and database may be away."""
        while True:
            consumer = make_consumer(
                self._runtime.settings.kafka,
                f"motcua-processing-audit-e{self._runtime.epoch}",
                max_partition_fetch_bytes=_FETCH_BYTES,
                fetch_max_wait_ms=_POLL_MS,
            )
            try:
                await consumer.start()
                await self._follow(consumer)
            except OffsetOutOfRangeError:
                self._say("the lifecycle topic is shorter than it was: what there is of it is read")
            except (KafkaError, DatabaseError, TimeoutError, OSError) as error:
                self._say(f"waiting ({type(error).__name__})")
            finally:
                await stop_client(consumer)
            await asyncio.sleep(_PAUSE_SECONDS)

    def _say(self, why: str) -> None:
        if why != self._said:
            _log.warning("reading back the lifecycle topic begins again", why=why)
        self._said = why

    async def _follow(self, consumer: AIOKafkaConsumer) -> None:
        assigned: set[int] = set()
        while True:
            owned = set(self._owned())
            for partition in assigned - owned:
                self._let_go(partition)
            if owned - assigned:
                await self._assign(consumer, owned)
                assigned = owned
            assigned &= owned
            if not assigned:
                await asyncio.sleep(_QUIET_SECONDS)
                continue
            count = await self._read(consumer, assigned)
            await self._bound(consumer, assigned)
            await self._save(assigned)
            self._said = ""
            await asyncio.sleep(_BREATH_SECONDS if count >= _AT_ONCE else _QUIET_SECONDS)

    def _let_go(self, partition: int) -> None:
        self._runtime.trails.pop(partition, None)
        with suppress(KeyError):
            self._runtime.meters.gauge("motcua_processing_audit_lag_records").remove(str(partition))

    def _places(self, partitions: Iterable[int]) -> dict[int, TopicPartition]:
        return {partition: TopicPartition(self._topic, partition) for partition in sorted(partitions)}

    async def _assign(self, consumer: AIOKafkaConsumer, owned: set[int]) -> None:
        """Go on where each of these partitions was left."""
        trails, places = self._runtime.trails, self._places(owned)
        begins = await consumer.beginning_offsets(list(places.values()))
        ends = await consumer.end_offsets(list(places.values()))
        for partition, place in places.items():
            if partition not in trails:
                self._saved[partition] = stood = await self._runtime.store.audit_place(partition)
                trails[partition] = Trail(partition, stood)
                self._causes[partition] = Causes(self._runtime.epoch, partition)
            if trails[partition].at > ends[place]:
                _log.warning("the lifecycle topic is another one, read back anew", partition=partition)
                trails[partition] = Trail(partition, Place())
        consumer.assign(list(places.values()))
        # No await before all have a place: the client would look for one of its own, and could not stop.
        for partition, place in places.items():
            consumer.seek(place, max(trails[partition].at, begins[place]))

    async def _read(self, consumer: AIOKafkaConsumer, assigned: set[int]) -> int:
        """Take what there is, up to a bound; how many records."""
        fetched = await consumer.getmany(timeout_ms=_POLL_MS, max_records=_AT_ONCE)
        count = 0
        for place, records in fetched.items():
            trail = self._runtime.trails.get(place.partition)
            if trail is None or place.partition not in assigned:
                continue
            causes = self._causes[place.partition]
            pairs = [(record.key, causes(record.key, record.value)) for record in records if record.key is not None]
            highest = max((cause for _, cause in pairs), default=-1)
            trail.take(pairs, await self._journal_end(consumer, place.partition, highest))
            count += len(records)
        for partition, place in self._places(assigned).items():
            trail = self._runtime.trails[partition]
            # Not the last record's place: behind it may be what is no record.
            trail.read_to(await consumer.position(place))
            lag = max((consumer.highwater(place) or 0) - trail.at, 0)
            self._runtime.meters.gauge("motcua_processing_audit_lag_records").labels(str(partition)).set(lag)
        return count

    async def _journal_end(self, consumer: AIOKafkaConsumer, partition: int, highest: int) -> int:
        """An end of the journal's partition above a cause, unless it ends before that: then it was asked just now."""
        place = TopicPartition(self._runtime.journal, partition)
        known = 0
        with suppress(KafkaError, KeyError, AssertionError):
            known = self._runtime.consumer.highwater(place) or 0
        if highest < known:
            return known
        async with asyncio.timeout(_ANSWER_SECONDS):
            return int((await consumer.end_offsets([place]))[place])

    async def _bound(self, consumer: AIOKafkaConsumer, assigned: set[int]) -> None:
        """Say where the topic ends to who waits for it to be read."""
        barriers = {
            place: barrier
            for partition, place in self._places(assigned).items()
            if (barrier := self._runtime.trails[partition].barrier) is not None and barrier.end is None
        }
        if barriers:
            async with asyncio.timeout(_ANSWER_SECONDS):
                ends = await consumer.end_offsets(list(barriers))
            for place, barrier in barriers.items():
                barrier.end = ends[place]

    async def _save(self, assigned: set[int]) -> None:
        if time.monotonic() - self._saved_at < _SAVE_SECONDS:
            return
        self._saved_at = time.monotonic()
        for partition in sorted(assigned):
            safe = self._runtime.trails[partition].safe
            if safe != self._saved.get(partition):
                await self._runtime.store.save_audit_place(partition, safe)
                self._saved[partition] = safe
