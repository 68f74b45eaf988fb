"""Topics of a local stack and the pointer to its live epoch, made where missing and checked where there.

Names and guarantees come from shared/topics.py; this module only carries them to the broker.
"""

from __future__ import annotations

import json

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient, NewTopic

from deploy.local.errors import StackError
from shared.topics import EPOCH, topic_specs

__all__ = ["create", "live_epoch", "point_to"]

_LIVE = b"live"
_CREATED, _EXISTS = 0, 36
_TIMEOUT_MS = 10_000


async def create(kafka: str, epoch: int, partitions: int, replication: int = 1) -> None:
    """Create the topics of an epoch that are missing; harmless to repeat.

    Raises:
        StackError: a topic exists with another number of partitions, which would change who holds which dossier.
    """
    specs = topic_specs(epoch, partitions, replication)
    admin = AIOKafkaAdminClient(bootstrap_servers=kafka, request_timeout_ms=_TIMEOUT_MS)
    await admin.start()
    try:
        answer = await admin.create_topics(
            [NewTopic(spec.name, spec.partitions, spec.replication, topic_configs=spec.config) for spec in specs],
            timeout_ms=_TIMEOUT_MS,
        )
        for name, code, text in answer.topic_errors:
            if code not in (_CREATED, _EXISTS):
                raise StackError(f"topic {name} could not be created: {text or code}")
        found = {
            item["topic"]: len(item["partitions"]) for item in await admin.describe_topics([s.name for s in specs])
        }
    finally:
        await admin.close()
    for spec in specs:
        if found.get(spec.name, spec.partitions) not in (0, spec.partitions):
            raise StackError(
                f"topic {spec.name} has {found[spec.name]} partitions, not {spec.partitions}: "
                "a stack keeps the number it was made with; choose another --home"
            )


async def live_epoch(kafka: str) -> int | None:
    """The epoch that the last record of the pointer topic names; None when there is none yet."""
    consumer = AIOKafkaConsumer(
        bootstrap_servers=kafka, group_id=None, enable_auto_commit=False, auto_offset_reset="earliest"
    )
    partition = TopicPartition(EPOCH, 0)
    await consumer.start()
    try:
        consumer.assign([partition])
        # Before the first await: otherwise the consumer finds a position of its own, the end.
        consumer.seek(partition, 0)
        end = (await consumer.end_offsets([partition]))[partition]
        found: int | None = None
        while await consumer.position(partition) < end:
            for record in (await consumer.getmany(partition, timeout_ms=500)).get(partition, []):
                if record.key == _LIVE and record.value is not None:
                    found = int(json.loads(record.value)["epoch"])
        return found
    finally:
        await consumer.stop()


async def point_to(kafka: str, epoch: int) -> None:
    """Make an epoch the live one: the pointer's next record names it."""
    producer = AIOKafkaProducer(bootstrap_servers=kafka, acks="all", request_timeout_ms=_TIMEOUT_MS)
    await producer.start()
    try:
        await producer.send_and_wait(EPOCH, json.dumps({"epoch": epoch}).encode(), key=_LIVE)
    finally:
        await producer.stop()
