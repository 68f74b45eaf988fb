"""The indices of units over periods: counted at once with the table in hand, told later. Knows no HTTP."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from typing import Any, Final, Literal

import numpy as np
from numpy.typing import NDArray

from services.metrics.counting.question import Moment
from services.metrics.counting.tally import Tally, occupied
from services.metrics.entered.settled import share_of
from services.metrics.follow.view import View
from services.metrics.http.queries import checked_tree
from services.metrics.indicators.figures import INDEX, EnteredValue, nothing_entered
from services.metrics.indicators.series.tallies import tallies
from services.metrics.table.facts import CHANNELS
from services.metrics.table.periods import NEVER, Period
from services.metrics.units.tree import UnitTree
from shared.instants import to_rfc3339

__all__ = ["MOST_INDICES", "By", "TooManyError", "indices", "look_at_indices"]

By = Literal["procedure", "channel", "month"]
#: Indices of one answer, some 1.5 kB each.
MOST_INDICES: Final = 50_000

#: What stands before an index's figures: whose it is, and of what period; its counts; and what was entered for it.
_Counted = tuple[dict[str, Any], dict[str, Any], NDArray[np.int64], EnteredValue]


class TooManyError(Exception):
    """The answer would have more indices than one may have; the argument is how many."""


def indices(
    view: View, periods: Sequence[Period], unit: str | None, *, children: bool, by: By | None, **more: Any
) -> list[dict[str, Any]]:
    """Looked at and told at once; see look_at_indices."""
    return list(look_at_indices(view, periods, unit, children=children, by=by, **more)())


def look_at_indices(
    view: View,
    periods: Sequence[Period],
    unit: str | None,
    *,
    children: bool,
    by: By | None,
    units_on: date | None = None,
) -> Callable[[], Iterator[dict[str, Any]]]:
    """What tells the indices of a unit and, if asked, of each unit directly below, over one or several periods.

    Args:
        view: what is asked, inside `View.exclusive`.
        periods: one, or with by=month one per month.
        unit: code, or None for everything.
        children: whether the units directly below follow (for everything: those at the top) that are accountable for
            a dossier, or one below them is; those that only did steps have no figures of dossiers.
        by: procedure and channel give one index per value that counts a dossier.
        units_on: see View.tree.

    Raises:
        UnknownUnitError: see there.
        TooManyError: see there.
    """
    tree = checked_tree(view, unit, units_on)
    day = units_on or view.today
    targets: list[str | None] = [unit, *_accountable(view, tree, tree.children(unit))] if children else [unit]
    if len(targets) * len(periods) > MOST_INDICES:
        raise TooManyError(len(targets) * len(periods))
    moments = [view.moment(period) for period in periods]
    # With children figures of all units are made, since most of them are asked for.
    inside = None if unit is None or (by in (None, "month") and children) else tree.inside(unit)
    one_by_one = (INDEX.tally(view.table, moment, inside) for moment in moments)
    tallied = tallies(view.table, moments, inside) if len(moments) > 1 else one_by_one
    named = [{"unit": target, "unit_name": view.registry.unit_name(target, day)} for target in targets]
    counted: list[_Counted] = []
    for period, moment, counting in zip(periods, moments, tallied, strict=True):
        head, entered = _head(period, moment, by), view.entered(period, INDEX.entered)
        if by in ("procedure", "channel"):
            counted += _groups(view, counting, tree, by, named=named, head=head)
        elif children:
            total, by_node = INDEX.by_node(counting, tree, len(view.table.units))
            for name, target in zip(named, targets, strict=True):
                counts = total if target is None else by_node[tree.node(target)].copy()
                counted.append((name, head, counts, share_of(entered, target)))
        else:
            counted.append((named[0], head, INDEX.total(counting), share_of(entered, unit)))
        if len(counted) > MOST_INDICES:
            raise TooManyError(len(counted))
    return lambda: (
        {**name, **head, **INDEX.shown(counts, future="future" in head, entered=entered)}
        for name, head, counts, entered in counted
    )


def _head(period: Period, moment: Moment, by: By | None) -> dict[str, Any]:
    head: dict[str, Any] = {
        "from": period.first.isoformat(),
        "to": period.last.isoformat(),
        "as_of": to_rfc3339(moment.as_of),
    }
    if moment.future:
        head["future"] = True
    if by == "month":
        head["month"] = period.first.isoformat()[:7]
    return head


def _accountable(view: View, tree: UnitTree, codes: Iterable[str]) -> list[str]:
    """Those of the units that have a dossier or a submission, or one below them has."""
    table = view.table
    asked = (table["accepted"] < NEVER) | (table["intake_due"] < NEVER)
    has = tree.roll_up(np.bincount(table["unit"][asked], minlength=len(table.units))[:, np.newaxis])
    return [code for code in codes if has[tree.node(code)].any()]


def _groups(
    view: View, counting: Tally, tree: UnitTree, by: By, *, named: Sequence[dict[str, Any]], head: dict[str, Any]
) -> Iterator[_Counted]:
    names = CHANNELS if by == "channel" else view.table.procedures.values
    for place, name in enumerate(named):
        # The tally is of the unit asked for already; only those below it have to be picked from it.
        counts = INDEX.by(counting, by, len(names), None if place == 0 else tree.inside(name["unit"]))
        groups = sorted(((names[number], counts[number].copy()) for number in occupied(counts)), key=_by_name)
        for group, of_group in groups:
            more: dict[str, Any] = {by: group}
            if by == "procedure":
                more["procedure_name"] = view.registry.procedure_name(group)
            # Nothing is entered of a part of a unit's dossiers.
            yield name, head | more, of_group, nothing_entered


def _by_name(group: tuple[str | None, Any]) -> str:
    return str(group[0])
