"""The fact table: one row per case in numpy columns, replaced in place by the row with the newer cause.

Pure: knows neither Kafka nor a clock nor any figure, and of a population only its declaration. Instants are UTC
microseconds, NEVER stands for none. A dossier takes about 170 bytes beside its code, and 60 a step.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import chain
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from services.metrics.table.columns import CHANNELS, COLUMNS, FINISHES, Fact, StepFact
from services.metrics.table.dictionary import Dictionary
from services.metrics.table.pauses import PauseRuns
from services.metrics.table.periods import NEVER, local_days
from services.metrics.table.runs import NO_RUN, Runs
from services.metrics.table.shape import CAUSE, SEPARATOR, shape_of
from shared.populations.all import POPULATIONS
from shared.populations.dossiers import DOSSIERS
from shared.populations.fact import Code, CodeSet, Listed, Pauses, Population

__all__ = ["CHANNELS", "COLUMNS", "FINISHES", "Array", "Fact", "FactTable", "StepFact", "Table", "Words", "tables"]

Array = NDArray[Any]
#: Dictionaries by name.
Words = dict[str, Dictionary]


class Table:
    """All cases of one population in one epoch.

    Args:
        population: what is kept of each.
        zone: of day boundaries; local dates are computed once, when a row arrives.
        words: the dictionaries of the view, in which the table puts its own.
    """

    def __init__(self, population: Population, zone: ZoneInfo, words: Words | None = None) -> None:
        self.population = population
        self.words: Words = {} if words is None else words
        for name in population.dictionaries:
            self.words.setdefault(name, Dictionary())
        self._shape = shape_of(population)
        self._member = {name: place for place, name in enumerate(self._shape.fact._fields)}
        self._local_days = local_days(zone)
        self._size = 0
        self._capacity = 1024
        self._columns: dict[str, Array] = {
            name: np.zeros(self._capacity, kind) for name, kind in self._shape.kinds.items()
        }
        self._rows: dict[str, int] = {}
        self.codes: list[str] = []
        self.lists: dict[str, Runs] = {
            name: PauseRuns() if isinstance(self._form(name), Pauses) else Runs(kinds)
            for name, kinds in self._shape.lists.items()
        }

    @property
    def fact(self) -> type[tuple[Any, ...]]:
        """The named tuple a row is given as."""
        made: type[tuple[Any, ...]] = self._shape.fact
        return made

    def _form(self, column: str) -> object:
        return next(fact.form for fact in self.population.kept if fact.column == column)

    def __len__(self) -> int:
        return self._size

    @property
    def nbytes(self) -> int:
        """Memory of columns and of the lists beside them in bytes, without the codes."""
        return sum(column.nbytes for column in self._columns.values()) + sum(
            beside.nbytes for beside in self.lists.values()
        )

    def __getitem__(self, name: str) -> Array:
        """A column, as a view: valid until the next update."""
        return self._columns[name][: self._size]

    def row(self, code: str) -> int | None:
        """The row of a case, or None."""
        return self._rows.get(code)

    def apply(self, facts: Sequence[Any]) -> int:
        """Replace or add rows; a fact whose cause is not newer than its row's is a repeat and does nothing.

        Args:
            facts: named tuples of the population's shape.

        Returns:
            How many rows changed.
        """
        latest: dict[str, Any] = {}
        for fact in facts:
            held = latest.get(fact.code)
            if held is None or cause_of(fact) > cause_of(held):
                latest[fact.code] = fact
        batch = list(latest.values())
        if not batch:
            return 0
        at = np.array(self._places(batch), dtype=np.int64)
        values = self._values(list(zip(*batch, strict=True)))
        newer = self._newer(values, at)
        if not newer.all():
            at = at[newer]
            values = {name: column[newer] for name, column in values.items()}
        for name, column in values.items():
            self._columns[name][at] = column
        self._set_beside(batch, newer, at)
        return len(at)

    def _values(self, fields: list[tuple[Any, ...]]) -> dict[str, Array]:
        """The columns of a batch, from the members of its facts."""
        kinds, member, plain = self._shape.kinds, self._member, self._shape.plain
        values: dict[str, Array] = {name: np.array(fields[member[of]], dtype=kinds[name]) for name, of in CAUSE.items()}
        for name, fact in plain.items():
            told = self._numbered(fact.form, fields[member[name]])
            values[name] = np.array(told, dtype=kinds.get(name, np.int64))
        for name, fact in plain.items():
            if fact.not_before:
                # Finish = max(finish, acceptance) by docs/rules.md; the engine does it, a guard keeps stocks from -1.
                first = values[fact.not_before]
                values[name] = np.maximum(values[name], np.where(first < NEVER, first, 0))
            if fact.day:
                values[fact.day] = self._local_days(values[name])
        for name, fact in plain.items():
            if fact.otherwise:
                values[name] = np.where(values[name] < NEVER, values[name], values.pop(fact.otherwise))
        return values

    def _numbered(self, form: object, told: Sequence[Any]) -> Sequence[Any]:
        """Values with numbers of the dictionaries instead of names."""
        match form:
            case Code(dictionary=name):
                return self.words[name].numbers(told)
            case CodeSet(dictionary=name, codes=codes):
                sets = self.words[name]
                before = len(sets)
                numbers = sets.numbers(told)
                # The codes of a new set become known.
                for text in sets.values[before:] if codes is not None else ():
                    self.words[str(codes)].numbers((text or "").split(SEPARATOR))
                return numbers
        return told

    def _newer(self, values: dict[str, Array], at: NDArray[np.int64]) -> NDArray[np.bool_]:
        partition, offset, index = (self._columns[name][at] for name in CAUSE)
        new_partition, new_offset, new_index = (values[name] for name in CAUSE)
        later = (new_offset > offset) | ((new_offset == offset) & (new_index > index))
        newer: NDArray[np.bool_] = (new_partition > partition) | ((new_partition == partition) & later)
        return newer

    def beside(self) -> dict[str, tuple[Runs, NDArray[np.int32]]]:
        """The lists beside the table by name, each with the column that points into it."""
        return {name: (runs, self[f"{name}_first"]) for name, runs in self.lists.items()}

    def _set_beside(self, batch: Sequence[Any], newer: NDArray[np.bool_], at: NDArray[np.int64]) -> None:
        """The lists of the rows replaced: old ones die, new ones are added."""
        kept = [fact for fact, is_newer in zip(batch, newer.tolist(), strict=True) if is_newer]
        for name, (beside, first) in self.beside().items():
            beside.kill(at, first)
            place = self._member[name]
            having = [fact for fact in kept if fact[place]]
            if having:
                runs = [fact[place] for fact in having]
                rows = [self._rows[fact.code] for fact in having]
                beside.add(rows, [len(run) for run in runs], self._items(name, chain.from_iterable(runs)), first)
                beside.compact(first)

    def _items(self, name: str, items: Iterable[Any]) -> list[Sequence[Any]]:
        """The columns of the things of a list."""
        columns: list[Sequence[Any]] = list(zip(*items, strict=True))
        form = self._form(name)
        if isinstance(form, Listed):
            kept = form.items.kept
            columns = [self._numbered(fact.form, told) for fact, told in zip(kept, columns, strict=True)]
        return columns

    def _places(self, batch: Sequence[Any]) -> list[int]:
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
            for name in self.lists:
                self._columns[f"{name}_first"][before : len(codes)] = NO_RUN
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

    @property
    def columns(self) -> tuple[str, ...]:
        """The names of its columns."""
        return tuple(self._columns)

    def copy_columns(self) -> dict[str, Array]:
        """Copies of all columns, for a table image."""
        return {name: self[name].copy() for name in self.columns}

    def restore(
        self, codes: list[str], columns: Mapping[str, Array], beside: Mapping[str, Mapping[str, Array]]
    ) -> None:
        """Fill an empty table from an image; the dictionaries must be filled already.

        Args:
            codes: of the cases, by row.
            columns: of the table.
            beside: columns of the lists beside it, by name.

        Raises:
            ValueError: the table is not empty, or the columns differ in length.
        """
        kinds = self._shape.kinds
        if self._size or any(len(columns[name]) != len(codes) for name in kinds):
            raise ValueError("an image fills an empty table with columns of one length")
        self._size = self._capacity = len(codes)
        self._columns = {name: np.array(columns[name], dtype=kind) for name, kind in kinds.items()}
        self.codes = codes
        self._rows = {code: row for row, code in enumerate(codes)}
        for name, (held, first) in self.beside().items():
            held.load(beside[name], first)


class FactTable(Table):
    """The dossiers of one epoch, their dictionaries and lists by name.

    Args:
        zone: of day boundaries.
        words: see Table.
    """

    def __init__(self, zone: ZoneInfo, words: Words | None = None) -> None:
        super().__init__(DOSSIERS, zone, words)
        self.units, self.procedures = self.words["units"], self.words["procedures"]
        self.findings, self.step_names = self.words["findings"], self.words["step_names"]
        self.holders, self.former = self.words["holders"], self.words["former"]
        self.steps, self.blame = self.lists["steps"], self.lists["blame"]

    @property
    def pauses(self) -> PauseRuns:
        """The effective pauses of all dossiers."""
        runs = self.lists["pauses"]
        assert isinstance(runs, PauseRuns)  # noqa: S101 - by its declaration
        return runs


def tables(zone: ZoneInfo) -> dict[str, Table]:
    """An empty table for each population, by its name, with dictionaries in common.

    Args:
        zone: of day boundaries.
    """
    words: Words = {}
    return {one.name: FactTable(zone, words) if one is DOSSIERS else Table(one, zone, words) for one in POPULATIONS}


def cause_of(fact: Any) -> tuple[int, int, int]:
    """The place of the journal that made a row; of two rows of a case that with the later one holds."""
    return fact.partition, fact.offset, fact.running
