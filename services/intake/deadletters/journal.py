"""What the journal holds from a place on: where a partition ends, and whether certain bytes came since. Only reads."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Final, TypeVar

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.errors import KafkaError

from shared.broker.kafka import make_consumer, stop_client
from shared.logging import get_logger
from shared.problems.problem import Problem

__all__ = ["JournalReader"]

T = TypeVar("T")

_log = get_logger("intake.deadletters")
_SECONDS: Final = 5.0
#: Seconds for reading on from an old claim.
_READ_SECONDS: Final = 120.0
_POLL_MS: Final = 500


class JournalReader:
    """Reads the journal for the replaying of dead letters; one question at a time.

    Args:
        kafka: bootstrap servers.
        topic: the journal.
    """

    def __init__(self, kafka: str, topic: str) -> None:
        self._kafka = kafka
        #: The journal's name.
        self.topic = topic
        self._lock = asyncio.Lock()
        self._consumer: AIOKafkaConsumer | None = None

    async def end(self, partition: int) -> int:
        """The offset the next record of a partition gets.

        Raises:
            Problem: 503 the broker does not answer.
        """
        async with self._lock:
            place = TopicPartition(self.topic, partition)

            async def ask(consumer: AIOKafkaConsumer) -> int:
                return int((await consumer.end_offsets([place]))[place])

            return await self._ask(ask, _SECONDS)

    async def find(self, partition: int, begin: int, key: bytes, value: bytes) -> int | None:
        """Offset of the first record from `begin` on with just these bytes; None if there is none.

        Raises:
            Problem: 503 the broker does not answer.
        """
        async with self._lock:
            place = TopicPartition(self.topic, partition)
            return await self._ask(lambda consumer: self._find(consumer, place, begin, key, value), _READ_SECONDS)

    async def close(self) -> None:
        """Disconnect, within seconds."""
        consumer, self._consumer = self._consumer, None
        if consumer is not None:
            await stop_client(consumer)

    async def _ask(self, question: Callable[[AIOKafkaConsumer], Awaitable[T]], seconds: float) -> T:
        try:
            async with asyncio.timeout(seconds):
                return await question(await self._connected())
        except (KafkaError, TimeoutError, OSError) as error:
            _log.warning("the journal cannot be read", error=type(error).__name__)
            await self.close()
            raise Problem(503, "broker_away", headers={"Retry-After": "2"}) from error

    async def _connected(self) -> AIOKafkaConsumer:
        if self._consumer is None:
            self._consumer = make_consumer(self._kafka, "motcua-intake-replay")
            await self._consumer.start()
        return self._consumer

    async def _find(
        self, consumer: AIOKafkaConsumer, place: TopicPartition, begin: int, key: bytes, value: bytes
    ) -> int | None:
        consumer.assign([place])
        end = (await consumer.end_offsets([place]))[place]
        consumer.seek(place, begin)
        while await consumer.position(place) < end:
            for record in (await consumer.getmany(place, timeout_ms=_POLL_MS)).get(place, ()):
                if record.key == key and record.value == value:
                    return int(record.offset)
        return None
