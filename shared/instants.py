"""Instants as integers: UTC microseconds since 1970-01-01, the form the core and the figures compute with.

Pure: reads no clock. Wire forms (RFC 3339) are parsed and written only here.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import Literal
from zoneinfo import ZoneInfo

__all__ = [
    "DAY",
    "FIRST_YEAR",
    "HOUR",
    "LAST_YEAR",
    "MICROSECOND",
    "MINUTE",
    "SECOND",
    "check_instant",
    "check_year",
    "from_datetime",
    "local_date",
    "local_midnight",
    "parse_instant",
    "timespec_beside",
    "to_datetime",
    "to_rfc3339",
    "to_rfc3339_local",
]

MICROSECOND = 1
SECOND = 1_000_000
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE
DAY = 24 * HOUR

FIRST_YEAR = 1900
LAST_YEAR = 2199

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def check_year(year: int) -> None:
    """Refuse years outside what calendars and stored instants cover.

    Raises:
        ValueError: the year is before 1900 or after 2199.
    """
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise ValueError(f"year {year} is outside {FIRST_YEAR}-{LAST_YEAR}")


def check_instant(moment: datetime) -> None:
    """Refuse instants outside those years, which are years of UTC: an instant is the same in whatever zone it is told.

    Raises:
        ValueError: the instant is before 1900 or after 2199 in UTC, or names none.
    """
    if not _FIRST <= from_datetime(moment) < _END:
        raise ValueError(f"{moment.isoformat()} is outside {FIRST_YEAR}-{LAST_YEAR} in UTC")


def from_datetime(moment: datetime) -> int:
    """UTC microseconds of an aware datetime.

    Raises:
        ValueError: the datetime is naive, so it names no instant.
    """
    if moment.tzinfo is None:
        raise ValueError(f"datetime without time zone: {moment.isoformat()}; add an offset such as +07:00")
    since = moment - _EPOCH
    # Dividing by a microsecond says the same at three times the cost.
    return since.days * DAY + since.seconds * SECOND + since.microseconds


#: The first instant of those years, and the first one behind them.
_FIRST = from_datetime(datetime(FIRST_YEAR, 1, 1, tzinfo=UTC))
_END = from_datetime(datetime(LAST_YEAR + 1, 1, 1, tzinfo=UTC))


def to_datetime(instant: int) -> datetime:
    """Aware UTC datetime of an instant in UTC microseconds."""
    return _EPOCH + timedelta(microseconds=instant)


def parse_instant(text: str) -> int:
    """UTC microseconds of an RFC 3339 date-time with offset.

    Raises:
        ValueError: not a date-time, or one without offset.
    """
    return from_datetime(datetime.fromisoformat(text))


def timespec_beside(instant: int, others: Iterable[int | None]) -> Literal["minutes", "seconds", "microseconds"]:
    """How exactly an instant is to be written so that it differs from others it is compared with; else to the minute.

    Args:
        instant: the instant, UTC microseconds.
        others: those it is compared with; None among them is none.
    """
    known = {other for other in others if other is not None} - {instant}
    near = [other for other in known if other // MINUTE == instant // MINUTE]
    if any(other // SECOND == instant // SECOND for other in near):
        return "microseconds"
    return "seconds" if near else "minutes"


def to_rfc3339(instant: int) -> str:
    """RFC 3339 text in UTC with six digits of fraction, so that equal instants have equal texts."""
    day, rest = divmod(instant, DAY)
    seconds, fraction = divmod(rest, SECOND)
    minutes, second = divmod(seconds, 60)
    return f"{_date_text(day)}T{minutes // 60:02d}:{minutes % 60:02d}:{second:02d}.{fraction:06d}Z"


@lru_cache(maxsize=4_096)
def _date_text(day: int) -> str:
    """The date of a day since 1970-01-01; instants of a stack fall on few of them, and writing one costs the most."""
    return (_EPOCH + timedelta(days=day)).date().isoformat()


def to_rfc3339_local(instant: int, zone: ZoneInfo) -> str:
    """RFC 3339 text with the offset of a zone, fraction only where there is one; for people."""
    return to_datetime(instant).astimezone(zone).isoformat()


def local_date(instant: int, zone: ZoneInfo) -> date:
    """The calendar date an instant falls on in a zone (the UTC date at 06:00 local is yesterday)."""
    return to_datetime(instant).astimezone(zone).date()


def local_midnight(day: date, zone: ZoneInfo) -> int:
    """The instant at which a local date begins."""
    return from_datetime(datetime(day.year, day.month, day.day, tzinfo=zone))
