"""Good and bad values of declared facts, by their forms alone: a new fact is tried at the limits of its form."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from shared.contract.bounds import LONGEST_TEXT
from shared.populations.fact import Choice, Code, CodeSet, Day, Fact, Flag, Instant, Items, Listed, Pauses, Text, Whole

__all__ = ["bad", "good", "row_of"]

AT = "2026-08-03T01:00:00.000001Z"
LONG = "x" * LONGEST_TEXT
#: What is no instant of a record, whoever reads it.
NO_INSTANTS = (
    *("soon", "", 5, "2026-08-03T01:00:00"),
    *("1899-12-30T23:59:59Z", "2301-01-01T00:00:00Z", "9999-12-31T23:59:59Z"),
)
TIMES: dict[type, list[Any]] = {
    Instant: [AT, "2026-08-10T08:00:00+07:00", "1899-12-31T00:00:00Z", "2300-12-31T23:59:59.999999Z"],
    Day: ["2026-08-03", "2024-02-29", "1900-01-01"],
}
NO_TIMES: dict[type, list[Any]] = {
    Instant: [*NO_INSTANTS],
    Day: ["soon", "", 5, "2026-02-29", "2026-8-3", "20260803", AT, True],
}


def good(fact: Fact) -> list[Any]:
    """Values a row may have, those at the limits too."""
    found: list[Any] = [] if fact.required or fact.missing is not None else [None]
    match fact.form:
        case Code():
            found += ["H44.01", LONG, "ở"]
        case Choice(values=values):
            found += [*values]
        case Instant() | Day():
            found += TIMES[type(fact.form)]
        case Whole(low=low, high=high):
            found += [low, 2**40 if high is None else high]
        case Flag():
            found += [True, False]
        case CodeSet(of=None):
            found += [[], ["H44"], ["H44", LONG, "H44"]]
        case CodeSet(of=Items() as items) | Listed(items=items):
            found += [[], *([item] for item in _things(items)), list(_things(items))]
        case Pauses():
            found += [[], [[AT, None]], [[AT, AT], [AT, None]]]
        case Text():
            found += ["words", LONG + LONG]
    return found


def bad(fact: Fact) -> list[Any]:
    """Values no row may have."""
    found: list[Any] = [None] if fact.required or fact.missing is not None else []
    match fact.form:
        case Code(shortest=shortest):
            found += [5, ["H44"], LONG + "x", True, *([""] if shortest else [])]
        case Choice():
            found += ["pigeon", "", 1]
        case Instant() | Day():
            found += NO_TIMES[type(fact.form)]
        case Whole(low=low, high=high):
            found += [low - 1, "5", 1.5, True, [], *([] if high is None else [high + 1])]
        case Flag():
            found += [1, "true", "", []]
        case CodeSet(of=None):
            found += ["H44", [5], [None], [LONG + "x"]]
        case CodeSet(of=Items() as items):
            found += ["late", ["late"], [{}], *([_least(items) | {items.facts[0].wire: 1}],)]
        case Pauses():
            found += [AT, [AT], [[AT]], [[AT, AT, AT]], [[None, AT]], *([[AT, no]] for no in NO_INSTANTS)]
        case Listed(items=items):
            found += [{}, [5], *([thing] for thing in _bad_things(items))]
    return found


def row_of(facts: tuple[Fact, ...]) -> dict[str, Any]:
    """The least row there may be."""
    return {fact.wire: good(fact)[0] for fact in facts if fact.required}


def _least(items: Items) -> dict[str, Any]:
    return row_of(items.facts)


def _things(items: Items) -> Iterator[dict[str, Any]]:
    for fact in items.facts:
        for value in good(fact):
            yield _least(items) | {fact.wire: value}


def _bad_things(items: Items) -> Iterator[dict[str, Any]]:
    for fact in items.kept:
        for value in bad(fact):
            yield _least(items) | {fact.wire: value}
        if fact.required:
            yield {name: value for name, value in _least(items).items() if name != fact.wire}
