"""Times as sources write them: formats tried in order, and the zone of those that carry no offset. Reads no clock.

A time that a zone's clock shows twice (end of summer time) is the earlier of the two instants; one it skips (start of
summer time) is moved on by what was skipped.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache, partial
from zoneinfo import ZoneInfo

from motcua.importing.moments.digits import read_time
from motcua.importing.moments.halves import read_halves
from motcua.importing.moments.placeholders import NoDate, check_day, check_years, placeholder_year
from shared.instants import from_datetime, to_rfc3339

__all__ = ["SPECIAL_FORMATS", "Moment", "TimeReader", "format_fault", "parse_until"]

#: Formats that are no strptime pattern.
SPECIAL_FORMATS = ("iso", "unix", "unix_ms", "excel")

_EXCEL_EPOCH, _EXCEL_EPOCH_1904 = datetime(1899, 12, 30, tzinfo=UTC), datetime(1904, 1, 1, tzinfo=UTC)
_DAY_MS = 86_400_000
#: The numbers 0 and 1 of a spreadsheet are no days of anybody.
_FIRST_DAYS = timedelta(days=2)
_MIDNIGHT = time()
_TIME_OF_DAY = ("%H", "%I", "%X", "%c", "%f")
#: A workbook's own date without zone or seconds, or with a zone, comes as a text of this form.
_OFFSET = r"(?:Z|[+-]\d\d(?::?\d\d)?)"
_STORED = re.compile(rf"\d{{4}}-\d\d-\d\d(?:T\d\d:\d\d(?::\d\d(?:[.,]\d+)?)?{_OFFSET}?|{_OFFSET})")
#: A date with a zone, of which a date is all that counts; what reads ISO 8601 would take the zone for a time of day.
_DAY_WITH_ZONE = re.compile(rf"\d{{4}}-\d\d-\d\d{_OFFSET}")
_ZERO_TIME = re.compile(r"0+:00(?::00)?")
_CACHED = 65_536


@dataclass(frozen=True, slots=True)
class Moment:
    """A time as read: its instant (UTC microseconds), its local date, and whether the source gave a time of day."""

    instant: int
    day: date
    has_time: bool

    @property
    def due_text(self) -> str:
        """A promised date as the contract writes it: a date (closing time is meant) or an instant."""
        return to_rfc3339(self.instant) if self.has_time else self.day.isoformat()


class TimeReader:
    """Reads times by formats tried in order.

    Args:
        formats: `iso`, `unix` (seconds), `unix_ms`, `excel` (day numbers), or strptime patterns such as `%d/%m/%Y`.
        zone: of times without offset, and of the local date of all.
        epoch_1904: whether day numbers count from 1904 (an old setting of workbooks) instead of 1900.
        of_sheet: whether the texts are cells of a workbook: what is stored there as ISO 8601 is understood whatever the
            formats are, and at midnight (as written or in the zone) it is a date, since workbooks know no other dates.
    """

    def __init__(
        self, formats: Sequence[str], zone: ZoneInfo, *, epoch_1904: bool = False, of_sheet: bool = False
    ) -> None:
        self.formats = tuple(formats)
        self.zone = zone
        self._of_sheet = of_sheet
        self._epoch = _EXCEL_EPOCH_1904 if epoch_1904 else _EXCEL_EPOCH
        # Case attributes repeat on every row of an event log, so most texts were just read.
        self.read = lru_cache(maxsize=_CACHED)(partial(self._read, self.formats))
        #: The same for what the file stored as a time: ISO goes before the formats, which are for texts.
        self.stamp = lru_cache(maxsize=_CACHED)(partial(self._read, ("iso", *self.formats)))

    def _read(self, formats: tuple[str, ...], text: str) -> Moment:
        """The moment a text names.

        Raises:
            NoDate: it is one of the dates that stand for none.
            YearOutside: the year is outside the contract's range.
            ValueError: no format fits.
        """
        stored = self._of_sheet and _STORED.fullmatch(text) is not None
        for written in (*formats, "iso") if stored and "iso" not in formats else formats:
            try:
                moment, has_time = _parse(text, written, self.zone, self._epoch)
            except (ValueError, OverflowError):
                continue
            if written == "excel" and timedelta() <= moment - self._epoch.replace(tzinfo=None) < _FIRST_DAYS:
                raise NoDate(moment.year)
            check_day(moment.date())
            local = moment.replace(tzinfo=self.zone) if moment.tzinfo is None else moment.astimezone(self.zone)
            check_years(local.astimezone(UTC).year)
            day = local.date()
            if self._of_sheet and written == "iso" and has_time and _MIDNIGHT in (moment.time(), local.time()):
                has_time, day = False, moment.date() if moment.time() == _MIDNIGHT else day
            return Moment(from_datetime(local), day, has_time)
        year = placeholder_year(text)
        if year is None and self._of_sheet and _ZERO_TIME.fullmatch(text):
            # The number 0 in a cell of dates is shown as the day on which the counting begins.
            year = self._epoch.year
        if year is not None:
            raise NoDate(year)
        raise ValueError(f"no format of {', '.join(formats)} fits")


def _parse(text: str, written: str, zone: ZoneInfo, epoch: datetime) -> tuple[datetime, bool]:
    if written == "iso":
        return _parse_iso(text, zone)
    if written == "unix":
        return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=_finite(text)), True
    if written == "unix_ms":
        return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=_finite(text)), True
    if written == "excel":
        days = _finite(text)
        # A serial number is a local time; the offset only served the arithmetic. Thirds of a day have no exact
        # number, so it is read to the millisecond, as spreadsheets do.
        moment = (epoch + timedelta(milliseconds=round(days * _DAY_MS))).replace(tzinfo=None)
        return moment, not days.is_integer()
    if "%p" in written:
        return read_halves(text, written), True
    return read_time(text, written), any(part in written for part in _TIME_OF_DAY)


def _finite(text: str) -> float:
    number = float(text)
    if not -1e15 < number < 1e15:
        raise ValueError(text)
    return number


def _parse_iso(text: str, zone: ZoneInfo) -> tuple[datetime, bool]:
    if len(text) <= 10 or _DAY_WITH_ZONE.fullmatch(text):
        day = date.fromisoformat(text[:10])
        return datetime(day.year, day.month, day.day, tzinfo=zone), False
    return datetime.fromisoformat(text), True


def format_fault(written: str) -> bool:
    """Whether a format cannot name a day: neither a special one nor a strptime pattern with year, month and day."""
    if written in SPECIAL_FORMATS:
        return False
    sample = datetime(2025, 11, 23, 17, 48, 59, tzinfo=UTC)
    try:
        read = datetime.strptime(sample.strftime(written), written)  # noqa: DTZ007 (only its date is looked at)
    except ValueError:
        return True
    return read.date() != sample.date()


def parse_until(text: str, zone: ZoneInfo) -> int:
    """The instant of `--until`: a date-time with offset, a local one, or a date (its midnight in the zone).

    Raises:
        ValueError: neither form.
    """
    return TimeReader(("iso",), zone).read(text.strip()).instant
