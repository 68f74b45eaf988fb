"""Which steps of a route begin when, and who owns them (docs/rules.md, "Steps")."""

from __future__ import annotations

import pytest

from services.processing.routing.plan import Plan, own_route
from tests.unit.processing.routing.course import follow, found, local, own, route, told

CHAIN = route("a A 120", "b B 120", "c C 120")
FORK = route("a A", "left L < a", "right R < a", "join J < left,right")


def test_a_route_begins_at_acceptance_with_the_steps_after_none() -> None:
    assert told(follow(route("a A", "x X <", "b B < a"))) == ["a#1 A 16 07:30 >", "x#1 X 16 07:30 >"]


def test_a_step_begins_when_the_one_it_comes_after_is_done() -> None:
    assert told(follow(CHAIN, "16 09:00 completed a A")) == ["a#1 A 16 07:30 > 16 09:00 completed", "b#1 B 16 09:00 >"]


def test_parallel_steps_begin_together_and_a_join_when_all_are_done() -> None:
    lines = ["16 08:00 completed a", "16 09:00 completed left"]
    assert told(follow(FORK, *lines))[1:] == ["left#1 L 16 08:00 > 16 09:00 completed", "right#1 R 16 08:00 >"]
    assert told(follow(FORK, *lines, "16 10:00 completed right"))[-1] == "join#1 J 16 10:00 >"


def test_an_optional_step_is_passed_over() -> None:
    plan = route("a A", "opinion O optional", "c C")
    assert told(follow(plan, "16 09:00 completed a"))[1:] == ["c#1 C 16 09:00 >"]


def test_optional_steps_at_the_beginning_are_passed_over_at_acceptance() -> None:
    plan = route("a A optional", "b B optional", "c C")
    assert told(follow(plan)) == ["c#1 C 16 07:30 >"]


def test_steps_after_an_optional_one_under_way_wait() -> None:
    plan = route("a A", "opinion O optional", "c C")
    lines = ["16 08:00 assigned opinion O", "16 09:00 completed a"]
    assert told(follow(plan, *lines)) == ["a#1 A 16 07:30 > 16 09:00 completed", "opinion#1 O 16 08:00 >"]
    assert told(follow(plan, *lines, "16 10:00 completed opinion"))[-1] == "c#1 C 16 10:00 >"
    assert found(follow(plan, *lines)) == []


def test_steps_after_an_optional_one_that_have_begun_do_not_wait() -> None:
    plan = route("a A", "opinion O optional", "c C")
    lines = ["16 09:00 completed a", "16 09:30 assigned opinion O", "16 10:00 completed c C"]
    assert told(follow(plan, *lines))[1:] == ["c#1 C 16 09:00 > 16 10:00 completed", "opinion#1 O 16 09:30 >"]
    assert found(follow(plan, *lines)) == []


def test_a_step_by_role_is_owned_by_the_accountable_unit_of_the_moment() -> None:
    plan = route("a @clerk", "b @head")
    routing = follow(plan, "16 08:00 handed_over V", "16 09:00 completed a V")
    assert told(routing) == [
        "a#1 U 16 07:30 > 16 08:00 handed_over",
        "a#2 V 16 08:00 > 16 09:00 completed",
        "b#1 V 16 09:00 >",
    ]
    assert [fact.role for fact in routing.steps] == ["clerk", "clerk", "head"]


def test_planned_steps_say_so_and_when_they_were_given() -> None:
    fact = follow(CHAIN).steps[0]
    assert (fact.planned, local(fact.assigned_at), fact.budget) == (True, "16 07:30", 120)
    assert follow(CHAIN).route_version == "v1"


def test_the_receipts_own_route_runs_in_the_order_given() -> None:
    plan = own("a A 60", "b B", "a X")
    routing = follow(plan, "16 08:00 completed a A")
    assert told(routing) == ["a#1 A 16 07:30 > 16 08:00 completed", "b#1 B 16 08:00 >"]
    assert routing.route_version is None
    assert own_route([]) is None
    assert own_route(None) is None


def test_what_is_ahead() -> None:
    plan = route("a A", "opinion O optional", "c @clerk 60")
    assert [(step.step, step.unit, step.budget, step.optional) for step in follow(plan).ahead] == [
        ("opinion", "O", None, True),
        ("c", "U", 60, False),
    ]
    # Passed over: what comes after it has begun.
    assert follow(plan, "16 08:00 completed a").ahead == []


def test_holders_are_the_owners_of_what_is_under_way() -> None:
    assert follow(CHAIN).holders == ["A"]
    assert follow(FORK, "16 08:00 completed a").holders == ["L", "R"]


def test_without_anything_under_way_the_accountable_unit_holds() -> None:
    assert follow(None).holders == ["U"]
    assert follow(None, "16 08:00 handed_over V").holders == ["V"]
    assert follow(route("a A"), "16 08:00 completed a").holders == ["U"]


def test_while_the_clock_is_stopped_or_an_answer_awaited_the_applicant_holds() -> None:
    assert follow(CHAIN, pauses=["16 08:00 -"]).holders == []
    assert follow(CHAIN, waiting=True).holders == []
    assert follow(CHAIN, pauses=["16 08:00 - 16 09:00"]).holders == ["A"]


def test_nobody_holds_what_is_finished() -> None:
    assert follow(CHAIN, finished="16 09:00").holders == []


def test_a_route_in_a_circle_or_with_a_step_twice_cannot_be_followed() -> None:
    with pytest.raises(ValueError, match="circle"):
        Plan(route("a A < b", "b B < a"))
    with pytest.raises(ValueError, match="twice"):
        Plan(route("a A", "a B"))


def test_many_optional_steps_in_a_row_are_passed_over_at_once() -> None:
    plan = route("first A", *(f"o{number} O optional" for number in range(2_000)), "last L")
    assert told(follow(plan, "16 08:00 completed first"))[-1] == "last#1 L 16 08:00 >"
