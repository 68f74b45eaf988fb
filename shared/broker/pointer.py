"""The pointer to the live epoch: how it is read and by what rule one of its records holds. Knows no entries.

A record that names an epoch without a lifecycle topic was forged or written by mistake: the one that is there goes on.
Every record has a number one above the highest its writer read, and the highest number holds, not the last record: a
writer that was frozen before it sent comes behind a newer one with a lower number, or with the same, and of one number
the first holds. Records of before there were numbers count as 0; among them the last holds.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from functools import reduce
from typing import Any, Final

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.errors import KafkaTimeoutError
from pydantic import ValidationError

from shared.broker.kafka import make_consumer, stop_client
from shared.broker.topics import EPOCH, lifecycle
from shared.contract.housekeeping import MOST_POINTERS, LiveEpoch
from shared.logging import get_logger

__all__ = ["LIVE_KEY", "holding", "newer", "next_number", "parse_pointer", "read_pointer", "read_pointers"]

#: Key of the pointer's records; others on the topic are nobody's.
LIVE_KEY: Final = b"live"
_POLL_MS: Final = 5_000
_log = get_logger("pointer")


def newer(held: LiveEpoch | None, found: LiveEpoch) -> LiveEpoch:
    """Which of two records holds; `found` stands behind `held` on the topic."""
    if held is None:
        return found
    before, after = held.number or 0, found.number or 0
    return found if after > before or after == before == 0 else held


def holding(pointers: Sequence[LiveEpoch], topics: Collection[str]) -> LiveEpoch | None:
    """The record that holds; where no epoch named is there yet, the one that would.

    Args:
        pointers: what the records say, in their order.
        topics: names of the topics that are there.
    """
    there = [one for one in pointers if lifecycle(one.epoch) in topics]
    return reduce(newer, there or pointers, None)


def next_number(pointers: Sequence[LiveEpoch]) -> int:
    """The number of the next record: above those of epochs that are not there too, since one day they may be."""
    return 1 + max((one.number or 0 for one in pointers if (one.number or 0) < MOST_POINTERS), default=0)


def parse_pointer(record: Any) -> LiveEpoch | None:
    """What a record of the topic says; None for one that is not the pointer's.

    Raises:
        ValidationError: it is the pointer's and no epoch can be read from it.
    """
    return None if record.key != LIVE_KEY else LiveEpoch.model_validate_json(record.value or b"")


async def read_pointer(kafka: str, client_id: str) -> LiveEpoch | None:
    """The pointer as it stands; None where there is none yet. Arguments and errors as of read_pointers."""
    return holding(*await read_pointers(kafka, client_id))


async def read_pointers(kafka: str, client_id: str) -> tuple[list[LiveEpoch], Collection[str]]:
    """All of the pointer's records in order, and the topics there are. One that is no epoch is logged and passed over.

    Args:
        kafka: bootstrap servers.
        client_id: name seen by the broker.

    Raises:
        KafkaError: the broker does not answer, or not to the pointer's end.
    """
    consumer = make_consumer(kafka, client_id)
    try:
        await consumer.start()
        topics = await consumer.topics()
        return (await _read(consumer) if EPOCH in topics else []), topics
    finally:
        await stop_client(consumer)


async def _read(consumer: AIOKafkaConsumer) -> list[LiveEpoch]:
    place = TopicPartition(EPOCH, 0)
    at = (await consumer.beginning_offsets([place]))[place]
    end = (await consumer.end_offsets([place]))[place]
    consumer.assign([place])
    # Before the next await: otherwise the consumer looks for a position of its own.
    consumer.seek(place, at)
    found: list[LiveEpoch] = []
    while at < end:
        records = (await consumer.getmany(place, timeout_ms=_POLL_MS)).get(place, ())
        # Not the last record's place: behind it may be the end of a transaction, which is no record.
        before, at = at, await consumer.position(place)
        if at == before:
            raise KafkaTimeoutError(f"the pointer to the live epoch ({EPOCH}) could not be read to its end")
        for record in records:
            try:
                one = parse_pointer(record)
            except ValidationError:
                _log.error("a record of the pointer is no epoch; passed over", topic=EPOCH, offset=record.offset)
                continue
            if one is not None:
                found.append(one)
    return found
