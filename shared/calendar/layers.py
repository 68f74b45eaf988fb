"""What a calendar is made of: versions that define hours and days, and versions that lay days over them. Pure.

A layer is a version with its texts read into numbers; which layer holds on which day is decided in `plan`.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from shared.calendar.hours import Hours, Week7, parse_sessions, usual_hours
from shared.contract.calendar_data import Calendar, CalendarDay, HolidaySource, Week

__all__ = ["DayRule", "Layer", "SeasonRule", "layer_of"]

_WEEKDAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


@dataclass(frozen=True, slots=True)
class DayRule:
    """A day that is not as its weekday says. Without hours of its own it has those its weekday or its pair has."""

    working: bool
    hours: Hours | None = None
    pair: date | None = None
    told: CalendarDay | None = None


@dataclass(frozen=True, slots=True)
class SeasonRule:
    """Hours of a part of the year, first and last as (month, day), both inclusive."""

    first: tuple[int, int]
    last: tuple[int, int]
    week: Week7

    def days(self, year: int) -> tuple[date, date]:
        """The season that begins in a year, both days inclusive; a day the year lacks is the nearest inside."""
        turn = self.last < self.first
        return _from(year, *self.first), _until(year + turn, *self.last)


@dataclass(frozen=True, slots=True)
class Layer:
    """A version of a calendar, valid from `start` on (None: always). `week` None: it only lays its days over others."""

    version: str
    start: date | None
    week: Week7 | None
    seasons: tuple[SeasonRule, ...]
    days: Mapping[date, DayRule]
    holidays: HolidaySource | None = None

    @property
    def usual(self) -> Hours:
        """The hours usual in the week, else in the first season that has any."""
        weeks = [self.week or (), *(season.week for season in self.seasons)]
        return next((hours for week in weeks if (hours := usual_hours(week))), ())


def layer_of(calendar: Calendar) -> Layer:
    """A version with its texts read.

    Raises:
        ValueError: hours that overlap or end before they begin.
    """
    return Layer(
        version=calendar.version,
        start=calendar.valid_from,
        week=None if calendar.week is None else _week(calendar.week),
        seasons=tuple(
            SeasonRule(_month_day(season.first), _month_day(season.last), _week(season.week))
            for season in calendar.seasons
        ),
        days=_days(calendar.days),
        holidays=calendar.holidays,
    )


def _days(days: Sequence[CalendarDay]) -> dict[date, DayRule]:
    """Rules by day; of two of one day the later in the list holds."""
    return {
        day.day: DayRule(
            working=day.working,
            hours=parse_sessions(day.sessions) or None if day.sessions else None,
            pair=day.pair,
            told=day,
        )
        for day in days
    }


def _week(week: Week) -> Week7:
    monday, tuesday, wednesday, thursday, friday, saturday, sunday = (
        parse_sessions(getattr(week, name)) for name in _WEEKDAYS
    )
    return (monday, tuesday, wednesday, thursday, friday, saturday, sunday)


def _month_day(text: str) -> tuple[int, int]:
    month, _, day = text.partition("-")
    return int(month), int(day)


def _from(year: int, month: int, day: int) -> date:
    length = monthrange(year, month)[1]
    return date(year, month, min(day, length)) + timedelta(int(day > length))


def _until(year: int, month: int, day: int) -> date:
    return date(year, month, min(day, monthrange(year, month)[1]))
