"""Explanations of terms: every day passed over or counted out of turn, why, and by which document."""

from __future__ import annotations

from datetime import date
from typing import get_args
from zoneinfo import ZoneInfo

import pytest

from shared.calendar import WorkCalendar, parse_term, term_due, vn_public
from shared.calendar.explanation import TermExplanation, explain_term
from shared.contract.reference import Counting
from shared.instants import HOUR, parse_instant

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
CALENDAR = vn_public(ZONE)


def explained(start: str, term: str, counting: Counting = "next-day") -> TermExplanation:
    return explain_term(CALENDAR, parse_instant(f"{start}:00+07:00"), parse_term(term), counting)


def days(found: TermExplanation) -> list[tuple[str, str]]:
    return [(day.day.isoformat(), day.reason) for day in found.skipped]


def test_days_passed_over_and_why() -> None:
    found = explained("2025-12-31T09:00", "1 working day")
    assert days(found) == [
        ("2026-01-01", "holiday"),
        ("2026-01-02", "swap"),
        ("2026-01-03", "weekend"),
        ("2026-01-04", "weekend"),
    ]
    assert found.skipped[1].document == "12729/VPCP-KGVX"
    assert found.skipped[1].pair == date(2026, 1, 10)
    assert any("12729/VPCP-KGVX" in line.vi and "10/01/2026" in line.vi for line in found.lines)
    # The two days of a weekend are one line.
    assert sum(line.en.startswith("Passed over") for line in found.lines) == 3


def test_a_saturday_that_is_worked_is_told() -> None:
    found = explained("2026-01-09T09:00", "1 working day")
    assert days(found) == []
    assert [(day.day, day.document) for day in found.worked] == [(date(2026, 1, 10), "12729/VPCP-KGVX")]
    assert any(line.vi.startswith("Tính cả: Thứ Bảy 10/01/2026") for line in found.lines)


@pytest.mark.parametrize(
    ("start", "term", "counting", "expected"),
    [
        ("2026-04-20T09:00", "10 calendar days", "next-day", ["2026-04-30", "2026-05-01", "2026-05-02", "2026-05-03"]),
        ("2026-12-31T09:00", "2 months", "next-day", ["2027-02-28"]),
        ("2026-11-21T09:00", "0 working days", "next-day", ["2026-11-21", "2026-11-22"]),
        ("2026-11-16T09:00", "0 working days", "next-day", []),
        ("2026-11-20T16:00", "2 working hours", "hours", ["2026-11-21", "2026-11-22"]),
        ("2026-11-22T20:00", "8 working hours", "hours", ["2026-11-22"]),
    ],
)
def test_only_days_that_moved_the_end_are_told(start: str, term: str, counting: Counting, expected: list[str]) -> None:
    assert [day for day, _ in days(explained(start, term, counting))] == expected


@pytest.mark.parametrize("counting", get_args(Counting))
@pytest.mark.parametrize(
    "term", ["3 working days", "1.5 working days", "8 working hours", "2 months", "0 working days"]
)
def test_the_explained_due_is_the_due(term: str, counting: Counting) -> None:
    start = parse_instant("2026-11-20T12:15:00+07:00")
    found = explain_term(CALENDAR, start, parse_term(term), counting)
    assert found.due == term_due(CALENDAR, start, parse_term(term), counting)
    assert found.lines[0].vi != found.lines[0].en
    assert found.lines[-1].en.startswith("Due: ")
    assert any("vn-public" in line.en and CALENDAR.version in line.en for line in found.lines)


def test_a_start_outside_hours_says_from_when_it_counts() -> None:
    assert any(line.en == "Counted from: Mon 2026-11-16 13:00" for line in
               explained("2026-11-16T12:00", "1 working day", "same-time").lines)  # fmt: skip
    assert not any("Counted from" in line.en for line in explained("2026-11-16T12:00", "1 working day").lines)


def test_long_terms_are_told_in_few_lines() -> None:
    found = explained("2026-01-05T09:00", "5000 working days")
    assert len(found.lines) < 60
    assert any("more" in line.en for line in found.lines)
    assert any("not listed" in line.en for line in found.lines)


def test_a_day_the_zone_leaves_out() -> None:
    calendar = WorkCalendar("t", ZoneInfo("Pacific/Apia"), ((8 * HOUR, 16 * HOUR),), {})
    start = calendar.opening(date(2011, 12, 29))
    found = explain_term(calendar, start, parse_term("1 working day"))
    assert [(day.day, day.reason) for day in found.skipped] == [
        (date(2011, 12, 30), "no_such_day"),
        (date(2011, 12, 31), "weekend"),
        (date(2012, 1, 1), "weekend"),
    ]
