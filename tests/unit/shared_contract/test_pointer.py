"""Which record of the pointer holds, in whatever order they were written."""

from __future__ import annotations

from functools import reduce

import pytest

from shared.contract.housekeeping import LiveEpoch
from shared.pointer import newer


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
