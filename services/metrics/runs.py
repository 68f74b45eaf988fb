"""Lists beside the fact table, such as pauses and steps: append-only columns with the row each item belongs to.

A row that is replaced begins a new run of items; older ones of the same row are dead, and dropped now and then. Pure:
knows nothing of what the items mean.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

__all__ = ["NO_RUN", "Runs"]

Array = NDArray[Any]

#: First item of a row that has none.
NO_RUN: Final = 2**31 - 1


class Runs:
    """Items in columns; `first` (a column of the fact table) tells where a row's newest run begins.

    An item is alive iff its place is at or after its row's `first`, since a row's newest run is always the last.

    Args:
        kinds: columns of an item and their types, besides `row`.
    """

    def __init__(self, kinds: Mapping[str, type[np.generic]]) -> None:
        self._size = 0
        self._limit = 1024
        self._columns: dict[str, Array] = {"row": np.empty(256, dtype=np.int32)}
        self._columns |= {name: np.empty(256, dtype=kind) for name, kind in kinds.items()}
        self._kinds = kinds

    def __len__(self) -> int:
        return self._size

    def __getitem__(self, name: str) -> Array:
        """A column of all items, dead ones included, as a view: valid until the next change."""
        return self._columns[name][: self._size]

    @property
    def nbytes(self) -> int:
        """Memory held, in bytes."""
        return sum(column.nbytes for column in self._columns.values())

    def add(self, rows: Sequence[int], runs: Sequence[Sequence[Sequence[Any]]], first: NDArray[np.int32]) -> None:
        """Append the new runs of some rows, no row twice, no run empty, and set their `first`.

        Args:
            rows: of the fact table.
            runs: for each row its items, each a value per column.
            first: the fact table's column, changed in place.
        """
        lengths = [len(run) for run in runs]
        start = self._size
        ends = np.cumsum(lengths, dtype=np.int64) + start
        self._reserve(int(ends[-1]))
        self._size = int(ends[-1])
        at = np.array(rows, dtype=np.int32)
        first[at] = (ends - lengths).astype(np.int32)
        self._columns["row"][start : self._size] = np.repeat(at, lengths)
        values = zip(*(item for run in runs for item in run), strict=True)
        for name, column in zip(self._kinds, values, strict=True):
            self._columns[name][start : self._size] = column

    def _reserve(self, needed: int) -> None:
        if needed <= len(self._columns["row"]):
            return
        for name, column in self._columns.items():
            # np.resize repeats what is there, which nobody looks at beyond the size.
            self._columns[name] = np.resize(column, needed + needed // 2)

    def living(self, first: NDArray[np.int32]) -> NDArray[np.intp]:
        """Places of all items that are alive, in order."""
        return np.flatnonzero(np.arange(self._size) >= first[self["row"]])

    def of(self, row: int, first: NDArray[np.int32]) -> slice:
        """Places of one row's items: its newest run stands together."""
        start = int(first[row])
        if start == NO_RUN:
            return slice(0, 0)
        rows = self["row"]
        end = start + 1
        while end < self._size and rows[end] == row:
            end += 1
        return slice(start, end)

    def copy(self, first: NDArray[np.int32]) -> dict[str, Array]:
        """Copies of all columns, `row` included, of the items that are alive, for a table image."""
        places = self.living(first)
        return {name: self[name][places] for name in self._columns}

    def compact(self, first: NDArray[np.int32]) -> None:
        """Drop dead items when they may be the greater part, and correct `first` in place."""
        if self._size >= self._limit:
            self.load(self.copy(first), first)

    def load(self, columns: Mapping[str, Array], first: NDArray[np.int32]) -> None:
        """Take over items that are all alive and stand together row by row; sets `first` in place.

        Raises:
            ValueError: the columns differ in length, or name a row that is not there.
        """
        row = np.array(columns["row"], dtype=np.int32)
        found = {"row": row} | {name: np.array(columns[name], dtype=kind) for name, kind in self._kinds.items()}
        if any(len(column) != len(row) for column in found.values()):
            raise ValueError("columns of one list differ in length")
        if len(row) and not 0 <= row.min() <= row.max() < len(first):
            raise ValueError("an item belongs to no row")
        self._columns = found
        self._size = len(row)
        self._limit = 2 * self._size + 1024
        first[:] = NO_RUN
        # Backwards, so that the first item of each row is written last.
        first[row[::-1]] = np.arange(self._size, dtype=np.int32)[::-1]

    @property
    def names(self) -> Iterable[str]:
        """Names of all columns, `row` first."""
        return self._columns.keys()
