"""Which record of the pointer holds, in whatever order they were written."""

from __future__ import annotations

from functools import reduce

import pytest

from shared.broker.pointer import holding, newer, next_number
from shared.broker.topics import lifecycle
from shared.contract.housekeeping import MOST_POINTERS, LiveEpoch


def holds(*records: tuple[int, int | None]) -> int | None:
    """The epoch that holds after records of (epoch, number)."""
    held = reduce(newer, (LiveEpoch(epoch=epoch, number=number) for epoch, number in records), None)
    return None if held is None else held.epoch


@pytest.mark.parametrize(
    ("records", "epoch"),
    [
        ([(1, None), (2, None), (1, None)], 1),
        ([(1, None), (2, 1), (3, None)], 2),
        ([(1, 1), (2, 2), (3, 3)], 3),
        ([(1, 1), (3, 3), (2, 2)], 3),
        ([(1, 1), (2, 2), (3, 2)], 2),
        ([(2, 2), (3, 2), (4, 3), (1, 1)], 4),
    ],
    ids=["of-before-the-last", "numbered-over-unnumbered", "in-order", "woken", "same-number-the-first", "mixed"],
)
def test_the_highest_number_holds(records: list[tuple[int, int | None]], epoch: int) -> None:
    assert holds(*records) == epoch


def test_an_epoch_that_is_not_there_keeps_the_one_that_is() -> None:
    pointers = [LiveEpoch(epoch=1, number=1), LiveEpoch(epoch=2, number=2), LiveEpoch(epoch=99, number=2**40)]
    topics = {lifecycle(1), lifecycle(2)}
    held = holding(pointers, topics)
    assert held is not None
    assert held.epoch == 2
    # What is written next is above it, so that it never holds, not even once there is an epoch of that number.
    after = LiveEpoch(epoch=3, number=next_number(pointers))
    held = holding([*pointers, after], {*topics, lifecycle(3), lifecycle(99)})
    assert held is after
    assert holding(pointers[2:], topics) is pointers[2], "of a stack whose topics are still to be made"
    assert holding([], topics) is None
    assert next_number([LiveEpoch(epoch=9, number=MOST_POINTERS), pointers[0]]) == 2
