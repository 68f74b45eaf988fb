"""Groups of rows by one or several columns of numbers. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from services.metrics.counting.question import Array

__all__ = ["grouped"]

#: Up to so many combinations a place for each costs less than sorting the rows; it is small beside any table.
_PLACES: Final = 4_194_304


def grouped(columns: Sequence[Array]) -> tuple[NDArray[np.intp], NDArray[np.int64]]:
    """The number of each row's group, and for each group its numbers in the columns, groups in the order of those.

    Only what occurs is a group, so that pairs of thousands of units and procedures cost no more than there are rows.

    Args:
        columns: of numbers from 0, of the same rows; at least one.
    """
    sizes = [int(column.max()) + 1 if len(column) else 1 for column in columns]
    group, size = columns[0].astype(np.int64), sizes[0]
    for column, further in zip(columns[1:], sizes[1:], strict=True):
        if size * further >= 2**62:
            # So many combinations have no number of their own; those that occur have.
            found, group = np.unique(group, return_inverse=True)
            size = len(found)
        group, size = group * further + column, size * further
    places: NDArray[np.intp]
    if size <= max(_PLACES, 2 * len(group)):
        there = np.zeros(size, dtype=np.bool_)
        there[group] = True
        number = np.cumsum(there) - 1
        places = number[group]
        count = int(number[-1]) + 1
    else:
        found, places = np.unique(group, return_inverse=True)
        count = len(found)
    keys = np.zeros((count, len(columns)), dtype=np.int64)
    for place, column in enumerate(columns):
        keys[places, place] = column
    return places, keys
