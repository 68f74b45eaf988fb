"""A delay split among the units that held the dossier (docs/rules.md, "Steps")."""

from __future__ import annotations

from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from services.processing.routing import Routing, blame
from services.processing.routing.blame import share_out
from shared.instants import HOUR
from tests.unit.processing.routing.course import CALENDAR, at, calendar_of, follow, route, span

CHAIN = route("a A 60", "b B 60", "c C 60")


def _blamed(routing: Routing, due: str, end: str, *, pauses: Sequence[str] = ()) -> list[tuple[str | None, float]]:
    parts = blame(
        routing.steps,
        at(due),
        at(end),
        calendar=CALENDAR,
        calendar_of=calendar_of,
        pauses=[span(text) for text in pauses],
        accountable="U",
    )
    assert sum(part for _, part in parts) == CALENDAR.working_between(at(due), at(end))
    return [(unit, round(part / HOUR, 9)) for unit, part in parts]


def test_a_delay_is_split_by_the_units_time_over_budget() -> None:
    # a 2 h over, b within, c 1 h over; the dossier 1.5 h late.
    routing = follow(CHAIN, "16 10:30 completed a", "16 11:00 completed b", "16 14:30 completed c", finished="16 14:30")
    assert _blamed(routing, "16 11:30", "16 14:30") == [("A", 1.0), ("C", 0.5)]


def test_a_units_occurrences_are_added_up() -> None:
    plan = route("a A 0", "b B 0", "c A 0")
    routing = follow(plan, "16 08:30 completed a", "16 10:30 completed b", "16 11:30 completed c", finished="16 11:30")
    assert _blamed(routing, "16 07:30", "16 11:30") == [("A", 2.0), ("B", 2.0)]


def test_none_over_the_time_held_after_the_due_counts() -> None:
    plan = route("a A", "b B 600")
    routing = follow(plan, "16 09:30 completed a", "16 10:00 completed b", finished="16 10:00")
    assert _blamed(routing, "16 08:30", "16 10:00") == [("A", 1.0), ("B", 0.5)]


def test_none_held_the_accountable_unit_has_it_all() -> None:
    assert _blamed(follow(None, finished="16 10:00"), "16 08:30", "16 10:00") == [("U", 1.5)]
    done = follow(route("a A 60"), "16 08:00 completed a", finished="16 10:00")
    assert _blamed(done, "16 08:30", "16 10:00") == [("U", 1.5)]


def test_pauses_are_left_out_of_what_was_held_after_the_due() -> None:
    pauses = ["16 09:00 - 16 10:00"]
    routing = follow(
        route("a A", "b B"), "16 10:00 completed a", "16 10:30 completed b", finished="16 10:30", pauses=pauses
    )
    assert _blamed(routing, "16 08:30", "16 10:30", pauses=pauses) == [("A", 1.0), ("B", 1.0)]


def test_in_a_log_without_assignments_who_held_after_the_due_has_it() -> None:
    routing = follow(None, "16 09:00 completed a A", "16 10:00 completed b", finished="16 10:30")
    assert _blamed(routing, "16 08:30", "16 10:30") == [("A", 0.666666667), (None, 1.333333333)]


def test_a_dossier_under_way_is_judged_as_it_stood_at_the_instant() -> None:
    routing = follow(CHAIN, "16 09:30 completed a")
    # At 11:00 a was over by 1 h, b by 0.5 h.
    assert _blamed(routing, "16 10:30", "16 11:00") == [("A", 0.333333333), ("B", 0.166666667)]
    # At 9:00 a was over by half an hour, and nothing else had begun.
    assert _blamed(routing, "16 08:00", "16 09:00") == [("A", 1.0)]


def test_late_outside_working_hours_is_no_delay() -> None:
    assert _blamed(follow(CHAIN), "16 11:30", "16 12:30") == []
    assert _blamed(follow(CHAIN), "16 11:30", "16 11:30") == []
    assert (
        blame(
            [], at("16 11:30"), at("16 09:30"), calendar=CALENDAR, calendar_of=calendar_of, pauses=(), accountable="U"
        )
        == []
    )


def test_the_largest_remainder_gets_the_microsecond_and_ties_go_by_code_unassigned_last() -> None:
    assert share_out(10, {"B": 1, "A": 1, None: 1}) == [("A", 4), ("B", 3), (None, 3)]
    assert share_out(2, {"B": 1, "A": 1, None: 1}) == [("A", 1), ("B", 1)]
    assert share_out(10, {"A": 1, "B": 2}) == [("A", 3), ("B", 7)]


@given(
    st.integers(0, 10**15), st.dictionaries(st.sampled_from(["A", "B", "C", None]), st.integers(1, 10**12), min_size=1)
)
def test_parts_add_up_and_are_within_one_of_their_share(whole: int, weights: dict[str | None, int]) -> None:
    parts = dict(share_out(whole, weights))
    assert sum(parts.values()) == whole
    total = sum(weights.values())
    for unit, weight in weights.items():
        assert abs(parts.get(unit, 0) * total - whole * weight) < total
    assert share_out(whole, dict(reversed(list(weights.items())))) == list(parts.items())
