"""The public calendar: worked examples of the rules, swapped days, agreement with another derivation."""

from __future__ import annotations

import subprocess
import sys
from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest

from motcua.cli.reference.pinning import LIBRARY, pin
from shared.calendar import parse_term, term_due, vn_public
from shared.calendar.vietnam import vn_public_versions
from shared.instants import HOUR, MINUTE, parse_instant, to_rfc3339_local
from tests.oracle.reference import worktime

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
CALENDAR = vn_public(ZONE)


def at(text: str) -> int:
    return parse_instant(f"{text.replace(' ', 'T')}:00+07:00")


def local(instant: int) -> str:
    return to_rfc3339_local(instant, ZONE)[:16].replace("T", " ")


@pytest.mark.parametrize(
    ("received", "days", "expected"),
    [
        (date(2026, 8, 21), 3, date(2026, 8, 25)),  # Saturday 22 is worked
        (date(2026, 8, 28), 3, date(2026, 9, 7)),
        (date(2027, 2, 3), 5, date(2027, 2, 17)),  # Tết
        (date(2026, 11, 20), 3, date(2026, 11, 26)),  # 24/11 is off
        (date(2025, 12, 31), 1, date(2026, 1, 5)),  # Friday 2 January is swapped off
        (date(2026, 1, 9), 1, date(2026, 1, 10)),  # for Saturday 10 January
    ],
)
def test_day_counting_leaves_out_the_day_of_receipt(received: date, days: int, expected: date) -> None:
    assert CALENDAR.nth_working_day(received, days) == expected


@pytest.mark.parametrize(
    ("start", "expected"),
    [
        ("2026-11-16 16:30", "2026-11-17 16:30"),
        ("2026-11-22 20:00", "2026-11-23 17:00"),  # the intake clock, from a Sunday evening
    ],
)
def test_eight_hours(start: str, expected: str) -> None:
    assert local(CALENDAR.add_working(at(start), 8 * HOUR)) == expected


def test_pause_over_a_weekend_and_a_holiday() -> None:
    paused = CALENDAR.working_between(at("2026-11-20 16:00"), at("2026-11-23 09:00"))
    assert paused == 2 * HOUR + 30 * MINUTE
    assert local(CALENDAR.add_working(at("2026-11-23 17:00"), paused)) == "2026-11-25 10:00"


@pytest.mark.parametrize(
    ("last", "expected"), [(date(2026, 4, 30), date(2026, 5, 4)), (date(2027, 2, 28), date(2027, 3, 1))]
)
def test_term_that_ends_on_a_day_off_ends_on_the_next_working_day(last: date, expected: date) -> None:
    """10 calendar days from 2026-04-20, and 2 months from 2026-12-31, end on days off."""
    assert not CALENDAR.is_working_day(last)
    assert CALENDAR.next_working_day(last) == expected


def test_boundary_gives_the_closing_never_the_next_opening() -> None:
    assert local(CALENDAR.add_working(at("2026-11-16 07:30"), 4 * HOUR)) == "2026-11-16 11:30"
    assert local(CALENDAR.add_working(at("2026-11-16 07:30"), 8 * HOUR)) == "2026-11-16 17:00"
    assert local(CALENDAR.add_working(at("2026-11-16 17:00"), 1)) == "2026-11-17 07:30"
    assert local(CALENDAR.add_working(at("2026-11-21 12:00"), 0)) == "2026-11-21 12:00"


def test_promised_dates() -> None:
    assert local(CALENDAR.due_instant("2026-11-23")) == "2026-11-23 17:00"
    assert local(CALENDAR.due_instant("2026-11-22")) == "2026-11-22 17:00"  # the closing a Sunday would have
    assert local(CALENDAR.due_instant("2026-11-23T10:00:00+07:00")) == "2026-11-23 10:00"
    assert CALENDAR.due_instant("2026-11-23T10:00:00.000001Z") % 10 == 1
    with pytest.raises(ValueError, match="offset"):
        CALENDAR.due_instant("2026-11-23T10:00:00")


