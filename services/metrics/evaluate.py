"""The current figures: month, quarter and year of T's local date, for everything and for every unit.

Pure computation over a view; knows neither where results go nor the wall clock.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from services.metrics.figures import RULE, Tally, shown
from services.metrics.periods import KINDS, Kind, Period, containing
from services.metrics.units import UnitTree
from services.metrics.view import View
from shared.instants import local_date, to_rfc3339

__all__ = ["Result", "evaluate", "figures_by_unit", "figures_of_all"]


@dataclass(frozen=True, slots=True)
class Result:
    """The figures of one kind of period at one set of positions.

    Attributes:
        kind: month, quarter or year.
        day: T's local date, which chose the period.
        document: as stored; see services.metrics.store.
    """

    kind: Kind
    day: date
    document: dict[str, Any]


def figures_of_all(view: View, period: Period, tree: UnitTree | None = None) -> dict[str | None, dict[str, Any]]:
    """All figures of a period for every unit by code, and for everything under None. Call it inside `exclusive`.

    Args:
        view: what is asked.
        period: of the figures.
        tree: the units; None is those of now.
    """
    moment = view.moment(period)
    return figures_by_unit(view, Tally(view.table, moment), tree or view.tree(), future=moment.future)


def figures_by_unit(view: View, tally: Tally, tree: UnitTree, *, future: bool) -> dict[str | None, dict[str, Any]]:
    """The same of a period that was tallied already.

    Args:
        view: what is asked.
        tally: of all units.
        tree: the units.
        future: whether the period begins in the future.
    """
    counts = tally.by("unit", len(view.table.units))
    # Each dossier has one accountable unit, so counts of dossiers add up; whatever does not add up is not here.
    by_node = tree.roll_up(counts)
    found: dict[str | None, dict[str, Any]] = {None: shown(counts.sum(axis=0), future=future)}
    for code in tree.counted:
        found[code] = shown(by_node[tree.node(code)], future=future)
    return found


def evaluate(view: View, *, simulated: bool) -> list[Result]:
    """The current results, none before the first tick. Call it inside `exclusive`."""
    clock = view.clock
    if clock is None:
        return []
    today = local_date(clock, view.zone)
    results = []
    for kind in KINDS:
        period = containing(kind, today, view.zone)
        rows = [{"unit": code, **figures} for code, figures in figures_of_all(view, period).items()]
        document = {
            "kind": kind,
            "from": period.first.isoformat(),
            "to": period.last.isoformat(),
            "as_of": to_rfc3339(view.moment(period).as_of),
            "day": today.isoformat(),
            "rule": RULE,
            "simulated": simulated,
            "epoch": view.epoch,
            "positions": view.positions,
            "rows": rows,
        }
        results.append(Result(kind, today, document))
    return results
