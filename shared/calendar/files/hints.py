"""What is allowed in a calendar and yet may not be meant: minutes lost at an end, shifts over midnight. Pure.

Hints never refuse anything; what is wrong is told by `definition.check`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from shared.calendar.hours import parse_session
from shared.contract.calendar_data import Calendar, Week
from shared.instants import DAY, HOUR, MINUTE
from shared.problems.field_errors import FieldError, field_path

__all__ = ["hints"]

_WEEKDAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_LAST_MINUTE: Final = 59 * MINUTE


def hints(calendar: Calendar) -> list[FieldError]:
    """What may not be meant, each with its field and value; sessions said twice are told once."""
    found: dict[str, FieldError] = {}
    for path, sessions in _places(calendar):
        for place, text in enumerate(sessions):
            for hint in _of_session(text, (*path, place)):
                found.setdefault(f"{hint.code} {text}", hint)
    return list(found.values())


def _places(calendar: Calendar) -> Iterator[tuple[tuple[str | int, ...], Sequence[str]]]:
    weeks: list[tuple[tuple[str | int, ...], Week]] = [] if calendar.week is None else [(("week",), calendar.week)]
    weeks += [(("seasons", place, "week"), season.week) for place, season in enumerate(calendar.seasons)]
    for path, week in weeks:
        for name in _WEEKDAYS:
            yield (*path, name), getattr(week, name)
    for place, day in enumerate(calendar.days):
        if day.sessions:
            yield ("days", place, "sessions"), day.sessions


def _of_session(text: str, path: tuple[str | int, ...]) -> Iterator[FieldError]:
    opening, closing = parse_session(text)
    if closing % HOUR == _LAST_MINUTE:
        end = closing + MINUTE
        wanted = f"{text[:6]}{end // HOUR:02d}:00"
        yield FieldError("calendar_last_minute_lost", field_path(path), text, {"wanted": wanted})
    if closing > DAY:
        length = closing - opening
        hours = f"{length // HOUR}:{length % HOUR // MINUTE:02d}"
        yield FieldError("calendar_shift_over_midnight", field_path(path), text, {"hours": hours})