def test_extreme_promised_dates_have_instants() -> None:
    first, last = CALENDAR.due_instant("1900-01-01T00:00:00+14:00"), CALENDAR.due_instant("2199-12-31T23:59:59-12:00")
    longest_pauses = CALENDAR.working_between(first, last)
    assert CALENDAR.add_working(first, longest_pauses) <= last
    assert local(CALENDAR.add_working(last, longest_pauses)) > "2490"


def test_days_agree_with_a_year_by_year_derivation() -> None:
    """The oracle asks `holidays` year by year; 2027's Tết is pinned here and computed there."""
    day, end = date(2000, 1, 1), date(2100, 12, 31)
    while day <= end:
        assert CALENDAR.is_working_day(day) == worktime.is_working_day(day), day
        day += timedelta(days=1)


def test_pinned_days_are_those_of_the_library_they_were_taken_from() -> None:
    """All but what is ordered or marked by hand; a newer library may say otherwise, and changes nothing."""
    (version,) = vn_public_versions()
    assert version.holidays is not None
    if version.holidays.library != LIBRARY:
        pytest.skip(f"pinned from {version.holidays.library}, installed is {LIBRARY}")
    taken = {day.day: day for day in pin("VN", (), 2000, 2100).days}
    pinned = {day.day: day for day in version.days}
    ours = {day for day, told in pinned.items() if told.document is not None}
    assert {day: told for day, told in pinned.items() if day not in ours} == {
        day: told for day, told in taken.items() if day not in ours
    }
    assert taken.keys() - pinned.keys() == set()


def test_days_set_by_hand_name_their_document() -> None:
    days = [day for version in vn_public_versions() for day in version.days]
    ordered = {day.day: (day.working, day.pair) for day in days if day.document == "12729/VPCP-KGVX"}
    first, second = date(2026, 1, 2), date(2026, 1, 10)
    assert ordered == {first: (False, second), second: (True, first)}
    waiting = [day for day in days if day.document == "pinned until announced"]
    assert {day.day for day in waiting} == {date(2027, 2, n) for n in range(4, 11)}
    assert not any(day.working for day in waiting)


@pytest.mark.parametrize(
    ("start", "due"),
    [
        ("2010-09-01 15:00", "2010-09-06 15:00"),  # Friday 3 September for Saturday 11 (5971/VPCP-KGVX)
        ("2010-09-10 15:00", "2010-09-11 15:00"),
        ("2011-01-28 09:00", "2011-01-29 09:00"),  # a Saturday and a Sunday for Monday and Tuesday before Tết
        ("2011-01-30 09:00", "2011-02-08 09:00"),
        ("2011-04-08 09:00", "2011-04-09 09:00"),
        ("2011-04-09 09:00", "2011-04-13 09:00"),
        ("2012-12-31 10:00", "2013-01-03 07:30"),
        ("2013-02-22 16:00", "2013-02-23 16:00"),
        ("2013-02-08 16:00", "2013-02-18 16:00"),
        ("2014-01-25 11:00", "2014-01-27 11:00"),
        ("2014-02-07 08:00", "2014-02-08 08:00"),
    ],
)
def test_days_swapped_before_2015(start: str, due: str) -> None:
    assert local(term_due(CALENDAR, at(start), parse_term("1 working day"), "same-time")) == due


def test_every_swap_is_worked_for_as_long_as_it_is_off() -> None:
    """Each half once, and announced ones name who ordered them."""
    (version,) = vn_public_versions()
    days = {day.day: day for day in version.days}
    swaps = [day for day in version.days if day.kind == "swap"]
    assert sum(day.working for day in swaps) * 2 == len(swaps) >= 40
    for day in swaps:
        assert day.pair is not None
        assert (days[day.pair].pair, days[day.pair].working) == (day.day, not day.working)


def test_services_do_not_ask_the_library() -> None:
    told = "import sys, shared.calendar, services.processing.engine as e; print('holidays' in sys.modules)"
    shown = subprocess.run([sys.executable, "-c", told], capture_output=True, text=True, check=True)
    assert shown.stdout.strip() == "False"
