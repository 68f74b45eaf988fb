"""Whether the partitions of this process are still its own, asked of the group after the process stood still.

What is committed is for displays of lag only; that the coordinator takes it is the answer: it takes nothing from a
member it has put out, nor of a generation that is over.
"""

from __future__ import annotations

import asyncio
from typing import Final

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.errors import KafkaError

__all__ = ["Membership"]

_ASK_SECONDS: Final = 5.0


class Membership:
    """The membership under which a partition was assigned.

    Args:
        consumer: a member of the group, with the partition assigned.
        place: the partition.
    """

    def __init__(self, consumer: AIOKafkaConsumer, place: TopicPartition) -> None:
        self._consumer = consumer
        self._place = place
        self._generation = self._now()

    async def holds(self, offset: int) -> bool:
        """Whether nobody else can have had the partition since it was assigned; no where nobody can tell.

        Args:
            offset: of the stored checkpoint.
        """
        try:
            async with asyncio.timeout(_ASK_SECONDS):
                await self._consumer.commit({self._place: offset})
        except (KafkaError, TimeoutError, OSError, AssertionError, ValueError):
            return False
        # Put out, the client forgets its generation before it joins anew, and of nobody an empty group takes all.
        return 0 < self._generation == self._now()

    def _now(self) -> int:
        return int(self._consumer._coordinator.generation)  # noqa: SLF001 (the client tells it in no other way)
