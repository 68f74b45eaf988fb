"""The fact table: one row per dossier in numpy columns, replaced in place by the row with the newer cause.

Pure: knows neither Kafka nor a clock nor any figure. Instants are UTC microseconds, NEVER stands for none. About 100
bytes a row beside the codes themselves.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final, NamedTuple
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from services.metrics.dictionary import Dictionary
from services.metrics.pauses import NO_PAUSE, Pauses
from services.metrics.periods import NEVER, local_days

__all__ = ["CHANNELS", "COLUMNS", "FINISHES", "Array", "Fact", "FactTable"]

Array = NDArray[Any]

#: Channels and ends by their number in the table; number 0 is none.
CHANNELS: Final[tuple[str | None, ...]] = (None, "online", "postal", "direct")
FINISHES: Final[tuple[str | None, ...]] = (None, "resolved", "returned", "withdrawn", "stopped", "refused")

#: Columns and their types. `partition`, `offset` and `index` are the cause; `findings` numbers a set of finding codes;
#: the two day columns are local dates as days since 1970-01-01; `pause_first` points into the pauses.
COLUMNS: Final[Mapping[str, type[np.generic]]] = {
    "partition": np.int16,
    "offset": np.int64,
    "index": np.int32,
    "unit": np.int32,
    "procedure": np.int32,
    "channel": np.int8,
    "status": np.int8,
    "finish": np.int8,
    "simulated": np.bool_,
    "accepted": np.int64,
    "finished": np.int64,
    "judged": np.int64,
    "due": np.int64,
    "due_original": np.int64,
    "waiting": np.int64,
    "second": np.int64,
    "findings": np.int32,
    "judged_day": np.int32,
    "due_day": np.int32,
    "pause_first": np.int32,
}
#: Columns taken from a fact as they are, in the order of its fields.
_PLAIN: Final = tuple(COLUMNS)[:16]


class Fact(NamedTuple):
    """A dossier's facts as the lifecycle topic carries them; instants in UTC microseconds, NEVER for none."""

    code: str
    partition: int
    offset: int
    running: int
    unit: str | None
    procedure: str | None
    channel: int
    status: int
    finish: int
    simulated: bool
    accepted: int
    finished: int
    judged: int
    due: int
    due_original: int
    waiting: int
    second: int
    findings: str | None
    pauses: Sequence[tuple[int, int]]


