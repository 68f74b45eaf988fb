"""Answers to questions about a view's entered figures: a list. Knows neither HTTP nor Kafka.

Functions look at the tables and are called inside `View.exclusive`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from typing import Any

import numpy as np

from services.metrics.entered.settled import last_of_each
from services.metrics.follow.view import View
from services.metrics.http.queries import checked_tree
from services.metrics.http.questions.rows import rows_told
from services.metrics.table.facts import Array, Table
from services.metrics.table.periods import day_number
from shared.populations.indicators import INDICATORS
from shared.populations.keys import indicator_parts

__all__ = ["entered_figures"]


def entered_figures(
    view: View,
    *,
    unit: str | None,
    indicator: str | None,
    first: date | None,
    last: date | None,
    superseded: bool,
    offset: int,
    limit: int,
    units_on: date | None = None,
) -> tuple[int, Callable[[], Iterator[dict[str, Any]]]]:
    """How many entered figures there are, and what tells a page of them: the newest period first, then what and whose.

    Args:
        view: what is asked.
        unit: code: itself and all below; None is every unit.
        indicator: only of this one.
        first: only of periods that begin on this date.
        last: only of periods that end on this date.
        superseded: also what a later entry of another identity says otherwise.
        offset: of the page.
        limit: of the page.
        units_on: see View.tree.

    Raises:
        UnknownUnitError: nothing names the unit.
    """
    table = view.tables[INDICATORS.name]
    tree = checked_tree(view, unit, units_on)
    chosen = table["indicator"] != 0
    if indicator is not None:
        number = table.words["indicators"].known(indicator)
        chosen &= table["indicator"] == (-1 if number is None else number)
    for name, day in (("first", first), ("last", last)):
        if day is not None:
            chosen &= table[name] == day_number(day)
    if unit is not None:
        chosen &= tree.inside(unit)[table["unit"]]
    rows = np.flatnonzero(chosen)
    # Those that beat one another say the same, so each choice has all of them.
    holding = last_of_each(table, rows)
    holds = np.zeros(len(table), dtype=np.bool_)
    holds[holding] = True
    if not superseded:
        rows = holding
    page = _ordered(table, rows, holds)[offset : offset + limit].tolist()
    tell, standing = rows_told(view, page, table), holds[page].tolist()

    def told() -> Iterator[dict[str, Any]]:
        for figure, stands in zip(tell(), standing, strict=True):
            subject, source, id_ = indicator_parts(figure.pop("code"))
            yield {"subject": subject, "source": source, "id": id_, "holds": stands, **figure}

    return len(rows), told


def _ordered(table: Table, rows: Array, holds: Array) -> Array:
    """Rows by period, the newest first, indicator and unit; what holds before what it stands in for, these by code."""
    if not holds[rows].all():
        # What holds says something of its own each; only the others need their codes told apart.
        rows = np.array(sorted(rows.tolist(), key=table.codes.__getitem__), dtype=np.intp)
    units, indicators = (_ranks(table.words[name].values) for name in ("units", "indicators"))
    of = (units[table["unit"][rows]], indicators[table["indicator"][rows]])
    ordered: Array = rows[np.lexsort((~holds[rows], *of, -table["last"][rows], -table["first"][rows]))]
    return ordered


def _ranks(words: Sequence[str | None]) -> Array:
    """The place of each word of a dictionary among all of them in order."""
    order = sorted(range(len(words)), key=lambda number: words[number] or "")
    ranks = np.empty(len(words), dtype=np.int64)
    ranks[order] = np.arange(len(words))
    return ranks
