"""Routes: what comes after what, the critical path, and what makes a route unfit."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.contract.reference import Route
from shared.reference.kinds.routes import (
    LONGEST_BUDGET,
    RouteStep,
    RouteVersion,
    check_route,
    critical_path,
    is_sound,
    route_steps,
)
from tests.unit.shared.reference.making import day, known, route, unit


def _data(*steps: dict[str, Any], **members: Any) -> Route:
    return Route.model_validate({"procedure": "2.000815", "version": "1", "steps": steps, **members})


def _step(name: str, *after: str, budget: int | None = 60, **members: Any) -> dict[str, Any]:
    return {"step": name, "unit": "H38", "budget": budget, "after": list(after), **members}


def _plain(name: str, **members: Any) -> dict[str, Any]:
    return {"step": name, "unit": "H38", **members}


def test_without_after_a_step_comes_after_the_one_before_it() -> None:
    data = _data(_plain("a"), _plain("b"), _plain("c", after=[]), _plain("d", after=["b", "c", "b"]))
    assert [(step.step, step.after) for step in route_steps(data.steps)] == [
        ("a", ()),
        ("b", ("a",)),
        ("c", ()),
        ("d", ("b", "c")),
    ]
    assert RouteVersion.of(data).steps[0] == RouteStep("a", "H38")


def test_the_critical_path_is_the_longest_way_and_passes_optional_steps_over() -> None:
    steps = route_steps(
        _data(
            _step("a"), _step("b", "a", budget=30), _step("c", "a", budget=90), _step("d", "b", "c", budget=None)
        ).steps
    )
    assert critical_path(steps) == (150, ("a", "c"))
    joined = route_steps(_data(_step("a", budget=30), _step("b", budget=90), _step("c", "a", "b", budget=1)).steps)
    assert critical_path(joined) == (91, ("b", "c"))
    asked = route_steps(_data(_step("a"), _step("opinion", "a", optional=True), _step("b", "opinion")).steps)
    assert critical_path(asked) == (120, ("a", "b"))
    assert critical_path(()) == (0, ())


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (_data(_step("a"), _step("b", "a")), []),
        (_data(), [("route_without_steps", "data.steps")]),
        (_data(_step("a"), _step("a")), [("step_twice", "data.steps[1].step")]),
        (_data({"step": "a"}), [("step_without_owner", "data.steps[0]")]),
        (_data(_step("a", role="head")), [("step_with_two_owners", "data.steps[0].role")]),
        (_data(_step("a"), _step("b", "a", "z")), [("unknown_step", "data.steps[1].after[1]")]),
        (_data(_step("a", "a")), [("route_cycle", "data.steps")]),
        (_data(_step("a", "b"), _step("b", "a")), [("route_cycle", "data.steps")]),
        (_data(_step("a", budget=LONGEST_BUDGET + 1)), [("budget_too_long", "data.steps[0].budget")]),
        (
            _data(_step("a"), valid_from="2026-07-01", valid_to="2026-06-30"),
            [("validity_reversed", "data.valid_to")],
        ),
    ],
)
def test_what_makes_a_route_unfit_is_told_by_field(data: Route, expected: list[tuple[str, str]]) -> None:
    assert [(fault.code, fault.field) for fault in check_route(data)] == expected
    assert is_sound(data) == (not expected or expected[0][0] == "validity_reversed")


def test_a_cycle_is_named_in_the_order_of_work() -> None:
    data = _data(_step("in"), _step("b", "in", "d"), _step("c", "b"), _step("d", "c"), _step("out", "d"))
    (fault,) = check_route(data)
    assert fault.value == "b → c → d → b"


@given(st.data())
def test_a_route_whose_steps_come_after_earlier_ones_has_no_cycle_and_one_with_a_way_back_has(
    data: st.DataObject,
) -> None:
    names = [f"s{place}" for place in range(data.draw(st.integers(2, 8)))]
    after = {
        name: data.draw(st.lists(st.sampled_from(names[:place]), max_size=3)) if place else []
        for place, name in enumerate(names)
    }
    order = data.draw(st.permutations(names))
    straight = _data(*(_step(name, *after[name]) for name in order))
    assert check_route(straight) == []
    minutes, path = critical_path(route_steps(straight.steps))
    assert minutes == 60 * len(path)
    assert all(before in after[name] for before, name in pairwise(path))
    tail = data.draw(st.sampled_from(names[1:]))
    ends = {tail, *_before(tail, after)}
    head = data.draw(st.sampled_from(sorted(ends)))
    circular = _data(*(_step(name, *after[name], *([tail] if name == head else [])) for name in order))
    (fault,) = check_route(circular)
    assert fault.code == "route_cycle"
    walk = str(fault.value).split(" → ")
    assert walk[0] == walk[-1]
    assert len(set(walk)) == len(walk) - 1
    for before, name in pairwise(walk):
        assert before in after[name] or (name, before) == (head, tail)


def _before(name: str, after: dict[str, list[str]]) -> set[str]:
    return {name for other in after[name] for name in (other, *_before(other, after))}


def test_units_and_term_are_checked_where_known() -> None:
    units = known(unit({"unit": "H38"})).units(None)
    data = _data(_step("a", budget=300), {"step": "b", "unit": "H39", "budget": 200})
    (unknown,) = check_route(data, units=units, term_minutes=500)
    assert (unknown.code, unknown.field, unknown.value) == ("unknown_route_unit", "data.steps[1].unit", "H39")
    (over,) = check_route(data, term_minutes=499)
    assert (over.code, over.field, over.value) == ("route_over_term", "data.steps", 500)
    assert over.parameters == {"limit": 499, "steps": "a → b"}


def test_a_route_of_the_channel_goes_before_that_of_all_and_one_that_cannot_be_followed_is_not_there() -> None:
    reference = known(
        route({"version": "all"}, "r1"),
        route({"version": "online", "channel": "online", "valid_from": "2026-07-01"}, "r2"),
        route({"version": "broken", "channel": "online", "valid_from": "2026-07-02", "steps": [{"step": "a"}]}, "r3"),
    )

    def version(channel: Any, text: str) -> str | None:
        found = reference.route("2.000815", channel, day(text), None)
        return None if found is None else found.version

    assert version("online", "06-30") == "all"
    assert version("online", "08-01") == "online"
    assert version("direct", "08-01") == "all"
    assert version(None, "08-01") == "all"
    assert reference.route("x", "online", day("08-01"), None) is None
