"""Figures of the work on dossiers: steps against budgets by owner, and whose delay it was (docs/rules.md "Steps").

Counts one occurrence at a time. Knows nothing of entries and clocks of partitions.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from tests.oracle.cases.facts import Dossier
from tests.oracle.figures import Period, index, is_late, on_time
from tests.oracle.reference.tree import Above, above_by_code, below
from tests.oracle.work.occurrences import MICRO, Occurrence

__all__ = ["blame_figures", "other_figures", "step_figures"]

Figures = dict[str, int | None]


def step_figures(
    dossiers: Iterable[Dossier],
    period: Period,
    clock: datetime | None,
    *,
    unit: str | None = None,
    above: Above = above_by_code,
) -> dict[tuple[str | None, str], Figures]:
    """What the occurrences of a period come to, by owner and step; what counts nothing is left out.

    Args:
        dossiers: all of them.
        period: of the ends; what is under way is of its end.
        clock: the lowest clock, None before any tick.
        unit: owner of the steps, with all below.
        above: the unit above one.
    """
    as_of = period.end if clock is None else min(period.end, clock)
    if clock is not None and period.start > clock:
        return {}
    groups: dict[tuple[str | None, str], list[tuple[Dossier, Occurrence]]] = {}
    for dossier in dossiers:
        for one in dossier.steps:
            if unit is None or below(one.unit, unit, above):
                groups.setdefault((one.unit, one.step), []).append((dossier, one))
    found = {key: _of_group(group, period, as_of) for key, group in groups.items()}
    return {key: figures for key, figures in found.items() if figures["ended"] or figures["under_way"]}


def _of_group(group: list[tuple[Dossier, Occurrence]], period: Period, as_of: datetime) -> Figures:
    ended = [(dossier, one) for dossier, one in group if one.end and period.start <= one.end < period.end]
    over = [(dossier, one) for dossier, one in ended if one.over]
    under_way = [(dossier, one) for dossier, one in group if _under_way(one, period)]
    used = sorted((one.used or 0 * MICRO) // MICRO for _, one in ended)
    return {
        "ended": len(ended),
        "with_budget": sum(one.budget is not None for _, one in ended),
        "over_budget": len(over),
        "over_on_time": sum(dossier.finished_at is not None and not is_late(dossier) for dossier, _ in over),
        "under_way": len(under_way),
        "over_now": sum(one.due is not None and one.due < _ran_until(dossier, as_of) for dossier, one in under_way),
        "over_us": sum((one.over or 0 * MICRO) // MICRO for _, one in over),
        "median_us": _median(used),
        "p90_us": next((value for place, value in enumerate(used, 1) if 10 * place >= 9 * len(used)), None),
    }


def _under_way(one: Occurrence, period: Period) -> bool:
    """Held at the end of the period; what its source told of only as ended was never seen under way."""
    known = one.assigned_at is not None and one.begin < period.end
    return known and (one.end is None or one.end >= period.end)


def _ran_until(dossier: Dossier, as_of: datetime) -> datetime:
    """T, or since when the clock is stopped at T."""
    for stopped, resumed in dossier.pauses:
        if stopped <= as_of and (resumed is None or as_of < resumed):
            return stopped
    return as_of


def _median(values: list[int]) -> int | None:
    """The middle one, of an even number the mean of the two middle ones."""
    if not values:
        return None
    return (values[(len(values) - 1) // 2] + values[len(values) // 2]) // 2


def blame_figures(
    dossiers: Iterable[Dossier],
    period: Period,
    clock: datetime | None,
    *,
    unit: str | None = None,
    above: Above = above_by_code,
) -> dict[str, Any]:
    """Delay of the dossiers that ended late in the period, by unit: (microseconds, dossiers).

    Args:
        dossiers: all of them.
        period: of the ends.
        clock: the lowest clock, None before any tick.
        unit: accountable for the dossiers, with all below.
        above: the unit above one.
    """
    future = clock is not None and period.start > clock
    ended = [
        one
        for one in dossiers
        if not future
        and one.finished_at is not None
        and period.start <= one.finished_at < period.end
        and (unit is None or below(one.unit, unit, above))
    ]
    late = [one for one in ended if is_late(one)]
    units: dict[str | None, tuple[int, int]] = {}
    for dossier in late:
        for owner, delay in dossier.blame:
            whole, count = units.get(owner, (0, 0))
            units[owner] = whole + delay, count + 1
    return {
        "late": len(late),
        "units": units,
        "late_within_budgets": sum(not _step_over(one) for one in late),
        "on_time_with_step_over": sum(on_time(one) and _step_over(one) for one in ended),
    }


def other_figures(dossiers: Iterable[Dossier], period: Period, clock: datetime | None) -> dict[str, int]:
    """Figures that are not shown beside an index."""
    every = list(dossiers)
    counts, blame = index(every, period, clock), blame_figures(every, period, clock)
    return {
        "intake_open": counts["intake_submitted"] - counts["intake_in_time"] - counts["intake_overdue"],
        "on_time_with_step_over": blame["on_time_with_step_over"],
        "late_within_budgets": blame["late_within_budgets"],
    }


def _step_over(dossier: Dossier) -> bool:
    return any(one.over for one in dossier.steps)
