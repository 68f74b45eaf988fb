"""Effective supplement pauses beside the fact table: an append-only list of intervals with the row they belong to.

A row that is replaced begins a new run of intervals; older ones of the same row are dead, and dropped now and then.
Pure.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

__all__ = ["NO_PAUSE", "Pauses"]

#: First interval of a row that has none.
NO_PAUSE = 2**31 - 1


class Pauses:
    """Intervals [start, end) in UTC microseconds; `first` (a column of the fact table) tells where a row's run begins.

    An interval is alive iff its place is at or after its row's `first`, since a row's newest run is always the last.
    """

    def __init__(self) -> None:
        self._size = 0
        self._limit = 1024
        self._row = np.empty(256, dtype=np.int32)
        self._start = np.empty(256, dtype=np.int64)
        self._end = np.empty(256, dtype=np.int64)

    def __len__(self) -> int:
        return self._size

    @property
    def nbytes(self) -> int:
        """Memory held, in bytes."""
        return self._row.nbytes + self._start.nbytes + self._end.nbytes

    def add(self, row: int, intervals: Sequence[tuple[int, int]]) -> int:
        """Append a row's new run and return its place, which is the row's new `first`."""
        first = self._size
        needed = first + len(intervals)
        if needed > len(self._row):
            capacity = 2 * needed
            self._row = np.resize(self._row, capacity)
            self._start = np.resize(self._start, capacity)
            self._end = np.resize(self._end, capacity)
        for place, (start, end) in enumerate(intervals, first):
            self._row[place], self._start[place], self._end[place] = row, start, end
        self._size = needed
        return first

    def containing(self, instant: int, first: NDArray[np.int32]) -> NDArray[np.bool_]:
        """For each row of the table: whether the instant lies inside one of its pauses."""
        inside = np.zeros(len(first), dtype=np.bool_)
        size = self._size
        hit = np.flatnonzero((self._start[:size] <= instant) & (instant < self._end[:size]))
        rows = self._row[hit]
        inside[rows[hit >= first[rows]]] = True
        return inside

    def alive(self, first: NDArray[np.int32]) -> tuple[NDArray[np.int32], NDArray[np.int64], NDArray[np.int64]]:
        """Copies of row, start and end of all intervals that are alive, in order of their place."""
        keep = np.arange(self._size) >= first[self._row[: self._size]]
        size = self._size
        return self._row[:size][keep], self._start[:size][keep], self._end[:size][keep]

    def compact(self, first: NDArray[np.int32]) -> None:
        """Drop dead intervals when they may be the greater part, and correct `first` in place."""
        if self._size < self._limit:
            return
        self.load(*self.alive(first), first)

    def load(
        self, row: NDArray[np.int32], start: NDArray[np.int64], end: NDArray[np.int64], first: NDArray[np.int32]
    ) -> None:
        """Take over intervals that are all alive and stand together row by row; sets `first` in place."""
        self._size = len(row)
        self._limit = 2 * self._size + 1024
        self._row, self._start, self._end = row, start, end
        first[:] = NO_PAUSE
        # Backwards, so that the first interval of each row is written last.
        first[row[::-1]] = np.arange(self._size, dtype=np.int32)[::-1]
