"""Order does not matter: any arrival of the same entries, ticks anywhere, ends in the same facts and announcements."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.processing.engine import CaseState
from services.processing.record import EntryRecord, from_stored, to_stored
from shared.contract.lifecycle import DossierRow
from shared.instants import parse_instant
from tests.unit.processing.driver import Partition, net
from tests.unit.processing.strategies import journals

Input = dict[str, Any] | int

_START = parse_instant("2026-11-14T00:00:00+07:00")
_END = parse_instant("2026-12-05T00:00:00+07:00")
ticks = st.integers(_START, _END) | st.sampled_from(
    [parse_instant(f"2026-11-{day}T17:00:00{micro}+07:00") for day in (19, 20, 23, 24) for micro in ("", ".000001")]
)


def _unplaced(record: EntryRecord) -> EntryRecord:
    return replace(record, offset=0)


def _final(state: CaseState) -> CaseState:
    """A state without what tells of arrival: its position and the offsets of its entries."""
    return replace(state, position=0, entries=tuple(_unplaced(entry) for entry in state.entries))


def _same(one: Partition, other: Partition) -> None:
    assert one.rows == other.rows
    assert {c: _final(s) for c, s in one.states.items()} == {c: _final(s) for c, s in other.states.items()}
    for code, state in one.states.items():
        announced = net(one.happened[code])
        assert announced == net(other.happened[code])
        assert sum(announced.values()) == len(state.announced)


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data(), entries=journals(), early=st.lists(ticks, max_size=4), last=ticks)
def test_any_arrival_converges(data: st.DataObject, entries: list[Input], early: list[int], last: int) -> None:
    last = max([*early, last])
    reference = Partition().feed([*entries, last])
    doubled = data.draw(st.lists(st.sampled_from(entries), max_size=5))
    shuffled = data.draw(st.permutations([*entries, *doubled, *early]))
    _same(reference, Partition().feed([*shuffled, last]))


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(entries=journals(), clocks=st.lists(ticks, min_size=2, max_size=4))
def test_corrected_clock_takes_back_what_it_made_true(entries: list[Input], clocks: list[int]) -> None:
    once = Partition().feed([*entries, clocks[-1]])
    again = Partition().feed(entries)
    for clock in clocks:
        again.correct(clock)
    _same(once, again)


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(entries=journals(), late=ticks, cut=st.integers(0, 40))
def test_reading_again_changes_nothing(entries: list[Input], late: int, cut: int) -> None:
    partition = Partition().feed([*entries, late])
    before = dict(partition.states)
    count = len(partition.outcomes)
    partition.feed([*entries[:cut], late])
    assert partition.states == before
    assert not any(outcome.emit or outcome.happened for outcome in partition.outcomes[count:])


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(entries=journals(), late=ticks)
def test_rows_fit_the_contract_and_timers_are_exact(entries: list[Input], late: int) -> None:
    partition = Partition().feed([*entries, late])
    for code, state in partition.states.items():
        row = DossierRow.model_validate(partition.rows[code], strict=False)
        assert row.code == code
        assert tuple(from_stored(to_stored(entry)) for entry in state.entries) == state.entries
        if state.timer is not None:
            just_before = Partition().feed([*entries, state.timer - 1])
            assert just_before.states[code].announced == state.announced
            at_it = Partition().feed([*entries, state.timer])
            assert at_it.states[code].announced != state.announced
