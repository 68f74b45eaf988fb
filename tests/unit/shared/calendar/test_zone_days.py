"""Days of zones whose clocks jump: every offset change is found, and no session is lost or counted twice."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from shared.calendar import WorkCalendar
from shared.calendar.zone_days import DAYS, ZoneDays, day_of, index_of, zone_days
from shared.instants import DAY, HOUR, MINUTE, from_datetime, parse_instant

#: Zones with the shortest times between two changes of the offset: a week less an hour.
TIGHTEST = ("America/Recife", "Asia/Gaza", "Africa/Tunis", "Europe/Vienna", "Africa/Cairo")


@pytest.mark.parametrize("name", TIGHTEST)
def test_no_change_of_the_offset_is_missed(name: str) -> None:
    """Asked hour by hour over the years of the tightest changes, and day by day over two centuries."""
    zone = ZoneInfo(name)
    days = zone_days(zone)
    spans = [(date(1899, 1, 2), date(2100, 1, 1), 24), (date(2000, 9, 1), date(2001, 1, 1), 1)]
    spans += [(date(2040, 9, 1), date(2041, 1, 1), 1), (date(1943, 1, 1), date(1945, 12, 31), 1)]
    for first, last, hours in spans:
        moment = datetime(first.year, first.month, first.day, 3, 30, tzinfo=UTC)
        end = datetime(last.year, last.month, last.day, tzinfo=UTC)
        while moment < end:
            local = moment.astimezone(zone).replace(tzinfo=UTC)
            index, wall = days.local(from_datetime(moment))
            assert (day_of(index), wall) == (local.date(), from_datetime(local) % DAY), moment
            moment += timedelta(hours=hours)


def test_days_begin_where_the_clock_first_shows_them() -> None:
    days = zone_days(ZoneInfo("America/New_York"))
    index = index_of(date(2026, 3, 8))
    assert days.starts[index + 1] - days.starts[index] == 23 * HOUR
    assert days.instant(index, 2 * HOUR + 30 * MINUTE) == days.instant(index, 3 * HOUR)
    autumn = index_of(date(2026, 11, 1))
    assert days.starts[autumn + 1] - days.starts[autumn] == 25 * HOUR
    assert days.instant(autumn, HOUR) == parse_instant("2026-11-01T01:00:00-04:00")
    assert days.instant(autumn, 2 * HOUR) == parse_instant("2026-11-01T02:00:00-05:00")


def test_a_day_the_zone_left_out_is_no_working_day() -> None:
    """Samoa went from 29 to 31 December 2011, over a Friday."""
    hours = ((8 * HOUR, 16 * HOUR),)
    calendar = WorkCalendar("t", ZoneInfo("Pacific/Apia"), hours, {})
    missing = date(2011, 12, 30)
    assert not calendar.is_working_day(missing)
    assert calendar.length(missing) == 0
    assert calendar.sessions(missing) == ()
    assert calendar.opening(missing) == calendar.closing(missing)
    assert calendar.next_working_day(date(2011, 12, 29)) == date(2012, 1, 2)
    before, after = calendar.opening(date(2011, 12, 29)), calendar.opening(date(2011, 12, 31))
    assert after - before == 24 * HOUR


def test_a_night_in_which_the_clock_is_set_back_is_longer() -> None:
    whole_day = ((0, 24 * HOUR),)
    calendar = WorkCalendar(
        "t", ZoneInfo("America/New_York"), whole_day, {date(2026, 11, 1): True, date(2026, 3, 8): True}
    )
    assert calendar.length(date(2026, 11, 1)) == 25 * HOUR
    assert calendar.length(date(2026, 3, 8)) == 23 * HOUR
    assert calendar.length(date(2026, 3, 9)) == 24 * HOUR
    break_of_half_an_hour = ZoneInfo("Australia/Lord_Howe")
    calendar = WorkCalendar("t", break_of_half_an_hour, whole_day, {date(2026, 4, 5): True})
    assert calendar.length(date(2026, 4, 5)) == 24 * HOUR + 30 * MINUTE


def test_what_is_not_covered_is_said_to_be() -> None:
    days = ZoneDays(ZoneInfo("Asia/Ho_Chi_Minh"))
    assert days.index(days.starts[0] - 1) == -1
    assert days.index(days.starts[0]) == 0
    assert days.index(days.starts[DAYS] - 1) == DAYS - 1
    assert days.index(days.starts[DAYS] + 400 * DAY) == DAYS
    calendar = WorkCalendar("t", ZoneInfo("Asia/Ho_Chi_Minh"), ((8 * HOUR, 9 * HOUR),), {})
    for instant in (days.starts[0] - 1, days.starts[DAYS]):
        with pytest.raises(IndexError, match="covers"):
            calendar.local_date(instant)
    with pytest.raises(IndexError, match="after its last day"):
        calendar.add_working(0, 400_000 * HOUR)
    with pytest.raises(IndexError, match="no opening"):
        calendar.open_from(days.starts[DAYS] - 1)
