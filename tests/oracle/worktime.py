"""Working time of the public calendar (vn-public), walked day by day.

Knows days off, swapped days and opening hours. Knows nothing of dossiers.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

import holidays

__all__ = ["add_working_time", "closing_time", "is_working_day", "working_day_before", "working_time"]

#: 07:30-11:30 and 13:00-17:00, half-open.
HOURS = [(time(7, 30), time(11, 30)), (time(13, 0), time(17, 0))]

#: The swap that `holidays` does not know: Friday 2 January 2026 is off, Saturday 10 January is worked.
PINNED = {date(2026, 1, 2): False, date(2026, 1, 10): True}

ONE_DAY = timedelta(days=1)


@cache
def _year(year: int) -> tuple[frozenset[date], frozenset[date]]:
    """Days off and swapped (worked) weekend days of one year."""
    vietnam = holidays.country_holidays("VN", years=year)
    worked: set[date] = getattr(vietnam, "weekend_workdays", set())
    return frozenset(vietnam.keys()), frozenset(day for day in worked if day.year == year)


def is_working_day(day: date) -> bool:
    """Monday to Friday and swapped weekend days, without public holidays."""
    if day in PINNED:
        return PINNED[day]
    off, worked = _year(day.year)
    if day in off:
        return False
    return day.weekday() < 5 or day in worked


def _sessions(day: date, zone: ZoneInfo) -> list[tuple[datetime, datetime]]:
    """Opening and closing instants (UTC) of a day, in order; none on a day off."""
    if not is_working_day(day):
        return []
    return [
        (
            datetime.combine(day, opening, zone).astimezone(UTC),
            datetime.combine(day, closing, zone).astimezone(UTC),
        )
        for opening, closing in HOURS
    ]


def closing_time(day: date, zone: ZoneInfo) -> datetime:
    """The closing instant of a day, or the one it would have if it is a day off."""
    return datetime.combine(day, HOURS[-1][1], zone).astimezone(UTC)


def working_day_before(day: date, days: int) -> date:
    """The working day that lies `days` working days before a date (which itself need not be one)."""
    while days > 0:
        day -= ONE_DAY
        if is_working_day(day):
            days -= 1
    return day


def working_time(start: datetime, end: datetime, zone: ZoneInfo) -> timedelta:
    """Working time in [start, end), exact."""
    total = timedelta(0)
    day = start.astimezone(zone).date()
    last = end.astimezone(zone).date()
    while day <= last:
        for opening, closing in _sessions(day, zone):
            overlap = min(end, closing) - max(start, opening)
            if overlap > timedelta(0):
                total += overlap
        day += ONE_DAY
    return total


def add_working_time(start: datetime, amount: timedelta, zone: ZoneInfo) -> datetime:
    """The earliest instant by which `amount` of working time has passed since `start`.

    At a boundary this is the closing, never the next opening; no working time at all moves nothing.
    """
    if amount <= timedelta(0):
        return start
    day = start.astimezone(zone).date()
    while True:
        for opening, closing in _sessions(day, zone):
            begin = max(start, opening)
            if closing <= begin:
                continue
            if closing - begin >= amount:
                return begin + amount
            amount -= closing - begin
        day += ONE_DAY
