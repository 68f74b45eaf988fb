"""What completions, assignments, hand-overs and the finish do to a step of a route (docs/rules.md, "Steps")."""

from __future__ import annotations

from tests.unit.processing.routing.course import follow, found, route, told

CHAIN = route("a A 120", "b B 120", "c C 120")
FIRST = "16 09:00 completed a A"


def test_completed_ends_the_occurrence_under_way() -> None:
    fact = follow(CHAIN, FIRST).steps[0]
    assert fact.completed_at == fact.ended_at
    assert fact.outcome == "completed"


def test_completed_by_a_unit_that_is_not_the_owner_is_rejected_and_has_no_effect() -> None:
    routing = follow(CHAIN, "16 08:00 completed a B")
    assert told(routing) == told(follow(CHAIN))
    [rejected] = routing.rejections
    assert (rejected.code, rejected.id, rejected.step, rejected.unit, rejected.owner) == (
        "not_the_owner",
        "0",
        "a",
        "B",
        "A",
    )
    assert found(routing) == []


def test_a_unit_below_the_owner_may_complete_a_unit_above_may_not() -> None:
    assert follow(CHAIN, "16 08:00 completed a A.1").rejections == []
    assert told(follow(CHAIN, "16 08:00 completed a A.1"))[0] == "a#1 A 16 07:30 > 16 08:00 completed"
    assert len(follow(route("a A.1"), "16 08:00 completed a A").rejections) == 1


def test_without_unit_a_completion_is_the_owners() -> None:
    assert told(follow(CHAIN, "16 08:00 completed a")) == told(follow(CHAIN, "16 08:00 completed a A"))


def test_a_step_not_begun_is_done_out_of_order_in_no_time() -> None:
    routing = follow(CHAIN, "16 08:00 completed b B", FIRST)
    assert told(routing) == [
        "a#1 A 16 07:30 > 16 09:00 completed",
        "b#1 B 16 08:00 > 16 08:00 completed",
        "c#1 C 16 08:00 >",
    ]
    assert found(routing) == ["step_out_of_order 0"]
    assert routing.steps[1].used_us == 0


def test_a_step_not_begun_is_rejected_from_who_would_not_own_it() -> None:
    routing = follow(CHAIN, "16 08:00 completed b A")
    assert [act.owner for act in routing.rejections] == ["B"]
    assert found(routing) == []


def test_a_step_done_twice_changes_nothing() -> None:
    routing = follow(CHAIN, FIRST, "16 10:00 completed a A")
    assert told(routing) == told(follow(CHAIN, FIRST))
    assert found(routing) == ["step_done_twice 1"]


def test_of_a_step_done_nobody_is_asked_whether_it_is_the_owner() -> None:
    routing = follow(CHAIN, FIRST, "16 10:00 completed a X")
    assert found(routing) == ["step_done_twice 1"]
    assert routing.rejections == []


def test_assigned_to_another_unit_hands_the_step_over_with_what_is_left() -> None:
    routing = follow(CHAIN, "16 08:30 assigned a X")
    assert told(routing) == ["a#1 A 16 07:30 > 16 08:30 handed_over", "a#2 X 16 08:30 >"]
    assert [fact.budget for fact in routing.steps] == [120, 60]
    assert found(routing) == []


def test_what_is_left_is_whole_minutes_rounded_up_and_never_below_zero() -> None:
    seconds = route("a A 1")
    assert follow(seconds, "16 07:30 assigned a X").steps[1].budget == 1
    assert follow(seconds, "16 07:31 assigned a X").steps[1].budget == 0
    assert follow(seconds, "16 11:00 assigned a X").steps[1].budget == 0


def test_assigned_to_another_unit_with_a_budget_gives_that() -> None:
    assert follow(CHAIN, "16 08:30 assigned a X 15").steps[1].budget == 15


def test_without_budget_nothing_is_left_of_it() -> None:
    assert follow(route("a A"), "16 08:30 assigned a X").steps[1].budget is None


def test_the_new_owner_may_complete_the_old_one_may_not() -> None:
    given = "16 08:00 assigned a X"
    assert [act.owner for act in follow(CHAIN, given, "16 09:00 completed a A").rejections] == ["X"]
    assert follow(CHAIN, given, "16 09:00 completed a X").rejections == []


