"""Working time held, over the budget, and the due of a step with its history (docs/rules.md, "Steps")."""

from __future__ import annotations

import itertools
from dataclasses import replace
from zoneinfo import ZoneInfo

import pytest

from services.processing.record import EntryRecord
from services.processing.routing import Routing, StepFact, follow_steps
from services.processing.routing.measure import Stopwatch
from shared.calendar import WorkCalendar
from shared.instants import HOUR, MINUTE
from tests.unit.processing.routing.course import (
    ACCEPTED,
    CALENDAR,
    ZONE,
    at,
    calendar_of,
    course,
    follow,
    hours,
    local,
    owns,
    route,
    used,
)

ONE = route("a A 240")


def _dues(fact: StepFact) -> list[tuple[str | None, str | None]]:
    return [(local(due), local(since)) for due, since in fact.due_history]


def test_held_is_working_time_from_begin_to_end() -> None:
    assert used(follow(ONE, "17 08:30 completed a")) == [("a", 9.0, 5.0)]


def test_pauses_are_left_out() -> None:
    routing = follow(ONE, "17 08:30 completed a", pauses=["16 09:00 - 16 14:00", "16 16:00 - 17 08:00"])
    assert used(routing) == [("a", 9 - 3.5 - 1.5, 0.0)]


def test_a_pause_before_the_step_or_after_it_has_no_part() -> None:
    plan = route("a A 60", "b B 60")
    routing = follow(plan, "16 08:30 completed a", "16 13:30 completed b", pauses=["16 09:00 - 16 10:00", "17 09:00 -"])
    assert used(routing) == [("a", 1.0, 0.0), ("b", 2.5, 1.5)]


def test_time_over_a_budget_is_exact_to_the_microsecond() -> None:
    [fact] = follow(ONE, "16 13:00 completed a").steps
    assert (fact.used_us, fact.over_us) == (4 * HOUR, 0)
    [line] = course(["16 13:00 completed a"])
    [fact] = _follow([replace(line, time=line.time + 1)]).steps
    assert (fact.used_us, fact.over_us) == (4 * HOUR + 1, 1)


def _follow(lines: list[EntryRecord]) -> Routing:
    return follow_steps(
        lines,
        accepted_at=at(ACCEPTED),
        finished_at=None,
        unit="U",
        route=ONE,
        pauses=(),
        calendar_of=calendar_of,
        owns=owns,
    )


def test_under_way_nothing_is_final() -> None:
    [fact] = follow(ONE).steps
    assert (fact.used_us, fact.over_us, fact.outcome, fact.judged_at) == (None, None, None, None)


def test_a_step_is_measured_by_its_owners_calendar() -> None:
    whole_day = WorkCalendar("always", ZONE, ((0, 24 * HOUR),), {})
    routing = follow_steps(
        course(["16 09:30 completed a", "17 09:30 completed b"]),
        accepted_at=at(ACCEPTED),
        finished_at=None,
        unit="U",
        route=route("a A 60", "b B 60"),
        pauses=(),
        calendar_of=lambda unit: whole_day if unit == "B" else CALENDAR,
        owns=owns,
    )
    assert used(routing) == [("a", 2.0, 1.0), ("b", 24.0, 23.0)]


def test_the_due_of_a_step_is_its_begin_plus_the_budget() -> None:
    [fact] = follow(route("a A 300")).steps
    assert _dues(fact) == [("16 14:00", "16 07:30")]
    assert local(fact.due) == "16 14:00"
    assert follow(route("a A")).steps[0].due is None


def test_a_pause_that_begins_by_the_due_moves_it_when_it_ends() -> None:
    [fact] = follow(ONE, pauses=["16 10:00 - 16 14:00"]).steps
    assert _dues(fact) == [("16 11:30", "16 07:30"), ("16 15:30", "16 14:00")]


