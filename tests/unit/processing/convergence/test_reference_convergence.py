"""Reference data may come whenever they like: the same sets of entries and the same clock end in the same."""

from __future__ import annotations

from typing import Any

import orjson
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.processing.engine import apply_entry, apply_reference
from services.processing.record import read_entry
from services.processing.stream.revision.roster import Relations, concerns, label_of
from shared.contract.lifecycle import DossierRow
from shared.instants import parse_instant
from shared.reference import ReferenceEntry
from tests.unit.processing.convergence.reference_strategies import reference_entries
from tests.unit.processing.convergence.sameness import final, same
from tests.unit.processing.driver import REFERENCE, Partition
from tests.unit.processing.known import calendar, knowing, procedure, route, rule, term, unit
from tests.unit.processing.story import CODE, Line, at, entries_of, partition_of_story
from tests.unit.processing.strategies import journals
from tests.whole_rows import whole

Json = dict[str, Any]
Input = Json | int

_START = parse_instant("2026-11-14T00:00:00+07:00")
_END = parse_instant("2026-12-05T00:00:00+07:00")
ticks = st.integers(_START, _END)
DUE: Line = ("accepted", "11-16 09:00", {"promised_due": "2026-11-20", "procedure": "1.000001"})


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data(), entries=journals(), known=reference_entries(), early=st.lists(ticks, max_size=3), last=ticks)
def test_any_arrival_of_entries_and_reference_entries_converges(
    data: st.DataObject, entries: list[Input], known: list[Input], early: list[int], last: int
) -> None:
    last = max([*early, last])
    everything = [*known, *entries]
    one = Partition().feed([*everything, last])
    doubled = data.draw(st.lists(st.sampled_from(everything), max_size=5))
    same(one, Partition().feed([*data.draw(st.permutations([*everything, *doubled, *early])), last]))


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(entries=journals(), known=reference_entries(), last=ticks)
def test_what_known_reference_data_say_again_changes_nothing(
    entries: list[Input], known: list[Input], last: int
) -> None:
    partition = Partition().feed([*known, *entries, last])
    before, count = dict(partition.states), len(partition.outcomes)
    partition.feed(known)
    assert partition.states == before
    assert not any(outcome.emit for outcome in partition.outcomes[count:])


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(entries=journals(), known=reference_entries(6), last=reference_entries(2), clock=ticks)
def test_who_is_changed_by_a_reference_entry_is_named_as_concerned(
    entries: list[Input], known: list[Json], last: list[Json], clock: int
) -> None:
    """The loop looks at those only; and the rows fit the contract."""
    partition = Partition().feed([*known, *entries, clock])
    relations = Relations(partition.reference.known.entries)
    for given_entry in last:
        entry = ReferenceEntry.of(orjson.dumps(given_entry))
        before = partition.reference
        after = before.with_known(before.known.with_entry(entry))
        relations.learn(entry)
        concern = after.known.narrow(entry)
        for code, state in partition.states.items():
            outcome = apply_reference(state, 1_000, clock, before, after)
            if outcome.emit:
                label = label_of(state.entries, state.finished_at)
                assert concerns(label, concern, entry.time, relations), (code, given_entry)
            DossierRow.model_validate(outcome.row, strict=False)
        partition.feed([given_entry])


def test_reference_data_that_change_nothing_put_nothing_out() -> None:
    partition = partition_of_story(DUE, clock="11-20 08:00", reference=knowing(procedure(term("4"))))
    state = partition.states[CODE]
    unrelated = (
        procedure(term("1"), procedure="2.000815"),
        procedure(term("1"), version="v2", valid_from="2026-11-17"),
        route({"step": "a", "unit": "H44.01"}, procedure="2.000815"),
        unit("H44.01", name="Sở Nội vụ"),
        rule(valid_from="2027-01-01", warning_hours="72"),
        calendar(name="festival", unit="H45", days=[{"day": "2026-11-18", "working": False, "kind": "extra"}]),
    )
    for entry in unrelated:
        before = len(partition.outcomes)
        partition.feed([entry])
        assert [outcome.emit for outcome in partition.outcomes[before:]] == [False], entry
    assert partition.states[CODE] is state


def test_reference_data_that_change_anything_are_put_out_at_their_position() -> None:
    partition = partition_of_story(DUE, clock="11-16 16:00", reference=knowing())
    changing = (
        rule(version="r1"),
        route({"step": "check", "unit": "H44.02", "budget": 60}),
        procedure(term("2")),
        calendar(version="c1"),
    )
    for entry in changing:
        row = partition.rows[CODE]
        partition.feed([entry])
        assert partition.outcomes[-1].emit, entry
        assert partition.states[CODE].position == partition.position
        assert partition.rows[CODE] != row
    assert [one["kind"] for one in partition.happened[CODE]] == ["breach"]


def test_only_the_timer_may_change_and_is_kept() -> None:
    """Other rungs that all lie ahead change neither row (but for the version) nor what was announced."""
    before = knowing(rule(version="r1", warning_hours="24"))
    after = knowing(rule(version="r1", warning_hours="24"), rule(version="r1", warning_hours="48", time="2026-01-02"))
    state = partition_of_story(DUE, clock="11-16 10:00", reference=before).states[CODE]
    outcome = apply_reference(state, 9, at("11-16 10:00"), before, after)
    assert (outcome.emit, outcome.happened, outcome.acts) == (True, [], [])
    assert (state.timer, outcome.state.timer) == (at("11-19 17:00"), at("11-18 17:00"))


def test_a_dossier_derived_anew_is_what_it_became_by_revisions() -> None:
    known = [procedure(term("5")), rule(warning_hours="72,24"), route({"step": "check", "role": "r", "budget": 60})]
    undated: Line = ("accepted", "11-16 09:00", {"procedure": "1.000001"})
    revised = partition_of_story(undated, clock="11-23 09:00").feed(known)
    entry = read_entry(orjson.dumps(entries_of(undated)[0]), 7)
    anew = apply_entry(None, entry, at("11-23 09:00"), knowing(*known))
    assert whole(anew.row) == revised.rows[CODE]
    assert final(anew.state) == final(revised.states[CODE])
    assert (
        whole(apply_reference(anew.state, 8, at("11-23 09:00"), knowing(*known), REFERENCE).row)
        == partition_of_story(undated).rows[CODE]
    )
