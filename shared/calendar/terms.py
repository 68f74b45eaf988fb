"""Terms: an amount of time in the units the law uses, and the instant at which it ends, by a counting rule.

Pure. Knows calendars, not procedures: which term and which counting apply is decided elsewhere. Sources of the rules:
Civil Code 147-148 (the day of receipt is not counted; a day off moves the end) and docs/rules.md, "Due date".
"""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass, field
from datetime import date, timedelta
from fractions import Fraction
from functools import lru_cache
from typing import Final, get_args

from shared.calendar.work_calendar import WorkCalendar
from shared.contract.reference import Counting, TermUnit
from shared.instants import HOUR, MINUTE
from shared.messages.base import Text

__all__ = [
    "MINUTES_A_DAY",
    "Term",
    "TermError",
    "check_counting",
    "counted_from",
    "last_day",
    "less",
    "parse_term",
    "term_due",
    "to_minutes",
]

#: 8 working hours are a working day where a term is converted; counting takes the calendar's own minutes.
MINUTES_A_DAY: Final = 480
#: Days of a month where a month is cut to a part of it.
_DAYS_A_MONTH: Final = 30

#: Units by what people write, Vietnamese and English. Plain "days" and "hours" are asked back: of which kind?
_UNITS: Final[dict[str, TermUnit]] = {
    "working day": "working_days",
    "working days": "working_days",
    "business day": "working_days",
    "business days": "working_days",
    "working_days": "working_days",
    "ngày làm việc": "working_days",
    "working hour": "working_hours",
    "working hours": "working_hours",
    "business hour": "working_hours",
    "business hours": "working_hours",
    "working_hours": "working_hours",
    "giờ làm việc": "working_hours",
    "calendar day": "calendar_days",
    "calendar days": "calendar_days",
    "calendar_days": "calendar_days",
    "ngày": "calendar_days",
    "ngày lịch": "calendar_days",
    "ngày theo lịch": "calendar_days",
    "month": "months",
    "months": "months",
    "tháng": "months",
}
_FORM: Final = re.compile(r"([0-9]{1,15})(?:[.,]([0-9]{1,6}))?\s*(\D.*)")
_NAMES: Final[dict[TermUnit, Text]] = {
    "working_days": Text("ngày làm việc", "working days"),
    "working_hours": Text("giờ làm việc", "working hours"),
    "calendar_days": Text("ngày theo lịch", "calendar days"),
    "months": Text("tháng", "months"),
}
#: Countings that say something of a unit; the first is what the unit means by itself.
_COUNTINGS: Final[dict[TermUnit, tuple[Counting, ...]]] = {
    "working_days": ("next-day", "same-time", "hours"),
    "working_hours": ("hours",),
    "calendar_days": ("next-day",),
    "months": ("next-day",),
}


class TermError(ValueError):
    """A term that cannot be read or counted; `text` says in both languages what is wrong and what to do."""

    def __init__(self, vi: str, en: str) -> None:
        super().__init__(en)
        self.text = Text(vi, en)


@dataclass(frozen=True, slots=True)
class Term:
    """An amount of time, such as 1.5 working days.

    Raises:
        TermError: a negative amount, or a part of a calendar day or of a month, which no calendar says how to end.
    """

    amount: Fraction
    unit: TermUnit
    #: The amount's whole units, and the part of one that is left, None if there is none.
    whole: int = field(init=False, repr=False, compare=False)
    part: Fraction | None = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        if self.amount < 0:
            raise TermError(
                f"thời hạn {self.amount} âm; dùng số từ 0 trở lên", f"term {self.amount} is negative; use 0 or more"
            )
        if self.unit in ("calendar_days", "months") and self.amount.denominator != 1:
            name = _NAMES[self.unit]
            raise TermError(
                f"thời hạn {_decimal(self.amount)} {name.vi}: phải là số nguyên; dùng ngày làm việc cho phần lẻ, ví dụ "
                f"1,5 ngày làm việc",
                f"term {_decimal(self.amount)} {name.en}: must be a whole number; for parts use working days, such as "
                f"1.5 working days",
            )
        whole, part = divmod(self.amount, 1)
        object.__setattr__(self, "whole", whole)
        object.__setattr__(self, "part", part or None)

    @property
    def text(self) -> Text:
        """The term in words."""
        name, amount = _NAMES[self.unit], _decimal(self.amount)
        english = name.en.removesuffix("s") if self.amount == 1 else name.en
        return Text(f"{amount.replace('.', ',')} {name.vi}", f"{amount} {english}")

    def __str__(self) -> str:
        return self.text.en


@lru_cache(maxsize=4096)
def parse_term(text: str) -> Term:
    """A term as people write it: `3 working days`, `8 working hours`, `2 months`, `1,5 ngày làm việc`.

    Raises:
        TermError: it cannot be read; says which forms can.
    """
    found = _FORM.fullmatch(text.strip())
    unit = _UNITS.get(" ".join(found[3].lower().split())) if found else None
    if found is None or unit is None:
        raise TermError(
            f"thời hạn {text!r} không đọc được; viết số và đơn vị, ví dụ '3 ngày làm việc', '8 giờ làm việc', "
            f"'10 ngày theo lịch', '2 tháng'",
            f"term {text!r} is not understood; write a number and a unit, such as '3 working days', "
            f"'8 working hours', '10 calendar days', '2 months'",
        )
    return Term(Fraction(f"{found[1]}.{found[2] or 0}"), unit)


