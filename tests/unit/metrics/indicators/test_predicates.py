"""Predicates case by case, each case a sentence of docs/rules.md (Clock, Due date, Figures)."""

from __future__ import annotations

from typing import Any

import pytest

from services.metrics.counting.question import NOW, Question
from services.metrics.indicators.figures import FIGURES, STATES
from services.metrics.table.periods import NEVER
from shared.instants import DAY, HOUR
from tests.unit.metrics.build import AUGUST, at, fact, moment, table_of
from tests.unit.metrics.declared import COUNTS
from tests.unit.metrics.plain import duties, is_late

DUE = at("2026-08-10 17:00")
LATER = at("2026-09-20 08:00")


def holding(clock: int | None = None, **given: Any) -> set[str]:
    """The figures a single dossier is counted in, for August 2026."""
    question = Question(table_of(fact(**given)), moment(clock))
    return {name for name, predicate in COUNTS.items() if question(predicate)[0]}


def implied(figures: set[str], clock: int | None = None, **given: Any) -> set[str]:
    """What else counts a dossier of these figures, in plain Python: sums of columns, what is late, what is owed."""
    row = fact(**given)
    found = duties(row, moment(clock)) - {"intake_open"}
    found |= {"on_time_by_date"} if figures & {"early", "same_day"} else set()
    return found | ({"late_by_instant"} if is_late(row, moment(clock)) else set())


BASE = {"received", "scope"}


@pytest.mark.parametrize(
    ("given", "figures"),
    [
        # Scope: accepted before P1 and not finished before P0.
        ({"accepted": AUGUST.end}, set()),
        ({"accepted": AUGUST.end - 1}, BASE | {"open", "open_within_term"}),
        ({"accepted": AUGUST.start}, BASE | {"open", "open_within_term"}),
        ({"accepted": AUGUST.start - 1}, {"carried_over", "scope", "open", "open_within_term"}),
        ({"accepted": AUGUST.start - DAY, "finished": AUGUST.start - 1}, set()),
        (
            {"accepted": AUGUST.start - DAY, "finished": AUGUST.start},
            {"carried_over", "scope", "resolved", "on_time_by_instant", "same_day"},
        ),
        # Finished later than the period still counts as in hand.
        ({"finished": AUGUST.end, "due": DUE}, BASE | {"open"}),
        ({"finished": AUGUST.end}, BASE | {"open", "open_within_term"}),
        ({"finished": AUGUST.end - 1}, BASE | {"resolved", "on_time_by_instant", "same_day"}),
        # Not accepted: in no figure.
        ({"accepted": NEVER, "finished": NEVER}, set()),
        # End at the due instant is on time; one microsecond later it is late by instant, the same day by date.
        ({"finished": DUE, "due": DUE}, BASE | {"resolved", "on_time_by_instant", "same_day"}),
        ({"finished": DUE + 1, "due": DUE}, BASE | {"resolved", "same_day", "late_by_original_due"}),
        ({"finished": DUE - DAY, "due": DUE}, BASE | {"resolved", "on_time_by_instant", "early"}),
        ({"finished": DUE + DAY, "due": DUE}, BASE | {"resolved", "late_by_date", "late_by_original_due"}),
        # By local dates: 06:30 local is yesterday in UTC.
        (
            {"finished": at("2026-08-10 06:30"), "due": DUE},
            BASE | {"resolved", "on_time_by_instant", "same_day"},
        ),
        # Extended in time: late by the original due only.
        (
            {"finished": DUE + DAY, "due": DUE + 2 * DAY, "due_original": DUE},
            BASE | {"resolved", "on_time_by_instant", "early", "late_by_original_due"},
        ),
        # Withdrawn, stopped or refused is column 9 whatever its date; the instant test stands.
        ({"finished": DUE + DAY, "due": DUE, "finish": 3}, BASE | {"resolved", "same_day", "late_by_original_due"}),
        ({"finished": DUE - DAY, "due": DUE, "finish": 4}, BASE | {"resolved", "same_day", "on_time_by_instant"}),
        ({"finished": DUE + DAY, "due": DUE, "finish": 5}, BASE | {"resolved", "same_day", "late_by_original_due"}),
        # Returned goes by the date test.
        ({"finished": DUE + DAY, "due": DUE, "finish": 2}, BASE | {"resolved", "late_by_date", "late_by_original_due"}),
        # Ended while a request made in time is unanswered: judged at the request, by both tests.
        (
            {"finished": DUE + DAY, "judged": DUE - DAY, "due": DUE},
            BASE | {"resolved", "on_time_by_instant", "early"},
        ),
        # A second request is late for 766, not for II.06a.
        ({"finished": DUE - DAY, "due": DUE, "second": DUE - 2 * DAY}, BASE | {"resolved", "early"}),
        ({"finished": DUE - DAY, "due": DUE, "second": DUE - DAY}, BASE | {"resolved", "early"}),
        # No due but a limit: 766 judges by it, II.06a does not.
        ({"finished": DUE, "limit": DUE}, BASE | {"resolved", "on_time_by_instant", "same_day"}),
        ({"finished": DUE + 1, "limit": DUE}, BASE | {"resolved", "same_day"}),
        ({"finished": DUE + 2 * DAY, "limit": DUE, "finish": 2}, BASE | {"resolved", "same_day"}),
        # No due: on time and within term, by both.
        ({"finished": AUGUST.end - 1, "finish": 2}, BASE | {"resolved", "on_time_by_instant", "same_day"}),
    ],
)
def test_one_dossier_in_august(given: dict[str, Any], figures: set[str]) -> None:
    assert holding(**given) == figures | implied(figures, **given)


