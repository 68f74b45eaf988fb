"""Answers to questions about a view's petitions: a list by state. Knows neither HTTP nor Kafka.

Functions look at the tables and are called inside `View.exclusive`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import numpy as np

from services.metrics.counting.question import Mask, Predicate
from services.metrics.counting.tally import rows_of
from services.metrics.follow.view import View
from services.metrics.http.queries import checked_tree
from services.metrics.http.questions.rows import rows_told
from services.metrics.petitions.under import counted_under
from services.metrics.table.columns import SEPARATOR
from services.metrics.table.facts import Table
from shared.access.bearer import Bearer
from shared.access.hidden import unit_not_readable
from shared.access.reach import Reach
from shared.populations.petitions import PETITIONS

__all__ = ["petitions", "reach_of"]


def reach_of(view: View, bearer: Bearer) -> Reach | None:
    """The units whose petitions a bearer reads; None: all."""
    return None if bearer.reads_all else Reach(bearer, view.registry.units, view.today)


def petitions(
    view: View,
    predicate: Predicate,
    unit: str | None,
    *,
    offset: int,
    limit: int,
    units_on: date | None = None,
    reach: Reach | None = None,
) -> tuple[int, Callable[[], Iterator[dict[str, Any]]]]:
    """How many petitions a state holds for now, and what tells a page of them by due instant and code.

    Args:
        view: what is asked.
        predicate: of the state.
        unit: code: itself and all below; None is everything.
        offset: of the page.
        limit: of the page.
        units_on: see View.tree.
        reach: the units whose petitions are seen; nothing else is counted.

    Raises:
        UnknownUnitError: nothing names the unit.
        Problem: 403, the asker does not read the unit.
    """
    table = view.tables[PETITIONS.name]
    tree = checked_tree(view, unit, units_on)
    if reach is not None and unit is not None and unit not in reach:
        raise unit_not_readable(unit, reach.bearer)
    rows = rows_of(table, view.now(), predicate)
    if unit is not None:
        rows = rows[tree.inside(unit)[counted_under(view, rows)]]
    if reach is not None:
        rows = rows[_seen(table, reach)[rows]]
    due, codes = table["due"], table.codes
    ordered = sorted(rows.tolist(), key=lambda row: (due[row], codes[row]))
    return len(ordered), rows_told(view, ordered[offset : offset + limit], table)


def _seen(table: Table, reach: Reach) -> Mask:
    """For each petition whether it is seen: by its own unit, or one it was handed over from."""
    units = table.words["units"].values
    of_unit = np.fromiter((unit in reach for unit in units), np.bool_, len(units))
    sets = table.words["former"].values
    of_set = [any(unit in reach for unit in (text or "").split(SEPARATOR) if unit) for text in sets]
    found: Mask = of_unit[table["unit"]] | np.array(of_set, dtype=np.bool_)[table["former"]]
    return found
