"""Prefix-sum arithmetic against a walk from day to day, and the limits of a calendar."""

from __future__ import annotations

from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.calendar import WorkCalendar, vn_public
from shared.instants import DAY, HOUR, SECOND, from_datetime, local_date, to_datetime
from tests.oracle.reference import worktime

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
CALENDAR = vn_public(ZONE)
ONE_DAY = timedelta(days=1)
HOURS = ((8 * HOUR, 12 * HOUR),)

_FROM = from_datetime(to_datetime(0).replace(year=2025))
_TO = from_datetime(to_datetime(0).replace(year=2028))
#: Mostly whole hours, so that openings and closings are hit; 30 minutes off for 07:30 and 11:30.
instants = st.integers(_FROM, _TO) | st.integers(_FROM // HOUR * 2, _TO // HOUR * 2).map(lambda n: n * HOUR // 2)
days = st.dates(date(2025, 1, 1), date(2028, 1, 1))


def _microseconds(delta: timedelta) -> int:
    return delta // timedelta(microseconds=1)


@given(instants, st.integers(0, 40 * DAY) | st.integers(0, 40 * 48).map(lambda n: n * HOUR // 2))
def test_working_between_is_what_a_walk_adds_up(start: int, length: int) -> None:
    end = start + length
    walked = worktime.working_time(to_datetime(start), to_datetime(end), ZONE)
    assert CALENDAR.working_between(start, end) == _microseconds(walked)
    assert CALENDAR.working_between(end, start) == -CALENDAR.working_between(start, end)


@given(instants, st.integers(0, 60 * 8 * HOUR) | st.integers(0, 200).map(lambda n: n * HOUR // 2))
def test_add_working_is_where_a_walk_arrives(start: int, amount: int) -> None:
    walked = worktime.add_working_time(to_datetime(start), timedelta(microseconds=amount), ZONE)
    arrived = CALENDAR.add_working(start, amount)
    assert arrived == from_datetime(walked)
    assert CALENDAR.working_between(start, arrived) == amount
    if amount:
        assert CALENDAR.working_between(start, arrived - 1) == amount - 1


@given(days, st.integers(-40, 40))
def test_nth_working_day_is_what_a_walk_finds(day: date, n: int) -> None:
    walked, left = day, abs(n)
    while left:
        walked += ONE_DAY if n > 0 else -ONE_DAY
        left -= worktime.is_working_day(walked)
    assert CALENDAR.nth_working_day(day, n) == walked
    if n < 0:
        assert walked == worktime.working_day_before(day, -n)


@given(days, days)
def test_working_days_between_counts_the_first_not_the_last(a: date, b: date) -> None:
    start, end = min(a, b), max(a, b)
    count = sum(worktime.is_working_day(start + ONE_DAY * i) for i in range((end - start).days))
    assert CALENDAR.working_days_between(start, end) == count


@given(days)
def test_opening_closing_and_neighbours(day: date) -> None:
    assert from_datetime(worktime.closing_time(day, ZONE)) == CALENDAR.closing(day)
    assert CALENDAR.closing(day) - CALENDAR.opening(day) == 9 * HOUR + HOUR // 2
    assert CALENDAR.local_date(CALENDAR.opening(day)) == local_date(CALENDAR.opening(day), ZONE) == day
    assert CALENDAR.next_working_day(day) == CALENDAR.nth_working_day(day, 1)
    assert CALENDAR.previous_working_day(day) == CALENDAR.nth_working_day(day, -1)


def test_early_morning_belongs_to_the_local_day() -> None:
    assert CALENDAR.local_date(from_datetime(to_datetime(0)) - HOUR) == date(1970, 1, 1)


def test_zone_with_summer_time_counts_wall_clock_hours() -> None:
    zone = ZoneInfo("Europe/Amsterdam")
    calendar = WorkCalendar("test", zone, HOURS, {})
    friday, monday = calendar.opening(date(2026, 3, 27)), calendar.opening(date(2026, 3, 30))
    assert monday - friday == 3 * DAY - HOUR
    assert calendar.working_between(friday, monday) == 4 * HOUR
    assert calendar.add_working(friday, 4 * HOUR + SECOND) == monday + SECOND


def test_exceptions_decide_and_the_hash_tells_calendars_apart() -> None:
    saturday = date(2026, 11, 21)
    plain, swapped = (WorkCalendar("test", ZONE, HOURS, days) for days in ({}, {saturday: True}))
    assert (plain.is_working_day(saturday), swapped.is_working_day(saturday)) == (False, True)
    assert len({plain.hash, swapped.hash, WorkCalendar("other", ZONE, HOURS, {}).hash}) == 3
    assert plain.hash == WorkCalendar("test", ZONE, HOURS, {}).hash


def test_wrong_questions_are_errors() -> None:
    with pytest.raises(ValueError, match="ascending"):
        WorkCalendar("test", ZONE, ((12 * HOUR, 8 * HOUR),), {})
    with pytest.raises(ValueError, match="ascending"):
        WorkCalendar("test", ZONE, (), {})
    with pytest.raises(ValueError, match="negative"):
        CALENDAR.add_working(0, -1)
    with pytest.raises(IndexError, match="covers"):
        CALENDAR.is_working_day(date(1800, 1, 1))
    with pytest.raises(IndexError, match="no working day"):
        CALENDAR.nth_working_day(date(1899, 1, 3), -9)
