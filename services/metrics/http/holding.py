"""Answers about who holds dossiers and whose delay it is: blame, the list of what is due. Knows no HTTP.

All functions look at the table and are called inside `View.exclusive`. Parts of a delay add up exactly to the whole.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray

from services.metrics.counting.question import Mask, Question
from services.metrics.follow.view import View
from services.metrics.http.queries import checked_tree
from services.metrics.http.questions.rows import rows_told
from services.metrics.indicators.delays import delays_of
from services.metrics.indicators.duties import late_by_instant, late_within_budgets, on_time_with_step_over
from services.metrics.indicators.predicates import open_at_end, overdue, paused, waiting
from services.metrics.indicators.scores import ratio_text
from services.metrics.indicators.series.sums import exact_sums
from services.metrics.sight.seen import EVERYTHING, Seen
from services.metrics.table.columns import SEPARATOR
from services.metrics.table.periods import Period, day_number, local_days
from shared.instants import MINUTE

__all__ = ["blame", "due_list"]


def blame(view: View, period: Period, unit: str | None, *, units_on: date | None) -> dict[str, Any]:
    """Delay of the dossiers that ended late in the period, split by unit; and of those overdue at the clock, by holder.

    Args:
        view: what is asked.
        period: of the ends.
        unit: accountable for the dossiers, with all below; whose part of the delay is told whatever the unit.
        units_on: see View.tree.

    Raises:
        UnknownUnitError: no such unit.
    """
    tree = checked_tree(view, unit, units_on)
    table, day = view.table, units_on or view.today
    meant = np.ones(len(table), np.bool_) if unit is None else tree.inside(unit)[table["unit"]]
    q = Question(table, view.moment(period))
    late = q(late_by_instant) & meant
    parts = table.blame.living()
    parts = parts[late[table.blame["row"][parts]]]
    # Node -1 is unassigned; one more makes it 0. Parts are added as integers, so that they come to the whole exactly.
    owners = tree.nodes[table.blame["unit"][parts]] + 1
    sums = exact_sums(owners, table.blame["delay"][parts], len(tree.codes) + 1)
    pairs = np.unique(np.stack([owners, table.blame["row"][parts]]), axis=1)
    dossiers = np.bincount(pairs[0], minlength=len(sums)).tolist()
    whole = sum(sums)
    with_part = np.zeros(len(table), np.bool_)
    with_part[table.blame["row"][parts]] = True
    units = []
    for number, part in enumerate(sums):
        if part == 0:
            continue
        code = None if number == 0 else tree.codes[number - 1]
        names = {"unit": code, "unit_name": view.registry.unit_name(code, day), "dossiers": dossiers[number]}
        units.append(names | _delay(part) | {"share": ratio_text(part, whole)})
    units.sort(key=lambda item: (-item["delay_us"], item["unit"] is None, str(item["unit"])))
    return {
        "late": int(late.sum()),
        "without_working_delay": int((late & ~with_part).sum()),
        **_delay(whole),
        "units": units,
        "late_within_budgets": int((q(late_within_budgets) & meant).sum()),
        "on_time_with_step_over": int((q(on_time_with_step_over) & meant).sum()),
        "overdue": _overdue(view, meant, units_on),
    }


def _overdue(view: View, meant: NDArray[np.bool_], units_on: date | None) -> dict[str, Any]:
    """Overdue dossiers at the clock, with their delay so far, by who holds them; one with two holders is with both."""
    table, moment, day = view.table, view.now(), units_on or view.today
    rows = np.flatnonzero(Question(table, moment)(overdue) & meant)
    delays = delays_of(table, rows, moment, view.registry)
    holders = _Holders(view, units_on)
    found: dict[str | None, list[int]] = {}
    for row, delay in zip(rows.tolist(), delays, strict=True):
        for holder in holders.of(row):
            found.setdefault(holder, []).append(delay)
    order = sorted(found, key=lambda holder: (-sum(found[holder]), holder is None, str(holder)))
    told = [
        {
            "holder": holder,
            "holder_name": view.registry.unit_name(holder, day),
            "dossiers": len(found[holder]),
            **_delay(sum(found[holder])),
        }
        for holder in order
    ]
    return {"dossiers": len(rows), **_delay(sum(delays)), "holders": told}


def due_list(
    view: View,
    unit: str | None,
    day: date | None,
    *,
    offset: int,
    limit: int,
    units_on: date | None,
    seen: Seen = EVERYTHING,
) -> dict[str, Any]:
    """Open dossiers due on a local day, and those overdue at the clock: counts by holder, and a page of the list.

    Args:
        view: what is asked.
        unit: holds the dossiers, itself or a unit below; the applicant's are with the accountable unit.
        day: of the due; None is the clock's local date.
        offset: of the page.
        limit: of the page.
        units_on: see View.tree.
        seen: what the asker sees; nothing else is counted.

    Raises:
        UnknownUnitError: no such unit.
        Problem: 403, the asker does not read the unit.
    """
    tree = checked_tree(view, unit, units_on)
    seen.check_unit(unit)
    table, moment = view.table, view.now()
    day = day or view.today
    holders = _Holders(view, units_on)
    q = Question(table, moment)
    past = q(overdue)
    # Due at the clock or later on that day, and not waiting: then the due date will move.
    running = q(open_at_end) & ~past & ~q(waiting) & ~q(paused)
    coming = np.flatnonzero(running)
    number = -1 if day is None else day_number(day)
    coming = coming[local_days(view.zone)(table["due"][coming]) == number]
    listed = seen.of(np.concatenate([np.flatnonzero(past), coming]))
    if unit is not None:
        within = tree.within(unit)
        inside = tree.inside(unit)
        listed = listed[
            [holders.inside(row, within, accountable=bool(inside[table["unit"][row]])) for row in listed.tolist()]
        ].astype(np.intp)
    dues, codes = table["due"], table.codes
    ordered = sorted(listed.tolist(), key=lambda row: (dues[row], codes[row]))
    counts: dict[str | None, list[int]] = {}
    for row in ordered:
        for holder in holders.of(row):
            counts.setdefault(holder, [0, 0])[int(past[row])] += 1
    named = view.registry.unit_name
    return {
        "day": None if day is None else day.isoformat(),
        "total": len(ordered),
        "due": sum(1 for row in ordered if not past[row]),
        "overdue": sum(1 for row in ordered if past[row]),
        "holders": [
            {"holder": holder, "holder_name": named(holder, units_on or view.today), "due": due, "overdue": late}
            for holder, (due, late) in sorted(counts.items(), key=lambda item: (item[0] is None, str(item[0])))
        ],
        "dossiers": _listed(view, holders, past, ordered[offset : offset + limit]),
    }


def _listed(view: View, holders: _Holders, past: Mask, rows: Sequence[int]) -> Iterator[dict[str, Any]]:
    states = [{"state": "overdue" if past[row] else "due", "held_by": list(holders.of(row))} for row in rows]
    told = rows_told(view, rows)()
    return (row | state for row, state in zip(told, states, strict=True))


class _Holders:
    """Who holds a dossier, as units are on a day; None is the applicant."""

    def __init__(self, view: View, units_on: date | None) -> None:
        self._numbers = view.table["holders"]
        self._tree = view.tree(units_on)
        units = view.registry.units
        self._sets: list[tuple[str | None, ...]] = []
        for text in view.table.holders.values:
            codes: Iterable[str] = (text or "").split(SEPARATOR)
            if units_on is not None:
                codes = [units.heir(code, units_on) for code in codes]
            self._sets.append((None,) if text is None else tuple(dict.fromkeys(codes)))

    def of(self, row: int) -> tuple[str | None, ...]:
        """The holders of a dossier."""
        return self._sets[int(self._numbers[row])]

    def inside(self, row: int, within: NDArray[np.bool_], *, accountable: bool) -> bool:
        """Whether one of them is among some nodes of the tree; the applicant is where the accountable unit is."""
        for code in self.of(row):
            node = None if code is None else self._tree.node(code)
            if accountable if code is None else node is not None and within[node]:
                return True
        return False


def _delay(value: int) -> dict[str, int]:
    """Working time, exact in microseconds and in whole minutes, rounded down."""
    return {"delay_us": value, "delay_minutes": value // MINUTE}
