"""Answers to questions about a view: lists of dossiers, one dossier, units. Knows neither HTTP nor Kafka.

All functions look at the table and are called inside `View.exclusive`. A list uses the predicate of its count.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from types import MappingProxyType
from typing import Any

import numpy as np

from services.metrics.counting.question import Moment, Predicate
from services.metrics.counting.tally import rows_of
from services.metrics.follow.view import View
from services.metrics.http.questions.rows import rows_told
from services.metrics.indicators.scores import ratio_text
from services.metrics.sight.seen import EVERYTHING, Seen
from services.metrics.table.facts import CHANNELS
from services.metrics.table.periods import NEVER
from services.metrics.units.tree import UnitTree
from shared.populations.indicators import INDICATORS
from shared.populations.petitions import PETITIONS
from shared.texts.normal_form import spellings

__all__ = ["UnknownUnitError", "checked_tree", "dossier", "dossiers", "units", "unregistered"]


class UnknownUnitError(Exception):
    """Nothing names the unit or one below it, and it is not registered."""


def checked_tree(view: View, unit: str | None, units_on: date | None) -> UnitTree:
    """The tree of units.

    Raises:
        UnknownUnitError: the unit is not in it.
    """
    tree = view.tree(units_on)
    if unit is not None and unit not in tree:
        raise UnknownUnitError(unit)
    return tree


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
    seen: Seen = EVERYTHING,
) -> tuple[int, Callable[[], Iterator[dict[str, Any]]]]:
    """How many dossiers a predicate holds for, and what tells a page of them by due instant and code.

    Args:
        view: what is asked.
        predicate: of a figure or a state.
        moment: period and T.
        unit: code, or None for everything.
        offset: of the page.
        limit: of the page.
        having: procedure or channel that a dossier must have; None is a dossier without one.
        units_on: see View.tree.
        seen: what the asker sees; nothing else is counted.

    Raises:
        UnknownUnitError: see there.
        Problem: 403, the asker does not read the unit.
    """
    table = view.table
    tree = checked_tree(view, unit, units_on)
    seen.check_unit(unit)
    numbers = {}
    for column, value in having.items():
        number = CHANNELS.index(value) if column == "channel" else table.procedures.asked(value)
        if number is None:
            return 0, rows_told(view, ())
        numbers[column] = number
    rows = seen.of(rows_of(table, moment, predicate, None if unit is None else tree.inside(unit), **numbers))
    total = len(rows)
    if limit == 0 or offset >= total:
        return total, rows_told(view, ())
    if offset + limit < total:
        # Only what can be on a page up to this one has to be sorted; equal due instants stay together.
        due = table["due"][rows]
        last = np.partition(due, offset + limit - 1)[offset + limit - 1]
        rows = rows[due <= last]
    codes, dues = table.codes, table["due"]
    ordered = sorted(rows.tolist(), key=lambda row: (dues[row], codes[row]))
    return total, rows_told(view, ordered[offset : offset + limit])


def dossier(view: View, code: str, seen: Seen = EVERYTHING) -> tuple[dict[str, Any], dict[str, int]] | None:
    """A dossier's row and its cause, by its code as asked, else in normal form; None: there is none that is seen."""
    table = view.table
    row = next((found for asked in spellings(code) if (found := table.row(asked)) is not None), None)
    if row is None or not len(seen.of(np.array([row], dtype=np.intp))):
        return None
    cause = {name: int(table[name][row]) for name in ("partition", "offset", "index")}
    return next(rows_told(view, (row,))()), {"epoch": view.epoch, **cause}


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

    A unit that only steps, petitions or entered figures name has their numbers beside its no dossiers.
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
            # Delay is charged to units of steps, and figures are of units, be there a dossier of theirs or not.
            beside = {kind: of.tolist() for kind, of in _named_beside(view, len(words)).items()}
            unknown += [
                {name: word, "dossiers": 0, **{kind: of[number] for kind, of in beside.items() if of[number]}}
                for number, word in enumerate(words)
                if word is not None and not counts[number] and any(of[number] for of in beside.values())
                if not known(word)
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


def _named_beside(view: View, units: int) -> dict[str, np.ndarray[Any, Any]]:
    """How many steps, petitions and entered figures name each unit, by its number."""
    steps = view.table.steps
    named = {"steps": steps["unit"][steps["alive"]]}
    named |= {kind: view.tables[of.name]["unit"] for kind, of in (("petitions", PETITIONS), ("figures", INDICATORS))}
    return {kind: np.bincount(numbers, minlength=units) for kind, numbers in named.items()}
