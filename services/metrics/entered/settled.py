"""What was entered of figures: of several identities that say the same, the last in the order of entries. Pure.

They lie in different partitions, where none knows of the others, so it is settled here. Reading: docs/rules.md,
"Entered figures"; SEMANTICS of Decision 766/QĐ-TTg: exactly this unit, first and last day; never summed.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np

from services.metrics.table.periods import day_number
from shared.populations.keys import indicator_parts

if TYPE_CHECKING:
    from services.metrics.counting.question import Array

__all__ = ["Entered", "last_of_each", "of_period", "share_of"]

#: The columns that say of what a figure is.
_SAYS: Final = ("indicator", "unit", "first", "last")


class Entered(NamedTuple):
    """A figure as entered: a share, or a value as its decimal text; what it has not is None."""

    numerator: int | None
    denominator: int | None
    value: str | None


def last_of_each(table: Any, rows: Array) -> Array:
    """Of some rows of entered figures those that hold: of each indicator, unit and period the last.

    By time, sequence, source, id and subject of the entries; what was withdrawn says nothing.

    Args:
        table: of the population.
        rows: any of its rows.
    """
    rows = rows[table["indicator"][rows] != 0]
    if not len(rows):
        return rows
    says = [table[name][rows] for name in _SAYS]
    ordered = np.lexsort((table["sequence"][rows], table["entered"][rows], *reversed(says)))
    rows, says = rows[ordered], [column[ordered] for column in says]
    when = (table["entered"][rows], table["sequence"][rows])
    same = np.ones(len(rows) - 1, dtype=np.bool_)
    for column in says:
        same &= column[1:] == column[:-1]
    ends = np.append(np.flatnonzero(~same), len(rows) - 1)
    tied = np.zeros(len(rows), dtype=np.bool_)
    tied[1:] = same & (when[0][1:] == when[0][:-1]) & (when[1][1:] == when[1][:-1])
    for place, end in enumerate(ends.tolist()):
        if tied[end]:
            ends[place] = _last_by_name(table.codes, rows, tied, end)
    found: Array = rows[ends]
    return found


def _last_by_name(codes: Sequence[str], rows: Array, tied: Array, end: int) -> int:
    """Of those of the same time and sequence, up to a place, the last by source, id and subject."""
    begin = end
    while tied[begin]:
        begin -= 1

    def name(place: int) -> tuple[str, str, str]:
        subject, source, id_ = indicator_parts(codes[int(rows[place])])
        return source, id_, subject

    return max(range(begin, end + 1), key=name)


def of_period(
    table: Any, first: date, last: date, codes: Collection[str] | None = None
) -> dict[tuple[str, str | None], Entered]:
    """What holds of exactly a period, by indicator and unit.

    Args:
        table: of the population, with its dictionaries.
        first: of the period.
        last: of the period, inclusive.
        codes: of the indicators that are asked for; None: of all.
    """
    words = table.words
    chosen = (table["first"] == day_number(first)) & (table["last"] == day_number(last))
    if codes is not None:
        numbers = [number for code in codes if (number := words["indicators"].known(code)) is not None]
        if not numbers:
            return {}
        chosen &= np.isin(table["indicator"], numbers)
    rows = last_of_each(table, np.flatnonzero(chosen))
    indicators, units, values = (words[name].values for name in ("indicators", "units", "entered_values"))
    columns = (table[name][rows].tolist() for name in ("indicator", "unit", "numerator", "denominator", "value"))
    return {
        (str(indicators[indicator]), units[unit]): Entered(
            None if numerator < 0 else numerator, None if denominator < 0 else denominator, values[value]
        )
        for indicator, unit, numerator, denominator, value in zip(*columns, strict=True)
    }


def share_of(
    entered: dict[tuple[str, str | None], Entered], unit: str | None
) -> Callable[[str], tuple[int, int] | None]:
    """What tells the share entered for a unit under an indicator's code; None where none was.

    Args:
        entered: of the period.
        unit: exactly whose.
    """

    def share(indicator: str) -> tuple[int, int] | None:
        found = entered.get((indicator, unit))
        if found is None or found.numerator is None or found.denominator is None:
            return None
        return found.numerator, found.denominator

    return share
