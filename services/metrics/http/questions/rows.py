"""Rows as they stand in answers, taken from the table at once and told later. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from services.metrics.follow.view import View
from services.metrics.table.facts import Table
from services.metrics.table.telling import told

__all__ = ["rows_told"]


def rows_told(view: View, rows: Sequence[int], table: Table | None = None) -> Callable[[], Iterator[dict[str, Any]]]:
    """What tells the facts of some rows; call this inside `View.exclusive`, and that wherever.

    Args:
        view: what is asked.
        rows: of the table, in the order of the answer.
        table: of the view; None is that of the dossiers.
    """
    registry, day = view.registry, view.today
    names = {"units": lambda code: registry.unit_name(code, day), "procedures": registry.procedure_name}
    return told(view.table if table is None else table, rows, names)
