"""Dates and instants as people type them, each mistake answered with the form wanted. Reads no clock."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Final

from motcua.cli.errors import USAGE, CommandError
from shared.instants import check_year, parse_instant

__all__ = ["named_period", "parse_date", "parse_moment", "parse_period", "wire_date"]

#: As people write it in Vietnam: day, month, year.
_WRITTEN: Final = re.compile(r"(?:(\d{1,2})/)?(\d{1,2})/(\d{4})", re.ASCII)


def parse_date(text: str, option: str) -> date:
    """A local date typed as YYYY-MM-DD, or as dd/mm/yyyy.

    Raises:
        CommandError: it is none, or outside 1900-2199; names the option, the value and the form.
    """
    try:
        written = _WRITTEN.fullmatch(text)
        if written is not None and written[1]:
            day = date(int(written[3]), int(written[2]), int(written[1]))
        else:
            day = date.fromisoformat(text)
        check_year(day.year)
    except ValueError as error:
        raise CommandError(
            f"{option}: {text!r} không phải ngày hợp lệ; viết 31/08/2026 hoặc 2026-08-31 (YYYY-MM-DD)",
            f"{option}: {text!r} is no date; write YYYY-MM-DD, such as 2026-08-31, or 31/08/2026",
            USAGE,
        ) from error
    return day


def wire_date(text: str | None, option: str) -> str | None:
    """The same as services are asked for it, YYYY-MM-DD; None stays None.

    Raises:
        CommandError: as of parse_date.
    """
    return None if text is None else parse_date(text, option).isoformat()


def parse_moment(text: str, option: str) -> int:
    """An instant typed as RFC 3339 with offset, in UTC microseconds.

    Raises:
        CommandError: it is none, or has no offset.
    """
    try:
        return parse_instant(text)
    except ValueError as error:
        raise CommandError(
            f"{option}: {text!r} không phải thời điểm; viết kèm múi giờ, ví dụ 2026-08-31T17:00:00+07:00",
            f"{option}: {text!r} is no instant; write it with its offset, such as 2026-08-31T17:00:00+07:00",
            USAGE,
        ) from error


def named_period(text: str) -> tuple[date, date]:
    """First and last day of a year, quarter, month or day: 2026, 2026-Q3, 2026-08 or 08/2026, 2026-08-31 or 31/08/2026.

    Raises:
        CommandError: it is none of these.
    """
    written = _WRITTEN.fullmatch(text)
    if written is not None:
        text = "-".join(part.zfill(2) for part in (written[3], written[2], written[1]) if part)
    found = re.fullmatch(r"(\d{4})(?:-(?:Q([1-4])|(\d{2})(-\d{2})?))?", text, re.ASCII)
    if found is None:
        raise CommandError(
            f"--period: {text!r} không phải kỳ; viết 2026, 2026-Q3, 2026-08 hoặc 2026-08-31",
            f"--period: {text!r} is no period; write 2026, 2026-Q3, 2026-08 or 2026-08-31",
            USAGE,
        )
    year, quarter, month, day = found.groups()
    if day:
        one = parse_date(text, "--period")
        return one, one
    begin, months = (int(month), 1) if month else (3 * int(quarter) - 2, 3) if quarter else (1, 12)
    first = parse_date(f"{year}-{begin:02d}-01", "--period")
    return first, _end_of_month(first.replace(month=begin + months - 1))


def _end_of_month(day: date) -> date:
    return (day.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)


def parse_period(first: str | None, last: str | None, today: date) -> tuple[date, date]:
    """A period of local dates, both inclusive; without dates the month of `today`, to its end.

    Raises:
        CommandError: a date is wrong, or the last lies before the first.
    """
    start = parse_date(first, "--from") if first else None
    end = parse_date(last, "--to") if last else None
    if start is None:
        start = (end or today).replace(day=1)
    if end is None:
        end = _end_of_month(start)
    if end < start:
        raise CommandError(
            f"--to {end} trước --from {start}; đổi chỗ hai ngày",
            f"--to {end} lies before --from {start}; exchange the two dates",
            USAGE,
        )
    return start, end
