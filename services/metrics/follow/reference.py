"""Reads all partitions of one epoch's reference topic into a view, from the beginning at each start, and follows it.

An own loop on aiokafka, without a group. An epoch without that topic has no reference data. A record that cannot be
used is handed on as a dead letter. Knows nothing of what an entry means.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from typing import Final

import orjson
from aiokafka import AIOKafkaConsumer, ConsumerRecord, TopicPartition
from aiokafka.errors import KafkaError, OffsetOutOfRangeError
from pydantic import ValidationError

from services.metrics.follow.reader import DeadLetterSink
from services.metrics.follow.reading.waits import NOT_STARTED, waiting_for
from services.metrics.follow.view import View
from services.metrics.table.decode import Unusable
from shared.broker.kafka import make_consumer, stop_client
from shared.broker.topics import reference
from shared.catalogue.base import Meters
from shared.contract.entries import ENTERED_TYPES
from shared.contract.lifecycle import ReferenceRevised, reference_key
from shared.logging import get_logger
from shared.reference.entry import ReferenceEntry
from shared.reference.known import EMPTY, ReferenceSet

__all__ = ["ReferenceReader"]

_log = get_logger("metrics.reference")
_POLL_MS: Final = 500
#: Reading an entry takes some 100 µs, for which the event loop stands still.
_BATCH: Final = 200
_PAUSE_SECONDS: Final = 1.0
#: How often to look whether a topic that was not there has been made.
_LOOK_SECONDS: Final = 10.0


class ReferenceReader:
    """Keeps the reference data of one view up to date.

    Args:
        view: whose.
        bootstrap: Kafka servers.
        meters: the service's metrics.
        dead: told of each record that cannot be used.
    """

    def __init__(self, view: View, bootstrap: str, meters: Meters, dead: DeadLetterSink) -> None:
        #: Set once everything that stood in the topic was read, or there is no such topic.
        self.read = asyncio.Event()
        #: What keeps the loop from reading, in words; None while it reads.
        self.trouble: str | None = NOT_STARTED
        self._view = view
        self._bootstrap = bootstrap
        self._meters = meters
        self._dead = dead
        self._topic = reference(view.epoch)

    async def run(self) -> None:
        """Read until cancelled; troubles of the broker are waited out."""
        while True:
            consumer = make_consumer(self._bootstrap, f"motcua-metrics-reference-e{self._view.epoch}")
            try:
                await consumer.start()
                if self._topic in await consumer.topics():
                    await self._follow(consumer)
                else:
                    # An epoch of an older engine; figures go by the codes alone.
                    self.trouble = None
                    self.read.set()
                    await asyncio.sleep(_LOOK_SECONDS)
            except (KafkaError, OffsetOutOfRangeError, OSError) as error:
                self.trouble = waiting_for(self._topic, error)
                _log.warning("waiting", reason=self.trouble)
                await asyncio.sleep(_PAUSE_SECONDS)
            finally:
                await stop_client(consumer)

    async def _follow(self, consumer: AIOKafkaConsumer) -> None:
        # As many as the journal has, like the lifecycle topic.
        partitions = [TopicPartition(self._topic, number) for number in self._view.marks]
        begins = await consumer.beginning_offsets(partitions)
        ends = await consumer.end_offsets(partitions)
        consumer.assign(partitions)
        for partition in partitions:
            consumer.seek(partition, begins[partition])
        # From nothing each time, so that a topic made anew leaves nothing of the old one.
        known = EMPTY
        seen: set[bytes] = set()
        positions = dict(begins)
        told = False
        while True:
            if not told and all(positions[partition] >= ends[partition] for partition in partitions):
                told = True
                self.trouble = None
                await self._tell(known)
                self.read.set()
            fetched = await consumer.getmany(timeout_ms=_POLL_MS, max_records=_BATCH)
            self.trouble = None
            before = known
            known = self._with(known, fetched, seen)
            for partition in () if told else partitions:
                # Not the last record's place: behind it may be the end of a transaction, which is no record.
                positions[partition] = await consumer.position(partition)
            if told and known is not before:
                await self._tell(known)
            # Between full batches nothing else would ever run.
            await asyncio.sleep(0)

    async def _tell(self, known: ReferenceSet) -> None:
        self._meters.gauge("motcua_metrics_reference_entries").set(len(known))
        if known != self._view.registry.known:
            await self._view.refer(known)
            _log.info("reference data", version=known.version, entries=len(known))

    def _with(
        self, known: ReferenceSet, fetched: Mapping[TopicPartition, Sequence[ConsumerRecord]], seen: set[bytes]
    ) -> ReferenceSet:
        """The set with what was fetched; every partition tells every entry, so most were seen already."""
        fresh = []
        for records in fetched.values():
            for record in records:
                if record.key is not None and record.key in seen:
                    continue
                try:
                    entry = _entry(record, self._view.epoch)
                except Unusable as unusable:
                    self._dead(record, unusable)
                    continue
                if entry is not None:
                    fresh.append(entry)
                seen.add(record.key)
        return known.with_entries(fresh)


def _entry(record: ConsumerRecord, epoch: int) -> ReferenceEntry | None:
    """The entry in a record of the reference topic; None for an entered figure, which older engines told here.

    Raises:
        Unusable: there is none.
    """
    try:
        event = ReferenceRevised.model_validate_json(record.value or b"")
        if event.data.entry.get("type") in ENTERED_TYPES:
            return None
        entry = ReferenceEntry.of(orjson.dumps(event.data.entry))
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False, include_context=False)[0]
        where = ".".join(str(part) for part in first["loc"])
        reason = "not_json" if first["type"] == "json_invalid" else "malformed"
        raise Unusable(reason, f"{where}: {first['msg']}"[:200]) from None
    except (ValueError, TypeError) as error:
        raise Unusable("malformed", str(error)[:200]) from None
    if event.data.cause.epoch != epoch:
        raise Unusable("wrong_epoch", f"cause of epoch {event.data.cause.epoch} on the topic of epoch {epoch}")
    if record.key != reference_key(entry.digest).encode():
        raise Unusable("wrong_key", "a reference entry under another key; compaction would lose one of them")
    return entry
