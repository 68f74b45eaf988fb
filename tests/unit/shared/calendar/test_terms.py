"""Terms: the worked due dates of the rules, parts of days, zero days, other hours, and what cannot be counted."""

from __future__ import annotations

from fractions import Fraction
from typing import get_args
from zoneinfo import ZoneInfo

import pytest

from shared.calendar import Term, TermError, build, parse_term, term_due, vn_public
from shared.calendar.terms import check_counting, counted_from, less, to_minutes
from shared.contract.calendar_data import Calendar, CalendarDay, Week
from shared.contract.reference import Counting, TermUnit
from shared.instants import parse_instant, to_rfc3339_local

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
CALENDAR = vn_public(ZONE)
FULL = ["07:30-11:30", "13:00-17:00"]


def at(text: str) -> int:
    return parse_instant(f"{text.replace(' ', 'T')}:00+07:00")


def local(instant: int) -> str:
    return to_rfc3339_local(instant, ZONE)[:16].replace("T", " ")


def due(start: str, term: str, counting: Counting = "next-day") -> str:
    return local(term_due(CALENDAR, at(start), parse_term(term), counting))


@pytest.mark.parametrize(
    ("start", "term", "counting", "expected"),
    [
        ("2026-08-21 16:00", "3 working days", "next-day", "2026-08-25 17:00"),  # Saturday 22 is worked
        ("2026-08-28 09:00", "3 working days", "next-day", "2026-09-07 17:00"),
        ("2027-02-03 09:00", "5 working days", "next-day", "2027-02-17 17:00"),  # Tết
        ("2026-11-20 09:00", "3 working days", "next-day", "2026-11-26 17:00"),  # 24/11 is off
        ("2025-12-31 09:00", "1 working day", "next-day", "2026-01-05 17:00"),  # Friday 2 January is swapped off
        ("2026-01-09 09:00", "1 working day", "next-day", "2026-01-10 17:00"),  # for Saturday 10 January
        ("2026-11-16 16:30", "8 working hours", "hours", "2026-11-17 16:30"),
        ("2026-11-22 20:00", "8 working hours", "hours", "2026-11-23 17:00"),
        ("2026-11-16 12:00", "1 working day", "same-time", "2026-11-17 13:00"),
        ("2026-11-16 17:00", "1 working day", "same-time", "2026-11-18 07:30"),
        ("2026-04-20 09:00", "10 calendar days", "next-day", "2026-05-04 17:00"),
        ("2026-12-31 09:00", "2 months", "next-day", "2027-03-01 17:00"),
    ],
)
def test_worked_due_dates(start: str, term: str, counting: Counting, expected: str) -> None:
    assert due(start, term, counting) == expected


@pytest.mark.parametrize(
    ("start", "term", "counting", "expected"),
    [
        # Half a day is half of the working minutes of the day it falls on.
        ("2026-11-16 09:00", "0.5 working days", "next-day", "2026-11-17 11:30"),
        ("2026-11-16 09:00", "1.5 working days", "next-day", "2026-11-18 11:30"),
        ("2026-11-16 15:00", "1.25 working days", "next-day", "2026-11-18 09:30"),
        ("2026-11-16 15:00", "1,5 ngày làm việc", "same-time", "2026-11-18 09:30"),
        ("2026-11-16 12:00", "0.5 working days", "same-time", "2026-11-16 17:00"),
        ("2026-11-16 15:00", "1.5 working days", "hours", "2026-11-18 09:30"),
        # No days: the same day's closing, on a day off that of the next working day.
        ("2026-11-16 09:00", "0 working days", "next-day", "2026-11-16 17:00"),
        ("2026-11-21 09:00", "0 working days", "same-time", "2026-11-23 17:00"),
        ("2026-11-21 09:00", "0 working days", "hours", "2026-11-23 17:00"),
        ("2026-11-21 09:00", "0 calendar days", "next-day", "2026-11-23 17:00"),
        ("2026-11-21 09:00", "0 working hours", "hours", "2026-11-21 09:00"),
        # Hours are working minutes and calendar days are days, whatever the rule counts working days by.
        ("2026-11-16 16:30", "8 working hours", "next-day", "2026-11-17 16:30"),
        ("2026-11-16 16:30", "8 working hours", "same-time", "2026-11-17 16:30"),
        ("2026-04-20 09:00", "10 calendar days", "hours", "2026-05-04 17:00"),
        ("2026-11-16 07:30", "4 working hours", "hours", "2026-11-16 11:30"),
        ("2026-11-16 16:30", "0.5 working hours", "hours", "2026-11-16 17:00"),
        # Months end on the same day, or on the last one.
        ("2026-01-31 09:00", "1 month", "next-day", "2026-03-02 17:00"),
        ("2028-01-31 09:00", "1 month", "next-day", "2028-02-29 17:00"),
        ("2026-06-30 09:00", "12 months", "next-day", "2027-06-30 17:00"),
    ],
)
def test_parts_zeros_and_months(start: str, term: str, counting: Counting, expected: str) -> None:
    assert due(start, term, counting) == expected


