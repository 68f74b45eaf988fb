"""The current figures: month, quarter and year of T's local date, for everything and for every unit.

Pure computation over a view; knows neither where results go nor the wall clock.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray

from services.metrics.entered.settled import Entered, share_of
from services.metrics.follow.view import View
from services.metrics.indicators.declared import RULE
from services.metrics.indicators.figures import INDEX
from services.metrics.table.periods import KINDS, Kind, Period, containing
from shared.instants import local_date, to_rfc3339

__all__ = ["Counted", "Result", "count_all", "evaluate", "figures_of_all", "look"]


@dataclass(frozen=True, slots=True)
class Result:
    """The figures of one kind of period at one set of positions.

    Attributes:
        kind: month, quarter or year.
        day: T's local date, which chose the period.
        document: as stored; see services.metrics.results.store.
    """

    kind: Kind
    day: date
    document: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Counted:
    """Counts of a period for everything (None) and every unit that is counted, looked at and not told yet."""

    units: Sequence[str | None]
    counts: NDArray[np.int64]
    future: bool
    entered: dict[tuple[str, str | None], Entered]

    def told(self) -> Iterator[tuple[str | None, dict[str, Any]]]:
        """Each with its figures; looks at no table."""
        for code, counts in zip(self.units, self.counts, strict=True):
            yield code, INDEX.shown(counts, future=self.future, entered=share_of(self.entered, code))


def count_all(view: View, period: Period) -> Counted:
    """Count the figures of a period for every unit and for everything. Call it inside `exclusive`."""
    moment, tree = view.moment(period), view.tree()
    total, by_node = INDEX.by_node(INDEX.tally(view.table, moment), tree, len(view.table.units))
    nodes = [node for code in tree.counted if (node := tree.node(code)) is not None]
    counts = np.vstack([total, by_node[nodes]])
    return Counted((None, *tree.counted), counts, moment.future, view.entered(period, INDEX.entered))


def figures_of_all(view: View, period: Period) -> dict[str | None, dict[str, Any]]:
    """All figures of a period for every unit by code, and for everything under None. Call it inside `exclusive`."""
    return dict(count_all(view, period).told())


def look(view: View, *, simulated: bool) -> Callable[[], list[Result]]:
    """What tells the current results, none before the first tick. Call this inside `exclusive`, and that wherever."""
    clock = view.clock
    if clock is None:
        return list
    today = local_date(clock, view.zone)
    positions = view.positions
    taken = []
    for kind in KINDS:
        period = containing(kind, today, view.zone)
        taken.append((kind, period, view.moment(period).as_of, count_all(view, period)))

    def tell() -> list[Result]:
        return [
            Result(
                kind,
                today,
                {
                    "kind": kind,
                    "from": period.first.isoformat(),
                    "to": period.last.isoformat(),
                    "as_of": to_rfc3339(as_of),
                    "day": today.isoformat(),
                    "rule": RULE,
                    "simulated": simulated,
                    "epoch": view.epoch,
                    "positions": positions,
                    "rows": [{"unit": code, **figures} for code, figures in counted.told()],
                },
            )
            for kind, period, as_of, counted in taken
        ]

    return tell


def evaluate(view: View, *, simulated: bool) -> list[Result]:
    """The current results, looked at and told at once. Call it inside `exclusive`."""
    return look(view, simulated=simulated)()
