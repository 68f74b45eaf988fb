"""When a term ends (docs/rules.md "Due date"): working days three ways, working hours, calendar days, months.

Counts days one by one. Knows a calendar; knows nothing of dossiers.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from fractions import Fraction
from math import floor

from tests.oracle.reference.says import Rules, Term
from tests.oracle.reference.worktime import ONE_DAY, WalkedCalendar

__all__ = ["as_working_time", "days_after", "term_due"]

HOUR = timedelta(hours=1)
HOURS_A_DAY = 8


def part_of(share: Fraction, whole: timedelta) -> timedelta:
    """An exact share of a duration, down to the microsecond."""
    return timedelta(microseconds=floor(share * (whole // timedelta(microseconds=1))))


def as_working_time(term: Term) -> timedelta:
    """A term as so much working time: 8 hours a day."""
    hours = term.amount * (HOURS_A_DAY if term.unit == "working_days" else 1)
    return part_of(hours, HOUR)


def after_cutoff(calendar: WalkedCalendar, start: datetime, rules: Rules) -> bool:
    """Whether something came in after the cut-off time of day."""
    if rules.cutoff is None:
        return False
    # In the night after a day it is later than any time of that day.
    night = calendar.work_day(start) < calendar.local_date(start)
    return night or start.astimezone(calendar.zone).time() > time.fromisoformat(rules.cutoff)


def days_after(calendar: WalkedCalendar, start: datetime, days: int) -> datetime:
    """Closing time of a working day so many after that of an instant, which is not counted; whatever the cut-off."""
    day = calendar.work_day(start)
    return _next_day(calendar, day, Fraction(days)) if days else _closing_on_or_after(calendar, day)


def term_due(calendar: WalkedCalendar, start: datetime, term: Term, counting: str, rules: Rules) -> datetime:
    """The instant at which a term ends that began with a receipt at `start`."""
    if term.unit == "working_hours":
        return calendar.add_working_time(start, as_working_time(term))
    day = calendar.work_day(start)
    if term.unit == "months":
        return _closing_on_or_after(calendar, _months_later(day, int(term.amount)))
    late = after_cutoff(calendar, start, rules)
    if term.amount == 0:
        return _closing_on_or_after(calendar, day + ONE_DAY if late else day)
    if late and rules.cutoff_shifts_start:
        day = calendar.working_day_from(day + ONE_DAY)
        start = calendar.sessions(day)[0][0]
    if term.unit == "calendar_days":
        return _closing_on_or_after(calendar, day + ONE_DAY * int(term.amount))
    return _working_days(calendar, start, day, term.amount, counting)


def _working_days(calendar: WalkedCalendar, start: datetime, day: date, amount: Fraction, counting: str) -> datetime:
    if counting == "hours":
        return calendar.add_working_time(start, as_working_time(Term(amount, "working_days")))
    if counting == "same-time":
        return _same_time(calendar, start, amount)
    return _next_day(calendar, day, amount)


def _closing_on_or_after(calendar: WalkedCalendar, day: date) -> datetime:
    return calendar.closing_time(calendar.working_day_from(day))


def _months_later(day: date, months: int) -> date:
    """The same day of the month, or the last of a shorter one."""
    count = day.month - 1 + months
    year, month = day.year + count // 12, count % 12 + 1
    number = day.day
    while True:
        try:
            return date(year, month, number)
        except ValueError:
            number -= 1


def _next_day(calendar: WalkedCalendar, day: date, amount: Fraction) -> datetime:
    """Whole working days after the day of receipt, to closing time of the last; half a day is half its minutes."""
    left = amount
    while True:
        day = calendar.working_day_from(day + ONE_DAY)
        if left <= 1:
            break
        left -= 1
    if left == 1:
        return calendar.closing_time(day)
    opening = calendar.sessions(day)[0][0]
    return calendar.add_working_time(opening, part_of(left, calendar.length(day)))


def _same_time(calendar: WalkedCalendar, start: datetime, amount: Fraction) -> datetime:
    """So many working days later at the same time of day; a start outside hours is moved to the next opening."""
    start = calendar.next_opening(start)
    night = calendar.local_date(start) - calendar.work_day(start)
    day = calendar.work_day(start)
    for _ in range(floor(amount)):
        day = calendar.working_day_from(day + ONE_DAY)
    wall = start.astimezone(calendar.zone).replace(tzinfo=None).time()
    reached = datetime.combine(day + night, wall, calendar.zone)
    found = calendar.sessions(day)[0][0]
    for opening, closing in calendar.sessions(day):
        if opening <= reached:
            found = min(closing, reached.astimezone(opening.tzinfo))
    part = amount - floor(amount)
    return calendar.add_working_time(found, part_of(part, calendar.length(day)))
