"""Which time formats fit the values of a column. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final
from zoneinfo import ZoneInfo

from motcua.importing.mapping.times import TimeReader

__all__ = ["guess_formats"]

_CLOCKS: Final = (
    "", " %H:%M", " %H:%M:%S", " %H:%M:%S.%f", " %I:%M %p", " %I:%M:%S %p", " %I:%M:%S.%f %p"
)  # fmt: skip
#: Those that may stand before the day.
_FIRST: Final = ("%H:%M", "%H:%M:%S", "%I:%M %p", "%I:%M:%S %p")
#: Day before month first: it is what most of the world means by 03/08/2026.
_DAYS: Final = ("%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y", "%Y/%m/%d", "%m/%d/%Y", "%m-%d-%Y", "%d/%m/%y")
_TEXTS: Final = (
    "iso",
    *(day + clock for day in _DAYS for clock in _CLOCKS),
    *(f"%Y-%m-%d{clock}" for clock in _CLOCKS if "%p" in clock),
    *(f"{clock} {day}" for day in _DAYS for clock in _FIRST),
    "%Y%m%d%H%M%S",
    "%Y%m%d",
)
#: Numbers that are times only where the column's name says so: format, least, greatest.
_NUMBERS: Final = (("excel", 20_000.0, 80_000.0), ("unix", 5e8, 4e9), ("unix_ms", 5e11, 4e12))
_MOST_FORMATS = 3
_ZONE = ZoneInfo("UTC")
#: Plain digits are codes more often than dates.
_DIGITS: Final = frozenset({"%Y%m%d%H%M%S", "%Y%m%d", "iso"})


def guess_formats(values: Sequence[str], *, named_as_time: bool) -> list[str]:
    """Formats that together read nearly all values; [] where the values are no times.

    Args:
        values: different values of one column, some hundreds will do.
        named_as_time: whether the column's name speaks of time.
    """
    if not values:
        return []
    if all(value.isdigit() for value in values) and not named_as_time:
        return []
    if named_as_time:
        for written, least, greatest in _NUMBERS:
            if all(_within(value, least, greatest) for value in values):
                return [written]
    left, found = list(values), list[str]()
    while 10 * len(left) > len(values) and len(found) < _MOST_FORMATS:
        best, read = _best(left, found)
        if not read:
            break
        found.append(best)
        left = [value for value in left if value not in read]
    return found if 10 * len(left) <= len(values) else []


def _best(values: Sequence[str], found: Sequence[str]) -> tuple[str, set[str]]:
    """The format that reads most values, and those it reads; of formats alike the one that stands first."""
    best, read = "", list[str]()
    for written in _TEXTS:
        fitting = _fitting(values, written) if written not in found else []
        if len(fitting) > len(read):
            best, read = written, fitting
        if len(read) == len(values):
            break
    return best, set(read)


def _within(text: str, least: float, greatest: float) -> bool:
    try:
        return least <= float(text) <= greatest
    except ValueError:
        return False


def _fitting(values: Sequence[str], written: str) -> list[str]:
    read = TimeReader((written,), _ZONE).read
    fitting = []
    for value in values:
        if value.isdigit() != (written in _DIGITS and value.isdigit()):
            continue
        try:
            read(value)
        except ValueError:
            continue
        fitting.append(value)
    return fitting
