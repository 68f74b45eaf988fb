"""The work of one event, counted in calls: it does not grow with what else is known, only with the dossier itself."""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import cache
from types import FrameType
from typing import Any

import orjson
import pytest

from services.processing.engine import Outcome, Reference, apply_entry
from services.processing.record import EntryRecord, read_entry
from shared.reference import ReferenceEntry
from tests.unit.processing.known import calendar, knowing, procedure, route, rule, term, unit
from tests.unit.processing.story import CODE, Line, at, entries_of

Json = dict[str, Any]

CLOCK = at("11-26 08:00")
STEPS = (
    {"step": "receive", "role": "clerk", "budget": 60},
    {"step": "check", "unit": "H44.01.02", "budget": 240},
    {"step": "survey", "unit": "H44.01.03", "budget": 480, "after": ["receive"]},
    {"step": "decide", "unit": "H44.01.02", "budget": 480, "after": ["check", "survey"]},
    {"step": "sign", "unit": "H44.01", "budget": 240},
)
LINES: tuple[Line, ...] = (
    ("submitted", "11-16 08:00", {"procedure": "1.000001"}),
    ("accepted", "11-16 09:00", {"procedure": "1.000001"}),
    ("step.completed", "11-16 09:40", {"step": "receive"}),
    ("step.completed", "11-16 15:10", {"step": "check"}),
    ("supplement_requested", "11-17 10:11"),
    ("supplement_received", "11-18 10:11"),
    ("step.completed", "11-18 16:11", {"step": "survey"}),
    ("step.completed", "11-20 10:11", {"step": "decide"}),
    ("step.completed", "11-23 10:12", {"step": "sign"}),
    ("resolved", "11-23 10:13"),
    ("returned", "11-25 10:13"),
)


@cache
def _others(count: int) -> Reference:
    """So many procedures, some with routes, and units that have nothing to do with the dossier."""
    known = [procedure(term("3"), procedure=f"2.{number:06d}") for number in range(count)]
    known += [route(*STEPS, procedure=f"2.{number:06d}") for number in range(0, count, 10)]
    return knowing(*known, *(unit(f"H45.{number}", name="Xã") for number in range(0, count, 10)))


def _known(others: int, *later: Json) -> Reference:
    """Reference data of the dossier's procedure among those of so many others."""
    own = (procedure(term("10"), cut_percent=30), route(*STEPS), rule(step_warning_hours="4"), calendar())
    known = (ReferenceEntry.of(orjson.dumps(entry)) for entry in (*own, *later))
    reference = _others(others)
    return reference.with_known(reference.known.with_entries(known))


def _records(code: str = CODE) -> list[EntryRecord]:
    return [read_entry(orjson.dumps(entry | {"subject": code}), at) for at, entry in enumerate(entries_of(*LINES))]


def _life(reference: Reference, code: str = CODE) -> Outcome:
    outcome: Outcome | None = None
    for record in _records(code):
        outcome = apply_entry(None if outcome is None else outcome.state, record, CLOCK, reference)
    assert outcome is not None
    return outcome


def _calls(work: Callable[[], Any]) -> int:
    """Python and C functions called by some work."""
    count = 0

    def note(_frame: FrameType, event: str, _argument: Any) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    sys.setprofile(note)
    try:
        work()
    finally:
        sys.setprofile(None)
    return count


def _calls_of_the_last_event(reference: Reference) -> int:
    _life(reference, "H44-first")
    *before, last = _records()
    outcome: Outcome | None = None
    for record in before:
        outcome = apply_entry(None if outcome is None else outcome.state, record, CLOCK, reference)
    assert outcome is not None
    state = outcome.state
    return _calls(lambda: apply_entry(state, last, CLOCK, reference))


@pytest.mark.parametrize("later", [(), (rule(version="r2", time="2026-12-01"), unit("H44", time="2026-12-01"))])
def test_the_last_event_costs_the_same_however_many_procedures_are_known(later: tuple[Json, ...]) -> None:
    """Also where some entries were ordered after the end, so that not all of them apply."""
    few, many = _known(10, *later), _known(5_000, *later)
    assert _life(few).row == _life(many).row
    small, large = _calls_of_the_last_event(few), _calls_of_the_last_event(many)
    assert abs(large - small) <= small // 100, (small, large)


def test_the_last_event_costs_the_same_however_many_dossiers_went_before() -> None:
    reference = _known(10)
    small = _calls_of_the_last_event(reference)
    for number in range(300):
        _life(reference, f"H44-{number}")
    assert _calls_of_the_last_event(reference) == small


def test_a_life_costs_a_bounded_number_of_calls_an_event() -> None:
    """No figure of time, which depends on the machine: a change that doubles the work is seen here."""
    reference = _known(10)
    _life(reference)
    calls = _calls(lambda: _life(reference)) / len(LINES)
    assert calls < 400, calls
