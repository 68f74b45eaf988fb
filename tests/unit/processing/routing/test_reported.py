"""Steps without a route, and steps a route does not know (docs/rules.md, "Steps")."""

from __future__ import annotations

from tests.unit.processing.routing.course import follow, found, local, route, told


def test_assigned_then_completed() -> None:
    lines = ["16 08:00 assigned a A 60", "16 09:00 completed a"]
    assert told(follow(None, *lines)) == ["a#1 A 16 08:00 > 16 09:00 completed"]
    fact = follow(None, *lines).steps[0]
    assert (fact.planned, local(fact.assigned_at), fact.budget) == (False, "16 08:00", 60)


def test_a_completion_alone_held_from_the_previous_entry() -> None:
    routing = follow(None, "16 08:00 completed a A", "16 09:00 apologised", "16 10:00 completed b B")
    assert told(routing) == ["a#1 A 16 07:30 > 16 08:00 completed", "b#1 B 16 09:00 > 16 10:00 completed"]
    assert routing.steps[0].assigned_at is None


def test_only_entries_of_dossier_and_steps_are_previous_ones() -> None:
    routing = follow(None, "16 07:00 submitted", "16 08:00 portal.sent", "16 09:00 completed a A")
    assert told(routing) == ["a#1 A 16 07:30 > 16 09:00 completed"]


def test_an_end_is_no_previous_entry() -> None:
    routing = follow(None, "16 08:00 completed a A", "16 09:00 resolved", "16 09:00 completed b B", finished="16 09:00")
    assert told(routing)[1] == "b#1 B 16 08:00 > 16 09:00 completed"


def test_no_unit_is_unassigned() -> None:
    assert told(follow(None, "16 08:00 completed a")) == ["a#1 None 16 07:30 > 16 08:00 completed"]


def test_a_completion_by_another_unit_is_its_own_and_nobody_is_rejected() -> None:
    routing = follow(None, "16 08:00 assigned a A", "16 09:00 completed a B")
    assert told(routing) == ["a#1 A 16 08:00 >", "a#2 B 16 08:00 > 16 09:00 completed"]
    assert routing.rejections == []
    assert found(routing) == []


def test_assigned_to_another_unit_is_a_hand_over() -> None:
    routing = follow(None, "16 08:00 assigned a A 60", "16 08:20 assigned a B")
    assert told(routing) == ["a#1 A 16 08:00 > 16 08:20 handed_over", "a#2 B 16 08:20 >"]
    assert [fact.budget for fact in routing.steps] == [60, 40]


def test_assigned_to_the_same_unit_a_budget_replaces() -> None:
    routing = follow(None, "16 08:00 assigned a A 60", "16 08:20 assigned a A 90")
    assert told(routing) == ["a#1 A 16 08:00 >"]
    assert routing.steps[0].budget == 90


def test_sent_back_ends_what_is_under_way_whoever_reports_it() -> None:
    routing = follow(None, "16 08:00 assigned a A", "16 09:00 sent_back a B")
    assert told(routing) == ["a#1 A 16 08:00 > 16 09:00 sent_back"]


def test_sent_back_else_marks_the_latest_completed() -> None:
    lines = ["16 08:00 completed a A", "16 09:00 completed a B", "16 10:00 sent_back a A"]
    routing = follow(None, *lines)
    assert [local(fact.sent_back_at) for fact in routing.steps] == [None, "16 10:00"]
    assert [fact.outcome for fact in routing.steps] == ["completed", "completed"]


def test_sent_back_else_is_an_occurrence_of_that_instant() -> None:
    assert told(follow(None, "16 08:00 completed a A", "16 09:00 sent_back b B"))[1:] == [
        "b#1 B 16 09:00 > 16 09:00 sent_back"
    ]


def test_a_finish_cuts_off() -> None:
    assert told(follow(None, "16 08:00 assigned a A", finished="16 09:00")) == ["a#1 A 16 08:00 > 16 09:00 cut_off"]


def test_a_hand_over_of_the_dossier_leaves_reported_steps() -> None:
    assert told(follow(None, "16 08:00 assigned a U", "16 09:00 handed_over V")) == ["a#1 U 16 08:00 >"]


def test_a_step_the_route_does_not_know_is_found_and_kept_as_reported() -> None:
    routing = follow(route("a A", "b B"), "16 08:00 assigned x X", "16 09:00 completed x Y")
    assert told(routing) == ["a#1 A 16 07:30 >", "x#1 X 16 08:00 >", "x#2 Y 16 08:00 > 16 09:00 completed"]
    assert found(routing) == ["step_not_in_route 0", "step_not_in_route 1"]
    assert [fact.planned for fact in routing.steps] == [True, False, False]
    assert routing.holders == ["A", "X"]


def test_a_rejected_act_is_no_previous_entry() -> None:
    plan = route("a A")
    with_rejected = follow(plan, "16 08:00 completed a B", "16 09:00 completed x X")
    assert told(with_rejected) == told(follow(plan, "16 09:00 completed x X"))
    assert told(with_rejected)[-1] == "x#1 X 16 07:30 > 16 09:00 completed"
