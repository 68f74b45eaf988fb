"""Lists beside the fact table, such as pauses and steps: append-only columns with the row each item belongs to.

The items of a row stand together. A row that is replaced gets a new run of items; the older run is dead, and dropped
now and then. Pure: knows nothing of what the items mean.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

__all__ = ["NO_RUN", "Runs"]

Array = NDArray[Any]

#: First item of a row that has none.
NO_RUN: Final = 2**31 - 1
#: Columns of every list: the row of the fact table, the items of the run (told at its first), and whether it holds.
_OWN: Final[Mapping[str, type[np.generic]]] = {"row": np.int32, "length": np.int32, "alive": np.bool_}


class Runs:
    """Items in columns; `first` (a column of the fact table) tells where a row's run begins.

    Args:
        kinds: columns of an item and their types, besides `row`.
    """

    def __init__(self, kinds: Mapping[str, type[np.generic]]) -> None:
        self._size = 0
        self._limit = 1024
        self._kinds = kinds
        self._columns: dict[str, Array] = {name: np.empty(256, dtype=kind) for name, kind in {**_OWN, **kinds}.items()}

    def __len__(self) -> int:
        return self._size

    def __getitem__(self, name: str) -> Array:
        """A column of all items, dead ones included, as a view: valid until the next change."""
        return self._columns[name][: self._size]

    @property
    def names(self) -> tuple[str, ...]:
        """The columns an image keeps."""
        return ("row", *self._kinds)

    @property
    def nbytes(self) -> int:
        """Memory held, in bytes."""
        return sum(column.nbytes for column in self._columns.values())

    def kill(self, rows: NDArray[np.int64], first: NDArray[np.int32]) -> None:
        """Forget the runs of some rows, no row twice; their `first` becomes NO_RUN."""
        starts = first[rows]
        starts = starts[starts != NO_RUN]
        first[rows] = NO_RUN
        if len(starts):
            lengths = self["length"][starts]
            offsets = np.arange(lengths.sum()) - np.repeat(np.cumsum(lengths) - lengths, lengths)
            self["alive"][np.repeat(starts, lengths) + offsets] = False

    def add(
        self,
        rows: Sequence[int],
        items: Sequence[int],
        columns: Sequence[Sequence[Any]],
        first: NDArray[np.int32],
    ) -> None:
        """Append the runs of some rows that have none, no row twice, no run empty, and set their `first`.

        Args:
            rows: of the fact table.
            items: how many each row has.
            columns: the items' columns, row after row.
            first: the fact table's column, changed in place.
        """
        lengths = np.array(items, dtype=np.int32)
        start, end = self._size, self._size + int(lengths.sum())
        self._reserve(end)
        self._size = end
        at = np.array(rows, dtype=np.int32)
        starts = start + np.cumsum(lengths, dtype=np.int32) - lengths
        first[at] = starts
        self["row"][start:] = np.repeat(at, lengths)
        self["length"][starts] = lengths
        self["alive"][start:] = True
        for name, column in zip(self._kinds, columns, strict=True):
            self[name][start:] = column

    def _reserve(self, needed: int) -> None:
        if needed <= len(self._columns["row"]):
            return
        for name, column in self._columns.items():
            # np.resize repeats what is there, which nobody looks at beyond the size.
            self._columns[name] = np.resize(column, needed + needed // 2)

    def living(self) -> NDArray[np.intp]:
        """Places of all items that are alive, in order."""
        return np.flatnonzero(self["alive"])

    def of(self, row: int, first: NDArray[np.int32]) -> slice:
        """Places of one row's items."""
        start = int(first[row])
        return slice(0, 0) if start == NO_RUN else slice(start, start + int(self["length"][start]))

    def copy(self) -> dict[str, Array]:
        """Copies of the columns an image keeps, of the items that are alive."""
        places = self.living()
        return {name: self[name][places] for name in self.names}

    def compact(self, first: NDArray[np.int32]) -> None:
        """Drop dead items when they may be the greater part, and correct `first` in place."""
        if self._size >= self._limit:
            self.load(self.copy(), first)

    def load(self, columns: Mapping[str, Array], first: NDArray[np.int32]) -> None:
        """Take over items that are all alive and stand together row by row; sets `first` in place.

        Raises:
            ValueError: the columns differ in length, or name a row that is not there, or a row stands in two places.
        """
        row = np.array(columns["row"], dtype=np.int32)
        size = len(row)
        found = {name: np.array(columns[name], dtype=kind) for name, kind in self._kinds.items()}
        if any(len(column) != size for column in found.values()):
            raise ValueError("columns of one list differ in length")
        if size and not 0 <= row.min() <= row.max() < len(first):
            raise ValueError("an item belongs to no row")
        starts = np.flatnonzero(np.diff(row, prepend=-1)).astype(np.int32)
        if len(np.unique(row[starts])) != len(starts):
            raise ValueError("the items of a row stand apart")
        length = np.zeros(size, dtype=np.int32)
        length[starts] = np.diff(starts, append=np.int32(size))
        first[:] = NO_RUN
        first[row[starts]] = starts
        self._columns = {"row": row, "length": length, "alive": np.ones(size, dtype=np.bool_), **found}
        self._size = size
        self._limit = 2 * size + 1024
