"""Tells agencies what is new about dossiers: works out what each should know, records it as owed, sends, records it.

Knows what was sent and who can be told; not when it is time to tell.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping
from typing import Any, Final

import orjson
from aiokafka import AIOKafkaProducer
from aiokafka.errors import UnknownTopicOrPartitionError

from services.processing.dispatch.judged import ANSWER, judge
from services.processing.dispatch.numbering import numbered
from services.processing.dispatch.pending import Item
from services.processing.dispatch.reach import Reach, topic_of
from services.processing.dispatch.store import Remembered, SentStore
from services.processing.dispatch.wanted import SOURCE, Message, reconcile
from shared.catalogue.base import Meters
from shared.instants import to_rfc3339
from shared.logging import get_logger

__all__ = ["Telling"]

_NOTHING: Final = Remembered([], [], [])
_log = get_logger("processing.dispatch")


class Telling:
    """Tells once, whatever is read twice.

    Args:
        producer: a started producer.
        sent: what was sent before.
        meters: processing's metrics.
        epoch: whose rows it tells of.
        simulated: whether the stack is simulated; its messages are marked as such.
    """

    def __init__(
        self, producer: AIOKafkaProducer, sent: SentStore, meters: Meters, epoch: int, *, simulated: bool
    ) -> None:
        self._producer = producer
        self._sent = sent
        self._meters = meters
        self._epoch = epoch
        self._simulated = simulated

    async def tell(self, items: Mapping[str, Item], reach: Reach, clock: int) -> None:
        """Tell what is new.

        Args:
            items: cases with news, by the keys of their records.
            reach: who can be told.
            clock: the partition's clock in UTC microseconds.

        Raises:
            KafkaError, DatabaseError: some may be told and not recorded, or another dispatcher tells of them by now;
                telling again repeats it with its identities.
        """
        before = await self._sent.load(list(items))
        messages: list[tuple[str, Message]] = []
        owing: dict[str, Remembered] = {}
        after: dict[str, Remembered] = {}
        for key, item in items.items():
            known = before.get(key, _NOTHING)
            if known.told is not None and known.told[0] == self._epoch and item.cause < known.told[1]:
                # Read before this process was frozen, or written by one that was: newer rows were told of since.
                continue
            wanted = reconcile(item.row, item.notices, known.sent, reach.tasks, clock)
            fresh, sent = numbered(*wanted, known.sent)
            judged, answers = judge(item.row, item.heard, known.answers, reach.answers, reach.paused)
            owed = [*known.owed, *fresh, *judged]
            now = known._replace(sent=sent, owed=owed, answers=answers)
            if now == known and not any(map(reach.gets, owed)):
                continue
            owing[key] = now = now._replace(told=(self._epoch, item.cause))
            if going := [message for message in owed if reach.gets(message)]:
                messages += [(item.row["code"], message) for message in going]
                # What is owed to those who can be told nothing now stays owed.
                left = [message for message in owed if not reach.gets(message)]
                after[key] = now._replace(owed=left, revision=(now.revision or 0) + 1)
        # Before the broker has them: what a crash leaves in doubt is sent again under the same identities, and taken
        # back if it proves wrong meanwhile.
        await self._sent.save(owing)
        await self._send(messages, clock)
        await self._sent.save(after)

    async def _send(self, messages: Iterable[tuple[str, Message]], clock: int) -> None:
        counter = self._meters.counter("motcua_processing_dispatched_total")
        judged = self._meters.counter("motcua_processing_judged_total")
        sends = []
        for code, message in messages:
            told: dict[str, Any] = {
                "specversion": "1.0",
                "id": message.id,
                "source": SOURCE,
                "type": message.type,
                "subject": code,
                "time": to_rfc3339(clock),
                "data": message.data,
            }
            if self._simulated:
                told["simulated"] = True
            try:
                sends.append(
                    await self._producer.send(topic_of(message), orjson.dumps(told), key=code.encode(), partition=0)
                )
            except UnknownTopicOrPartitionError:
                _log.warning("an agency's topic is gone", unit=message.unit)
                continue
            counter.labels(message.type).inc()
            if message.type == ANSWER:
                judged.labels(message.data["fate"]).inc()
        if sends:
            await asyncio.gather(*sends)