def test_a_pause_that_begins_at_the_very_due_moves_it_one_after_it_does_not() -> None:
    [fact] = follow(ONE, pauses=["16 11:30 - 16 14:00"]).steps
    assert local(fact.due) == "16 14:00"
    [fact] = follow(ONE, pauses=["16 12:00 - 16 14:00"]).steps
    assert _dues(fact) == [("16 11:30", "16 07:30")]


def test_an_open_pause_has_not_moved_anything_yet() -> None:
    assert _dues(follow(ONE, pauses=["16 10:00 -"]).steps[0]) == [("16 11:30", "16 07:30")]


def test_of_a_pause_under_way_at_the_begin_the_rest_moves_the_due() -> None:
    fact = follow(route("a A", "b B 60"), "16 09:00 completed a", pauses=["16 08:00 - 16 10:00"]).steps[1]
    assert _dues(fact) == [("16 10:00", "16 09:00"), ("16 11:00", "16 10:00")]


def test_pauses_move_the_due_one_after_the_other() -> None:
    [fact] = follow(ONE, pauses=["16 08:00 - 16 09:00", "16 12:00 - 16 13:30", "17 07:30 - 17 09:00"]).steps
    assert [due for due, _ in _dues(fact)] == ["16 11:30", "16 14:00", "16 14:30"]


def test_a_pause_without_working_time_is_no_new_value() -> None:
    assert len(follow(ONE, pauses=["16 11:30 - 16 12:00"]).steps[0].due_history) == 1


def test_a_budget_that_replaces_gives_a_new_value_since_then() -> None:
    [fact] = follow(ONE, "16 09:00 assigned a A 60", "16 10:00 assigned a A 300").steps
    assert _dues(fact) == [("16 11:30", "16 07:30"), ("16 08:30", "16 09:00"), ("16 14:00", "16 10:00")]


def test_a_replaced_budget_knows_the_pauses_before_and_after_it() -> None:
    lines = ["16 10:00 assigned a A 300"]
    [fact] = follow(ONE, *lines, pauses=["16 08:00 - 16 09:00", "16 13:30 - 16 14:00"]).steps
    assert _dues(fact) == [
        ("16 11:30", "16 07:30"),
        ("16 14:00", "16 09:00"),
        ("16 15:00", "16 10:00"),
        ("16 15:30", "16 14:00"),
    ]


def test_a_budget_given_later_than_the_step_gives_a_value_since_then() -> None:
    [fact] = follow(route("a A"), "16 09:00 assigned a A 60", pauses=["16 07:45 - 16 08:15"]).steps
    assert _dues(fact) == [("16 09:00", "16 09:00")]
    [fact] = follow(route("a A"), "16 09:00 assigned a A 240").steps
    assert _dues(fact) == [("16 11:30", "16 09:00")]


def test_a_pause_that_begins_by_the_due_moves_it_also_after_the_end() -> None:
    fact = follow(ONE, "16 09:00 completed a", pauses=["16 10:00 - 16 11:00"]).steps[0]
    assert (local(fact.due), _dues(fact)) == ("16 14:00", [("16 11:30", "16 07:30")])
    assert (hours(fact.used_us), fact.over_us) == (1.5, 0)


def test_an_end_in_a_pause_is_judged_at_its_begin() -> None:
    fact = follow(ONE, "16 15:00 completed a", pauses=["16 10:00 - 16 16:00"]).steps[0]
    assert (local(fact.judged_at), hours(fact.used_us), fact.over_us) == ("16 10:00", 2.5, 0)
    begun_in_it = follow(route("a A", "b B 60"), "16 11:00 completed a", "16 15:00 completed b", pauses=["16 10:00 -"])
    assert [local(fact.judged_at) for fact in begun_in_it.steps] == ["16 10:00", "16 11:00"]


