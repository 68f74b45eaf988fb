"""Turns go by time, and a partition is still ours only where the group says so under the same membership."""

from __future__ import annotations

import asyncio
from types import SimpleNamespace
from typing import Any, cast

import pytest
from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.errors import CommitFailedError

from services.processing.stream.pace.membership import Membership
from shared.turns import Turns

PLACE = TopicPartition("journal", 0)


async def _others_got(turns: Turns, things: int) -> int:
    """How many turns the loop's other work got while this one went through some things."""
    loop = asyncio.get_running_loop()
    count = 0
    waiting = True

    def other() -> None:
        nonlocal count
        count += 1
        if waiting:
            loop.call_soon(other)

    loop.call_soon(other)
    for _ in range(things):
        await turns.give()
    waiting = False
    return count


async def test_a_turn_is_given_whenever_the_time_is_up_and_never_before() -> None:
    assert await _others_got(Turns(0), 20) == 20
    assert await _others_got(Turns(3_600), 20) == 0


class _Group:
    """A member of a group: what it commits, under which generation, and what it hears."""

    def __init__(self, generation: int) -> None:
        self._coordinator = SimpleNamespace(generation=generation)
        self.answer: Exception | None = None
        self.after = generation

    async def commit(self, offsets: dict[TopicPartition, int]) -> None:
        assert offsets == {PLACE: 7}
        self._coordinator.generation = self.after
        if self.answer is not None:
            raise self.answer


@pytest.mark.parametrize(
    ("generation", "after", "answer", "holds"),
    [
        (3, 3, None, True),
        (3, 3, CommitFailedError("rebalanced"), False),
        (3, 3, TimeoutError(), False),
        (3, -1, None, False),
        (3, 4, None, False),
        (-1, -1, None, False),
    ],
)
async def test_a_partition_is_held_under_one_generation_only(
    generation: int, after: int, answer: Exception | None, holds: bool
) -> None:
    group: Any = _Group(generation)
    membership = Membership(cast("AIOKafkaConsumer", group), PLACE)
    group.after, group.answer = after, answer
    assert await membership.holds(7) is holds
