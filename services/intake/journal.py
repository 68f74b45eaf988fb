"""Writing to the journal: which partition, one record or thousands, and what is known of the outcome.

A record counts as written when all in-sync replicas have it. One that was not confirmed in time may have been written
or not: the sender repeats it with the same id, and the same identity counts once. So nothing here is retried.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from aiokafka.errors import KafkaError

from services.intake.admission.admit import Admitted
from services.intake.room.watch import Room
from shared.broker.kafka import make_producer, stop_client
from shared.broker.partition import partition_of
from shared.broker.topics import JOURNAL
from shared.catalogue.base import Meters
from shared.logging import get_logger
from shared.problems.problem import Problem

__all__ = ["Journal", "Receipt"]

_log = get_logger("intake.journal")
#: Seconds for one produce request; the client itself gives up after 3.
_CONFIRM_SECONDS: Final = 4.5
#: Seconds for everything one HTTP request writes.
_ALL_SECONDS: Final = 20.0
#: Half of the journal's max.message.bytes, which limits a batch.
_BATCH_BYTES: Final = 524_288


@dataclass(frozen=True, slots=True)
class Receipt:
    """Where an entry stands in the journal: (partition, offset), one for each partition it went to."""

    positions: tuple[tuple[int, int], ...]


class Journal:
    """The producer of the journal.

    Args:
        bootstrap: Kafka bootstrap servers.
        partitions: partitions the journal must have; with another number dossiers would move.
        meters: intake's metrics.
        topic: the journal's name.
        room: tells whether there is room for what is written; none: nobody watches.
    """

    def __init__(
        self, bootstrap: str, partitions: int, meters: Meters, topic: str = JOURNAL, room: Room | None = None
    ) -> None:
        self._bootstrap = bootstrap
        self._partitions = partitions
        self._topic = topic
        self._room = room
        self._producer: Any = None
        self._found: int | None = None
        self._produce_seconds = meters.histogram("motcua_intake_produce_seconds")
        self._unknown = meters.counter("motcua_intake_unknown_total")
        self._partitions_gauge = meters.gauge("motcua_intake_journal_partitions")
        #: Set by whoever watches the broker; nothing is enqueued while it does not answer.
        self.broker_answers = False

    @property
    def partitions(self) -> int:
        """Partitions the journal must have, by the settings."""
        return self._partitions

    @property
    def partitions_found(self) -> int | None:
        """Partitions the journal has; None when that is not known."""
        return self._found

    @property
    def matches(self) -> bool:
        """Whether the journal is known to have the partitions the settings say."""
        return self._found == self._partitions

    async def start(self) -> None:
        """Connect. Raises KafkaError or TimeoutError while the broker is away; may be called again."""
        if self._producer is not None:
            return
        producer = make_producer(self._bootstrap, "motcua-intake", max_batch_size=_BATCH_BYTES)
        try:
            async with asyncio.timeout(_CONFIRM_SECONDS):
                await producer.start()
        except BaseException:
            await stop_client(producer)
            raise
        self._producer = producer

    async def close(self) -> None:
        """Send what remains and disconnect, within seconds."""
        producer, self._producer = self._producer, None
        if producer is not None:
            await stop_client(producer)

    async def check_partitions(self) -> None:
        """Compare the journal's partitions with the settings. Raises KafkaError or TimeoutError."""
        async with asyncio.timeout(_CONFIRM_SECONDS):
            found = len(await self._producer.partitions_for(self._topic))
        if found != self._found:
            report = _log.info if found == self._partitions else _log.error
            report("journal partitions", topic=self._topic, found=found, expected=self._partitions)
        self._found = found
        self._partitions_gauge.set(found)

    def refusal(self) -> Problem | None:
        """Why nothing may be written now; None when it may."""
        # The first of all: a broker whose disk is full is away, and nobody would know why.
        if self._room is not None and (short := self._room.refusal()) is not None:
            return short
        if self._producer is None or not self.broker_answers or self._found is None:
            return Problem(503, "broker_away", headers={"Retry-After": "2"})
        if not self.matches:
            return Problem(
                503, "journal_mismatch", found=self._found, expected=self._partitions, headers={"Retry-After": "30"}
            )
        return None

    async def write_one(self, entry: Admitted) -> Receipt:
        """Write one entry; concurrent calls share the client's batches.

        Raises:
            Problem: 503 before anything is enqueued, or because the outcome is not known.
        """
        self._check()
        started = time.monotonic()
        sends = [self._send(entry, partition) for partition in self._partitions_of(entry)]
        try:
            async with asyncio.timeout(_CONFIRM_SECONDS):
                positions = await asyncio.gather(*sends)
        except (KafkaError, TimeoutError) as error:
            self._learn(error)
            self._unknown.inc()
            _log.warning("entry not confirmed", error=type(error).__name__)
            raise Problem(503, "outcome_unknown", headers={"Retry-After": "2"}) from error
        self._produce_seconds.observe(time.monotonic() - started)
        return Receipt(tuple(positions))

    async def write_many(self, entries: Sequence[Admitted]) -> list[Receipt | None]:
        """Write entries, keeping their order within each partition; None where the outcome is not known.

        Raises:
            Problem: 503 before anything is enqueued.
        """
        self._check()
        queues: dict[int, list[int]] = {}
        for index, entry in enumerate(entries):
            for partition in self._partitions_of(entry):
                queues.setdefault(partition, []).append(index)
        found: list[list[tuple[int, int]]] = [[] for _ in entries]
        tasks = [
            asyncio.create_task(self._write_partition(partition, queue, entries, found))
            for partition, queue in queues.items()
        ]
        if tasks:
            await asyncio.wait(tasks, timeout=_ALL_SECONDS)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        receipts = [
            Receipt(tuple(sorted(positions))) if len(positions) == len(self._partitions_of(entry)) else None
            for entry, positions in zip(entries, found, strict=True)
        ]
        self._unknown.inc(receipts.count(None))
        return receipts

    async def write_batch(self, key: bytes, values: Sequence[bytes], partition: int) -> int | None:
        """Write records of one key to one partition as one batch; offset of the first, None if that is not known.

        Args:
            key: the records' key.
            values: their values, together at most 450,000 bytes (services/intake/reference/parcels.py).
            partition: where to.
        """
        if self.refusal() is not None:
            return None
        batch = self._producer.create_batch()
        for value in values:
            if batch.append(key=key, value=value, timestamp=None) is None:
                raise ValueError(f"{len(values)} records do not fit into one batch; divide them first")
        started = time.monotonic()
        try:
            async with asyncio.timeout(_CONFIRM_SECONDS):
                first = await self._send_batch(batch, partition)
        except (KafkaError, TimeoutError) as error:
            self._learn(error)
            _log.warning("reference entries not confirmed", partition=partition, error=type(error).__name__)
            return None
        self._produce_seconds.observe(time.monotonic() - started)
        return first

    def _learn(self, error: KafkaError | TimeoutError) -> None:
        if self._room is not None:
            self._room.note(error)

    def _check(self) -> None:
        refusal = self.refusal()
        if refusal is not None:
            raise refusal

    def _partitions_of(self, entry: Admitted) -> Sequence[int]:
        return range(self._partitions) if entry.everywhere else (partition_of(entry.subject, self._partitions),)

    async def _send(self, entry: Admitted, partition: int) -> tuple[int, int]:
        sent = await self._producer.send(self._topic, entry.value, key=entry.key, partition=partition)
        return partition, (await sent).offset

    async def _write_partition(
        self, partition: int, queue: list[int], entries: Sequence[Admitted], found: list[list[tuple[int, int]]]
    ) -> None:
        """Send a partition's entries batch after batch; the first failure leaves the rest unsent."""
        begin = 0
        while begin < len(queue):
            batch = self._producer.create_batch()
            end = begin
            while end < len(queue):
                entry = entries[queue[end]]
                if batch.append(key=entry.key, value=entry.value, timestamp=None) is None:
                    break
                end += 1
            started = time.monotonic()
            try:
                async with asyncio.timeout(_CONFIRM_SECONDS):
                    base = await self._send_batch(batch, partition)
            except (KafkaError, TimeoutError) as error:
                self._learn(error)
                _log.warning(
                    "batch not confirmed",
                    partition=partition,
                    unconfirmed=len(queue) - begin,
                    error=type(error).__name__,
                )
                return
            self._produce_seconds.observe(time.monotonic() - started)
            for place in range(begin, end):
                found[queue[place]].append((partition, base + place - begin))
            begin = end

    async def _send_batch(self, batch: Any, partition: int) -> int:
        sent = await self._producer.send_batch(batch, self._topic, partition=partition)
        return int((await sent).offset)
