"""Each figure names the test it judges by, and judges by no other."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.metrics.counting.question import Question
from services.metrics.indicators.declared import INDICATORS, SHARES
from services.metrics.indicators.figures import FIGURES, STATES, TESTS
from services.metrics.indicators.figures import test_of as judged_by
from services.metrics.table.periods import NEVER, NO_DAY
from shared.instants import HOUR, MINUTE
from tests.unit.metrics.build import CLOCKS, at, fact, facts, moment, table_of, unhurried
from tests.unit.metrics.declared import COUNTS

DUE = at("2026-08-10 16:00")
#: What judges nothing: it is counted whatever the due dates are.
WITHOUT = {"received", "carried_over", "scope", "resolved", "open", "intake_submitted"}


def test_every_figure_of_an_index_names_its_test() -> None:
    assert set(TESTS["counts"]) == set(COUNTS)
    assert set(TESTS["components"]) == {indicator.code for indicator in INDICATORS} == {"2.1", "3.3"}
    assert set(TESTS["shares"]) == {share.key for share in SHARES}
    assert {name for name, test in TESTS["counts"].items() if test is None} == WITHOUT
    assert (TESTS["components"]["2.1"], TESTS["components"]["3.3"]) == ("instant", None)
    assert {name for name, predicate in STATES["dossiers"].items() if judged_by(predicate) is None} == {
        "open",
        "waiting",
        "finding",
    }


@pytest.mark.parametrize(
    ("finished", "instant", "date"),
    [
        (DUE, "on_time_by_instant", "same_day"),
        # Late by the instant and on time by the date, side by side.
        (DUE + 1, "late_by_instant", "same_day"),
        (DUE + 7 * HOUR, "late_by_instant", "same_day"),
        (at("2026-08-11 00:00"), "late_by_instant", "late_by_date"),
        (at("2026-08-10 00:00") - 1, "on_time_by_instant", "early"),
    ],
)
def test_both_tests_side_by_side(finished: int, instant: str, date: str) -> None:
    question = Question(table_of(fact(finished=finished, due=DUE)), moment())
    judged = {name for name in TESTS["counts"] if name not in WITHOUT and question(COUNTS[name])[0]}
    by_date = {date} | ({"on_time_by_date"} if date != "late_by_date" else set())
    assert {name for name in judged if TESTS["counts"][name] == "date"} == by_date
    assert judged & {"on_time_by_instant", "late_by_instant"} == {instant}


@unhurried
@given(st.lists(facts(beside=True), min_size=1, max_size=4), CLOCKS)
def test_without_test_no_due_matters(rows: list[Any], clock: int | None) -> None:
    """Moving every due date changes no figure that says it judges nothing."""
    named = [row._replace(code=str(number)) for number, row in enumerate(rows)]
    moved = [row._replace(due=DUE, limit=NEVER, due_original=DUE) for row in named]
    before, after = (Question(table_of(*some), moment(clock)) for some in (named, moved))
    for name, predicate in FIGURES.items():
        if judged_by(predicate) is None:
            assert before(predicate).tolist() == after(predicate).tolist(), name


@unhurried
@given(st.lists(facts(), min_size=1, max_size=4), CLOCKS, st.integers(0, 7 * 60 + 59))
def test_by_date_no_time_of_day_matters(rows: list[Any], clock: int | None, minutes: int) -> None:
    """Moving a due within its local day changes no figure that says it judges by the date."""
    due = at("2026-08-10 16:00") + minutes * MINUTE
    named = [row._replace(code=str(number), due=DUE, limit=NEVER) for number, row in enumerate(rows)]
    moved = [row._replace(due=due) for row in named]
    before, after = (Question(table_of(*some), moment(clock)) for some in (named, moved))
    assert NO_DAY not in before["due_day"]
    for name, predicate in FIGURES.items():
        if judged_by(predicate) == "date":
            assert before(predicate).tolist() == after(predicate).tolist(), name
