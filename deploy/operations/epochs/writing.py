"""Writing records' exact bytes to one partition, batch after batch, each at the offset it must have."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Final

from aiokafka import AIOKafkaProducer

from deploy.local.errors import StackError

__all__ = ["BATCH_BYTES", "PartitionWriter"]

#: Half of the journal's max.message.bytes, which limits a batch.
BATCH_BYTES: Final = 524_288
_CONFIRM_SECONDS: Final = 15.0


class PartitionWriter:
    """Batches of one partition, one at a time.

    Args:
        producer: made with `BATCH_BYTES`.
        topic: its name.
        partition: which one.
        begin: where the partition ends now.
    """

    def __init__(self, producer: AIOKafkaProducer, topic: str, partition: int, begin: int) -> None:
        self._producer = producer
        self._topic = topic
        self._partition = partition
        #: Offset of the next record.
        self.next = begin
        self._first = begin
        self._batch = producer.create_batch()

    async def add(self, key: bytes | None, value: bytes | None, headers: Sequence[tuple[str, bytes]] = ()) -> None:
        """Take one record; what fills a batch is sent first.

        Raises:
            StackError: records do not stand where they must.
            KafkaError, TimeoutError: the broker failed.
        """
        if not self._append(key, value, headers):
            await self.flush()
            self._append(key, value, headers)
        self.next += 1

    async def flush(self) -> None:
        """Send what was taken, and wait until all in-sync replicas have it; raises like `add`."""
        if not self._batch.record_count():
            return
        sent = await self._producer.send_batch(self._batch, self._topic, partition=self._partition)
        async with asyncio.timeout(_CONFIRM_SECONDS):
            base = (await sent).offset
        if base != self._first:
            # The client repeated a batch that the broker had, or somebody else writes: nobody can take it out again.
            raise StackError(
                f"{self._topic}, partition {self._partition}: records came to {base} instead of {self._first}; "
                "begin again in an empty one"
            )
        self._first = self.next
        self._batch = self._producer.create_batch()

    def _append(self, key: bytes | None, value: bytes | None, headers: Sequence[tuple[str, bytes]]) -> bool:
        return self._batch.append(key=key, value=value, timestamp=None, headers=list(headers)) is not None
