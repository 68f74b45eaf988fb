"""Steps sent back, and what is to be done again (docs/rules.md, "Steps")."""

from __future__ import annotations

from tests.unit.processing.routing.course import follow, found, route, told

CHAIN = route("a A 120", "b B 120", "c C 120", "d D 120")
TO_C = ["16 08:00 completed a", "16 09:00 completed b"]
FORK = route("a A", "left L < a", "right R < a", "join J < left,right")


def test_a_step_under_way_ends_and_the_one_before_begins_again() -> None:
    routing = follow(CHAIN, *TO_C, "16 10:00 sent_back c C")
    assert told(routing)[2:] == ["c#1 C 16 09:00 > 16 10:00 sent_back", "b#2 B 16 10:00 >"]
    assert routing.steps[2].sent_back_at == routing.steps[2].ended_at
    assert routing.steps[3].budget == 120
    assert found(routing) == []


def test_to_names_the_step_that_begins_again_and_the_steps_on_the_way_are_done_again() -> None:
    routing = follow(CHAIN, *TO_C, "16 10:00 sent_back c C a", "16 11:00 completed a", "16 14:00 completed b")
    assert told(routing)[3:] == [
        "a#2 A 16 10:00 > 16 11:00 completed",
        "b#2 B 16 11:00 > 16 14:00 completed",
        "c#2 C 16 14:00 >",
    ]


def test_without_a_step_before_it_the_step_itself_begins_again() -> None:
    assert told(follow(CHAIN, "16 08:00 sent_back a A")) == ["a#1 A 16 07:30 > 16 08:00 sent_back", "a#2 A 16 08:00 >"]


def test_all_the_steps_it_comes_after_begin_again() -> None:
    lines = ["16 08:00 completed a", "16 09:00 completed left", "16 10:00 completed right", "16 11:00 sent_back join"]
    assert told(follow(FORK, *lines))[4:] == ["left#2 L 16 11:00 >", "right#2 R 16 11:00 >"]


def test_sent_back_by_another_unit_than_the_owner_is_rejected() -> None:
    routing = follow(CHAIN, *TO_C, "16 10:00 sent_back c B")
    assert told(routing) == told(follow(CHAIN, *TO_C))
    assert [(act.unit, act.owner) for act in routing.rejections] == [("B", "C")]
    assert follow(CHAIN, *TO_C, "16 10:00 sent_back c C.1").rejections == []


def test_to_a_step_not_before_it_is_sent_back_nowhere_and_as_without() -> None:
    for nowhere in ("d", "c", "unheard"):
        routing = follow(CHAIN, *TO_C, f"16 10:00 sent_back c C {nowhere}")
        assert told(routing) == told(follow(CHAIN, *TO_C, "16 10:00 sent_back c C"))
        assert found(routing) == ["sent_back_nowhere 2"]
    assert found(follow(FORK, "16 08:00 completed a", "16 09:00 sent_back left L right")) == ["sent_back_nowhere 1"]


def test_a_step_done_begins_again_and_what_is_under_way_after_it_ends() -> None:
    routing = follow(CHAIN, *TO_C, "16 10:00 sent_back b C")
    assert told(routing)[1:] == [
        "b#1 B 16 08:00 > 16 09:00 completed",
        "c#1 C 16 09:00 > 16 10:00 sent_back",
        "b#2 B 16 10:00 >",
    ]
    assert routing.rejections == []
    assert told(follow(CHAIN, *TO_C, "16 10:00 sent_back b C", "16 11:00 completed b"))[-1] == "c#2 C 16 11:00 >"


def test_of_a_step_done_to_begins_again_and_the_way_is_done_again() -> None:
    routing = follow(CHAIN, *TO_C, "16 10:00 sent_back b C a", "16 11:00 completed a")
    assert told(routing)[3:] == ["a#2 A 16 10:00 > 16 11:00 completed", "b#2 B 16 11:00 >"]


