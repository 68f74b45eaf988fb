"""What outboxes lost: messages that the broker deleted before intake read them, told long after. Reads no message.

A loss stands in the database before reading goes on behind it, so that a crash in between tells it again, once.
"""

from __future__ import annotations

import asyncio
from dataclasses import asdict
from datetime import timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from aiokafka import TopicPartition

from services.intake.agencies.state.store_losses import Loss, LossStore
from services.intake.senders.store import StoreAway
from shared.broker.topics import outbox_unit
from shared.catalogue.base import Meters
from shared.clock import Clock
from shared.instants import DAY, SECOND, to_rfc3339_local
from shared.logging import get_logger
from shared.notes import Note

__all__ = ["TOLD", "Losses"]

#: For how long a loss is told.
TOLD: Final = timedelta(days=30)
_REFRESH_SECONDS: Final = 30.0
_log = get_logger("intake.agencies")


class Losses:
    """The losses that are told, as this replica knows them.

    Args:
        store: where they are kept for all replicas.
        clock: the wall clock.
        zone: the stack's zone, in which people are told of instants.
        meters: intake's metrics.
    """

    def __init__(self, store: LossStore, clock: Clock, zone: ZoneInfo, meters: Meters) -> None:
        self._store = store
        self._clock = clock
        self._zone = zone
        self._gauge = meters.gauge("motcua_intake_agency_lost")
        self._known: list[Loss] = []

    async def run(self) -> None:
        """Learn of what other replicas found, until cancelled."""
        while True:
            try:
                await self.refresh()
            except StoreAway:
                _log.info("losses of outboxes are not known: the database is away")
            await asyncio.sleep(_REFRESH_SECONDS)

    async def refresh(self) -> None:
        """Read them anew.

        Raises:
            StoreAway: the database does not answer.
        """
        self._known = await self._store.since(self._clock.now() - TOLD.days * DAY)
        self._gauge.clear()
        for unit in {one.unit for one in self._known}:
            self._gauge.labels(unit).set(self.of(unit))

    async def look(self, consumer: Any, place: TopicPartition, expected: int | None, position: int) -> None:
        """Tell what lies between the offset that is due and where a consumer is, if the broker has it no more.

        A client passes over what was deleted without a word.

        Args:
            consumer: a started one.
            place: the outbox.
            expected: offset of the first message that was not read; None where nobody ever read, so that all counts.
            position: of what is read next.

        Raises:
            KafkaError: the broker does not answer.
            StoreAway: the database does not answer, so it may not be kept: reading must not go on.
        """
        due = expected or 0
        if position <= due:
            return
        # Else what was passed over is no message: the end of a transaction, or what one rolled back.
        begin = (await consumer.beginning_offsets([place]))[place]
        if begin > due:
            await self._note(outbox_unit(place.topic) or place.topic, place.topic, due, begin)

    async def _note(self, unit: str, topic: str, first: int, following: int) -> None:
        loss = Loss(unit, topic, first, following, self._clock.now())
        await self._store.add(loss)
        _log.error("messages of an outbox were deleted unread", lost=loss.count, **asdict(loss))
        await self.refresh()

    def close(self) -> None:
        """Close the connections."""
        self._store.close()

    def of(self, unit: str) -> int:
        """How many messages of a unit's outbox are lost."""
        return sum(one.count for one in self._known if one.unit == unit)

    def notes(self) -> list[str]:
        """What was lost, and what to do."""
        return [self._words(one) for one in self._known]

    def _words(self, loss: Loss) -> Note:
        at = to_rfc3339_local(loss.at // SECOND * SECOND, self._zone)
        return Note(
            f"{loss.count} messages of the outbox of {loss.unit} are lost: the broker had deleted offsets {loss.first} "
            f"to {loss.next - 1} before they were read, found at {at}",
            f"let {loss.unit} send again what was not answered, and see that the topic's retention is longer than "
            f"intake is ever away: {loss.topic}",
            vi=f"mất {loss.count} thông điệp trong hộp gửi của {loss.unit}: Kafka đã xoá offset {loss.first} đến "
            f"{loss.next - 1} trước khi được đọc, phát hiện lúc {at}",
            vi_remedy=f"nhờ {loss.unit} gửi lại những gì chưa được trả lời, và giữ retention của chủ đề dài hơn thời "
            f"gian intake có thể ngừng: {loss.topic}",
        )
