"""Answers to questions about a view: indices, lists of dossiers, one dossier, units. Knows neither HTTP nor Kafka.

All functions look at the table and are called inside `View.exclusive`. A list uses the predicate of its count.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from types import MappingProxyType
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from services.metrics.columns import SEPARATOR
from services.metrics.evaluate import figures_by_unit
from services.metrics.facts import CHANNELS, FINISHES
from services.metrics.figures import PREDICATES, Tally, occupied, rows_of, shown
from services.metrics.periods import NEVER, NO_DAY, Period
from services.metrics.predicates import Moment, Predicate
from services.metrics.scores import ratio_text
from services.metrics.series.tallies import tallies
from services.metrics.units import UnitTree
from services.metrics.view import View
from shared.instants import to_rfc3339
from shared.texts.normal_form import spellings

__all__ = [
    "By",
    "UnknownUnitError",
    "checked_tree",
    "dossier",
    "dossiers",
    "indices",
    "row_of",
    "units",
    "unregistered",
]

By = Literal["procedure", "channel", "month"]


class UnknownUnitError(Exception):
    """Nothing names the unit or one below it, and it is not registered."""


def indices(
    view: View,
    periods: Sequence[Period],
    unit: str | None,
    *,
    children: bool,
    by: By | None,
    units_on: date | None = None,
) -> list[dict[str, Any]]:
    """The indices of a unit and, if asked, of each unit directly below, over one or several periods.

    Args:
        view: what is asked.
        periods: one, or with by=month one per month.
        unit: code, or None for everything.
        children: whether the units directly below follow (for everything: those at the top) that are accountable for
            a dossier, or one below them is; those that only did steps have no figures of dossiers.
        by: procedure and channel give one index per value that counts a dossier.
        units_on: see View.tree.

    Raises:
        UnknownUnitError: see there.
    """
    tree = checked_tree(view, unit, units_on)
    day = units_on or view.today
    targets: list[str | None] = [unit, *_accountable(view, tree, tree.children(unit))] if children else [unit]
    moments = [view.moment(period) for period in periods]
    # With children figures of all units are made, since most of them are asked for.
    inside = None if unit is None or (by in (None, "month") and children) else tree.inside(unit)
    one_by_one = (Tally(view.table, moment, inside) for moment in moments)
    tallied = tallies(view.table, moments, inside) if len(moments) > 1 else one_by_one
    found = []
    for period, moment, tally in zip(periods, moments, tallied, strict=True):
        head: dict[str, Any] = {
            "from": period.first.isoformat(),
            "to": period.last.isoformat(),
            "as_of": to_rfc3339(moment.as_of),
        }
        if moment.future:
            head["future"] = True
        if by == "month":
            head["month"] = period.first.isoformat()[:7]
        if by in (None, "month") and children:
            figures = figures_by_unit(view, tally, tree, future=moment.future)
            # A registered unit that nothing names has no figures but zeros.
            none = shown(np.zeros(len(PREDICATES), dtype=np.int64), future=moment.future)
            found += [{**_named(view, target, day), **head, **figures.get(target, none)} for target in targets]
            continue
        if by in (None, "month"):
            found.append({**_named(view, unit, day), **head, **shown(tally.total(), future=moment.future)})
            continue
        for target in targets:
            # The tally is of the unit asked for already; only those below it have to be picked from it.
            below = None if target is None or target == unit else tree.inside(target)
            found += _groups(view, tally, below, by, {**_named(view, target, day), **head})
    return found


def checked_tree(view: View, unit: str | None, units_on: date | None) -> UnitTree:
    """The tree of units.

    Raises:
        UnknownUnitError: the unit is not in it.
    """
    tree = view.tree(units_on)
    if unit is not None and unit not in tree:
        raise UnknownUnitError(unit)
    return tree


def _named(view: View, unit: str | None, day: date | None) -> dict[str, Any]:
    return {"unit": unit, "unit_name": view.registry.unit_name(unit, day)}


def _accountable(view: View, tree: UnitTree, codes: Iterable[str]) -> list[str]:
    """Those of the units that have a dossier or a submission, or one below them has."""
    table = view.table
    asked = (table["accepted"] < NEVER) | (table["intake_due"] < NEVER)
    has = tree.roll_up(np.bincount(table["unit"][asked], minlength=len(table.units))[:, np.newaxis])
    return [code for code in codes if has[tree.node(code)].any()]


def _groups(
    view: View, tally: Tally, inside: NDArray[np.bool_] | None, by: By, head: dict[str, Any]
) -> list[dict[str, Any]]:
    names = CHANNELS if by == "channel" else view.table.procedures.values
    counts = tally.by(by, len(names), inside)
    future = "future" in head
    groups = [{**head, by: names[number], **shown(counts[number], future=future)} for number in occupied(counts)]
    if by == "procedure":
        groups = [group | {"procedure_name": view.registry.procedure_name(group["procedure"])} for group in groups]
    return sorted(groups, key=lambda group: str(group[by]))


def dossiers(
    view: View,
    predicate: Predicate,
    moment: Moment,
    unit: str | None,
    *,
    offset: int,
    limit: int,
    having: Mapping[str, str | None] = MappingProxyType({}),
    units_on: date | None = None,
) -> tuple[int, list[dict[str, Any]]]:
    """How many dossiers a predicate holds for, and a page of them by due instant and code.

    Args:
        view: what is asked.
        predicate: of a figure or a state.
        moment: period and T.
        unit: code, or None for everything.
        offset: of the page.
        limit: of the page.
        having: procedure or channel that a dossier must have; None is a dossier without one.
        units_on: see View.tree.

    Raises:
        UnknownUnitError: see there.
    """
    table = view.table
    tree = checked_tree(view, unit, units_on)
    numbers = {}
    for column, value in having.items():
        number = CHANNELS.index(value) if column == "channel" else table.procedures.asked(value)
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
    return total, [row_of(view, row) for row in ordered[offset : offset + limit]]


def dossier(view: View, code: str) -> tuple[dict[str, Any], dict[str, int]] | None:
    """A dossier's row and its cause, or None; by its code as asked, else in normal form."""
    table = view.table
    row = next((found for asked in spellings(code) if (found := table.row(asked)) is not None), None)
    if row is None:
        return None
    cause = {name: int(table[name][row]) for name in ("partition", "offset", "index")}
    return row_of(view, row), {"epoch": view.epoch, **cause}


