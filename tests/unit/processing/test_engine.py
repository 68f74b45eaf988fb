"""The engine's interface: duplicates, positions, the cap on entries, versions."""

from __future__ import annotations

from dataclasses import replace
from zoneinfo import ZoneInfo

import orjson
import pytest

from services.processing.engine import (
    ENGINE_VERSION,
    CaseState,
    Reference,
    TooManyEntries,
    apply_clock,
    apply_entry,
)
from services.processing.record import EntryRecord, read_entry
from shared.calendar import vn_public
from shared.calendar.definition import build
from shared.calendar.vietnam import VN_PUBLIC, vn_public_versions
from shared.contract.calendar_data import Calendar
from tests.unit.processing.driver import REFERENCE, ZONE, Partition
from tests.unit.processing.story import CODE, at, entries_of

STORY = entries_of(("accepted", "11-16 09:00", {"promised_due": "2026-11-20"}), ("resolved", "11-19 09:00"))


def _record(number: int, offset: int) -> EntryRecord:
    return read_entry(orjson.dumps(STORY[number]), offset)


def test_exact_duplicate_changes_nothing() -> None:
    first = apply_entry(None, _record(0, 3), None, REFERENCE)
    again = apply_entry(first.state, _record(0, 9), None, REFERENCE)
    assert (first.emit, first.state.position) == (True, 3)
    assert again.state is first.state
    assert (again.emit, again.happened, again.row) == (False, [], first.row)


def test_copy_with_a_smaller_sequence_replaces() -> None:
    first = apply_entry(None, _record(0, 3), None, REFERENCE).state
    again = apply_entry(first, replace(_record(0, 9), sequence=-1), None, REFERENCE)
    assert again.emit
    assert [(entry.sequence, entry.offset) for entry in again.state.entries] == [(-1, 9)]


def test_tick_in_vain_returns_the_state_itself() -> None:
    state = apply_entry(None, _record(0, 3), None, REFERENCE).state
    outcome = apply_clock(state, 4, at("11-17 00:00"), REFERENCE)
    assert outcome.state is state
    assert not outcome.emit


def test_cap_marks_once_and_refuses_from_then_on() -> None:
    small = Reference(REFERENCE.calendar, ZONE, entry_cap=1)
    state = apply_entry(None, _record(0, 0), None, small).state
    with pytest.raises(TooManyEntries) as first:
        apply_entry(state, _record(1, 1), None, small)
    marked = first.value.outcome
    assert marked is not None
    assert (marked.state.capped, marked.state.position, len(marked.state.entries)) == (True, 1, 1)
    assert marked.row["findings"] == [{"code": "too_many_entries", "source": "motcua/processing", "id": CODE}]
    with pytest.raises(TooManyEntries) as second:
        apply_entry(marked.state, _record(1, 2), None, small)
    assert second.value.outcome is None
    assert not apply_entry(marked.state, _record(0, 3), None, small).emit


def test_surroundings_are_counted_and_give_no_facts() -> None:
    entries = entries_of(("quality.rated", "11-17 09:00", {"verdict": "dislike"}), ("portal.sent", "11-17 09:00"))
    row = Partition().feed([STORY[0], *(entry | {"id": f"q{n}"} for n, entry in enumerate(entries))]).rows[CODE]
    plain = Partition().feed([STORY[0]]).rows[CODE]
    assert row == plain | {"entries": 3}


def test_simulated_entries_make_a_simulated_row() -> None:
    assert Partition().feed([STORY[0] | {"simulated": True}]).rows[CODE]["simulated"] is True


def test_versions_tell_parameters_apart() -> None:
    assert len({ENGINE_VERSION, REFERENCE.version}) == 2
    other = ZoneInfo("Europe/Amsterdam")
    versions = {
        REFERENCE.version,
        Reference(vn_public(other), other).version,
        replace(REFERENCE, extension_days=2).version,
        replace(REFERENCE, warning_before=1).version,
    }
    assert len(versions) == 4
    with pytest.raises(ValueError, match="Europe/Amsterdam"):
        Reference(vn_public(ZONE), other)


def test_pinned_days_make_another_version_of_what_is_derived() -> None:
    """Days and the version a row names decide; where they were pinned from does not."""
    versions = vn_public_versions()
    last = versions[-1]

    def version_of(other: Calendar) -> str:
        return Reference(build(VN_PUBLIC, [*versions[:-1], other], ZONE), ZONE).version

    assert version_of(last) == REFERENCE.version
    assert version_of(last.model_copy(update={"holidays": None, "document": "another"})) == REFERENCE.version
    assert version_of(last.model_copy(update={"version": "another"})) != REFERENCE.version
    assert version_of(last.model_copy(update={"days": last.days[:-1]})) != REFERENCE.version


def test_state_is_a_value() -> None:
    state = apply_entry(None, _record(0, 3), None, REFERENCE).state
    assert isinstance(state, CaseState)
    assert state == apply_entry(None, _record(0, 3), None, REFERENCE).state
