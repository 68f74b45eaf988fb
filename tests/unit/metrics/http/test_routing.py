"""Steps, bottlenecks, blame and what is due: against plain Python, numbers against lists, parts against the whole."""

from __future__ import annotations

from collections import Counter
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.metrics.follow.view import View
from services.metrics.http.holding import blame, due_list
from services.metrics.http.queries import UnknownUnitError
from services.metrics.http.routing import StepsBy, bottlenecks, occurrences, steps
from services.metrics.indicators.steps import STEP_FIGURES
from services.metrics.results.live import live_figures
from services.metrics.table.columns import SEPARATOR
from services.metrics.table.facts import Fact
from shared.instants import DAY, HOUR, MINUTE
from tests.unit.metrics import plain
from tests.unit.metrics.build import AUGUST, CLOCKS, UNITS, at, fact, facts, moment, step, unhurried
from tests.unit.metrics.indicators.test_figures import view_of

NAMES = ("Tiếp nhận", "Thẩm định", "Ký")
MANY = st.lists(facts(beside=True), max_size=4).map(
    lambda rows: [row._replace(code=f"H44-{number}") for number, row in enumerate(rows)]
)
UNIT = st.sampled_from((None, "H44", "H44.01", "H38"))
DUE = at("2026-08-10 17:00")


def inside(code: str | None, unit: str | None) -> bool:
    return unit is None or (code is not None and f"{code}.".startswith(f"{unit}."))


def keys_of(row: Fact, item: Any, by: StepsBy) -> tuple[Any, ...]:
    return {
        "unit": (item.unit,),
        "step": (item.step,),
        "unit-step": (item.unit, item.step),
        "procedure": (row.procedure,),
    }[by]


def summed(view: View, found: list[tuple[Fact, Any]], now: Any) -> dict[str, Any]:
    """What some occurrences come to, in plain Python."""
    counts = Counter(name for row, item in found for name in plain.step_counts(row, item, now))
    ended = [item for row, item in found if "ended" in plain.step_counts(row, item, now)]
    running = [pair for pair in found if "over_now" in plain.step_counts(*pair, now)]
    used = [item.used for item in ended]
    return {
        **{name: counts[name] for name in STEP_FIGURES},
        "over_us": sum(item.over for item in ended),
        "over_so_far_us": sum(plain.over_so_far(row, item, now) for row, item in running),
        "median_us": plain.median(used),
        "p90_us": plain.p90(used),
    }


@unhurried
@given(MANY, CLOCKS, UNIT, st.sampled_from(("unit", "step", "unit-step", "procedure")))
def test_steps_are_as_recomputed_one_by_one(rows: list[Fact], clock: int | None, unit: str | None, by: StepsBy) -> None:
    view, now = view_of(rows, clock), moment(clock)
    if unit is not None and unit not in view.tree():
        with pytest.raises(UnknownUnitError):
            steps(view, AUGUST, unit, by=by, units_on=None)
        return
    answer = steps(view, AUGUST, unit, by=by, units_on=None)
    meant = [pair for pair in plain.steps_of(rows) if inside(pair[1].unit, unit)]
    assert answer["total"] | summed(view, meant, now) == answer["total"]
    groups: dict[tuple[Any, ...], list[Any]] = {}
    for pair in meant:
        if plain.step_counts(*pair, now) & {"ended", "under_way"}:
            groups.setdefault(keys_of(*pair, by), []).append(pair)
    names = by.split("-")
    found = {tuple(group[name] for name in names): group for group in answer["groups"]}
    assert len(found) == len(answer["groups"])
    assert set(found) == set(groups)
    for key, pairs in groups.items():
        assert found[key] | summed(view, pairs, now) == found[key]


@unhurried
@given(MANY, CLOCKS, UNIT, st.sampled_from(sorted(STEP_FIGURES)))
def test_a_list_of_occurrences_is_as_long_as_its_count(
    rows: list[Fact], clock: int | None, unit: str | None, name: str
) -> None:
    view = view_of(rows, clock)
    if unit is not None and unit not in view.tree():
        return
    asked: dict[str, Any] = {"procedure": None, "offset": 0, "limit": 100, "units_on": None}
    total, listed = occurrences(view, AUGUST, STEP_FIGURES[name], unit, step=None, **asked)
    assert total == len(listed) == steps(view, AUGUST, unit, by="step", units_on=None)["total"][name]
    for group in steps(view, AUGUST, unit, by="unit-step", units_on=None)["groups"]:
        _, of_step = occurrences(view, AUGUST, STEP_FIGURES[name], unit, step=group["step"], **asked)
        assert sum(item["unit"] == group["unit"] for item in of_step) == group[name]
    for procedure in ("2.000815", "", "9.9"):
        part = steps(view, AUGUST, unit, by="unit", procedure=procedure, units_on=None)["total"][name]
        total, _ = occurrences(
            view, AUGUST, STEP_FIGURES[name], unit, step=None, **(asked | {"procedure": procedure, "limit": 0})
        )
        assert total == part == sum(item["procedure"] == (procedure or None) for item in listed)