def test_assigned_to_the_same_unit_a_budget_given_replaces() -> None:
    routing = follow(CHAIN, "16 08:30 assigned a A 300")
    assert told(routing) == ["a#1 A 16 07:30 >"]
    assert routing.steps[0].budget == 300
    assert follow(CHAIN, "16 08:30 assigned a A").steps[0].budget == 120


def test_assigned_out_of_order_it_begins_and_is_found() -> None:
    routing = follow(CHAIN, "16 08:00 assigned b X", FIRST)
    assert told(routing) == ["a#1 A 16 07:30 > 16 09:00 completed", "b#1 X 16 08:00 >"]
    assert found(routing) == ["step_out_of_order 0"]
    assert routing.steps[1].budget == 120


def test_a_step_done_before_may_be_assigned_again() -> None:
    routing = follow(CHAIN, FIRST, "16 10:00 assigned a X")
    assert told(routing)[1:] == ["b#1 B 16 09:00 >", "a#2 X 16 10:00 >"]
    assert found(routing) == []


def test_a_hand_over_of_the_dossier_ends_what_is_owned_by_role_only() -> None:
    plan = route("a @clerk 120", "b B <")
    routing = follow(plan, "16 08:00 handed_over V")
    assert told(routing) == ["a#1 U 16 07:30 > 16 08:00 handed_over", "b#1 B 16 07:30 >", "a#2 V 16 08:00 >"]
    assert [fact.budget for fact in routing.steps] == [120, None, 90]


def test_a_step_by_role_that_was_given_to_a_unit_stays_with_it() -> None:
    routing = follow(route("a @clerk"), "16 08:00 assigned a X", "16 09:00 handed_over V")
    assert told(routing) == ["a#1 U 16 07:30 > 16 08:00 handed_over", "a#2 X 16 08:00 >"]
    assert [fact.role for fact in routing.steps] == ["clerk", None]


def test_a_step_by_role_handed_back_to_the_accountable_unit_stays_with_it() -> None:
    given = ["16 08:00 assigned a X", "16 08:30 assigned a U"]
    assert told(follow(route("a @clerk"), *given, "16 09:00 handed_over V"))[2:] == ["a#3 U 16 08:30 >"]


def test_a_step_by_role_given_to_the_accountable_unit_goes_with_the_dossier() -> None:
    routing = follow(route("a A", "b @clerk optional <"), "16 08:00 assigned b U", "16 09:00 handed_over V")
    assert told(routing)[1:] == ["b#1 U 16 08:00 > 16 09:00 handed_over", "b#2 V 16 09:00 >"]


def test_handed_over_to_the_unit_that_has_it_nothing_changes() -> None:
    assert told(follow(route("a @clerk"), "16 08:00 handed_over U")) == ["a#1 U 16 07:30 >"]


def test_a_finish_cuts_off_what_is_under_way() -> None:
    assert told(follow(CHAIN, FIRST, finished="16 10:00"))[-1] == "b#1 B 16 09:00 > 16 10:00 cut_off"


def test_a_completion_at_the_very_finish_counts_one_after_it_does_not() -> None:
    assert told(follow(CHAIN, FIRST, finished="16 09:00")) == [
        "a#1 A 16 07:30 > 16 09:00 completed",
        "b#1 B 16 09:00 > 16 09:00 cut_off",
    ]
    late = follow(CHAIN, "16 09:01 completed a X", "16 09:01 handed_over V", finished="16 09:00")
    assert told(late) == ["a#1 A 16 07:30 > 16 09:00 cut_off"]
    assert late.rejections == []


def test_what_is_dated_before_acceptance_has_no_effect() -> None:
    assert told(follow(CHAIN, "16 07:00 completed a A")) == ["a#1 A 16 07:30 >"]


def test_a_step_done_late_with_the_dossier_on_time_and_the_reverse_are_visible() -> None:
    late_step = follow(
        CHAIN, "16 10:00 completed a", "16 10:30 completed b", "16 11:00 completed c", finished="16 11:00"
    )
    assert [fact.over_us != 0 for fact in late_step.steps] == [True, False, False]
    # All in their budgets, yet a dossier promised for 11:00 is late: nobody had it after c.
    in_budget = follow(
        CHAIN, "16 09:00 completed a", "16 10:00 completed b", "16 11:00 completed c", finished="16 15:00"
    )
    assert [fact.over_us for fact in in_budget.steps] == [0, 0, 0]
