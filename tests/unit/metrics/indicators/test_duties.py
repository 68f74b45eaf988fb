"""Apologies, the intake clock and steps beside their dossier: boundary instants, and against plain Python."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.metrics.counting.question import NOW, Question
from services.metrics.indicators.figures import FIGURES, STATES
from services.metrics.table.periods import NEVER
from shared.instants import DAY, HOUR
from tests.unit.metrics.build import AUGUST, CLOCKS, at, fact, facts, moment, step, table_of, unhurried
from tests.unit.metrics.declared import COUNTS, OTHERS
from tests.unit.metrics.plain import duties

DUE = at("2026-08-10 17:00")
APOLOGIES = {"apology_due", "apologised", "without_apology"}
INTAKE = {"intake_submitted", "intake_in_time", "intake_overdue", "intake_open"}


def holding(names: set[str], clock: int | None = None, **given: Any) -> set[str]:
    question = Question(table_of(fact(**given)), moment(clock))
    return {name for name in names if question(FIGURES[name])[0]}


@pytest.mark.parametrize(
    ("clock", "given", "figures"),
    [
        # Ended at the due instant owes nothing; a microsecond later an apology is owed.
        (None, {"finished": DUE, "due": DUE}, set()),
        (None, {"finished": DUE + 1, "due": DUE}, {"apology_due", "without_apology"}),
        (None, {"finished": DUE + 1, "limit": DUE}, {"apology_due", "without_apology"}),
        (None, {"finished": DUE + 1, "due": DUE, "apologised": DUE - DAY}, {"apology_due", "apologised"}),
        # Sent at T is sent; later is not yet.
        (DUE + HOUR, {"finished": DUE + 1, "due": DUE, "apologised": DUE + HOUR}, {"apology_due", "apologised"}),
        (
            DUE + HOUR,
            {"finished": DUE + 1, "due": DUE, "apologised": DUE + HOUR + 1},
            {"apology_due", "without_apology"},
        ),
        # Open and past due at T; at the due itself not yet, nor in a pause.
        (DUE, {"due": DUE}, set()),
        (DUE + 1, {"due": DUE}, {"apology_due", "without_apology"}),
        (DUE + 1, {"due": DUE, "apologised": DUE}, {"apology_due", "apologised"}),
        (DUE + 1, {"due": DUE, "pauses": ((DUE, NEVER),)}, set()),
        # An apology without delay is in no count; a second request alone owes none.
        (None, {"finished": DUE, "due": DUE, "apologised": DUE - DAY}, set()),
        (None, {"finished": DUE, "due": DUE, "second": DUE - DAY}, set()),
        # Ended in another period.
        (None, {"finished": AUGUST.start - 1, "accepted": AUGUST.start - DAY, "due": AUGUST.start - DAY}, set()),
    ],
)
def test_apologies(clock: int | None, given: dict[str, Any], figures: set[str]) -> None:
    assert holding(APOLOGIES, clock, **given) == figures


SUBMITTED = {"submitted": DUE - DAY, "intake_due": DUE, "accepted": NEVER}


@pytest.mark.parametrize(
    ("clock", "given", "figures"),
    [
        (None, SUBMITTED | {"intake_ended": DUE}, {"intake_submitted", "intake_in_time"}),
        (None, SUBMITTED | {"intake_ended": DUE + 1}, {"intake_submitted", "intake_overdue"}),
        # Unanswered: by T.
        (DUE, SUBMITTED, {"intake_submitted", "intake_open"}),
        (DUE + 1, SUBMITTED, {"intake_submitted", "intake_overdue"}),
        # Answered counts as soon as it is known, whatever T.
        (DUE - HOUR, SUBMITTED | {"intake_ended": DUE + 1}, {"intake_submitted", "intake_overdue"}),
        # Answered after the period is unanswered at its end.
        (None, SUBMITTED | {"intake_ended": AUGUST.end}, {"intake_submitted", "intake_overdue"}),
        (None, SUBMITTED | {"intake_due": AUGUST.end, "intake_ended": AUGUST.end}, {"intake_submitted", "intake_open"}),
        # The period is that of the submission.
        (None, SUBMITTED | {"submitted": AUGUST.start}, {"intake_submitted", "intake_overdue"}),
        (None, SUBMITTED | {"submitted": AUGUST.start - 1}, set()),
        (None, SUBMITTED | {"submitted": AUGUST.end}, set()),
        # Without an intake due there is no intake clock, such as at the counter.
        (None, {"submitted": DUE - DAY, "intake_ended": DUE}, set()),
        # Nothing is counted of the future.
        (AUGUST.start - 1, SUBMITTED, set()),
    ],
)
def test_the_intake_clock(clock: int | None, given: dict[str, Any], figures: set[str]) -> None:
    assert holding(INTAKE, clock, **given) == figures


@pytest.mark.parametrize(
    ("clock", "given", "expected"),
    [
        (DUE + 1, {"due": DUE}, {"overdue-without-apology"}),
        (DUE + 1, {"due": DUE, "apologised": DUE + 1}, set()),
        (DUE, {"due": DUE}, set()),
        (DUE + 1, {"due": DUE, "finished": DUE + 2}, set()),
        (DUE + 1, SUBMITTED, {"intake-overdue"}),
        (DUE, SUBMITTED, set()),
        (DUE + 1, SUBMITTED | {"intake_ended": DUE + 1}, set()),
        (-NEVER, SUBMITTED | {"due": DUE, "accepted": DUE}, set()),
    ],
)
def test_states(clock: int, given: dict[str, Any], expected: set[str]) -> None:
    question = Question(table_of(fact(**given)), NOW(clock))
    names = ("overdue-without-apology", "intake-overdue")
    assert {name for name in names if question(STATES["dossiers"][name])[0]} == expected


@pytest.mark.parametrize(
    ("given", "over", "figures"),
    [
        ({"finished": DUE, "due": DUE}, 1, {"on_time_with_step_over"}),
        ({"finished": DUE, "due": DUE}, 0, set()),
        ({"finished": DUE + 1, "due": DUE}, 0, {"late_within_budgets", "late_by_instant"}),
        ({"finished": DUE + 1, "due": DUE}, 1, {"late_by_instant"}),
        ({"due": DUE}, 1, set()),
    ],
)
def test_steps_beside_their_dossier(given: dict[str, Any], over: int, figures: set[str]) -> None:
    found = holding({*OTHERS, "late_by_instant"} - INTAKE, steps=(step(ended=DUE, over=over, budget=1),), **given)
    assert found == figures


@unhurried
@given(st.lists(facts(), max_size=4), CLOCKS)
def test_as_counted_one_by_one(rows: list[Any], clock: int | None) -> None:
    named = [row._replace(code=str(number)) for number, row in enumerate(rows)]
    question = Question(table_of(*named), moment(clock))
    for number, row in enumerate(named):
        names = (APOLOGIES | INTAKE) & set(FIGURES)
        assert {name for name in names if question(FIGURES[name])[number]} == duties(row, moment(clock))


def test_each_is_a_count_with_a_list() -> None:
    assert {*APOLOGIES, *INTAKE} - {"intake_open"} <= set(COUNTS)
    assert all((predicate.__doc__ or "").strip() for predicate in OTHERS.values())