@unhurried
@given(MANY, CLOCKS)
def test_bottlenecks_are_the_groups_over_budget_in_their_order(rows: list[Fact], clock: int | None) -> None:
    view, now = view_of(rows, clock), moment(clock)
    total, ranked = bottlenecks(view, AUGUST, None, limit=100, units_on=None)
    groups: dict[tuple[Any, ...], list[Any]] = {}
    for pair in plain.steps_of(rows):
        groups.setdefault(keys_of(*pair, "unit-step"), []).append(pair)
    worst = {}
    for key, pairs in groups.items():
        group = summed(view, pairs, now)
        if group["over_budget"] or group["over_now"]:
            share = Fraction(group["over_budget"], group["with_budget"] or 1)
            worst[key] = (group["over_us"] + group["over_so_far_us"], share, group["p90_us"] or 0)
    assert total == len(ranked) == len(worst)
    assert {(item["unit"], item["step"]) for item in ranked} == set(worst)
    assert [item["rank"] for item in ranked] == list(range(1, total + 1))
    found = [worst[item["unit"], item["step"]] for item in ranked]
    assert found == sorted(worst.values(), reverse=True)
    assert [item["total_over_us"] for item in ranked] == [over for over, _, _ in found]
    assert bottlenecks(view, AUGUST, None, limit=1, units_on=None) == (total, ranked[:1])


@unhurried
@given(MANY, CLOCKS, UNIT)
def test_blame_adds_up_to_the_whole_delay(rows: list[Fact], clock: int | None, unit: str | None) -> None:
    view, now = view_of(rows, clock), moment(clock)
    if unit is not None and unit not in view.tree():
        return
    meant = [row for row in rows if inside(row.unit, unit)]
    answer = blame(view, AUGUST, unit, units_on=None)
    expected = plain.blame_of(meant, now)
    assert {part["unit"]: part["delay_us"] for part in answer["units"]} == expected
    assert answer["delay_us"] == sum(expected.values()) == sum(part["delay_us"] for part in answer["units"])
    assert answer["late"] == sum(plain.is_late(row, now) for row in meant)


@unhurried
@given(MANY, st.sampled_from((DUE - DAY, DUE, DUE + HOUR, AUGUST.end + DAY)), UNIT)
def test_what_is_overdue_is_with_its_holders(rows: list[Fact], clock: int, unit: str | None) -> None:
    view = view_of(rows, clock)
    if unit is not None and unit not in view.tree():
        return
    overdue = [row for row in rows if inside(row.unit, unit) and plain.is_overdue(row, view.now())]
    answer = blame(view, AUGUST, unit, units_on=None)["overdue"]
    delays = [view.registry.calendar(None).working_between(plain.deadline(row), clock) for row in overdue]
    assert (answer["dossiers"], answer["delay_us"]) == (len(overdue), sum(delays))
    by_holder = Counter(holder for row in overdue for holder in plain.holders_of(row))
    assert {item["holder"]: item["dossiers"] for item in answer["holders"]} == dict(by_holder)


@unhurried
@given(MANY, st.sampled_from((DUE - DAY, DUE, DUE + HOUR)), UNIT)
def test_the_due_list_is_as_long_as_its_counts(rows: list[Fact], clock: int, unit: str | None) -> None:
    view = view_of(rows, clock)
    if unit is not None and unit not in view.tree():
        return
    answer = due_list(view, unit, None, offset=0, limit=100, units_on=None)
    listed = list(answer["dossiers"])
    assert answer["total"] == len(listed) == answer["due"] + answer["overdue"]
    for holder in answer["holders"]:
        held = [item for item in listed if holder["holder"] in item["held_by"]]
        assert Counter(item["state"] for item in held) == Counter(due=holder["due"], overdue=holder["overdue"])
    assert all(item["held_by"] for item in listed)
    whole = due_list(view, None, None, offset=0, limit=100, units_on=None)
    expected = {
        item["code"]
        for item in whole["dossiers"]
        if any(inside(item["unit"] if holder is None else holder, unit) for holder in item["held_by"])
    }
    assert {item["code"] for item in listed} == expected
    assert list(due_list(view, unit, None, offset=1, limit=1, units_on=None)["dossiers"]) == listed[1:2]


