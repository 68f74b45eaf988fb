"""Effective pauses beside the fact table: intervals [start, end) in UTC microseconds with their row. Pure."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from services.metrics.table.runs import Runs

__all__ = ["PauseRuns"]


class PauseRuns(Runs):
    """The pauses of all cases; see services.metrics.table.runs about `first`."""

    def __init__(self) -> None:
        super().__init__({"start": np.int64, "end": np.int64})

    def containing(self, instant: int, rows: int) -> NDArray[np.bool_]:
        """For each of the table's rows: whether the instant lies inside one of its pauses."""
        inside = np.zeros(rows, dtype=np.bool_)
        inside[self["row"][self._around(instant)]] = True
        return inside

    def stopped_at(self, instant: int, rows: int) -> NDArray[np.int64]:
        """For each of the table's rows: the start of the pause an instant lies inside, else the instant itself."""
        stopped = np.full(rows, instant, dtype=np.int64)
        hit = self._around(instant)
        stopped[self["row"][hit]] = self["start"][hit]
        return stopped

    def intervals(self, row: int, first: NDArray[np.int32]) -> list[tuple[int, int]]:
        """One row's pauses."""
        places = self.of(row, first)
        return list(zip(self["start"][places].tolist(), self["end"][places].tolist(), strict=True))

    def _around(self, instant: int) -> NDArray[np.intp]:
        return np.flatnonzero((self["start"] <= instant) & (instant < self["end"]) & self["alive"])
