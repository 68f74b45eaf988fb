"""Cells that a file stores with a type (dates, numbers, booleans) as the texts that mappings work on. Pure.

A time that was stored as one stays known as such, so that it is understood whatever formats the mapping gives to texts.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from typing import Any, Final
from unicodedata import normalize

__all__ = ["LostDigits", "Stamp", "cell_text", "number_text"]

#: Whole numbers from here on are not exact in the numbers a spreadsheet keeps.
_EXACT = 2**53
_MIDNIGHT: Final = time()


class Stamp(str):
    """A date, a time, or both, stored as such by the file; written as ISO 8601."""

    __slots__ = ()

    def strip(self, _characters: str | None = None, /) -> Stamp:
        """Itself: there is nothing around it, and it stays known as a time."""
        return self


class LostDigits(str):
    """A whole number with more digits than a spreadsheet keeps: a code that must not be taken for another one."""

    __slots__ = ()

    def strip(self, _characters: str | None = None, /) -> LostDigits:
        """Itself, so that it stays known as what it is."""
        return self


def number_text(number: float) -> str:
    """A number as people write it: 12345.0 is `12345`, never with an exponent where it is whole.

    A whole number that the file's numbers cannot hold exactly comes back as LostDigits.
    """
    if not math.isfinite(number):
        return ""
    if not number.is_integer():
        return repr(number)
    return str(int(number)) if -_EXACT < number < _EXACT else LostDigits(format(number, ".0f"))


def cell_text(value: object) -> str:
    """The text of a workbook's cell; "" for an empty one."""
    text_of = _TEXTS.get(type(value))
    return "" if text_of is None else text_of(value)


def _plain(text: str) -> str:
    return text if text.isascii() else normalize("NFC", text)


def _iso(moment: date | time) -> Stamp:
    return Stamp(moment.isoformat())


def _iso_moment(moment: datetime) -> Stamp:
    """At midnight only the date: some writers store every date as a date with a time of day."""
    return _iso(moment.date()) if moment.tzinfo is None and moment.time() == _MIDNIGHT else _iso(moment)


def _clock(span: timedelta) -> Stamp:
    """Hours, minutes and seconds; more than a day goes on counting hours, as the sheet shows it."""
    seconds = round(span.total_seconds())
    sign, seconds = ("-", -seconds) if seconds < 0 else ("", seconds)
    return Stamp(f"{sign}{seconds // 3_600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}")


_TEXTS: Final[dict[type, Callable[[Any], str]]] = {
    str: _plain,
    bool: lambda value: "true" if value else "false",
    float: number_text,
    int: str,
    datetime: _iso_moment,
    date: _iso,
    time: _iso,
    timedelta: _clock,
}
