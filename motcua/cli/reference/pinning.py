"""Public holidays of the `holidays` library as days of a calendar, pinned: written down once, never computed again.

The library is asked here and nowhere else, so that an update of it changes no due date by itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from importlib.resources import files
from typing import Any, Final

import holidays

from motcua.cli.errors import USAGE, CommandError
from shared.calendar.announcements import UNANNOUNCED
from shared.contract.calendar_data import CalendarDay, HolidaySource

__all__ = ["HALF_DAYS", "LIBRARY", "OFFICE_CATEGORIES", "Pinned", "pin", "zone_of_country"]

LIBRARY: Final = f"holidays {holidays.version.__version__}"
#: The library's category of days that are off for half a day.
HALF_DAYS: Final = "half_day"
#: Its categories of days on which a public office is closed.
OFFICE_CATEGORIES: Final = ("public", "government", HALF_DAYS)
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


def pin(
    country: str,
    subdivisions: Sequence[str],
    first_year: int,
    last_year: int,
    categories: Sequence[str] = (),
    *,
    half_day: str | None = None,
) -> Pinned:
    """The public holidays and exchanged days of some years, with names in the country's own language.

    Args:
        country: its code in ISO 3166.
        subdivisions: codes of subdivisions; a day is off that is off in any of them. None: the whole country.
        first_year: the first year, inclusive.
        last_year: the last year, inclusive.
        categories: which kinds of the library's days; none: those of an office, as far as the country has them.
        half_day: the session worked on days that are off for half a day, such as `08:00-12:00`; None leaves them out.

    Raises:
        CommandError: the library has no such country, subdivision or category, or no holiday in these years.
    """
    country = country.upper()
    _check(country, subdivisions)
    kinds = _categories(country, subdivisions, categories)
    # A swap at the turn of a year is told with the other year.
    asked = range(first_year - 1, last_year + 2)
    years = range(first_year, last_year + 1)
    whole = _ask(country, subdivisions, [kind for kind in kinds if kind != HALF_DAYS], asked)
    half = _ask(country, subdivisions, [HALF_DAYS] if HALF_DAYS in kinds and half_day is not None else [], asked)
    if not any(day.year in years for day in whole.names):
        raise CommandError(
            f"--years: thư viện không có ngày lễ của {country} trong {first_year}-{last_year}; chọn năm khác",
            f"--years: the library has no holidays of {country} in {first_year}-{last_year}; choose other years",
            USAGE,
        )
    source = HolidaySource(
        country=country,
        subdivision="+".join(subdivisions) or None,
        first_year=first_year,
        last_year=last_year,
        library=LIBRARY if kinds == ["public"] else f"{LIBRARY}: {', '.join(kinds)}",
    )
    days = [*_days(whole, years)]
    taken = {day.day for day in days}
    for day in sorted(half.names):
        if day.year in years and day not in taken and day.weekday() not in whole.weekend and half_day is not None:
            name = _name(half.names[day])
            days.append(CalendarDay(day=day, working=True, kind="holiday", name=name, sessions=[half_day]))
    return Pinned(source, sorted(days, key=lambda day: day.day), whole.weekend)


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


@dataclass(frozen=True, slots=True)
class _Asked:
    """What the library has: names by day in the country's language and in English, days worked in exchange, weekend."""

    names: dict[date, str]
    english: dict[date, str]
    worked: set[date]
    weekend: frozenset[int]


def _check(country: str, subdivisions: Sequence[str]) -> None:
    known = holidays.list_supported_countries()
    if country not in known:
        raise CommandError(
            f"--country: không có {country!r}; dùng mã ISO 3166, ví dụ VN, FR, US",
            f"--country: there is no {country!r}; use a code of ISO 3166, such as VN, FR, US",
            USAGE,
        )
    for subdivision in subdivisions:
        if subdivision not in known[country]:
            some = ", ".join(known[country]) or "-"
            raise CommandError(
                f"--subdivision: {country} không có {subdivision!r}; có: {some}",
                f"--subdivision: {country} has no {subdivision!r}; it has: {some}",
                USAGE,
            )


def _categories(country: str, subdivisions: Sequence[str], wanted: Sequence[str]) -> list[str]:
    """The kinds of days asked for, else those on which a public office is closed."""
    known = holidays.country_holidays(country, subdiv=subdivisions[0] if subdivisions else None).supported_categories
    for category in wanted:
        if category not in known:
            some = ", ".join(sorted(known))
            raise CommandError(
                f"--category: {country} không có {category!r}; có: {some}",
                f"--category: {country} has no {category!r}; it has: {some}",
                USAGE,
            )
    return [*wanted] or [category for category in OFFICE_CATEGORIES if category in known]


def _ask(country: str, subdivisions: Sequence[str], categories: Sequence[str], years: range) -> _Asked:
    """The days of all subdivisions and categories together; a day that several name has all its names."""
    found = _Asked({}, {}, set(), _weekend(country))
    for subdivision in subdivisions or (None,):
        for category in categories:
            own = _one(country, subdivision, category, years, None)
            english = (
                _one(country, subdivision, category, years, "en_US") if "en_US" in own.supported_languages else own
            )
            found.worked.update(getattr(own, "weekend_workdays", ()))
            for day in own:
                _join(found.names, day, own[day])
                _join(found.english, day, english.get(day) or "")
    return found


def _one(country: str, subdivision: str | None, category: str, years: range, language: str | None) -> Any:
    def ask(tongue: str | None) -> Any:
        return holidays.country_holidays(
            country, subdiv=subdivision, years=years, language=tongue, categories=(category,)
        )

    asked = ask(language)
    # The language of the machine must not decide what is written down.
    return ask(asked.default_language) if language is None and asked.default_language else asked


def _weekend(country: str) -> frozenset[int]:
    return frozenset(getattr(holidays.country_holidays(country), "weekend", None) or {5, 6})


def _join(names: dict[date, str], day: date, name: str) -> None:
    """A day that several name has all its names, each once."""
    told = [*names.get(day, "").split("; "), *name.split("; ")]
    names[day] = "; ".join(dict.fromkeys(one for one in told if one))


def _days(asked: _Asked, years: range) -> Iterator[CalendarDay]:
    """The days of some years; of a swap only whole, else its half is a day by itself."""
    worked = {day for day in asked.worked if day.year in years}
    exchanged: dict[date, date] = {}
    for day in sorted(day for day in set(asked.names) - worked if day.year in years):
        told = asked.english.get(day) or ""
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
            name=_name(asked.names[day]),
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
