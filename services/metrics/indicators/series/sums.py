"""Sums of working time that never overflow: 64 bits hold the delay of one dossier, not that of all. Pure."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

__all__ = ["exact_sums", "halves", "joined"]

_BITS: Final = 32
_LOW: Final = 2**_BITS - 1


def exact_sums(places: NDArray[np.integer], values: NDArray[np.int64], size: int) -> list[int]:
    """Sums of values by place as exact integers; np.bincount with weights would add floats.

    Args:
        places: of each value, below `size`.
        values: microseconds.
        size: how many places there are.
    """
    return joined(halves(places, values, size))


def halves(places: NDArray[np.integer], values: NDArray[np.int64], size: int) -> NDArray[np.int64]:
    """The same as two columns, of the values' low and high halves: these may be added up further, then joined."""
    sums = np.zeros((size, 2), dtype=np.int64)
    np.add.at(sums[:, 0], places, values & _LOW)
    np.add.at(sums[:, 1], places, values >> _BITS)
    return sums


def joined(sums: NDArray[np.int64]) -> list[int]:
    """The sums whose halves were added up."""
    return [(high << _BITS) + low for low, high in sums.tolist()]
