"""A question about rows of a table: a period, a T, and the predicates that hold for each row. Pure.

A predicate takes a question and gives a mask over its rows. Counting and listing ask the same predicates.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from shared.judging.instants import NEVER

__all__ = ["NOW", "Array", "Mask", "Moment", "Moments", "Predicate", "Question", "Rows", "Table"]

Array = NDArray[Any]
Mask = NDArray[np.bool_]
#: Which rows: some of them by number, or all from one to before another; None is all of them.
Rows = NDArray[np.intp] | slice | None


class Table(Protocol):
    """What is asked about: columns of one length."""

    def __len__(self) -> int:
        """How many rows."""

    def __getitem__(self, name: str, /) -> Array:
        """A column."""


@dataclass(frozen=True, slots=True)
class Moment:
    """What a question is about: the period [start, end) and T, all in UTC microseconds.

    `as_of` is T = min(end, lowest partition clock). `future` says that the period begins after the clock: then
    nothing is in any figure.
    """

    start: int
    end: int
    as_of: int
    future: bool = False


@dataclass(frozen=True, slots=True)
class Moments:
    """A moment for each row asked about, none of them of a period to come; the same words as of one."""

    start: Array
    end: Array
    as_of: Array
    future: bool = False

    def part(self, rows: slice) -> Moments:
        """Those of some of the rows."""
        return Moments(self.start[rows], self.end[rows], self.as_of[rows], self.future)


def NOW(as_of: int) -> Moment:  # noqa: N802 (reads as a constant of one argument)
    """The moment of the states: all that is known, at T."""
    return Moment(-NEVER, NEVER, as_of)


class Question:
    """Rows of a table and a moment; answers predicates, each computed once.

    Args:
        table: not updated while the question lives.
        moment: period and T, of all rows or of each.
        rows: the rows asked about.
    """

    def __init__(self, table: Any, moment: Moment | Moments, rows: Rows = None) -> None:
        self._table = table
        self._rows = rows
        self._columns: dict[str, Array] = {}
        self._masks: dict[Predicate, Mask] = {}
        #: What is looked up for all rows of the table at once; a part's is that of its whole.
        self._whole: dict[str, Array] = {}
        self.moment = moment
        self.size = len(table) if rows is None else _count(rows, len(table))

    def __getitem__(self, name: str) -> Array:
        """A column of the rows asked about."""
        if self._rows is None:
            column: Array = self._table[name]
            return column
        if name not in self._columns:
            self._columns[name] = self._table[name][self._rows]
        return self._columns[name]

    def part(self, places: slice) -> Question:
        """The same question about some of its rows, by their places among them."""
        if isinstance(self._rows, slice):
            inside = range(len(self._table))[self._rows][places]
            rows: Rows = slice(inside.start, inside.stop)
        else:
            rows = places if self._rows is None else self._rows[places]
        moment = self.moment.part(places) if isinstance(self.moment, Moments) else self.moment
        made = type(self)(self._table, moment, rows)
        made._whole = self._whole  # noqa: SLF001 - of this class
        return made

    def beside(self, name: str, look: Callable[[Any, Any], Array]) -> Array:
        """What stands beside the table for each of the rows asked about, such as whether T lies in a pause.

        Args:
            name: of what is looked up; it is looked up once for a question and all its parts.
            look: looks it up for all rows of the table, given it and the moment.
        """
        found = self._whole.get(name)
        if found is None:
            found = self._whole[name] = look(self._table, self.moment)
        return found if self._rows is None else found[self._rows]

    def __call__(self, predicate: Predicate) -> Mask:
        """For which rows a predicate holds; for none when the period lies in the future."""
        if predicate not in self._masks:
            future = self.moment.future
            self._masks[predicate] = np.zeros(self.size, np.bool_) if future else predicate(self)
        return self._masks[predicate]


Predicate = Callable[[Question], Mask]


def _count(rows: NDArray[np.intp] | slice, size: int) -> int:
    return len(range(size)[rows]) if isinstance(rows, slice) else len(rows)
