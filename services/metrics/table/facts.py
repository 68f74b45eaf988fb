"""The fact table: one row per dossier in numpy columns, replaced in place by the row with the newer cause.

Pure: knows neither Kafka nor a clock nor any figure. Instants are UTC microseconds, NEVER stands for none. About 150
bytes a row beside the codes themselves, and 60 a step.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from services.metrics.table.columns import BLAME, CHANNELS, COLUMNS, FINISHES, PLAIN, SEPARATOR, STEPS, Fact, StepFact
from services.metrics.table.dictionary import Dictionary
from services.metrics.table.pauses import Pauses
from services.metrics.table.periods import NEVER, local_days
from services.metrics.table.runs import NO_RUN, Runs

__all__ = ["CHANNELS", "COLUMNS", "FINISHES", "Array", "Fact", "FactTable", "StepFact"]

Array = NDArray[Any]
#: Where each member of a fact stands in it.
_MEMBER: Final = {name: place for place, name in enumerate(Fact._fields)}


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
        self.holders = Dictionary()
        self.former = Dictionary()
        self.step_names = Dictionary()
        self.pauses = Pauses()
        self.steps = Runs(STEPS)
        self.blame = Runs(BLAME)

    def __len__(self) -> int:
        return self._size

    @property
    def nbytes(self) -> int:
        """Memory of columns and of the lists beside them in bytes, without the codes."""
        return sum(column.nbytes for column in self._columns.values()) + sum(
            beside.nbytes for beside, _ in self.beside().values()
        )

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
        fields[_MEMBER["unit"]] = tuple(self.units.numbers(fields[_MEMBER["unit"]]))
        fields[_MEMBER["procedure"]] = tuple(self.procedures.numbers(fields[_MEMBER["procedure"]]))
        values: dict[str, Array] = {
            name: np.array(fields[_MEMBER[member]], dtype=COLUMNS[name]) for name, member in PLAIN.items()
        }
        values["findings"] = np.array(self.findings.numbers(fields[_MEMBER["findings"]]), dtype=np.int32)
        values["holders"] = np.array(self._holder_numbers(fields[_MEMBER["holders"]]), dtype=np.int32)
        values["former"] = np.array(self.former.numbers(fields[_MEMBER["former"]]), dtype=np.int32)
        values["due_day"] = self._local_days(values["due"])
        limit = np.array(fields[_MEMBER["limit"]], dtype=np.int64)
        values["due"] = np.where(values["due"] < NEVER, values["due"], limit)
        newer = self._newer(values, at)
        if not newer.all():
            at = at[newer]
            values = {name: column[newer] for name, column in values.items()}
        # Finish = max(finish, acceptance) by docs/rules.md; the engine does it, a guard here keeps stocks from -1.
        values["finished"] = np.maximum(values["finished"], np.where(values["accepted"] < NEVER, values["accepted"], 0))
        values["judged_day"] = self._local_days(values["judged"])
        for name, column in values.items():
            self._columns[name][at] = column
        self._set_beside(batch, newer, at)
        return len(at)

    def _holder_numbers(self, holders: Sequence[str | None]) -> list[int]:
        """Numbers of the sets of holders; units of a new set become known."""
        before = len(self.holders)
        numbers = self.holders.numbers(holders)
        for codes in self.holders.values[before:]:
            self.units.numbers((codes or "").split(SEPARATOR))
        return numbers

    def _newer(self, values: dict[str, Array], at: NDArray[np.int64]) -> NDArray[np.bool_]:
        partition, offset, index = (self._columns[name][at] for name in ("partition", "offset", "index"))
        new_partition, new_offset, new_index = (values[name] for name in ("partition", "offset", "index"))
        later = (new_offset > offset) | ((new_offset == offset) & (new_index > index))
        newer: NDArray[np.bool_] = (new_partition > partition) | ((new_partition == partition) & later)
        return newer

    def beside(self) -> dict[str, tuple[Runs, NDArray[np.int32]]]:
        """The lists beside the table by name, each with the column that points into it."""
        return {
            "pauses": (self.pauses, self["pause_first"]),
            "steps": (self.steps, self["step_first"]),
            "blame": (self.blame, self["blame_first"]),
        }

    def _set_beside(self, batch: Sequence[Fact], newer: NDArray[np.bool_], at: NDArray[np.int64]) -> None:
        """Pauses, steps and blame of the rows replaced: old ones die, new ones are added."""
        lists = self.beside()
        kept = [fact for fact, is_newer in zip(batch, newer.tolist(), strict=True) if is_newer]
        for name, (beside, first) in lists.items():
            beside.kill(at, first)
            place = _MEMBER[name]
            having = [fact for fact in kept if fact[place]]
            if having:
                runs = [fact[place] for fact in having]
                beside.add([self._rows[fact.code] for fact in having], self._numbered(name, runs), first)
                beside.compact(first)

    def _numbered(self, name: str, runs: list[Any]) -> list[Any]:
        """The items with numbers of the dictionaries instead of names."""
        unit = self.units.number
        if name == "steps":
            step = self.step_names.number
            return [[(step(item[0]), unit(item[1]), *item[2:]) for item in run] for run in runs]
        if name == "blame":
            return [[(unit(code), delay) for code, delay in run] for run in runs]
        return runs

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
            for name in ("pause_first", "step_first", "blame_first"):
                self._columns[name][before : len(codes)] = NO_RUN
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

    def restore(
        self, codes: list[str], columns: Mapping[str, Array], beside: Mapping[str, Mapping[str, Array]]
    ) -> None:
        """Fill an empty table from an image; the dictionaries must be filled already.

        Args:
            codes: of the dossiers, by row.
            columns: of the table.
            beside: columns of the lists beside it, by name.

        Raises:
            ValueError: the table is not empty, or the columns differ in length.
        """
        if self._size or any(len(columns[name]) != len(codes) for name in COLUMNS):
            raise ValueError("an image fills an empty table with columns of one length")
        self._size = self._capacity = len(codes)
        self._columns = {name: np.array(columns[name], dtype=kind) for name, kind in COLUMNS.items()}
        self.codes = codes
        self._rows = {code: row for row, code in enumerate(codes)}
        for name, (held, first) in self.beside().items():
            held.load(beside[name], first)
