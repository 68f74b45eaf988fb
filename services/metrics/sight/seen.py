"""The rows of a view that a bearer sees: kept for each revision of the table, since lists are asked again and again.

A list or a case is seen by who reads the accountable unit, a unit that has or had one of its steps, one that holds it,
or one from which it was handed over. Totals and ranks are not cases, and not limited.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any, Final, Protocol

import numpy as np
from numpy.typing import NDArray

from services.metrics.table.columns import SEPARATOR
from services.metrics.table.facts import FactTable
from services.metrics.units.registry import Registry
from shared.access.bearer import Bearer
from shared.access.hidden import dossier_hidden, unit_not_readable, units_read
from shared.access.reach import Reach
from shared.problems.problem import Problem

__all__ = ["EVERYTHING", "Seen", "Sights", "seen_as"]

#: Keys' units whose rows are kept, a byte for each row.
_KEPT: Final = 16
_Mask = NDArray[np.bool_]


class _Viewed(Protocol):
    """What is looked at of a view (services/metrics/follow/view.py)."""

    revision: int
    registry: Registry
    table: FactTable

    @property
    def today(self) -> date | None:
        """The day on which units are looked at."""


class Seen:
    """What is seen of one revision of a table.

    Args:
        rows: for each row whether it is seen; None: all are.
        reach: the units that are read; None: all.
    """

    def __init__(self, rows: _Mask | None = None, reach: Reach | None = None) -> None:
        self._rows = rows
        self._reach = reach

    def of(self, rows: NDArray[np.intp]) -> NDArray[np.intp]:
        """Those of some rows that are seen, in their order."""
        return rows if self._rows is None else rows[self._rows[rows]]

    def mask(self, rows: NDArray[Any]) -> _Mask | bool:
        """For each of some rows whether it is seen."""
        return True if self._rows is None else self._rows[rows]

    def codes(self, codes: Sequence[str]) -> Iterable[str]:
        """The codes of the rows that are seen."""
        return codes if self._rows is None else (codes[row] for row in np.flatnonzero(self._rows).tolist())

    def check_unit(self, unit: str | None) -> None:
        """Refuse a list of a unit whose cases are not read.

        Raises:
            Problem: 403.
        """
        reach = self._reach
        if reach is not None and unit is not None and unit not in reach:
            raise unit_not_readable(unit, reach.bearer)

    def unknown(self, code: str) -> Problem:
        """The refusal of a dossier that is not there, or not seen: who sees only some cannot tell which of the two."""
        if self._reach is None:
            return Problem(404, "unknown_dossier", field="code", value=code)
        return dossier_hidden(code, self._reach.bearer, field="code")

    def told(self) -> Mapping[str, Any]:
        """What a list says of itself where it is not of everything."""
        return {} if self._reach is None else {"limited_to": units_read(self._reach.bearer)}


#: What is seen by who reads everything.
EVERYTHING: Final = Seen()


def seen_as(bearer: Bearer) -> tuple[str, ...] | None:
    """Equal for bearers who see the same: the patterns of their units, None for everything."""
    if bearer.reads_all:
        return None
    return tuple(sorted(set(bearer.units))) if bearer.may("read") else ()


class Sights:
    """What each bearer sees of one view, kept for the newest revision."""

    def __init__(self) -> None:
        self._reaches: OrderedDict[tuple[str, ...], tuple[Registry, date | None, Reach]] = OrderedDict()
        self._rows: OrderedDict[tuple[str, ...], tuple[int, Reach, _Mask]] = OrderedDict()

    def of(self, view: _Viewed, bearer: Bearer) -> Seen:
        """What a bearer sees now; call it inside `View.exclusive`."""
        key = seen_as(bearer)
        if key is None:
            return EVERYTHING
        reach = self._reach(view, bearer, key)
        kept = self._rows.get(key)
        if kept is None or kept[:2] != (view.revision, reach):
            kept = self._rows[key] = view.revision, reach, rows_seen(view, reach)
        self._rows.move_to_end(key)
        if len(self._rows) > _KEPT:
            self._rows.popitem(last=False)
        return Seen(kept[2], reach)

    def _reach(self, view: _Viewed, bearer: Bearer, key: tuple[str, ...]) -> Reach:
        """By the units as registered and on the day, so that units already looked up are not looked up again."""
        asked = view.registry, view.today
        kept = self._reaches.get(key)
        if kept is None or kept[:2] != asked:
            kept = self._reaches[key] = *asked, Reach(bearer, view.registry.units, view.today)
        self._reaches.move_to_end(key)
        if len(self._reaches) > _KEPT:
            self._reaches.popitem(last=False)
        return kept[2]


def rows_seen(view: _Viewed, reach: Reach) -> _Mask:
    """For each row of the table whether it is seen; call it inside `View.exclusive`."""
    table = view.table
    units = np.fromiter((unit in reach for unit in table.units.values), np.bool_, len(table.units))
    found: _Mask = units[table["unit"]]
    steps = table.steps
    found[steps["row"][steps["alive"] & units[steps["unit"]]]] = True
    for name, sets in (("holders", table.holders), ("former", table.former)):
        of_set = [any(unit in reach for unit in (text or "").split(SEPARATOR) if unit) for text in sets.values]
        found |= np.array(of_set, dtype=np.bool_)[table[name]]
    return found
