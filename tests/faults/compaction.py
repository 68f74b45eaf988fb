"""Has a topic compacted now, as it would be after its thirty days: only the last record of every key is left."""

from __future__ import annotations

from collections import Counter
from collections.abc import Awaitable, Callable
from typing import Final

from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.admin.config_resource import ConfigResource, ConfigResourceType

from deploy.operations.epochs.reading import read_topic
from tests.waiting import until_async

__all__ = ["compact"]

_AT_ONCE: Final = {
    "cleanup.policy": "compact",
    "segment.ms": "100",
    "min.cleanable.dirty.ratio": "0.001",
    "min.compaction.lag.ms": "0",
    "max.compaction.lag.ms": "100",
    "max.message.bytes": "8388608",
}


async def compact(kafka: str, topic: str, partitions: int, add: Callable[[], Awaitable[None]]) -> int:
    """Return when of all there is now only the last record of every key is left; how many were dropped.

    Args:
        kafka: bootstrap servers.
        topic: its name.
        partitions: how many it has.
        add: has a record written to each partition, which closes the segment before it.

    Raises:
        AssertionError: the broker's cleaner did not come in time.
    """
    admin = AIOKafkaAdminClient(bootstrap_servers=kafka)
    await admin.start()
    try:
        await admin.alter_configs([ConfigResource(ConfigResourceType.TOPIC, topic, configs=_AT_ONCE)])
    finally:
        await admin.close()
    before = {(one.partition, one.offset) async for one in read_topic(kafka, topic, range(partitions))}

    async def left() -> int:
        await add()
        found = read_topic(kafka, topic, range(partitions))
        keys = Counter([one.key async for one in found if (one.partition, one.offset) in before])
        return keys.total() if max(keys.values()) == 1 else 0

    return len(before) - await until_async(left, f"{topic} to be compacted", 120)