def test_what_was_done_between_a_step_sent_back_and_one_under_way_after_it_is_done_again() -> None:
    routing = follow(CHAIN, *TO_C, "16 10:00 completed c", "16 11:00 sent_back b", "16 14:00 completed b")
    assert told(routing)[-1] == "c#2 C 16 14:00 >"
    assert "d#1 D 16 10:00 > 16 11:00 sent_back" in told(routing)


def test_other_branches_stay_as_they_are() -> None:
    lines = ["16 08:00 completed a", "16 09:00 sent_back left L a"]
    assert told(follow(FORK, *lines))[1:] == [
        "left#1 L 16 08:00 > 16 09:00 sent_back",
        "right#1 R 16 08:00 >",
        "a#2 A 16 09:00 >",
    ]
    done = ["16 08:00 completed a", "16 08:30 completed right", "16 09:00 sent_back left L a", "16 10:00 completed a"]
    assert told(follow(FORK, *done, "16 11:00 completed left"))[-2:] == [
        "left#2 L 16 10:00 > 16 11:00 completed",
        "join#1 J 16 11:00 >",
    ]


def test_a_branch_sent_back_from_behind_the_join_leaves_the_other_done() -> None:
    lines = ["16 08:00 completed a", "16 09:00 completed left", "16 10:00 completed right", "16 11:00 sent_back left"]
    assert told(follow(FORK, *lines))[3:] == ["join#1 J 16 10:00 > 16 11:00 sent_back", "left#2 L 16 11:00 >"]
    assert told(follow(FORK, *lines, "16 14:00 completed left"))[-1] == "join#2 J 16 14:00 >"


def test_of_a_step_done_all_that_is_under_way_after_to_ends_also_on_another_branch() -> None:
    lines = ["16 08:00 completed a", "16 09:00 completed left", "16 10:00 sent_back left L a"]
    assert told(follow(FORK, *lines))[2:] == ["right#1 R 16 08:00 > 16 10:00 sent_back", "a#2 A 16 10:00 >"]


def test_sent_back_to_what_is_under_way_already_lets_it_go_on() -> None:
    routing = follow(CHAIN, "16 08:00 assigned b B", "16 09:00 sent_back b B")
    assert told(routing) == ["a#1 A 16 07:30 >", "b#1 B 16 08:00 > 16 09:00 sent_back"]


def test_a_step_under_way_on_the_way_back_goes_on() -> None:
    routing = follow(CHAIN, "16 08:00 completed a", "16 08:30 assigned c C", "16 09:00 sent_back c C a")
    assert told(routing)[1:] == [
        "b#1 B 16 08:00 >",
        "c#1 C 16 08:30 > 16 09:00 sent_back",
        "a#2 A 16 09:00 >",
    ]


def test_an_optional_step_passed_over_is_passed_over_on_the_way_back() -> None:
    plan = route("a A", "opinion O optional", "c C")
    assert told(follow(plan, "16 08:00 completed a", "16 09:00 sent_back c"))[-1] == "a#2 A 16 09:00 >"
    asked = ["16 07:45 assigned opinion O", "16 08:00 completed a", "16 08:30 completed opinion"]
    assert told(follow(plan, *asked, "16 09:00 sent_back c"))[-1] == "opinion#2 O 16 09:00 >"


def test_a_step_waiting_is_not_sent_back() -> None:
    routing = follow(CHAIN, "16 08:00 sent_back c X")
    assert told(routing) == ["a#1 A 16 07:30 >"]
    assert found(routing) == ["step_out_of_order 0"]
    assert routing.rejections == []


def test_begun_again_a_step_is_the_routes_owners_whoever_had_it() -> None:
    lines = ["16 07:45 assigned a X 30", "16 08:00 completed a X", "16 09:00 sent_back b B"]
    fact = follow(CHAIN, *lines).steps[-1]
    assert (fact.step, fact.unit, fact.budget, fact.occurrence) == ("a", "A", 120, 3)


def test_steps_to_be_done_again_are_ahead_again() -> None:
    routing = follow(CHAIN, *TO_C, "16 10:00 sent_back c C a")
    assert [(step.step, step.again) for step in routing.ahead] == [("b", True), ("c", True), ("d", False)]