def units(view: View) -> list[dict[str, Any]]:
    """All units, by code, each with its own number of accepted dossiers: see View.tree."""
    table, tree, registry, day = view.table, view.tree(), view.registry, view.today
    accepted = table["unit"][table["accepted"] < NEVER]
    counts = np.bincount(accepted, minlength=len(table.units)).tolist()
    own = {code: counts[number] for number, code in enumerate(table.units.values)}
    return [
        {
            "unit": code,
            "parent": tree.parent(code),
            "registered": registry.units.known(code),
            "dossiers": own.get(code, 0),
            **registry.described(code, day),
        }
        for code in tree.codes
    ]


def unregistered(view: View) -> dict[str, Any]:
    """Units and procedures that dossiers name and no reference entry knows, with the accepted dossiers that do so.

    A unit that only steps name has their number beside its no dossiers.
    """
    table, registry = view.table, view.registry
    accepted = table["accepted"] < NEVER
    found: dict[str, Any] = {"dossiers": int(accepted.sum())}
    for name, words, known in (
        ("unit", table.units.values, registry.units.known),
        ("procedure", table.procedures.values, registry.knows_procedure),
    ):
        counts = np.bincount(table[name][accepted], minlength=len(words)).tolist()
        unknown: list[dict[str, Any]] = [
            {name: word, "dossiers": count}
            for word, count in zip(words, counts, strict=True)
            if count and word is not None and not known(word)
        ]
        if name == "unit":
            # Delay is charged to units of steps, be there a dossier of theirs or not.
            did = np.bincount(table.steps["unit"][table.steps["alive"]], minlength=len(words)).tolist()
            unknown += [
                {name: word, "dossiers": 0, "steps": steps}
                for word, count, steps in zip(words, counts, did, strict=True)
                if steps and not count and word is not None and not known(word)
            ]
        unknown.sort(key=lambda item: (-item["dossiers"], item[name]))
        affected = sum(item["dossiers"] for item in unknown)
        found[f"{name}s"] = {
            "dossiers": affected,
            "share": ratio_text(affected, found["dossiers"]),
            "named_by_none": counts[0],
            "codes": unknown,
        }
    return found


def row_of(view: View, row: int) -> dict[str, Any]:
    """A dossier's facts as they stand in answers."""
    table, registry = view.table, view.registry

    def instant(name: str) -> str | None:
        value = int(table[name][row])
        return None if value >= NEVER else to_rfc3339(value)

    def word(name: str, words: Sequence[str | None]) -> str | None:
        return words[int(table[name][row])]

    findings = word("findings", table.findings.values)
    holders = word("holders", table.holders.values)
    unit, procedure = word("unit", table.units.values), word("procedure", table.procedures.values)
    # One column holds the due, else the limit; only a due has a day.
    bound, has_due = instant("due"), int(table["due_day"][row]) != NO_DAY
    return {
        "code": table.codes[row],
        "status": int(table["status"][row]),
        "unit": unit,
        "unit_name": registry.unit_name(unit, view.today),
        "procedure": procedure,
        "procedure_name": registry.procedure_name(procedure),
        "channel": word("channel", CHANNELS),
        "accepted_at": instant("accepted"),
        "finished_at": instant("finished"),
        "finish": word("finish", FINISHES),
        "judged_at": instant("judged"),
        "due": bound if has_due else None,
        "limit": None if has_due else bound,
        "due_original": instant("due_original"),
        "waiting_since": instant("waiting"),
        "second_request_at": instant("second"),
        "submitted_at": instant("submitted"),
        "intake_due": instant("intake_due"),
        "intake_ended_at": instant("intake_ended"),
        "apologised_at": instant("apologised"),
        "holders": holders.split(SEPARATOR) if holders else [],
        "findings": findings.split() if findings else [],
        "simulated": bool(table["simulated"][row]),
    }
