"""Masks of any number of predicates, packed eight to a byte, and what they count by groups.

Pure. A byte holds which of eight predicates hold for a row, so that one counting of (group, byte) counts all eight:
what is allocated is by rows, by groups and by predicates, never by combinations of predicates.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from services.metrics.counting.abreast import abreast

__all__ = ["BLOCK", "Planes", "pack"]

#: Predicates of one plane, a bit each.
_BITS: Final = 8
#: Rows looked at together: their columns stay in a core's cache, and small arrays are made anew without page faults.
BLOCK: Final = 65_536
#: Places of one counting that stay in a core's cache; with more groups fewer predicates are counted at once.
_PLACES: Final = 262_144
_Bytes = NDArray[np.uint8]
_Counts = NDArray[np.int64]


def pack(masks: Iterable[NDArray[np.bool_]], into: _Bytes) -> None:
    """Write masks into planes, the first one into bit 0 of the first plane.

    Args:
        masks: of the same rows.
        into: one line a plane and one byte a row, zero.
    """
    for place, mask in enumerate(masks):
        # Many hold for none, such as those of intake where nothing comes online.
        if mask.any():
            into[place // _BITS] |= mask.view(np.uint8) * np.uint8(1 << place % _BITS)


class Planes:
    """Which of some predicates hold for which of some rows.

    Args:
        bits: one line for each eight predicates, one byte for each row; see pack.
        predicates: how many there are.
    """

    def __init__(self, bits: _Bytes, predicates: int) -> None:
        self._bits = bits
        self._predicates = predicates

    def __len__(self) -> int:
        """How many rows."""
        return int(self._bits.shape[1])

    def __getitem__(self, rows: slice | NDArray[Any]) -> Planes:
        """Of some of the rows, by their places."""
        return Planes(self._bits[:, rows], self._predicates)

    def mask(self, predicate: int) -> NDArray[np.bool_]:
        """For each row whether a predicate holds, by the number of the predicate."""
        held: NDArray[np.bool_] = (self._bits[predicate // _BITS] & np.uint8(1 << predicate % _BITS)) != 0
        return held

    def total(self) -> _Counts:
        """For how many rows each predicate holds."""
        found: _Counts = self.by(np.zeros(len(self), dtype=np.intp), 1)[0]
        return found

    def by(self, group: NDArray[Any], groups: int) -> _Counts:
        """For how many rows of each group each predicate holds: a line for each group.

        Args:
            group: the number of each row's group, from 0.
            groups: how many numbers there can be.
        """
        counted = np.zeros((groups, self._predicates), dtype=np.int64)
        if groups and len(self) and self._predicates:
            # Bits counted together: 8, 4, 2 or 1, as many as leave few places to count in.
            width = next((bits for bits in (8, 4, 2) if groups << bits <= _PLACES), 1)
            tasks = [(plane, shift) for plane in range(len(self._bits)) for shift in range(0, _BITS, width)]
            numbers = group.astype(np.intp) << width
            count = self._counting(numbers, groups, width)
            # Of few rows the hand-over to another thread costs more than their counting.
            found = abreast(count, tasks) if len(self) > BLOCK else map(count, tasks)
            for (plane, shift), some in zip(tasks, found, strict=True):
                first = plane * _BITS + shift
                counted[:, first : first + width] = some[:, : max(0, self._predicates - first)]
        return counted

    def _counting(self, numbers: NDArray[np.intp], groups: int, width: int) -> Any:
        """What counts some bits of a plane: the counts of each of them by group."""
        # For each value of the bits: which of them are set in it.
        is_set = (np.arange(1 << width)[:, np.newaxis] >> np.arange(width)) & 1

        def count(task: tuple[int, int]) -> _Counts:
            plane, shift = task
            if plane * _BITS + shift >= self._predicates or not self._bits[plane].any():
                return np.zeros((groups, width), dtype=np.int64)
            found = np.zeros(groups << width, dtype=np.int64)
            held = np.empty(min(_PLACES, len(numbers)), dtype=np.intp)
            for first in range(0, len(numbers), _PLACES):
                some = self._bits[plane, first : first + _PLACES]
                if width < _BITS:
                    some = (some >> np.uint8(shift)) & np.uint8((1 << width) - 1)
                places = held[: len(some)]
                np.add(numbers[first : first + len(some)], some, out=places)
                found += np.bincount(places, minlength=len(found))
            counts: _Counts = found.reshape(groups, -1) @ is_set
            return counts

        return count
