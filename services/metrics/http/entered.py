"""Answers to questions about a view's entered figures: a list. Knows neither HTTP nor Kafka.

Functions look at the tables and are called inside `View.exclusive`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import numpy as np

from services.metrics.entered.settled import day_number, last_of_each
from services.metrics.follow.view import View
from services.metrics.http.queries import checked_tree
from services.metrics.http.questions.rows import rows_told
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
    indicators, units = (table.words[name].values for name in ("indicators", "units"))

    def order(row: int) -> tuple[Any, ...]:
        of = indicators[table["indicator"][row]], units[table["unit"][row]] or ""
        return -table["first"][row], -table["last"][row], *of, not holds[row], table.codes[row]

    page = sorted(rows.tolist(), key=order)[offset : offset + limit]
    tell, standing = rows_told(view, page, table), holds[page].tolist()

    def told() -> Iterator[dict[str, Any]]:
        for figure, stands in zip(tell(), standing, strict=True):
            subject, source, id_ = indicator_parts(figure.pop("code"))
            yield {"subject": subject, "source": source, "id": id_, "holds": stands, **figure}

    return len(rows), told
