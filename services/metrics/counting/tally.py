"""All counts of a period for any grouping of rows, from one evaluation of the predicates. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from typing import Final

import numpy as np
from numpy.typing import NDArray

from services.metrics.counting.abreast import abreast
from services.metrics.counting.distinct import distinct
from services.metrics.counting.grouping import grouped
from services.metrics.counting.planes import BLOCK, Planes, pack
from services.metrics.counting.question import Array, Mask, Moment, Predicate, Question, Rows
from services.metrics.units.tree import UnitTree

__all__ = ["Groups", "Tally", "held", "occupied", "rows_of"]

#: Above this share of rows that can count, gathering them costs more than looking at all rows.
_DENSE: Final = 0.4


@dataclass(frozen=True, slots=True)
class Groups:
    """Counts of the groups that any row is of.

    Attributes:
        keys: a line for each group, in it the number of each column that rows were grouped by; lines in their order.
        counts: a line for each group, in it the count of each predicate.
    """

    keys: NDArray[np.int64]
    counts: NDArray[np.int64]


class Tally:
    """Counts of a period.

    Args:
        table: not updated while the tally is made; it lives on without the table but for the columns it is grouped by.
        moment: period and T.
        predicates: what is counted, in the order of the counts.
        within: a row for which none of these holds is counted by none of the predicates; empty: any row may be.
        units: for each number of the units' dictionary, whether rows of the unit are meant; None is everything.
    """

    def __init__(
        self,
        table: object,
        moment: Moment,
        predicates: Sequence[Predicate],
        within: Sequence[Predicate] = (),
        units: Mask | None = None,
    ) -> None:
        everything = Question(table, moment)
        meant = [everything(one) for one in within]
        mask = reduce(np.logical_or, meant) if meant else None
        if units is not None:
            inside = units[everything["unit"]]
            mask = inside if mask is None else mask & inside
        rows: Rows = None
        if mask is not None and (units is not None or np.count_nonzero(mask) <= _DENSE * len(mask)):
            rows = np.flatnonzero(mask)
        question = Question(table, moment, rows)
        self._take(question.__getitem__, held(question, predicates), predicates)

    @classmethod
    def of(cls, column: Callable[[str], Array], planes: Planes, predicates: Sequence[Predicate]) -> Tally:
        """A tally of rows that were looked at already.

        Args:
            column: gives a column of these rows.
            planes: see held, of these rows.
            predicates: what they are of.
        """
        made = cls.__new__(cls)
        made._take(column, planes, predicates)  # noqa: SLF001 - of this class
        return made

    def _take(self, column: Callable[[str], Array], planes: Planes, predicates: Sequence[Predicate]) -> None:
        self._column, self._planes = column, planes
        #: What is counted, in the order of the counts.
        self.predicates = tuple(predicates)
        self._place: Mapping[Predicate, int] = {predicate: place for place, predicate in enumerate(predicates)}
        self._by_unit: tuple[NDArray[np.intp], NDArray[np.intp]] | None = None

    def total(self, units: Mask | None = None) -> NDArray[np.int64]:
        """All counts together, of some units or of all."""
        return (self._planes if units is None else self._planes[self._rows(units)]).total()

    def by(self, column: str, groups: int, units: Mask | None = None) -> NDArray[np.int64]:
        """All counts by the numbers of a column, one line each, of some units or of all.

        Args:
            column: unit, procedure or channel.
            groups: how many numbers the column can hold.
            units: as of the tally, within those it was made for.
        """
        rows = slice(None) if units is None else self._rows(units)
        return self._planes[rows].by(self._column(column)[rows], groups)

    def by_each(self, *columns: Array | str, units: Mask | None = None) -> Groups:
        """All counts by several columns at once, of the groups that any row is of.

        Args:
            columns: names of columns, or for each row looked at a number of its own from 0.
            units: see by.
        """
        rows = slice(None) if units is None else self._rows(units)
        taken = [(self._column(one) if isinstance(one, str) else one)[rows] for one in columns]
        number, keys = grouped(taken)
        return Groups(keys, self._planes[rows].by(number, len(keys)))

    def distinct(self, predicate: Predicate, column: str, tree: UnitTree) -> tuple[int, NDArray[np.int64]]:
        """How many different values of a column there are among rows a predicate holds for: in all, and by node.

        What is counted at a node is counted anew there, never added up from below.

        Args:
            predicate: one of the tally.
            column: of the values; number 0 is none and not counted.
            tree: of the units.
        """
        rows = np.flatnonzero(self._planes.mask(self._place[predicate]) & (self._column(column) > 0))
        return distinct(self._column("unit")[rows], self._column(column)[rows], tree)

    def distinct_by(
        self, predicate: Predicate, column: str, group: str | None = None, groups: int = 1, units: Mask | None = None
    ) -> NDArray[np.int64]:
        """How many different values of a column there are by the numbers of another, of some units or of all.

        Args:
            predicate: one of the tally.
            column: see distinct.
            group: the other column; None: everything is one group.
            groups: how many numbers that can hold.
            units: see by.
        """
        rows = np.arange(len(self._planes)) if units is None else self._rows(units)
        rows = rows[self._planes.mask(self._place[predicate])[rows] & (self._column(column)[rows] > 0)]
        _, keys = grouped([rows * 0 if group is None else self._column(group)[rows], self._column(column)[rows]])
        return np.bincount(keys[:, 0], minlength=groups)

    def _rows(self, units: Mask) -> NDArray[np.intp]:
        """Rows of some units, from an order by unit made once: asked for each of many units, each row is read once."""
        if self._by_unit is None:
            unit = self._column("unit")
            order = np.argsort(unit, kind="stable")
            self._by_unit = order, np.searchsorted(unit[order], np.arange(len(units) + 1))
        order, bounds = self._by_unit
        parts = [order[bounds[number] : bounds[number + 1]] for number in np.flatnonzero(units)]
        return np.concatenate(parts) if parts else order[:0]


def held(question: Question, predicates: Sequence[Predicate]) -> Planes:
    """Which predicates hold for which rows of a question, looked at in blocks side by side."""
    bits = np.zeros((-(-len(predicates) // 8), question.size), dtype=np.uint8)

    def look(first: int) -> None:
        part = question.part(slice(first, min(first + BLOCK, question.size)))
        pack((part(predicate) for predicate in predicates), bits[:, first : first + BLOCK])

    abreast(look, range(0, question.size, BLOCK))
    return Planes(bits, len(predicates))


def occupied(counts: NDArray[np.int64]) -> list[int]:
    """Which groups count any row."""
    return np.flatnonzero(counts.any(axis=1)).tolist()


def rows_of(
    table: object,
    moment: Moment,
    predicate: Predicate,
    units: Mask | None = None,
    **numbers: int,
) -> NDArray[np.intp]:
    """Rows behind a figure or a state.

    Args:
        table: of its population.
        moment: period and T.
        predicate: of the figure or state.
        units: which units are meant; None is everything.
        numbers: column = number, such as procedure or channel, that a row must have.
    """
    question = Question(table, moment)
    mask = question(predicate)
    if units is not None:
        mask = mask & units[question["unit"]]
    for column, number in numbers.items():
        mask = mask & (question[column] == number)
    return np.flatnonzero(mask)
