"""Periods of figures: inclusive local dates as half-open instants, and the local date of many instants at once.

Pure. Knows no dossier; the zone of day boundaries is always passed in (the UTC date at 06:00 is yesterday).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from typing import Final, Literal
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from shared.instants import DAY, SECOND, local_midnight
from shared.judging.instants import NEVER, NO_DAY

__all__ = [
    "KINDS",
    "NEVER",
    "NO_DAY",
    "Kind",
    "LocalDays",
    "Period",
    "containing",
    "date_of",
    "day_number",
    "local_days",
    "months",
    "period",
]

Kind = Literal["month", "quarter", "year"]
#: Kinds of periods whose figures are stored and exported, by docs/rules.md.
KINDS: Final[tuple[Kind, ...]] = ("month", "quarter", "year")

_ONE_DAY = timedelta(days=1)
#: The date from which days are numbered, as the calendar numbers it.
_FIRST_DAY: Final = date(1970, 1, 1).toordinal()


def day_number(day: date | None) -> int:
    """A date as columns of days have it: days since 1970-01-01, NO_DAY for none."""
    return NO_DAY if day is None else day.toordinal() - _FIRST_DAY


def date_of(number: int) -> date | None:
    """The date of a day number; None for NO_DAY."""
    return None if number == NO_DAY else date.fromordinal(number + _FIRST_DAY)


@dataclass(frozen=True, slots=True)
class Period:
    """Local dates first to last, both included, and the same as instants [start, end) in UTC microseconds."""

    first: date
    last: date
    start: int
    end: int


def period(first: date, last: date, zone: ZoneInfo) -> Period:
    """The period of the local dates `first` to `last`, both included.

    Raises:
        ValueError: the last date lies before the first.
    """
    if last < first:
        raise ValueError(f"the period ends ({last}) before it begins ({first})")
    return Period(first, last, local_midnight(first, zone), local_midnight(last + _ONE_DAY, zone))


def containing(kind: Kind, day: date, zone: ZoneInfo) -> Period:
    """The calendar month, quarter or year that contains a local date."""
    if kind == "month":
        first, length = day.replace(day=1), 1
    elif kind == "quarter":
        first, length = date(day.year, day.month - (day.month - 1) % 3, 1), 3
    else:
        first, length = date(day.year, 1, 1), 12
    return period(first, _after_months(first, length) - _ONE_DAY, zone)


def months(first: date, last: date, zone: ZoneInfo) -> list[Period]:
    """The calendar months of a range of local dates, each a period of its own, the outer ones cut to the range."""
    found = []
    start = first
    while start <= last:
        following = _after_months(start.replace(day=1), 1)
        found.append(period(start, min(last, following - _ONE_DAY), zone))
        start = following
    return found


def _after_months(first: date, count: int) -> date:
    index = first.year * 12 + first.month - 1 + count
    return date(index // 12, index % 12 + 1, 1)


@cache
def local_days(zone: ZoneInfo) -> LocalDays:
    """The zone's LocalDays, made once."""
    return LocalDays(zone)


class LocalDays:
    """Day numbers (days since 1970-01-01) of the local dates of instants, for whole arrays at once.

    The zone's changes of offset between 1900 and 2200 are found once; an offset changes at most once in five days.
    """

    _STEP = 5 * 86_400

    def __init__(self, zone: ZoneInfo) -> None:
        self._zone = zone
        low, high = (int(datetime(year, 1, 1, tzinfo=zone).timestamp()) for year in (1900, 2200))
        changes, offsets = [low], [self._offset(low)]
        for second in range(low + self._STEP, high, self._STEP):
            offset = self._offset(second)
            if offset != offsets[-1]:
                changes.append(self._change(second - self._STEP, second))
                offsets.append(offset)
        self._changes = np.array(changes, dtype=np.int64) * SECOND
        self._offsets = np.array(offsets, dtype=np.int64) * SECOND

    def __call__(self, instants: NDArray[np.int64]) -> NDArray[np.int32]:
        """Day numbers of instants in UTC microseconds; NEVER gives NO_DAY."""
        known = instants < NEVER
        zone_index = np.searchsorted(self._changes, instants, side="right") - 1
        local = np.where(known, instants, 0) + self._offsets[np.maximum(zone_index, 0)]
        return np.where(known, local // DAY, NO_DAY).astype(np.int32)

    def _offset(self, second: int) -> int:
        offset = datetime.fromtimestamp(second, self._zone).utcoffset()
        return int(offset.total_seconds()) if offset else 0

    def _change(self, before: int, after: int) -> int:
        """The first second in (before, after] with the offset of `after`."""
        target = self._offset(after)
        while after - before > 1:
            middle = (before + after) // 2
            if self._offset(middle) == target:
                after = middle
            else:
                before = middle
        return after
