"""Reading a topic to its end waits for nothing that cannot come."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from aiokafka import TopicPartition

from deploy.operations.epochs import reading

#: As long as the broker waits for more before it answers (shared.broker.kafka).
BROKER_MS = 100


class Gappy:
    """A topic whose last places hold no record that can be read; notes for how long each look would wait."""

    def __init__(self, last: dict[int, int], ends: dict[int, int]) -> None:
        self.last, self.ends = last, ends
        self.places: dict[TopicPartition, int] = {}
        self.empty_looks: list[int] = []

    async def start(self) -> None: ...

    async def stop(self) -> None: ...

    def assign(self, partitions: list[TopicPartition]) -> None: ...

    def seek(self, partition: TopicPartition, offset: int) -> None:
        self.places[partition] = offset

    async def beginning_offsets(self, partitions: list[TopicPartition]) -> dict[TopicPartition, int]:
        return dict.fromkeys(partitions, 0)

    async def end_offsets(self, partitions: list[TopicPartition]) -> dict[TopicPartition, int]:
        return {one: self.ends[one.partition] for one in partitions}

    async def getmany(self, partition: TopicPartition, timeout_ms: int) -> dict[TopicPartition, list[Any]]:
        place = self.places[partition]
        if place <= self.last[partition.partition]:
            self.places[partition] = self.last[partition.partition] + 1
            return {partition: [SimpleNamespace(offset=at) for at in range(place, self.places[partition])]}
        self.empty_looks.append(timeout_ms)
        self.places[partition] = self.ends[partition.partition]
        return {}

    async def position(self, partition: TopicPartition) -> int:
        return self.places[partition]


async def test_the_end_behind_the_last_record_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    topic = Gappy(last={0: 3, 1: 0, 2: 5}, ends={0: 9, 1: 4, 2: 6})
    monkeypatch.setattr(reading, "make_consumer", lambda *_, **__: topic)
    found = [record.offset async for record in reading.read_topic("nowhere", "facts", range(3))]
    assert found == [0, 1, 2, 3, 0, 0, 1, 2, 3, 4, 5]
    assert len(topic.empty_looks) == 2
    assert max(topic.empty_looks) <= BROKER_MS