def test_a_budget_beyond_every_calendar_gives_no_due() -> None:
    fact = follow(route(f"a A {10**12}"), "16 09:00 assigned a A 60", "16 10:00 assigned a A 999999999999").steps[0]
    assert fact.due is None
    assert fact.due_history == ()
    assert follow(route(f"a A {10**12}"), "16 09:30 completed a").steps[0].over_us == 0


def test_no_budget_at_all_is_used_up_at_once() -> None:
    fact = follow(route("a A 0"), "16 07:30 completed a").steps[0]
    assert (local(fact.due), fact.over_us) == ("16 07:30", 0)


def _values(watch: Stopwatch, begin: int, minutes: int, ended: int | None) -> tuple[int | None, list[tuple[int, int]]]:
    """The due and all its values; the last one is told without making the others."""
    measured = watch.measured(begin, ended, minutes, [(begin, minutes)])
    history = [measured.last_due] if measured.looking_back is None else list(measured.looking_back())
    assert history[-1:] == [measured.last_due]
    return measured.due, [value for value in history if value is not None]


#: How 80 pauses lie: from the start every so many minutes, as long as the cycle of minutes says.
_SPREAD = {
    "apart": (90, (0, 10, 20, 30, 40, 50, 60)),
    "following upon one another": (60, (60,)),
    "some following": (60, (60, 0, 60, 30)),
    "at midday and at night": (720, (0, 60, 30)),
    "of no length": (60, (0,)),
}


@pytest.mark.parametrize("zone", ["Asia/Ho_Chi_Minh", "Europe/Berlin"])
@pytest.mark.parametrize("spread", _SPREAD)
def test_many_pauses_agree_with_moving_the_due_one_by_one(zone: str, spread: str) -> None:
    calendar = WorkCalendar("office", ZoneInfo(zone), ((8 * HOUR, 12 * HOUR), (13 * HOUR, 17 * HOUR)), {})
    start = at("16 08:00")
    every, lengths = _SPREAD[spread]
    pauses = [
        (start + index * every * MINUTE, start + (index * every + lengths[index % len(lengths)]) * MINUTE)
        for index in range(80)
    ]
    watch = Stopwatch(calendar, pauses)
    for offset in (0, 35, 60, 91, 240, 600):
        for minutes in (0, 1, 40, 60, 240, 480, 961, 5_000):
            begin = start + offset * MINUTE
            due = calendar.add_working(begin, minutes * MINUTE)
            values = [(due, begin)]
            for pause, end in pauses:
                if end > begin and pause <= due:
                    due = calendar.add_working(due, calendar.working_between(max(pause, begin), end))
                    if due != values[-1][0]:
                        values.append((due, end))
            assert _values(watch, begin, minutes, None) == (due, values)
            ended = values[len(values) // 2][1]
            assert _values(watch, begin, minutes, ended) == (due, values[: len(values) // 2 + 1])
            held = calendar.working_between(begin, due) - sum(
                calendar.working_between(max(pause, begin), min(end, due))
                for pause, end in pauses
                if end > begin and pause < due
            )
            assert watch.held(begin, due) == held == minutes * MINUTE


def test_the_last_value_of_replaced_budgets_is_that_of_all_of_them() -> None:
    calendar = WorkCalendar("office", ZoneInfo("Asia/Ho_Chi_Minh"), ((8 * HOUR, 17 * HOUR),), {})
    start = at("16 08:00")
    pauses = [(start + index * 60 * MINUTE, start + (index * 60 + index % 3 * 30) * MINUTE) for index in range(60)]
    watch = Stopwatch(calendar, pauses)
    for minutes in itertools.product((0, 100, 700), repeat=3):
        budgets = [(start + place * 400 * MINUTE, amount) for place, amount in enumerate(minutes)]
        for ended in (None, start + 800 * MINUTE, start + 1500 * MINUTE):
            measured = watch.measured(start, ended, minutes[-1], budgets)
            assert measured.looking_back is not None
            assert list(measured.looking_back())[-1] == measured.last_due
