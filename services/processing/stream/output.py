"""Records of the lifecycle and reference topics: their form, and how they get to the broker batch after batch.

Knows the topics' form and the producer; nothing of states or of how a row comes about.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any, Final

import orjson
from aiokafka import AIOKafkaProducer

from services.processing.cases import POPULATIONS, Case
from services.processing.facts.row import instant_text
from services.processing.record import EntryRecord
from shared.contract.lifecycle import clock_key, reference_key
from shared.reference import ReferenceEntry

__all__ = ["LARGEST_RECORD", "LifecycleWriter", "Records"]

#: Bytes of the largest record sent; below the topic's max.message.bytes with room for the batch around it.
LARGEST_RECORD: Final = 8_000_000
#: Longer than the producer's own time-outs: only a client that hangs gets here.
_SEND_SECONDS: Final = 30.0


class Records:
    """Builds the records of one journal partition in one epoch as (key, value) bytes."""

    def __init__(self, epoch: int, partition: int) -> None:
        self._epoch = epoch
        self._partition = partition
        self._source = f"motcua/processing/e{epoch}"
        self._clock_key = clock_key(partition)

    def case(
        self,
        case: Case,
        offset: int,
        time: int,
        row: dict[str, Any],
        happened: list[dict[str, Any]],
        *,
        acts: Sequence[dict[str, Any]] = (),
        entry: EntryRecord | None = None,
        index: int = 0,
    ) -> tuple[bytes, bytes]:
        """The facts of a case after its entry, a tick or a revision at `offset`; `time` in UTC microseconds.

        `entry` is the case's entry that made them, None where something else did. `index` 1 says that they are
        written again for a cause they were told of before.
        """
        data: dict[str, Any] = {"cause": self._cause(offset, index), "row": row}
        if entry is not None:
            data["entry"] = {
                "type": entry.type,
                "source": entry.source,
                "id": entry.id,
                "revision": entry.revision,
                "sender": entry.sender,
            }
        data["happened"] = happened
        if acts:
            data["acts"] = acts
        event = POPULATIONS[case.population].event
        return case.key.encode(), self._event(event, case.key, offset, time, data)

    def clock(self, offset: int, clock: int, *, index: int = 0) -> tuple[bytes, bytes]:
        """The partition's clock after its clock entry at `offset`; index 1: after any entry, written again."""
        data = {"cause": self._cause(offset, index), "clock": instant_text(clock)}
        return self._clock_key.encode(), self._event("clock.advanced", self._clock_key, offset, clock, data)

    def reference(self, offset: int, entry: ReferenceEntry, clock: int | None) -> tuple[bytes, bytes]:
        """A reference entry the partition took at `offset`, of the reference topic; the clock in UTC microseconds."""
        key = reference_key(entry.digest)
        data = {"cause": self._cause(offset), "entry": orjson.Fragment(entry.value)}
        time = entry.time if clock is None else clock
        return key.encode(), self._event("reference.revised", key, offset, time, data)

    def _cause(self, offset: int, index: int = 0) -> dict[str, int]:
        # One record per cause and case; only one that is written again is a second (see `audit.mending`).
        return {"epoch": self._epoch, "partition": self._partition, "offset": offset, "index": index}

    def _event(self, type_: str, subject: str, offset: int, time: int, data: dict[str, Any]) -> bytes:
        return orjson.dumps(
            {
                "specversion": "1.0",
                "id": f"e{self._epoch}-{self._partition}-{offset}-{subject}-{data['cause']['index']}",
                "source": self._source,
                "subject": subject,
                "time": instant_text(time),
                "type": type_,
                "data": data,
            }
        )


class LifecycleWriter:
    """Sends records to one partition of the lifecycle or reference topic, in order, one outstanding batch at a time.

    A failed batch must not be followed by another (the client would send it all the same), so `flush` raises at the
    first failure and the caller begins again from its checkpoint.
    """

    def __init__(self, producer: AIOKafkaProducer, topic: str, partition: int) -> None:
        self._producer = producer
        self._topic = topic
        self._partition = partition
        self._waiting: list[tuple[bytes, bytes]] = []
        self.waiting_bytes = 0

    def __len__(self) -> int:
        return len(self._waiting)

    def add(self, record: tuple[bytes, bytes]) -> None:
        """Put a record behind those waiting."""
        self._waiting.append(record)
        self.waiting_bytes += len(record[1])

    async def flush(self) -> int:
        """Send all waiting records and await their acknowledgements; how many there were."""
        records, self._waiting, self.waiting_bytes = self._waiting, [], 0
        batch = self._producer.create_batch()
        for key, value in records:
            if batch.append(key=key, value=value, timestamp=None) is None:
                await self._send(batch)
                batch = self._producer.create_batch()
                batch.append(key=key, value=value, timestamp=None)
        if records:
            await self._send(batch)
        return len(records)

    async def _send(self, batch: Any) -> None:
        async with asyncio.timeout(_SEND_SECONDS):
            acknowledged = await self._producer.send_batch(batch, self._topic, partition=self._partition)
            await acknowledged
