"""Shifts over midnight: which day they are, how long, where terms end that begin in them; and what is hinted at."""

from __future__ import annotations

from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from shared.calendar import build, parse_term, term_due
from shared.calendar.files.hints import hints
from shared.instants import HOUR
from tests.unit.shared.calendar.test_definition import WORKDAYS, hours, made, version

NIGHT = {"mon": ["08:00-12:00", "22:00-06:00"], "tue": ["22:00-06:00"], "wed": ["06:00-14:00"], "sat": ["20:00-24:00"]}
MONDAY, TUESDAY = date(2026, 11, 16), date(2026, 11, 17)


def test_a_shift_over_midnight_belongs_to_the_day_on_which_it_begins() -> None:
    calendar = made(version(week=NIGHT))
    assert hours(calendar, MONDAY) == ["08:00-12:00", "22:00-30:00"]
    assert calendar.length(MONDAY) == 12 * HOUR
    end = calendar.instant(TUESDAY, 6 * HOUR)
    assert calendar.closing(MONDAY) == end == calendar.instant(MONDAY, 30 * HOUR)
    in_the_night = calendar.instant(TUESDAY, 2 * HOUR)
    assert calendar.work_day(in_the_night) == (MONDAY, 26 * HOUR)
    assert calendar.work_day(end) == (TUESDAY, 6 * HOUR)
    assert (calendar.local_date(in_the_night), calendar.is_open(in_the_night), calendar.is_open(end)) == (
        TUESDAY,
        True,
        False,
    )
    assert calendar.working_between(in_the_night, calendar.instant(TUESDAY, 23 * HOUR)) == 5 * HOUR
    assert calendar.add_working(in_the_night, 4 * HOUR) == end
    assert calendar.add_working(in_the_night, 5 * HOUR) == calendar.instant(TUESDAY, 23 * HOUR)


@pytest.mark.parametrize(
    ("received", "counting", "due"),
    [
        (26, "next-day", 24 + 30),  # Monday's night: a day later, at the end of Tuesday's
        (31, "next-day", 48 + 14),  # Tuesday morning after it
        (26, "same-time", 24 + 26),
        (10, "same-time", 24 + 22),  # Tuesday has no morning, and begins in the evening
        (24 + 26, "same-time", 48 + 14),  # Wednesday ends before that time of the night
        (26, "hours", 24 + 26),
    ],
)
def test_terms_that_begin_in_the_night(received: int, counting: Any, due: int) -> None:
    calendar = made(version(week=NIGHT))
    found = term_due(calendar, calendar.instant(MONDAY, 0) + received * HOUR, parse_term("1 working day"), counting)
    assert (found - calendar.instant(MONDAY, 0)) // HOUR == due


def test_a_night_ends_where_the_next_day_begins_and_goes_on_into_a_day_off() -> None:
    days = [
        {"day": "2026-11-17", "working": True, "sessions": ["04:00-05:00"]},
        {"day": "2026-11-18", "working": False},
    ]
    calendar = made(version(week=NIGHT, days=days))
    assert calendar.closing(MONDAY) == calendar.opening(TUESDAY) == calendar.instant(TUESDAY, 4 * HOUR)
    assert calendar.length(MONDAY) == 10 * HOUR
    off = made(version(week=NIGHT, days=[{"day": "2026-11-18", "working": False}]))
    assert off.length(TUESDAY) == 8 * HOUR
    assert off.is_open(off.instant(date(2026, 11, 18), 5 * HOUR))
    assert not off.is_open(off.instant(date(2026, 11, 18), 7 * HOUR))


def test_a_night_in_which_the_clock_jumps_is_as_long_as_it_lasts() -> None:
    night = {"sat": ["22:00-06:00"], "sun": ["22:00-06:00"]}
    zone = ZoneInfo("Europe/Berlin")
    calendar = build("night", [version(week=night)], zone)
    lengths = [calendar.length(date(*day)) // HOUR for day in ((2026, 3, 28), (2026, 10, 24), (2026, 10, 25))]
    assert lengths == [7, 9, 8]


def test_hints_tell_what_may_not_be_meant() -> None:
    week = {"mon": ["08:00-12:00", "13:00-23:59"], "tue": ["13:00-23:59"], "wed": ["22:00-06:30"]}
    found = [(hint.code, hint.field, dict(hint.parameters)) for hint in hints(version(week=week))]
    assert found == [
        ("calendar_last_minute_lost", "week.mon[1]", {"wanted": "13:00-24:00"}),
        ("calendar_shift_over_midnight", "week.wed[0]", {"hours": "8:30"}),
    ]
    assert hints(version(week=WORKDAYS)) == []
