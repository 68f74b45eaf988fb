"""The producer of answers and dead letters. Judges nothing; whoever sends repeats what was not confirmed."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any, Final

from aiokafka.errors import UnknownTopicOrPartitionError

from services.intake.agencies.answers import Said
from shared.broker.kafka import make_producer, stop_client

__all__ = ["AgencyVoice"]

_CONFIRM_SECONDS: Final = 4.5
_STOP_SECONDS: Final = 5.0
_BATCH_BYTES: Final = 524_288
_REQUEST_BYTES: Final = 4_194_304


class AgencyVoice:
    """One producer; connected between `start` and `close`.

    Args:
        bootstrap: Kafka bootstrap servers.
    """

    def __init__(self, bootstrap: str) -> None:
        self._producer: Any = make_producer(
            bootstrap, "motcua-intake-answers", max_batch_size=_BATCH_BYTES, max_request_size=_REQUEST_BYTES
        )
        self._topics: frozenset[str] = frozenset()

    async def start(self) -> None:
        """Connect. Raises KafkaError or TimeoutError while the broker is away; then nothing is left to be closed."""
        try:
            async with asyncio.timeout(_CONFIRM_SECONDS):
                await self._producer.start()
        except BaseException:
            await stop_client(self._producer)
            raise

    async def close(self) -> None:
        """Disconnect, within seconds."""
        await stop_client(self._producer)

    async def exists(self, topic: str) -> bool:
        """Whether there is a topic: by what is known, else by the broker's word."""
        if topic not in self._topics:
            async with asyncio.timeout(_CONFIRM_SECONDS):
                known = await self._producer.client.fetch_all_metadata()
            self._topics = frozenset(known.topics())
        return topic in self._topics

    async def send(self, topic: str, said: Sequence[Said]) -> None:
        """Send records to partition 0 of a topic, in order, one batch after the other.

        Raises:
            KafkaError, TimeoutError: what was not confirmed may have been written or not.
        """
        begin = 0
        while begin < len(said):
            batch = self._producer.create_batch()
            end = begin
            while end < len(said) and batch.append(key=said[end].key, value=said[end].value, timestamp=None):
                end += 1
            try:
                if end == begin:
                    # Larger than a batch: a dead letter with its bytes.
                    end = begin + 1
                    sent = await self._producer.send(topic, said[begin].value, key=said[begin].key, partition=0)
                else:
                    sent = await self._producer.send_batch(batch, topic, partition=0)
                async with asyncio.timeout(_CONFIRM_SECONDS):
                    await sent
            except UnknownTopicOrPartitionError:
                # Removed a moment ago; looked for again at the next try.
                self._topics = frozenset()
                raise
            begin = end