@pytest.mark.parametrize(
    ("start", "expected"),
    [
        ("2026-11-16 16:00", "2026-11-17 15:00"),  # after the closing: the closing
        ("2026-11-16 15:00", "2026-11-17 15:00"),
        ("2026-11-16 08:00", "2026-11-17 09:00"),  # before the opening: the opening
        ("2026-11-16 12:00", "2026-11-17 13:00"),  # counted from the next opening, when that day is at its break
        ("2026-11-16 13:30", "2026-11-17 13:00"),  # in a break: the last closing before
        ("2026-11-16 14:30", "2026-11-17 14:30"),
    ],
)
def test_the_same_time_on_a_day_with_other_hours(start: str, expected: str) -> None:
    week = Week(mon=FULL, tue=["09:00-13:00", "14:00-15:00"], wed=FULL, thu=FULL, fri=FULL)
    calendar = build("t", [Calendar(calendar="t", version="1", week=week)], ZONE)
    assert local(term_due(calendar, at(start), parse_term("1 working day"), "same-time")) == expected


def test_half_of_a_short_day_is_half_of_its_own_minutes() -> None:
    """A quarter of a day of two hours is half an hour, though usual days have eight."""
    day = CalendarDay.model_validate({"day": "2026-11-17", "working": True, "sessions": ["10:00-12:00"]})
    calendar = build("t", [Calendar(calendar="t", version="1", days=[day])], ZONE, base=CALENDAR)
    assert local(term_due(calendar, at("2026-11-16 09:00"), parse_term("0.25 working days"))) == "2026-11-17 10:30"


@pytest.mark.parametrize(
    ("text", "amount", "unit"),
    [
        ("3 working days", "3", "working_days"),
        (" 1 Working Day ", "1", "working_days"),
        ("3 ngày làm việc", "3", "working_days"),
        ("15 Ngày  làm việc", "15", "working_days"),
        ("1,5 ngày làm việc", "3/2", "working_days"),
        ("8 giờ làm việc", "8", "working_hours"),
        ("10 ngày", "10", "calendar_days"),
        ("10 calendar_days", "10", "calendar_days"),
        ("2 tháng", "2", "months"),
    ],
)
def test_terms_as_people_write_them(text: str, amount: str, unit: TermUnit) -> None:
    assert parse_term(text) == Term(Fraction(amount), unit)


@pytest.mark.parametrize(
    ("text", "mentions"),
    [
        ("3 days", "working days"),
        ("72 hours", "working hours"),
        ("three working days", "number"),
        ("-3 working days", "number"),
        ("", "number"),
        ("3", "unit"),
        ("1.5 months", "whole number"),
        ("2.5 calendar days", "1.5 working days"),
        ("9999999999999999 working days", "number"),
    ],
)
def test_what_is_no_term_is_told_with_its_remedy(text: str, mentions: str) -> None:
    with pytest.raises(TermError) as caught:
        parse_term(text)
    assert mentions in caught.value.text.en
    assert caught.value.text.vi != caught.value.text.en
    assert "term" in caught.value.text.en


@pytest.mark.parametrize("term", ["999999999999999 working days", "130000 months", "200000 calendar days",
                                  "99999999 working hours"])  # fmt: skip
@pytest.mark.parametrize("counting", get_args(Counting))
def test_a_term_beyond_the_calendar_is_an_error(term: str, counting: Counting) -> None:
    with pytest.raises(TermError, match="2510"):
        due("2026-11-16 09:00", term, counting)


@pytest.mark.parametrize(
    ("term", "counting"),
    [("8 working hours", "next-day"), ("8 working hours", "same-time"), ("2 months", "hours"),
     ("10 calendar days", "same-time")],
)  # fmt: skip
def test_a_counting_that_says_nothing_of_the_unit_is_refused(term: str, counting: Counting) -> None:
    with pytest.raises(TermError, match="counting"):
        check_counting(parse_term(term), counting)


def test_countings_of_working_days() -> None:
    for counting in get_args(Counting):
        check_counting(parse_term("3 working days"), counting)
    start = at("2026-11-16 12:00")
    assert counted_from(CALENDAR, start, parse_term("1 working day"), "next-day") == start
    assert local(counted_from(CALENDAR, start, parse_term("1 working day"), "same-time")) == "2026-11-16 13:00"
    assert local(counted_from(CALENDAR, start, parse_term("1 working hour"), "next-day")) == "2026-11-16 13:00"


def test_minutes_of_terms() -> None:
    assert to_minutes(parse_term("3 working days")) == 1440
    assert to_minutes(parse_term("1.5 working days")) == 720
    assert to_minutes(parse_term("8 working hours")) == 480
    assert to_minutes(parse_term("2 months")) is None


@pytest.mark.parametrize(
    ("term", "percent", "expected"),
    [
        ("10 working days", 30, "7 working days"),
        ("5 working days", 30, "3.5 working days"),
        ("15 calendar days", 30, "10 calendar days"),
        ("2 months", 50, "1 month"),
        ("1 month", 30, "21 calendar days"),
        ("8 working hours", 0, "8 working hours"),
    ],
)
def test_a_cut_term_never_promises_more(term: str, percent: int, expected: str) -> None:
    assert less(parse_term(term), percent).text.en == expected


def test_a_term_in_words() -> None:
    assert parse_term("1.5 working days").text.vi == "1,5 ngày làm việc"
    assert str(parse_term("0.05 working hours")) == "0.05 working hours"
    assert str(Term(Fraction(1, 3), "working_days")) == "1/3 working days"
    with pytest.raises(TermError, match="negative"):
        Term(Fraction(-1), "working_days")
