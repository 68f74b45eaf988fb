"""Public holidays of the `holidays` library as days of a calendar, pinned: written down once, never computed again.

The library is asked here and nowhere else, so that an update of it changes no due date by itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from importlib.resources import files
from typing import Any, Final

import holidays

from deploy.cli.errors import USAGE, CommandError
from shared.calendar.announcements import UNANNOUNCED
from shared.contract.calendar_data import CalendarDay, HolidaySource

__all__ = ["LIBRARY", "Pinned", "pin", "zone_of_country"]

LIBRARY: Final = f"holidays {holidays.version.__version__}"
_LONGEST_NAME: Final = 256
#: How the library's English names tell a day off in exchange, and one for a holiday that fell on a day off.
_EXCHANGED: Final = re.compile(r"substituted from (\d\d/\d\d/\d{4})")
_OBSERVED: Final = re.compile(r"\((?:observed|substitute[^)]*|in lieu)\)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Pinned:
    """The days of a country, where they came from, and its weekdays off (Monday is 0)."""

    source: HolidaySource
    days: list[CalendarDay]
    weekend: frozenset[int]


def pin(country: str, subdivision: str | None, first_year: int, last_year: int) -> Pinned:
    """The public holidays and exchanged days of some years, with names in the country's own language.

    Raises:
        CommandError: the library has no such country or subdivision, or no holiday in these years.
    """
    country = country.upper()
    known = holidays.list_supported_countries()
    if country not in known:
        raise CommandError(
            f"--country: không có {country!r}; dùng mã ISO 3166, ví dụ VN, FR, US",
            f"--country: there is no {country!r}; use a code of ISO 3166, such as VN, FR, US",
            USAGE,
        )
    if subdivision is not None and subdivision not in known[country]:
        some = ", ".join(known[country]) or "-"
        raise CommandError(
            f"--subdivision: {country} không có {subdivision!r}; có: {some}",
            f"--subdivision: {country} has no {subdivision!r}; it has: {some}",
            USAGE,
        )
    # A swap at the turn of a year is told with the other year.
    asked = range(first_year - 1, last_year + 2)
    years = range(first_year, last_year + 1)
    own = _ask(country, subdivision, asked, None)
    if not any(day.year in years for day in own):
        raise CommandError(
            f"--years: thư viện không có ngày lễ của {country} trong {first_year}-{last_year}; chọn năm khác",
            f"--years: the library has no holidays of {country} in {first_year}-{last_year}; choose other years",
            USAGE,
        )
    english = _ask(country, subdivision, asked, "en_US") if "en_US" in own.supported_languages else own
    source = HolidaySource(
        country=country, subdivision=subdivision, first_year=first_year, last_year=last_year, library=LIBRARY
    )
    days = sorted(_days(own, english, years), key=lambda day: day.day)
    return Pinned(source, days, frozenset(getattr(own, "weekend", None) or {5, 6}))


def zone_of_country(country: str) -> str:
    """The time zone of a country that has one.

    Raises:
        CommandError: it has several, or none is known; names some.
    """
    text = files("tzdata").joinpath("zoneinfo", "zone.tab").read_text(encoding="utf-8")
    rows = [line.split("\t") for line in text.splitlines() if not line.startswith("#")]
    zones = [row[2] for row in rows if row[0] == country.upper()]
    if len(zones) == 1:
        return zones[0]
    some = ", ".join(zones[:5]) or "Europe/Paris"
    raise CommandError(
        f"--zone: {country} cần múi giờ; chọn một, ví dụ {some}",
        f"--zone: {country} needs a time zone; choose one, such as {some}",
        USAGE,
    )


def _ask(country: str, subdivision: str | None, years: range, language: str | None) -> Any:
    asked = holidays.country_holidays(country, subdiv=subdivision, years=years, language=language)
    # The language of the machine must not decide what is written down.
    if language is None and asked.default_language:
        return holidays.country_holidays(country, subdiv=subdivision, years=years, language=asked.default_language)
    return asked


def _days(own: Any, english: Any, years: range) -> Iterator[CalendarDay]:
    """The days of some years; of a swap only whole, else its half is a day by itself."""
    worked = {day for day in getattr(own, "weekend_workdays", ()) if day.year in years}
    exchanged: dict[date, date] = {}
    for day in sorted(day for day in set(own) - worked if day.year in years):
        told = english.get(day) or ""
        found = _EXCHANGED.search(told)
        pair = _as_date(found[1]) if found else None
        if pair is None or pair not in worked or pair in exchanged:
            pair = None
        else:
            exchanged[pair] = day
        given = found or _OBSERVED.search(told)
        yield CalendarDay(
            day=day,
            working=False,
            kind="swap" if pair else "compensation" if given else "holiday",
            pair=pair,
            name=_name(own[day]),
            # Dates that hang on the sighting of the moon or on an announcement are asked for again each autumn.
            document=UNANNOUNCED if "estimated" in told.lower() else None,
        )
    for day in sorted(worked):
        other = exchanged.get(day)
        yield CalendarDay(day=day, working=True, kind="swap" if other else "extra", pair=other)


def _name(name: str) -> str:
    return name if len(name) <= _LONGEST_NAME else f"{name[: _LONGEST_NAME - 1]}…"


def _as_date(text: str) -> date:
    """A date as the library's English names write it, month first."""
    return datetime.strptime(text, "%m/%d/%Y").replace(tzinfo=None).date()  # noqa: DTZ007 (a date, no instant)
