"""Numbers of the moment by unit, for exports: steps over budget, delay by its causers, who holds what is due.

Pure computation over a view, called inside `View.exclusive` at each evaluation, so each looks only at the rows and
occurrences that can count. Each is of a unit itself and all below; None is everything.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from services.metrics.counting.question import Moment, Question
from services.metrics.follow.view import View
from services.metrics.indicators.duties import late_by_instant
from services.metrics.indicators.figures import STATES
from services.metrics.indicators.held_steps import over_budget, over_now, with_budget
from services.metrics.indicators.predicates import open_at_end, overdue, paused, waiting
from services.metrics.indicators.series.sums import halves, joined
from services.metrics.indicators.steps import StepQuestion
from services.metrics.petitions.under import counted_under
from services.metrics.table.columns import SEPARATOR
from services.metrics.table.periods import NEVER, Period, containing, day_number, local_days
from services.metrics.units.tree import UnitTree
from shared.populations.petitions import PETITIONS

__all__ = ["PETITION_STATES", "ByUnit", "Live", "live_figures"]

ByUnit = Mapping[str | None, int]
#: States of petitions that are of the moment.
PETITION_STATES: Final = ("open", "waiting", "overdue")


@dataclass(frozen=True, slots=True)
class Live:
    """What is exported beside the figures of periods; units without any are left out.

    Attributes:
        steps_over: occurrences under way over their budgets.
        steps_ended: occurrences with a budget that ended in the month of the clock.
        steps_ended_over: of these, over budget.
        due: open dossiers held that are due on the clock's day.
        overdue: open dossiers held that are overdue.
        petitions: open petitions by state, by the unit under which they count.
        delay: working time in microseconds by which the dossiers ended late in that month were delayed by the unit.
    """

    steps_over: ByUnit
    steps_ended: ByUnit
    steps_ended_over: ByUnit
    due: ByUnit
    overdue: ByUnit
    delay: ByUnit
    petitions: Mapping[str, ByUnit]


def live_figures(view: View) -> Live | None:
    """The numbers of the moment; None before the first tick. Call it inside `View.exclusive`."""
    today = view.today
    if today is None:
        return None
    tree, month = view.tree(), containing("month", today, view.zone)
    # Nothing ended in the very last microsecond: of this period only what is under way is looked at.
    running = StepQuestion(view.table, Moment(NEVER - 1, NEVER, view.now().as_of))
    ended = StepQuestion(view.table, view.moment(month))
    due, late = _held(view, tree, day_number(today))
    return Live(
        steps_over=_rolled(tree, running["unit"][running(over_now)]),
        steps_ended=_rolled(tree, ended["unit"][ended(with_budget)]),
        steps_ended_over=_rolled(tree, ended["unit"][ended(over_budget)]),
        due=due,
        overdue=late,
        delay=_delay(view, tree, month),
        petitions=_petitions(view, tree),
    )


def _petitions(view: View, tree: UnitTree) -> dict[str, ByUnit]:
    """The petitions of each live state: those that ended are of no moment."""
    table = view.tables[PETITIONS.name]
    rows = np.flatnonzero((table["ended"] >= NEVER) & (table["received"] < NEVER))
    q, units = Question(table, view.now(), rows), counted_under(view, rows)
    return {state: _rolled(tree, units[q(STATES[PETITIONS.name][state])]) for state in PETITION_STATES}


def _rolled(tree: UnitTree, units: NDArray[np.int32], weights: NDArray[np.int64] | None = None) -> ByUnit:
    """Items, or their weights, by their unit and all above; what no unit has is in everything only."""
    sums = halves(units, np.ones(len(units), np.int64) if weights is None else weights, len(tree.nodes))
    rolled = joined(tree.roll_up(sums))
    return {None: sum(joined(sums))} | {code: count for code, count in zip(tree.codes, rolled, strict=True) if count}


def _delay(view: View, tree: UnitTree, month: Period) -> ByUnit:
    """Parts of the delay of dossiers that ended late in the month, by whose they are."""
    table = view.table
    parts = table.blame.living()
    rows, place = np.unique(table.blame["row"][parts], return_inverse=True)
    parts = parts[Question(table, view.moment(month), rows.astype(np.intp))(late_by_instant)[place]]
    return _rolled(tree, table.blame["unit"][parts], table.blame["delay"][parts])


def _held(view: View, tree: UnitTree, day: int) -> tuple[ByUnit, ByUnit]:
    """Open dossiers due on a day, and overdue, by who holds them; the applicant's are with the accountable unit.

    One with two holders counts once in what is above both.
    """
    table = view.table
    rows = np.flatnonzero((table["finished"] >= NEVER) & (table["accepted"] < NEVER))
    q = Question(table, view.now(), rows)
    past = q(overdue)
    coming = q(open_at_end) & ~past & ~q(waiting) & ~q(paused)
    coming[coming] = local_days(view.zone)(q["due"][coming]) == day
    return _by_holder(view, tree, q, coming), _by_holder(view, tree, q, past)


def _by_holder(view: View, tree: UnitTree, q: Question, mask: NDArray[np.bool_]) -> ByUnit:
    texts = view.table.holders.values
    counts = np.bincount(q["holders"][mask], minlength=len(texts)).tolist()
    applicant = mask & (q["holders"] == 0)
    found = dict(_rolled(tree, q["unit"][applicant]))
    found[None] = int(mask.sum())
    for number, text in enumerate(texts):
        if text is None or not counts[number]:
            continue
        above: set[str] = set()
        for code in text.split(SEPARATOR):
            above.update(tree.path(code))
        for code in above:
            found[code] = found.get(code, 0) + counts[number]
    return found
