"""Dead letters of metrics: unusable records with their reason, sent by FastStream's broker beside the reading loop.

Nothing waits for them: a record that cannot be sent stands in the lifecycle topic itself, and is only counted.
"""

from __future__ import annotations

import asyncio
from typing import Final

from aiokafka import ConsumerRecord
from faststream.kafka import KafkaBroker

from services.metrics.table.decode import Unusable
from shared.broker.topics import DEADLETTER
from shared.catalogue.base import Meters
from shared.clock import Clock
from shared.contract.housekeeping import DeadLetter
from shared.logging import get_logger

__all__ = ["DeadLetters"]

_log = get_logger("metrics.deadletters")
_WAITING: Final = 1_000
_ATTEMPTS: Final = 5


class DeadLetters:
    """A queue of dead letters and what empties it.

    Args:
        broker: FastStream's broker, started by the application.
        meters: the service's metrics.
        clock: for the time a record was seen.
    """

    def __init__(self, broker: KafkaBroker, meters: Meters, clock: Clock) -> None:
        self._publisher = broker.publisher(
            DEADLETTER, schema=DeadLetter, title="deadLetters", description="records that could not be understood"
        )
        self._queue: asyncio.Queue[DeadLetter] = asyncio.Queue(_WAITING)
        self._meters = meters
        self._clock = clock

    def put(self, record: ConsumerRecord, unusable: Unusable) -> None:
        """Take a record that cannot be used; returns at once."""
        self._meters.counter("motcua_metrics_deadletters_total").labels(unusable.reason).inc()
        letter = DeadLetter.of(
            record,
            service="metrics",
            reason=unusable.reason,
            detail=unusable.detail,
            seen_at=self._clock.now(),
        )
        _log.warning(
            "unusable record",
            reason=unusable.reason,
            topic=record.topic,
            partition=record.partition,
            offset=record.offset,
        )
        try:
            self._queue.put_nowait(letter)
        except asyncio.QueueFull:
            self._drop()

    async def run(self) -> None:
        """Send dead letters until cancelled; each is tried a few times, then dropped and counted."""
        while True:
            letter = await self._queue.get()
            for attempt in range(_ATTEMPTS):
                if await self._sent(letter):
                    break
                await asyncio.sleep(2**attempt)
            else:
                self._drop()

    async def _sent(self, letter: DeadLetter) -> bool:
        try:
            await self._publisher.publish(letter, key=letter.record_key())
        except Exception as error:  # noqa: BLE001 (whatever the client raises: the letter is tried again, then counted)
            _log.warning("dead letter not sent", reason=type(error).__name__)
            return False
        return True

    def _drop(self) -> None:
        self._meters.counter("motcua_metrics_deadletters_dropped_total").inc()