class FactTable:
    """All dossiers of one epoch.

    Args:
        zone: of day boundaries; local dates are computed once, when a row arrives.
    """

    def __init__(self, zone: ZoneInfo) -> None:
        self._local_days = local_days(zone)
        self._size = 0
        self._capacity = 1024
        self._columns: dict[str, Array] = {name: np.zeros(self._capacity, kind) for name, kind in COLUMNS.items()}
        self._rows: dict[str, int] = {}
        self.codes: list[str] = []
        self.units = Dictionary()
        self.procedures = Dictionary()
        self.findings = Dictionary()
        self.pauses = Pauses()

    def __len__(self) -> int:
        return self._size

    @property
    def nbytes(self) -> int:
        """Memory of columns and pauses in bytes, without the codes."""
        return sum(column.nbytes for column in self._columns.values()) + self.pauses.nbytes

    def __getitem__(self, name: str) -> Array:
        """A column, as a view: valid until the next update."""
        return self._columns[name][: self._size]

    def row(self, code: str) -> int | None:
        """The row of a dossier, or None."""
        return self._rows.get(code)

    def apply(self, facts: Sequence[Fact]) -> int:
        """Replace or add rows; a fact whose cause is not newer than its row's is a repeat and does nothing.

        Returns:
            How many rows changed.
        """
        latest: dict[str, Fact] = {}
        for fact in facts:
            held = latest.get(fact.code)
            if held is None or fact[1:4] > held[1:4]:
                latest[fact.code] = fact
        batch = list(latest.values())
        if not batch:
            return 0
        at = np.array(self._places(batch), dtype=np.int64)
        fields = list(zip(*batch, strict=True))
        fields[4] = tuple(self.units.numbers(fields[4]))
        fields[5] = tuple(self.procedures.numbers(fields[5]))
        values: dict[str, Array] = {
            name: np.array(fields[place], dtype=COLUMNS[name]) for place, name in enumerate(_PLAIN, 1)
        }
        values["findings"] = np.array(self.findings.numbers(fields[17]), dtype=np.int32)
        newer = self._newer(values, at)
        if not newer.all():
            at = at[newer]
            values = {name: column[newer] for name, column in values.items()}
        # Finish = max(finish, acceptance) by docs/rules.md; the engine does it, a guard here keeps stocks from -1.
        values["finished"] = np.maximum(values["finished"], np.where(values["accepted"] < NEVER, values["accepted"], 0))
        values["judged_day"] = self._local_days(values["judged"])
        values["due_day"] = self._local_days(values["due"])
        for name, column in values.items():
            self._columns[name][at] = column
        self._columns["pause_first"][at] = NO_PAUSE
        self._add_pauses(batch, newer)
        return len(at)

    def _newer(self, values: dict[str, Array], at: NDArray[np.int64]) -> NDArray[np.bool_]:
        partition, offset, index = (self._columns[name][at] for name in ("partition", "offset", "index"))
        new_partition, new_offset, new_index = (values[name] for name in ("partition", "offset", "index"))
        later = (new_offset > offset) | ((new_offset == offset) & (new_index > index))
        newer: NDArray[np.bool_] = (new_partition > partition) | ((new_partition == partition) & later)
        return newer

    def _add_pauses(self, batch: Sequence[Fact], newer: NDArray[np.bool_]) -> None:
        if not any(fact.pauses for fact in batch):
            return
        first = self._columns["pause_first"]
        for fact, is_newer in zip(batch, newer.tolist(), strict=True):
            if fact.pauses and is_newer:
                row = self._rows[fact.code]
                first[row] = self.pauses.add(row, fact.pauses)
        self.pauses.compact(self["pause_first"])

    def _places(self, batch: Sequence[Fact]) -> list[int]:
        """Rows of the facts, new ones appended with a cause older than any."""
        rows, codes = self._rows, self.codes
        before = len(codes)
        places = []
        for fact in batch:
            row = rows.get(fact.code)
            if row is None:
                row = rows[fact.code] = len(codes)
                codes.append(fact.code)
            places.append(row)
        if len(codes) > before:
            self._grow(len(codes))
            self._columns["partition"][before : len(codes)] = -1
            self._columns["pause_first"][before : len(codes)] = NO_PAUSE
            self._size = len(codes)
        return places

    def _grow(self, needed: int) -> None:
        if needed <= self._capacity:
            return
        self._capacity = max(needed, self._capacity + self._capacity // 2)
        for name, column in self._columns.items():
            grown = np.zeros(self._capacity, column.dtype)
            grown[: self._size] = column[: self._size]
            self._columns[name] = grown

    def copy_columns(self) -> dict[str, Array]:
        """Copies of all columns, for a table image."""
        return {name: self[name].copy() for name in COLUMNS}

    def restore(self, codes: list[str], columns: Mapping[str, Array], pauses: tuple[Array, Array, Array]) -> None:
        """Fill an empty table from an image; the dictionaries must be filled already.

        Raises:
            ValueError: the table is not empty, or the columns differ in length.
        """
        if self._size or any(len(columns[name]) != len(codes) for name in COLUMNS):
            raise ValueError("an image fills an empty table with columns of one length")
        self._size = self._capacity = len(codes)
        self._columns = {name: np.array(columns[name], dtype=kind) for name, kind in COLUMNS.items()}
        self.codes = codes
        self._rows = {code: row for row, code in enumerate(codes)}
        self.pauses.load(*pauses, self._columns["pause_first"])