def check_counting(term: Term, counting: Counting) -> None:
    """Refuse a counting that somebody asked for and that says nothing of the term's unit.

    Rules are not checked so: the counting of a rule or a procedure is for its working days, and leaves others alone.

    Raises:
        TermError: the unit has another counting; names it.
    """
    fitting = _COUNTINGS[term.unit]
    if counting not in fitting:
        known = ", ".join(get_args(Counting))
        name = _NAMES[term.unit]
        raise TermError(
            f"cách tính {counting!r} không dùng cho {name.vi}; dùng {fitting[0]!r} hoặc bỏ trống (có: {known})",
            f"counting {counting!r} says nothing of {name.en}; use {fitting[0]!r} or leave it out (there are: {known})",
        )


def term_due(calendar: WorkCalendar, start: int, term: Term, counting: Counting = "next-day") -> int:
    """The instant a term ends.

    Args:
        calendar: its days, hours and zone.
        start: UTC µs; in day counting only its day matters: that of the shift over midnight it lies in, else the local.
        term: how long.
        counting: how working days are counted; hours, calendar days and months have one way each.

    Returns:
        UTC µs. Days end at the closing of the last one, hours and the same time of day where they end.

    Raises:
        TermError: the term ends after the last day the calendar covers.
    """
    try:
        return _due(calendar, start, term, counting)
    except (IndexError, OverflowError) as error:
        raise TermError(
            f"thời hạn {term.text.vi} kết thúc sau ngày cuối của lịch (2510); dùng thời hạn ngắn hơn",
            f"term {term.text.en} ends after the last day of the calendar (2510); use a shorter one",
        ) from error


def counted_from(calendar: WorkCalendar, start: int, term: Term, counting: Counting) -> int:
    """The instant counting begins: the start, or the next opening where hours or the same time of day count."""
    days = term.unit == "working_days" and counting != "next-day" and bool(term.amount)
    return calendar.open_from(start) if days or term.unit == "working_hours" else start


def last_day(calendar: WorkCalendar, start: int, term: Term) -> date:
    """The day calendar days or months end on, off or not; for no days at all the day of receipt."""
    day = calendar.work_day(start)[0]
    if term.unit == "months":
        return _plus_months(day, term.whole)
    return day + timedelta(term.whole) if term.unit == "calendar_days" else day


def to_minutes(term: Term) -> int | None:
    """Working minutes a term stands for (8 working hours are a working day); None for calendar days and months."""
    if term.unit == "working_days":
        return int(term.amount * MINUTES_A_DAY)
    return int(term.amount * 60) if term.unit == "working_hours" else None


def less(term: Term, percent: int) -> Term:
    """The term less so many percent of it, in Fraction arithmetic.

    A cut promises at least so much, so parts of a calendar day are left out. A month that is cut to a part counts as
    30 calendar days.
    """
    amount = term.amount * (100 - percent) / 100
    if amount.denominator == 1 or term.unit in ("working_days", "working_hours"):
        return Term(amount, term.unit)
    if term.unit == "months":
        amount *= _DAYS_A_MONTH
    return Term(Fraction(int(amount)), "calendar_days")


def _due(calendar: WorkCalendar, start: int, term: Term, counting: Counting) -> int:
    if term.unit == "working_hours":
        return calendar.add_working(start, int(term.amount * HOUR))
    if term.unit == "working_days" and (term.whole or term.part):
        if counting == "next-day":
            return _next_day(calendar, start, term)
        if counting == "same-time":
            return _same_time(calendar, calendar.open_from(start), term)
        return calendar.add_working(start, int(term.amount * MINUTES_A_DAY * MINUTE))
    day = last_day(calendar, start, term)
    return calendar.closing(day if calendar.is_working_day(day) else calendar.next_working_day(day))


def _next_day(calendar: WorkCalendar, start: int, term: Term) -> int:
    """Whole days after the day of receipt; a part of a day is that part of the next day's working time."""
    day = calendar.nth_working_day(calendar.work_day(start)[0], term.whole)
    if term.part is None:
        return calendar.closing(day)
    day = calendar.next_working_day(day)
    return calendar.add_working(calendar.opening(day), int(calendar.length(day) * term.part))


def _same_time(calendar: WorkCalendar, start: int, term: Term) -> int:
    """The same time of day some working days later; a part of a day is that part of the day's working time."""
    first, wall = calendar.work_day(start)
    day = calendar.nth_working_day(first, term.whole)
    end = _fitted(calendar, day, wall) if term.whole else start
    return end if term.part is None else calendar.add_working(end, int(calendar.length(day) * term.part))


def _fitted(calendar: WorkCalendar, day: date, wall: int) -> int:
    """A time of a day inside its hours: the last closing before it where it lies outside, else the opening."""
    wanted = calendar.instant(day, wall)
    fitted = calendar.opening(day)
    for opening, closing in calendar.sessions(day):
        if wanted < opening:
            break
        fitted = min(wanted, closing)
    return fitted


def _plus_months(day: date, months: int) -> date:
    """The same day some months later, or the month's last where it is shorter."""
    years, month = divmod(day.month - 1 + months, 12)
    year = day.year + years
    if year > date.max.year:
        raise OverflowError(f"no year {year}")
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def _decimal(amount: Fraction) -> str:
    """A fraction as a decimal number, or as a fraction where it has none."""
    for places in range(9):
        scaled = amount * 10**places
        if scaled.denominator == 1:
            digits = str(scaled.numerator).rjust(places + 1, "0")
            return f"{digits[: len(digits) - places]}.{digits[len(digits) - places :]}" if places else digits
    return str(amount)
