"""Makes a working-time calendar from the versions of the contract, and says what is wrong with one. Pure.

Knows the contract's calendar and nothing of files or entries; texts of the faults are in shared/messages/calendar.py.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from itertools import pairwise
from typing import Final
from zoneinfo import ZoneInfo

from shared.calendar.hours import parse_session
from shared.calendar.layers import layer_of
from shared.calendar.plan import Plan
from shared.calendar.work_calendar import WorkCalendar
from shared.contract.calendar_data import Calendar, CalendarDay, Season, Week
from shared.instants import DAY
from shared.problems.field_errors import FieldError, field_path, shown

__all__ = ["build", "check", "zone_of"]

_WEEKDAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
#: A leap year, so that 29 February is a day.
_LEAP: Final = 2000


def build(
    calendar_id: str, versions: Sequence[Calendar], zone: ZoneInfo, *, base: WorkCalendar | None = None
) -> WorkCalendar:
    """The calendar of some versions, each day by the latest one valid on it (docs/rules.md, "Reference data").

    A version with `week` defines hours and days from its `valid_from` on; one without lays its days over whatever is
    there. Where several say something of one day, the later in `versions` holds.

    Args:
        calendar_id: its name.
        versions: in ascending precedence.
        zone: the zone of its days and hours.
        base: a calendar under all versions, such as the built-in one.

    Raises:
        ValueError: what `check` finds: hours that overlap or end before they begin, or no hours at all.
    """
    layers = [*(() if base is None else base.plan.layers), *(layer_of(version) for version in versions)]
    return WorkCalendar.of_plan(calendar_id, zone, Plan(layers))


def zone_of(versions: Sequence[Calendar], default: ZoneInfo) -> ZoneInfo:
    """The zone the latest version names, else the default.

    Raises:
        ValueError: there is no such zone.
    """
    named = next((version.zone for version in reversed(versions) if version.zone is not None), None)
    if named is None:
        return default
    try:
        return ZoneInfo(named)
    except (KeyError, OSError) as error:
        raise ValueError(f"zone {named!r} is not known; use a name such as Asia/Ho_Chi_Minh") from error


def check(calendar: Calendar) -> list[FieldError]:
    """What is wrong with a version, each with its field and value; the codes' texts say what to do."""
    return [
        *_check_zone(calendar.zone),
        *(_check_week(calendar.week, ("week",)) if calendar.week is not None else ()),
        *_check_hours_at_all(calendar),
        *(fault for place, season in enumerate(calendar.seasons) for fault in _check_season(season, place)),
        *_check_season_overlap(calendar.seasons),
        *_check_days(calendar.days, calendar.valid_from),
    ]


def _fault(code: str, path: tuple[str | int, ...], value: object, **parameters: object) -> FieldError:
    return FieldError(code, field_path(path), shown(value), parameters)


def _check_zone(zone: str | None) -> Iterator[FieldError]:
    if zone is None:
        return
    try:
        ZoneInfo(zone)
    except (KeyError, ValueError, OSError):
        yield _fault("calendar_zone_unknown", ("zone",), zone)


def _check_hours_at_all(calendar: Calendar) -> Iterator[FieldError]:
    if calendar.week is None:
        if calendar.seasons:
            yield _fault("calendar_seasons_without_week", ("seasons",), calendar.seasons[0].first)
        return
    weeks = (calendar.week, *(season.week for season in calendar.seasons))
    if not any(getattr(week, name) for week in weeks for name in _WEEKDAYS):
        yield _fault("calendar_without_hours", ("week",), None)


def _check_week(week: Week, path: tuple[str | int, ...]) -> Iterator[FieldError]:
    for place, name in enumerate(_WEEKDAYS):
        sessions = getattr(week, name)
        yield from _check_sessions(sessions, (*path, name))
        yield from _check_night(sessions, getattr(week, _WEEKDAYS[(place + 1) % 7]), (*path, name))


