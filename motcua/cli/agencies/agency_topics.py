"""What the broker knows of agencies: whether their topics exist, how much is unread, when it was answered last."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient

from shared.broker.topics import agency_answers, agency_outbox, agency_tasks

__all__ = ["AgencyTopics", "look"]

#: Intake's consumer group.
_GROUP: Final = "motcua-intake-agencies"
_TIMEOUT_MS: Final = 10_000
_READ_SECONDS: Final = 5.0


@dataclass(frozen=True, slots=True)
class AgencyTopics:
    """An agency's topics: `missing` names, messages of its outbox intake has not done, Unix ms of the last answer.

    `lost` of the messages that intake has not come to are deleted already; what it came to it tells itself.
    """

    missing: tuple[str, ...]
    unread: int | None
    answered_ms: int | None
    lost: int = 0


async def look(kafka: str, units: Sequence[str]) -> dict[str, AgencyTopics]:
    """What the broker knows of these agencies. Raises KafkaError."""
    admin = AIOKafkaAdminClient(bootstrap_servers=kafka, request_timeout_ms=_TIMEOUT_MS)
    await admin.start()
    try:
        done = {place: told.offset for place, told in (await admin.list_consumer_group_offsets(_GROUP)).items()}
    finally:
        await admin.close()
    # As intake reads them: what an open transaction holds back is not unread yet.
    consumer = AIOKafkaConsumer(
        bootstrap_servers=kafka,
        group_id=None,
        enable_auto_commit=False,
        request_timeout_ms=_TIMEOUT_MS,
        isolation_level="read_committed",
    )
    await consumer.start()
    try:
        there = await consumer.topics()
        outboxes = {unit: TopicPartition(agency_outbox(unit), 0) for unit in units if agency_outbox(unit) in there}
        answers = {unit: TopicPartition(agency_answers(unit), 0) for unit in units if agency_answers(unit) in there}
        places = [*outboxes.values(), *answers.values()]
        begins = await consumer.beginning_offsets(places) if places else {}
        ends = await consumer.end_offsets(places) if places else {}
        last = await _last(consumer, {each: ends[each] for each in answers.values() if ends[each] > begins[each]})
    finally:
        await consumer.stop()
    found = {}
    for unit in units:
        topics = (agency_outbox(unit), agency_tasks(unit), agency_answers(unit))
        outbox, answer = outboxes.get(unit), answers.get(unit)
        unread = None if outbox is None else max(0, ends[outbox] - max(done.get(outbox, 0), begins[outbox]))
        lost = 0 if outbox is None or outbox not in done else max(0, begins[outbox] - done[outbox])
        answered = None if answer is None else last.get(answer)
        found[unit] = AgencyTopics(tuple(name for name in topics if name not in there), unread, answered, lost)
    return found


async def _last(consumer: AIOKafkaConsumer, ends: dict[TopicPartition, int]) -> dict[TopicPartition, int]:
    """When the last record of each partition was written, in Unix milliseconds; what cannot be read is left out."""
    found: dict[TopicPartition, int] = {}
    if not ends:
        return found
    consumer.assign(list(ends))
    for place, end in ends.items():
        consumer.seek(place, end - 1)
    deadline = asyncio.get_running_loop().time() + _READ_SECONDS
    while len(found) < len(ends) and asyncio.get_running_loop().time() < deadline:
        for place, records in (await consumer.getmany(timeout_ms=200)).items():
            found[place] = records[-1].timestamp
    return found
