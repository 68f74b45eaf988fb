"""Working time, walked day by day: a calendar is a function from a date to its sessions.

Ships the public calendar (vn-public). Knows nothing of dossiers, nor of where other calendars come from.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

import holidays

__all__ = [
    "ONE_DAY",
    "Sessions",
    "WalkedCalendar",
    "add_working_time",
    "closing_time",
    "is_working_day",
    "public_hours",
    "vn_public",
    "working_day_before",
    "working_time",
]

#: Sessions of a day in minutes from its local midnight, in order, half-open; empty on a day off. A shift over midnight
#: belongs to the day on which it begins, and ends past 1440.
Sessions = list[tuple[int, int]]

#: 07:30-11:30 and 13:00-17:00, half-open.
PUBLIC_SESSIONS: Sessions = [(450, 690), (780, 1020)]

#: Swaps that `holidays` does not know, as the announcements tell them: (off, worked for it).
ANNOUNCED = (
    (date(2010, 9, 3), date(2010, 9, 11)),
    (date(2011, 1, 31), date(2011, 1, 29)),
    (date(2011, 2, 1), date(2011, 1, 30)),
    (date(2011, 4, 11), date(2011, 4, 9)),
    (date(2012, 12, 31), date(2013, 1, 5)),
    (date(2013, 2, 15), date(2013, 2, 23)),
    (date(2014, 1, 28), date(2014, 1, 25)),
    (date(2014, 1, 29), date(2014, 2, 8)),
    (date(2026, 1, 2), date(2026, 1, 10)),
)
#: With them the day in compensation for a weekend of Tết 2014.
PINNED = {day: False for day, _ in ANNOUNCED} | {day: True for _, day in ANNOUNCED} | {date(2014, 2, 5): False}

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


def public_hours(day: date) -> tuple[Sessions, Sessions]:
    """Sessions of a day in the public calendar, and those it would have if it were worked."""
    return (PUBLIC_SESSIONS if is_working_day(day) else []), PUBLIC_SESSIONS


class WalkedCalendar:
    """A calendar of which only single days are known.

    Args:
        name: its id.
        zone: whose wall clock the sessions are told in.
        hours: sessions of a day, and those it would have if it were not off.
    """

    def __init__(self, name: str, zone: ZoneInfo, hours: Callable[[date], tuple[Sessions, Sessions]]) -> None:
        self.name = name
        self.zone = zone
        self.hours = hours

    def local_date(self, moment: datetime) -> date:
        """The date on the wall of the office."""
        return moment.astimezone(self.zone).date()

    def is_working_day(self, day: date) -> bool:
        """Whether a day has any session."""
        return bool(self.hours(day)[0])

    def sessions(self, day: date) -> list[tuple[datetime, datetime]]:
        """Opening and closing instants (UTC) of a day, in order; none on a day off."""
        return [(self.moment(day, opening), self.moment(day, closing)) for opening, closing in self._ended(day)[0]]

    def _ended(self, day: date) -> tuple[Sessions, Sessions]:
        """The hours of a day, and those usual, a night ending where the next day's hours begin."""
        open_hours, usual = self.hours(day)
        tomorrow = self.hours(day + ONE_DAY)[0]
        latest = 1440 + tomorrow[0][0] if tomorrow else 2 * 1440

        def ended(hours: Sessions) -> Sessions:
            return [(opening, min(closing, latest)) for opening, closing in hours]

        return ended(open_hours), ended(usual)

    def work_day(self, moment: datetime) -> date:
        """The day whose night a moment lies in, else the date on the wall."""
        day = self.local_date(moment)
        night = [session for session in self.sessions(day - ONE_DAY) if session[0] <= moment < session[1]]
        return day - ONE_DAY if night else day

    def moment(self, day: date, minute: int) -> datetime:
        """The instant (UTC) at which the wall clock shows so many minutes after midnight; 1440 is the next midnight."""
        if minute >= 1440:
            return self.moment(day + ONE_DAY, minute - 1440)
        return datetime.combine(day, time(minute // 60, minute % 60), self.zone).astimezone(UTC)

    def closing_time(self, day: date) -> datetime:
        """The closing instant of a day, or the one it would have if it is a day off."""
        open_hours, usual = self._ended(day)
        return self.moment(day, (open_hours or usual)[-1][1])

    def length(self, day: date) -> timedelta:
        """Working time of a whole day."""
        return sum((closing - opening for opening, closing in self.sessions(day)), timedelta(0))

    def working_day_before(self, day: date, days: int) -> date:
        """The working day that lies `days` working days before a date (which itself need not be one)."""
        while days > 0:
            day -= ONE_DAY
            if self.is_working_day(day):
                days -= 1
        return day

    def working_day_from(self, day: date) -> date:
        """The day itself if it is worked, else the next that is."""
        while not self.is_working_day(day):
            day += ONE_DAY
        return day

    def next_opening(self, moment: datetime) -> datetime:
        """The instant itself inside hours, else the next opening."""
        day = self.local_date(moment) - ONE_DAY
        while True:
            for opening, closing in self.sessions(day):
                if moment < closing:
                    return max(moment, opening)
            day += ONE_DAY

    def working_time(self, start: datetime, end: datetime) -> timedelta:
        """Working time in [start, end), exact."""
        total = timedelta(0)
        # A session may run to midnight in a zone whose clock jumps there, so look at the days beside as well.
        day = self.local_date(start) - ONE_DAY
        last = self.local_date(end) + ONE_DAY
        while day <= last:
            for opening, closing in self.sessions(day):
                overlap = min(end, closing) - max(start, opening)
                if overlap > timedelta(0):
                    total += overlap
            day += ONE_DAY
        return total

    def add_working_time(self, start: datetime, amount: timedelta) -> datetime:
        """The earliest instant by which `amount` of working time has passed since `start`.

        At a boundary this is the closing, never the next opening; no working time at all moves nothing.
        """
        if amount <= timedelta(0):
            return start
        day = self.local_date(start) - ONE_DAY
        while True:
            for opening, closing in self.sessions(day):
                begin = max(start, opening)
                if closing <= begin:
                    continue
                if closing - begin >= amount:
                    return begin + amount
                amount -= closing - begin
            day += ONE_DAY


def vn_public(zone: ZoneInfo) -> WalkedCalendar:
    """The public calendar on the wall clock of a zone."""
    return WalkedCalendar("vn-public", zone, public_hours)


def closing_time(day: date, zone: ZoneInfo) -> datetime:
    """Closing time by the public calendar."""
    return vn_public(zone).closing_time(day)


def working_day_before(day: date, days: int) -> date:
    """Days back by the public calendar."""
    return vn_public(ZoneInfo("UTC")).working_day_before(day, days)


def working_time(start: datetime, end: datetime, zone: ZoneInfo) -> timedelta:
    """Working time in [start, end) by the public calendar."""
    return vn_public(zone).working_time(start, end)


def add_working_time(start: datetime, amount: timedelta, zone: ZoneInfo) -> datetime:
    """Working time added by the public calendar."""
    return vn_public(zone).add_working_time(start, amount)