def _check_night(sessions: Sequence[str], next_day: Sequence[str], path: tuple[str | int, ...]) -> Iterator[FieldError]:
    """A shift over midnight ends before the next day's hours begin."""
    if not sessions or not next_day:
        return
    closing, place = max((parse_session(text)[1], place) for place, text in enumerate(sessions))
    opening, first = min((parse_session(text)[0], text) for text in next_day)
    if closing - DAY > opening:
        yield _fault("calendar_shift_runs_into_next", (*path, place), sessions[place], other=first)


def _check_sessions(sessions: Sequence[str], path: tuple[str | int, ...]) -> Iterator[FieldError]:
    parsed = [(*parse_session(text), text, place) for place, text in enumerate(sessions)]
    for opening, closing, text, place in parsed:
        if closing <= opening:
            yield _fault("calendar_session_reversed", (*path, place), text, until_midnight=f"{text[:5]}-24:00")
    straight = sorted(session for session in parsed if session[0] < session[1])
    for before, after in pairwise(straight):
        if after[0] < before[1]:
            yield _fault("calendar_sessions_overlap", (*path, after[3]), after[2], other=before[2])


def _check_season(season: Season, place: int) -> Iterator[FieldError]:
    for end in ("first", "last"):
        text: str = getattr(season, end)
        try:
            date(_LEAP, int(text[:2]), int(text[3:]))
        except ValueError:
            yield _fault("calendar_no_such_day", ("seasons", place, end), text)
    yield from _check_week(season.week, ("seasons", place, "week"))


def _check_season_overlap(seasons: Sequence[Season]) -> Iterator[FieldError]:
    for place, season in enumerate(seasons):
        for other in seasons[:place]:
            if _contains(season, other.first) or _contains(other, season.first):
                told = f"{other.first} … {other.last}"
                yield _fault("calendar_seasons_overlap", ("seasons", place, "first"), season.first, other=told)
                break


def _contains(season: Season, day: str) -> bool:
    if season.first <= season.last:
        return season.first <= day <= season.last
    return day >= season.first or day <= season.last


def _check_days(days: Sequence[CalendarDay], valid_from: date | None) -> Iterator[FieldError]:
    at: dict[date, int] = {}
    for place, day in enumerate(days):
        if day.day in at:
            yield _fault("calendar_day_twice", ("days", place, "day"), day.day.isoformat(), other=at[day.day])
        at.setdefault(day.day, place)
    for place, day in enumerate(days):
        path: tuple[str | int, ...] = ("days", place)
        told = day.day.isoformat()
        if not 1900 <= day.day.year <= 2199:
            yield _fault("calendar_day_out_of_range", (*path, "day"), told)
        if valid_from is not None and day.day < valid_from:
            yield _fault("calendar_day_before_version", (*path, "day"), told, valid_from=valid_from.isoformat())
        if day.sessions is not None:
            if day.working != bool(day.sessions):
                yield _fault("calendar_hours_of_day_off", (*path, "sessions"), told)
            yield from _check_sessions(day.sessions, (*path, "sessions"))
        yield from _check_swap(day, days, at, path)


def _check_swap(
    day: CalendarDay, days: Sequence[CalendarDay], at: dict[date, int], path: tuple[str | int, ...]
) -> Iterator[FieldError]:
    """Of a swap both halves are there, one off and one worked, each naming the other."""
    told = day.day.isoformat()
    if day.kind != "swap":
        if day.pair is not None:
            yield _fault("calendar_pair_without_swap", (*path, "pair"), day.pair.isoformat(), day=told)
        return
    if day.pair is None:
        yield _fault("calendar_swap_without_pair", (*path, "pair"), told)
        return
    other = days[at[day.pair]] if day.pair in at else None
    if other is None or other.working == day.working or other.pair != day.day:
        wanted = f"{{day: {day.pair}, working: {str(not day.working).lower()}, kind: swap, pair: {day.day}}}"
        yield _fault("calendar_swap_unmatched", (*path, "pair"), day.pair.isoformat(), day=told, wanted=wanted)
