"""Dates and words that stand for "none": the first and last days of software, nought dates, NULL. Pure.

0001-01-01 and 9999-12-31 are the ends of what most software can hold, 1753-01-01 is that of one database, 1899-12-30
to 1900-01-01 are where spreadsheets begin to count, 0000-00-00 is a column that was never filled. No dossier has a
date in those years, so such a value is never taken for one.
"""

from __future__ import annotations

import re
from datetime import date
from typing import Final

from shared.contract.envelope import check_year

__all__ = ["DOUBTFUL", "NoDate", "YearOutside", "check_day", "check_years", "is_word_for_none", "placeholder_year"]

_YEARS: Final = frozenset({0, 1, 1753, 1899, 9999})
#: 1900-01-01, and 1900-01-00 as spreadsheets show the number 0.
_FIRST_OF_1900: Final = frozenset({(1, 1), (1, 0), (0, 1)})
#: Days that are within what the contract takes, yet are where some software begins or ends: told, not refused.
DOUBTFUL: Final = frozenset({date(1970, 1, 1), date(2079, 6, 6)})

_WORDS: Final = frozenset(
    {
        "null", "nul", "nil", "none", "nan", "nat", "na", "n/a", "n.a.", "n.a", "#n/a", "#na", "#null!", "\\n",
        "(null)", "[null]", "<null>", "(none)",
        "(blank)", "blank", "(empty)", "empty", "undefined", "trống", "(trống)", "không",
        "không có", "chưa", "chưa có", "ko", "k/c",
    }
)  # fmt: skip
#: Dashes, and masks of input fields that nobody filled in: `__/__/____`.
_ONLY_SIGNS: Final = re.compile(r"[\s_\-/.:?*\u2010-\u2015]+")

_CLOCK: Final = r"\d{1,2}:\d{2}(?::\d{2}(?:[.,]\d+)?)?(?:\s*[^\W\d_]{1,6}\.?(?:\s?m\.?)?)?(?:\s*[+-]\d{2}(?::?\d{2})?)?"
_DATE: Final = re.compile(
    rf"(?:{_CLOCK}\s*,?\s*)?"
    r"(?:(?P<y1>\d{4})(?P<s1>[-/.])(?P<m1>\d{1,2})(?P=s1)(?P<d1>\d{1,2})"
    r"|(?P<d2>\d{1,2})(?P<s2>[-/.])(?P<m2>\d{1,2})(?P=s2)(?P<y2>\d{4})"
    r"|(?P<y3>\d{4})(?P<m3>\d{2})(?P<d3>\d{2})(?:\d{6})?)"
    rf"(?:\s*[T,]?\s*{_CLOCK})?Z?",
    re.IGNORECASE,
)
_ALL_ZERO: Final = re.compile(r"0{1,4}([-/.])0{1,4}\1 ?0{1,4}(?:[ T]0{1,2}:00(?::00(?:[.,]0+)?)?)?Z?")


class NoDate(ValueError):  # noqa: N818 (a value of a row, no error of the program)
    """A date that stands for "none"; `year` is its own, as written."""

    def __init__(self, year: int) -> None:
        self.year = year
        super().__init__(f"year {year} is outside of all dates: it stands for none")


class YearOutside(ValueError):  # noqa: N818 (the same)
    """A date in a year that the contract does not take; `year` is its own."""

    def __init__(self, year: int, reason: str) -> None:
        self.year = year
        super().__init__(reason)


def check_day(day: date) -> None:
    """Refuse a day that stands for none, and years outside the contract's range.

    Raises:
        NoDate: it stands for none.
        YearOutside: the year is outside the range.
    """
    if _stands_for_none(day.year, day.month, day.day):
        raise NoDate(day.year)
    check_years(day.year)


def check_years(year: int) -> None:
    """Refuse years outside the contract's range.

    Raises:
        YearOutside: the year is outside the range.
    """
    try:
        check_year(year)
    except ValueError as error:
        raise YearOutside(year, str(error)) from error


def placeholder_year(text: str) -> int | None:
    """The year of a text that no format need fit to be known as a date for "none"; None for all others."""
    if _ALL_ZERO.fullmatch(text):
        return 0
    found = _DATE.fullmatch(text)
    if found is None:
        return None
    for form in ("1", "2", "3"):
        if found[f"y{form}"] is not None:
            year, month, day = (int(found[f"{part}{form}"]) for part in "ymd")
            return year if _stands_for_none(year, month, day) else None
    return None


def is_word_for_none(text: str) -> bool:
    """Whether a text is a word or a sign that people and databases write for "none"."""
    return text.casefold() in _WORDS or _ONLY_SIGNS.fullmatch(text) is not None


def _stands_for_none(year: int, month: int, day: int) -> bool:
    return year in _YEARS or (year == 1900 and (month, day) in _FIRST_OF_1900)
