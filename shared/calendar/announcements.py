"""What an operator has to add to a calendar each autumn: next year's swapped days and Tết, once they are announced.

Pure; the day of asking is passed in. The Government announces them late in the year; until then days are computed ones,
marked `pinned until announced`, and no swap is known.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Final

from shared.contract.calendar_data import Calendar, CalendarDay
from shared.problems.field_errors import FieldError

__all__ = ["UNANNOUNCED", "missing_announcements", "missing_by_calendar"]

#: The document of days that are computed and wait for the year's announcement.
UNANNOUNCED: Final = "pinned until announced"
#: From this day on next year's days are asked for, as (month, day).
_AUTUMN: Final = (10, 1)
_ESTIMATED: Final = "estimated"
#: Kinds of days that the year's announcement orders; others are an agency's own and announce nothing.
_ANNOUNCED: Final = ("holiday", "compensation", "swap")


def missing_announcements(versions: Sequence[Calendar], today: date) -> list[FieldError]:
    """What is still missing or only estimated, for the rest of this year and, from 1 October on, for the next.

    A year is announced once a holiday, compensation or swapped day of it names the document that ordered it; a year
    without swaps is silenced so, by naming the announcement at its days of Tết.

    Args:
        versions: of one calendar, in ascending precedence.
        today: the local day of asking.
    """
    years = [today.year] + ([today.year + 1] if (today.month, today.day) >= _AUTUMN else [])
    named = {day.day: day for version in versions for day in version.days}
    days = sorted(named.values(), key=lambda day: day.day)
    pinned = [version.holidays for version in versions if version.holidays is not None]
    vietnamese = any(source.country == "VN" for source in pinned)
    announced = {day.day.year for day in days if _is_announced(day)}
    found: list[FieldError] = []
    for year in years:
        of_year = [day for day in days if day.day.year == year]
        if pinned and not of_year:
            found.append(FieldError("calendar_year_not_pinned", "days", year, {"year": year}))
            continue
        estimated = [day for day in of_year if _is_estimated(day) and day.day >= today]
        if estimated:
            told = {"year": year, "count": len(estimated), "days": _told(day.day for day in estimated)}
            found.append(FieldError("calendar_days_estimated", "days", year, told))
        # Years before the first announced one are history, which the library has.
        if vietnamese and not any(one >= year for one in announced):
            found.append(FieldError("calendar_swaps_missing", "days", year, {"year": year}))
    return found


def missing_by_calendar(
    versions: Iterable[Calendar], today: date, built_in: Sequence[Calendar] = ()
) -> dict[str, list[FieldError]]:
    """What is missing in each of several calendars; those that lack nothing are left out.

    Args:
        versions: of any calendars, in ascending precedence.
        today: the local day of asking.
        built_in: the default calendar; what is laid over it holds for all others, too.
    """
    every: dict[str, list[Calendar]] = {version.calendar: list(built_in) for version in built_in}
    for version in versions:
        every.setdefault(version.calendar, []).append(version)
    over = [version for name in {one.calendar for one in built_in} for version in every[name] if version.week is None]
    found = {
        name: missing_announcements(own if own[: len(built_in)] == list(built_in) else [*over, *own], today)
        for name, own in sorted(every.items())
    }
    return {name: missing for name, missing in found.items() if missing}


def _is_estimated(day: CalendarDay) -> bool:
    return (day.document or "").startswith(UNANNOUNCED) or _ESTIMATED in (day.name or "").lower()


def _is_announced(day: CalendarDay) -> bool:
    return day.document is not None and day.kind in _ANNOUNCED and not _is_estimated(day)


def _told(days: Iterable[date]) -> str:
    shown = [day.isoformat() for day in days]
    return ", ".join(shown[:8]) + (" …" if len(shown) > 8 else "")