@pytest.mark.parametrize(
    ("clock", "given", "expected"),
    [
        (DUE, {"due": DUE}, ("due", 1, 0)),
        (DUE + 1, {"due": DUE}, ("overdue", 0, 1)),
        (DUE, {"limit": DUE}, ("due", 1, 0)),
        # The local day: due at 06:30 tomorrow is tomorrow, though today in UTC.
        (DUE, {"due": at("2026-08-11 06:30")}, (None, 0, 0)),
        (DUE, {"due": at("2026-08-10 23:59")}, ("due", 1, 0)),
        # Waiting: the due date will move.
        (DUE, {"due": DUE, "pauses": ((DUE - DAY, 2**62),), "waiting": DUE - DAY}, (None, 0, 0)),
        (DUE, {"due": DUE, "finished": DUE}, (None, 0, 0)),
    ],
)
def test_what_is_due_today(clock: int, given: dict[str, Any], expected: tuple[str | None, int, int]) -> None:
    answer = due_list(view_of([fact(holders="H44.01", **given)], clock), None, None, offset=0, limit=9, units_on=None)
    state = next((row["state"] for row in answer["dossiers"]), None)
    assert (state, answer["due"], answer["overdue"]) == expected
    assert answer["day"] == "2026-08-10"


BEGAN = at("2026-08-03 08:00")


@pytest.mark.parametrize(
    ("clock", "given", "pauses", "over"),
    [
        # Over when the clock has passed the due, not at it.
        (BEGAN + 2 * HOUR, {}, (), None),
        (BEGAN + 2 * HOUR + MINUTE, {}, (), MINUTE),
        (at("2026-08-04 08:00"), {}, (), 6 * HOUR),
        # Stopped before the due: not over, however long; stopped after it: over by what came before.
        (at("2026-08-04 08:00"), {}, ((BEGAN + HOUR, 2**62),), None),
        (at("2026-08-04 08:00"), {}, ((BEGAN + 3 * HOUR, 2**62),), HOUR),
        # A pause after the due is no time of the unit.
        (at("2026-08-03 17:00"), {}, ((BEGAN + 3 * HOUR, BEGAN + 3 * HOUR + MINUTE),), 5 * HOUR + 30 * MINUTE - MINUTE),
        (at("2026-08-04 08:00"), {"ended": BEGAN + 3 * HOUR}, (), None),
    ],
)
def test_over_budget_under_way(
    clock: int, given: dict[str, Any], pauses: tuple[tuple[int, int], ...], over: int | None
) -> None:
    item = step(began=BEGAN, due=BEGAN + 2 * HOUR, budget=120, **given)
    view = view_of([fact(steps=(item,), pauses=pauses)], clock)
    [group] = steps(view, AUGUST, None, by="unit", units_on=None)["groups"]
    assert (group["over_now"], group["over_so_far_us"]) == (0 if over is None else 1, over or 0)
    found = live_figures(view)
    assert found is not None
    assert found.steps_over.get("H44", 0) == found.steps_over[None] == group["over_now"]


def test_percentiles_are_of_values_that_occurred() -> None:
    ended = AUGUST.start + DAY
    held = [step(ended=ended, used=used * MINUTE) for used in (1, 2, 3, 4, 5, 6, 7, 8, 9, 100)]
    view = view_of([fact(steps=held)], None)
    total = steps(view, AUGUST, None, by="unit", units_on=None)["total"]
    assert (total["median_us"], total["median_minutes"]) == (5 * MINUTE + MINUTE // 2, 5)
    assert (total["p90_us"], total["p90_minutes"]) == (9 * MINUTE, 9)
    assert total["over_share"] == "0.00"
    none = steps(view_of([], None), AUGUST, None, by="unit", units_on=None)
    assert none["groups"] == []
    assert (none["total"]["ended"], none["total"]["median_us"]) == (0, None)


def test_a_dossier_with_two_holders_is_with_both() -> None:
    view = view_of([fact(due=DUE, holders=f"H44.01{SEPARATOR}H44.100")], DUE + 1)
    answer = due_list(view, "H44.100", None, offset=0, limit=9, units_on=None)
    assert [(item["holder"], item["overdue"]) for item in answer["holders"]] == [("H44.01", 1), ("H44.100", 1)]
    assert set(UNITS) >= {"H44.100"}
