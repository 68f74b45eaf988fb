"""Answers about steps: groups of occurrences, their ranking, and the occurrences behind a number. Knows no HTTP.

All functions look at the table and are called inside `View.exclusive`. A list uses the predicate of its count.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from fractions import Fraction
from typing import Any, Final, Literal

import numpy as np
from numpy.typing import NDArray

from services.metrics.follow.view import View
from services.metrics.http.queries import checked_tree
from services.metrics.indicators.delays import over_so_far
from services.metrics.indicators.steps import StepPredicate, StepQuestion, groups_of, nothing
from services.metrics.sight.seen import EVERYTHING, Seen
from services.metrics.table.columns import NO_BUDGET, OUTCOMES
from services.metrics.table.periods import NEVER, Period
from shared.instants import to_rfc3339

__all__ = ["RANKED_BY", "StepsBy", "bottlenecks", "occurrences", "steps"]

StepsBy = Literal["unit", "step", "unit-step", "procedure"]

#: What bottlenecks are ranked by, one after the other, the greatest first.
RANKED_BY: Final = ("total_over_us", "over_share", "p90_us")


def steps(
    view: View, period: Period, unit: str | None, *, by: StepsBy, procedure: str | None = None, units_on: date | None
) -> dict[str, Any]:
    """What the occurrences of steps of a period come to, together and by group.

    Args:
        view: what is asked.
        period: of the ends; what is under way is of its end.
        unit: owner of the steps, with all below; None for everything.
        by: what a group is.
        procedure: only steps of its dossiers.
        units_on: see View.tree.

    Raises:
        UnknownUnitError: no such unit.
    """
    q = _asked(view, period, unit, procedure, units_on)
    group, names = _grouping(view, q, by, units_on)
    running = over_so_far(q, view.registry)
    groups = [names(number) | values for number, values in groups_of(q, group, running).items()]
    keys = by.split("-")
    groups.sort(key=lambda item: [(item[key] is None, str(item[key])) for key in keys])
    total = groups_of(q, np.zeros(len(q.places), dtype=np.int64), running)
    return {"total": total.get(0) or nothing(), "groups": groups}


def bottlenecks(
    view: View, period: Period, unit: str | None, *, limit: int, units_on: date | None
) -> tuple[int, list[dict[str, Any]]]:
    """Units and steps that took longer than their budgets (điểm nghẽn), the worst first; how many there are.

    Ranked by working time over budget, of what ended in the period and so far of what is under way; then by the share
    over budget, then by p90.

    Raises:
        UnknownUnitError: no such unit.
    """
    found = steps(view, period, unit, by="unit-step", units_on=units_on)["groups"]
    ranked = []
    for item in found:
        if not item["over_budget"] and not item["over_now"]:
            continue
        total = item["over_us"] + item["over_so_far_us"]
        share = Fraction(item["over_budget"], item["with_budget"]) if item["with_budget"] else Fraction(0)
        ranked.append(((-total, -share, -(item["p90_us"] or 0)), item | {"total_over_us": total}))
    ranked.sort(key=lambda pair: pair[0])
    shown = [{"rank": rank, **item} for rank, (_, item) in enumerate(ranked[:limit], 1)]
    return len(ranked), shown


def occurrences(
    view: View,
    period: Period,
    predicate: StepPredicate,
    unit: str | None,
    *,
    step: str | None,
    procedure: str | None,
    offset: int,
    limit: int,
    units_on: date | None,
    seen: Seen = EVERYTHING,
) -> tuple[int, list[dict[str, Any]]]:
    """How many occurrences a predicate holds for, and a page of them by begin, dossier and step.

    Of dossiers that the asker sees, whoever owned the step.

    Raises:
        UnknownUnitError: no such unit.
        Problem: 403, the asker does not read the unit.
    """
    q = _asked(view, period, unit, procedure, units_on)
    seen.check_unit(unit)
    mask = q(predicate) & seen.mask(q["row"])
    if step is not None:
        number = view.table.step_names.asked(step)
        mask = mask & (q["step"] == (-1 if number is None else number))
    hits = np.flatnonzero(mask)
    codes, names = view.table.codes, view.table.step_names.values

    def order(at: int) -> tuple[int, str, str, int]:
        begun, row, step, number = (int(q[name][at]) for name in ("began", "row", "step", "occurrence"))
        return begun, codes[row], str(names[step]), number

    ordered = sorted(hits.tolist(), key=order)
    return len(hits), [_occurrence(view, q, at) for at in ordered[offset : offset + limit]]


def _asked(view: View, period: Period, unit: str | None, procedure: str | None, units_on: date | None) -> StepQuestion:
    """The occurrences meant; an empty procedure means dossiers that name none."""
    tree = checked_tree(view, unit, units_on)
    number = None
    if procedure is not None:
        known = view.table.procedures.asked(procedure or None)
        number = -1 if known is None else known
    return StepQuestion(view.table, view.moment(period), None if unit is None else tree.inside(unit), number)


def _grouping(
    view: View, q: StepQuestion, by: StepsBy, units_on: date | None
) -> tuple[NDArray[np.int64], Callable[[int], dict[str, str | None]]]:
    """The number of each occurrence's group, and what tells a group's keys from its number."""
    table, registry, tree = view.table, view.registry, view.tree(units_on)
    day = units_on or view.today
    # Node -1 is unassigned; one more makes it 0.
    owners = tree.nodes[q["unit"]].astype(np.int64) + 1

    def unit_keys(number: int) -> dict[str, str | None]:
        code = None if number == 0 else tree.codes[number - 1]
        return {"unit": code, "unit_name": registry.unit_name(code, day)}

    if by == "unit":
        return owners, unit_keys
    if by == "procedure":

        def procedure_keys(number: int) -> dict[str, str | None]:
            code = table.procedures.values[number]
            return {"procedure": code, "procedure_name": registry.procedure_name(code)}

        return q.of_dossier("procedure").astype(np.int64), procedure_keys
    named = table.step_names.values
    if by == "step":
        return q["step"].astype(np.int64), lambda number: {"step": named[number]}
    size = len(named)
    return owners * size + q["step"], lambda number: unit_keys(number // size) | {"step": named[number % size]}


def _occurrence(view: View, q: StepQuestion, at: int) -> dict[str, Any]:
    table = view.table
    row = int(q["row"][at])

    def instant(name: str) -> str | None:
        value = int(q[name][at])
        return None if value >= NEVER else to_rfc3339(value)

    over = q["ended"][at] < NEVER
    unit = table.units.values[int(q["unit"][at])]
    procedure = table.procedures.values[int(table["procedure"][row])]
    budget = int(q["budget"][at])
    return {
        "code": table.codes[row],
        "procedure": procedure,
        "procedure_name": view.registry.procedure_name(procedure),
        "step": table.step_names.values[int(q["step"][at])],
        "unit": unit,
        "unit_name": view.registry.unit_name(unit, view.today),
        "occurrence": int(q["occurrence"][at]),
        "planned": bool(q["planned"][at]),
        "began_at": instant("began"),
        "ended_at": instant("ended"),
        "outcome": OUTCOMES[int(q["outcome"][at])],
        "due": instant("due"),
        "budget": None if budget == NO_BUDGET else budget,
        "used_us": int(q["used"][at]) if over else None,
        "over_us": int(q["over"][at]) if over else None,
    }