@pytest.mark.parametrize(
    ("clock", "given", "within"),
    [
        (DUE, {"due": DUE}, True),
        (DUE + 1, {"due": DUE}, False),
        (LATER, {"due": DUE}, False),
        (LATER, {"due": AUGUST.end}, True),
        (LATER, {"due": AUGUST.end - 1}, False),
        (LATER, {}, True),
        (DUE, {"limit": DUE}, True),
        (DUE + 1, {"limit": DUE}, False),
        # As of a T inside a pause the class is frozen; a pause is half-open.
        (DUE + HOUR, {"due": DUE, "pauses": ((DUE, NEVER),)}, True),
        (DUE + HOUR, {"due": DUE, "pauses": ((DUE - DAY, DUE + HOUR + 1),)}, True),
        (DUE + HOUR, {"due": DUE, "pauses": ((DUE - DAY, DUE + HOUR),)}, False),
        (DUE + HOUR, {"due": DUE, "pauses": ((DUE + HOUR + 1, NEVER),)}, False),
        (DUE + DAY, {"due": DUE, "pauses": ((DUE - 2 * DAY, DUE - DAY), (DUE, DUE + 2 * DAY))}, True),
        # Waiting with the request after the due: no effective pause, not within term.
        (DUE + DAY, {"due": DUE, "waiting": DUE + HOUR}, False),
        # From the second request on, open is late for 766.
        (DUE - DAY, {"due": DUE, "second": DUE - DAY}, False),
        (DUE - DAY - 1, {"due": DUE, "second": DUE - DAY}, True),
        (DUE - DAY, {"due": DUE, "second": DUE - DAY, "pauses": ((DUE - 2 * DAY, NEVER),)}, False),
    ],
)
def test_open_within_term_at_the_clock(clock: int, given: dict[str, Any], within: bool) -> None:
    figures = holding(clock, **given)
    assert "open" in figures
    assert ("open_within_term" in figures) == within


def test_what_is_finished_counts_before_the_clock_comes() -> None:
    figures = holding(DUE - DAY, finished=DUE, due=DUE)
    assert {"resolved", "on_time_by_instant"} <= figures


def test_a_future_period_counts_nothing() -> None:
    assert holding(AUGUST.start - 1, accepted=AUGUST.start - DAY) == set()
    assert holding(AUGUST.start, accepted=AUGUST.start - DAY) != set()


def states(clock: int, **given: Any) -> set[str]:
    question = Question(table_of(fact(**given)), NOW(clock))
    return {
        name for name in ("open", "overdue", "due-soon", "waiting", "finding") if question(STATES["dossiers"][name])[0]
    }


@pytest.mark.parametrize(
    ("clock", "given", "expected"),
    [
        (DUE, {"due": DUE}, {"open", "due-soon"}),
        (DUE - DAY, {"due": DUE}, {"open", "due-soon"}),
        (DUE - DAY - 1, {"due": DUE}, {"open"}),
        (DUE + 1, {"due": DUE}, {"open", "overdue"}),
        (DUE + 1, {"due": DUE, "finished": DUE + 1}, set()),
        (DUE + 1, {"due": DUE, "accepted": NEVER}, set()),
        (DUE + 1, {}, {"open"}),
        (DUE + 1, {"due": DUE, "waiting": DUE - 1, "pauses": ((DUE - 1, NEVER),)}, {"open", "waiting"}),
        (DUE - 1, {"due": DUE, "waiting": DUE - HOUR, "pauses": ((DUE - HOUR, NEVER),)}, {"open", "waiting"}),
        (DUE + DAY, {"due": DUE, "waiting": DUE + HOUR}, {"open", "waiting", "overdue"}),
        # A second request does not make it overdue by II.06a.
        (DUE - DAY, {"due": DUE, "second": DUE - 2 * DAY}, {"open", "due-soon"}),
        (DUE, {"accepted": NEVER, "findings": "end_without_acceptance"}, {"finding"}),
        # Before any tick no time is known, but what is open is open.
        (-NEVER, {"due": DUE}, {"open"}),
    ],
)
def test_states(clock: int, given: dict[str, Any], expected: set[str]) -> None:
    assert states(clock, **given) == expected


def test_every_predicate_says_what_it_means() -> None:
    assert all((predicate.__doc__ or "").strip() for predicate in (*FIGURES.values(), *STATES["dossiers"].values()))
