"""Records that should never be: put on the topics of a stack behind its services' backs, and the dead letters read.

Knows topics and bytes only.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Sequence
from typing import Any

from aiokafka import AIOKafkaProducer

from deploy.operations.epochs.reading import read_topic
from shared.broker.topics import DEADLETTER

__all__ = ["Record", "accepted", "dead_letters", "put"]

#: Key and value of a record.
Record = tuple[bytes | None, bytes | None]


def accepted(code: str, **changes: Any) -> dict[str, Any]:
    """A good entry: a dossier accepted."""
    return {
        "specversion": "1.0",
        "type": "dossier.accepted",
        "source": "test/bad",
        "id": f"{code}/1",
        "subject": code,
        "time": "2024-04-10T08:00:00+07:00",
        "data": {"unit": "H44.01", "channel": "online", "promised_due": "2024-04-17"},
    } | changes


def put(kafka: str, topic: str, partition: int, records: Sequence[Record]) -> list[int]:
    """Append records to a partition; their offsets."""

    async def send() -> list[int]:
        producer = AIOKafkaProducer(bootstrap_servers=kafka, acks="all")
        await producer.start()
        try:
            offsets = []
            for key, value in records:
                placed = await producer.send_and_wait(topic, value=value, key=key, partition=partition)
                offsets.append(placed.offset)
        finally:
            await producer.stop()
        return offsets

    return asyncio.run(send())


def dead_letters(kafka: str) -> dict[tuple[str, int, int], dict[str, Any]]:
    """The dead letters that can be read, by topic, partition and offset of what they are about."""

    async def read() -> dict[tuple[str, int, int], dict[str, Any]]:
        found = {}
        async for record in read_topic(kafka, DEADLETTER, [0]):
            try:
                letter = json.loads(record.value or b"")
                found[letter["topic"], letter["partition"], letter["offset"]] = letter
            except (ValueError, KeyError, TypeError):
                continue  # poison of this test on the dead letters' own topic
        return found

    return asyncio.run(read())
