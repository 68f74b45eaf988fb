"""Answers to questions about a view: indices, lists of dossiers, one dossier, units. Knows neither HTTP nor Kafka.

All functions look at the table and are called inside `View.exclusive`. A list uses the predicate of its count.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from services.metrics.evaluate import figures_of_all
from services.metrics.facts import CHANNELS, FINISHES, FactTable
from services.metrics.figures import Tally, occupied, rows_of, shown
from services.metrics.periods import NEVER, Period
from services.metrics.predicates import Moment, Predicate
from services.metrics.view import View
from shared.instants import to_rfc3339

__all__ = ["By", "UnknownUnitError", "dossier", "dossiers", "indices", "units"]

By = Literal["procedure", "channel", "month"]


class UnknownUnitError(Exception):
    """No accepted dossier names the unit or one below it."""


def indices(
    view: View, periods: Sequence[Period], unit: str | None, *, children: bool, by: By | None
) -> list[dict[str, Any]]:
    """The indices of a unit and, if asked, of each unit directly below, over one or several periods.

    Args:
        view: what is asked.
        periods: one, or with by=month one per month.
        unit: code, or None for everything.
        children: whether the units directly below follow (for everything: those at the top).
        by: procedure and channel give one index per value that counts a dossier.

    Raises:
        UnknownUnitError: see there.
    """
    tree = view.tree()
    if unit is not None and unit not in tree:
        raise UnknownUnitError(unit)
    targets: list[str | None] = [unit, *tree.children(unit)] if children else [unit]
    found = []
    for period in periods:
        moment = view.moment(period)
        head = {"from": period.first.isoformat(), "to": period.last.isoformat(), "as_of": to_rfc3339(moment.as_of)}
        if moment.future:
            head["future"] = True  # type: ignore[assignment]
        if by == "month":
            head["month"] = period.first.isoformat()[:7]
        if by in (None, "month") and children:
            figures = figures_of_all(view, period)
            found += [{"unit": target, **head, **figures[target]} for target in targets]
            continue
        tally = Tally(view.table, moment, None if unit is None else tree.inside(unit))
        if by in (None, "month"):
            found.append({"unit": unit, **head, **shown(tally.total(), future=moment.future)})
            continue
        for target in targets:
            # The tally is of the unit asked for already; only those below it have to be picked from it.
            inside = None if target is None or target == unit else tree.inside(target)
            found += _groups(view.table, tally, inside, by, {"unit": target, **head})
    return found


def _groups(
    table: FactTable, tally: Tally, inside: NDArray[np.bool_] | None, by: By, head: dict[str, Any]
) -> list[dict[str, Any]]:
    names = CHANNELS if by == "channel" else table.procedures.values
    counts = tally.by(by, len(names), inside)
    future = "future" in head
    groups = [{**head, by: names[number], **shown(counts[number], future=future)} for number in occupied(counts)]
    return sorted(groups, key=lambda group: str(group[by]))


def dossiers(
    view: View,
    predicate: Predicate,
    moment: Moment,
    unit: str | None,
    *,
    offset: int,
    limit: int,
    **values: str | None,
) -> tuple[int, list[dict[str, Any]]]:
    """How many dossiers a predicate holds for, and a page of them by due instant and code.

    Args:
        view: what is asked.
        predicate: of a figure or a state.
        moment: period and T.
        unit: code, or None for everything.
        offset: of the page.
        limit: of the page.
        values: procedure or channel that a dossier must have; None is a dossier without one.

    Raises:
        UnknownUnitError: see there.
    """
    table = view.table
    tree = view.tree()
    if unit is not None and unit not in tree:
        raise UnknownUnitError(unit)
    numbers = {}
    for column, value in values.items():
        number = CHANNELS.index(value) if column == "channel" else table.procedures.known(value)
        if number is None:
            return 0, []
        numbers[column] = number
    rows = rows_of(table, moment, predicate, None if unit is None else tree.inside(unit), **numbers)
    total = len(rows)
    if limit == 0 or offset >= total:
        return total, []
    if offset + limit < total:
        # Only what can be on a page up to this one has to be sorted; equal due instants stay together.
        due = table["due"][rows]
        last = np.partition(due, offset + limit - 1)[offset + limit - 1]
        rows = rows[due <= last]
    codes, dues = table.codes, table["due"]
    ordered = sorted(rows.tolist(), key=lambda row: (dues[row], codes[row]))
    return total, [_row(table, row) for row in ordered[offset : offset + limit]]


def dossier(view: View, code: str) -> tuple[dict[str, Any], dict[str, int]] | None:
    """A dossier's row and its cause, or None."""
    table = view.table
    row = table.row(code)
    if row is None:
        return None
    cause = {name: int(table[name][row]) for name in ("partition", "offset", "index")}
    return _row(table, row), {"epoch": view.epoch, **cause}


def units(view: View) -> list[dict[str, Any]]:
    """All units that accepted dossiers name, and those above them, by code, each with its own number of dossiers."""
    table = view.table
    tree = view.tree()
    accepted = table["unit"][table["accepted"] < NEVER]
    counts = np.bincount(accepted, minlength=len(table.units)).tolist()
    own = {code: counts[number] for number, code in enumerate(table.units.values)}
    return [
        {"unit": code, "parent": tree.parent(code), "registered": False, "dossiers": own.get(code, 0)}
        for code in tree.codes
    ]


def _row(table: FactTable, row: int) -> dict[str, Any]:
    def instant(name: str) -> str | None:
        value = int(table[name][row])
        return None if value >= NEVER else to_rfc3339(value)

    def word(name: str, words: Sequence[str | None]) -> str | None:
        return words[int(table[name][row])]

    findings = word("findings", table.findings.values)
    return {
        "code": table.codes[row],
        "status": int(table["status"][row]),
        "unit": word("unit", table.units.values),
        "procedure": word("procedure", table.procedures.values),
        "channel": word("channel", CHANNELS),
        "accepted_at": instant("accepted"),
        "finished_at": instant("finished"),
        "finish": word("finish", FINISHES),
        "judged_at": instant("judged"),
        "due": instant("due"),
        "due_original": instant("due_original"),
        "waiting_since": instant("waiting"),
        "second_request_at": instant("second"),
        "findings": findings.split() if findings else [],
        "simulated": bool(table["simulated"][row]),
    }
