"""Sentences in both languages: moments, working time, days off, and texts with parameters filled in. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from services.processing.explaining.model import DayTold, Sentence
from shared.calendar import WorkCalendar
from shared.calendar.explanation import NotedDay
from shared.instants import HOUR, MINUTE, SECOND, timespec_beside
from shared.messages.base import Text
from shared.messages.deadlines import SENTENCES

__all__ = ["amount", "clock_time", "days", "filled", "moment", "say", "text"]

_WEEKDAYS_VI: Final = ("Thứ Hai", "Thứ Ba", "Thứ Tư", "Thứ Năm", "Thứ Sáu", "Thứ Bảy", "Chủ Nhật")
_WEEKDAYS_EN: Final = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


def text(code: str) -> Text:
    """A text by its code."""
    return SENTENCES[code]


def say(code: str, **parameters: object) -> Sentence:
    """The sentence of a code; parameters that are texts themselves are taken in the language they go into."""
    return filled(SENTENCES[code], **parameters)


def filled(told: Text, **parameters: object) -> Sentence:
    """A text with its parameters filled in."""
    vi = {name: value.vi if isinstance(value, Text | Sentence) else value for name, value in parameters.items()}
    en = {name: value.en if isinstance(value, Text | Sentence) else value for name, value in parameters.items()}
    return Sentence(vi=told.fill("vi", vi), en=told.fill("en", en))


def moment(calendar: WorkCalendar, instant: int, beside: int | None = None) -> Text:
    """An instant as people write it, in the zone of a calendar: whole minutes, rounded down.

    Args:
        calendar: whose zone it is.
        instant: the instant, UTC microseconds.
        beside: what it is compared with; where that is another instant of the same minute, seconds decide and are told,
            and where it is of the same second, what is below them.
    """
    day, wall = calendar.local(instant)
    hour = clock_time(wall)
    exact = timespec_beside(instant, (beside,))
    if exact != "minutes":
        hour += f":{wall % MINUTE // SECOND:02d}"
    if exact == "microseconds":
        hour += f".{wall % SECOND:06d}"
    return Text(f"{hour} {_WEEKDAYS_VI[day.weekday()]} {day:%d/%m/%Y}", f"{_WEEKDAYS_EN[day.weekday()]} {day} {hour}")


def clock_time(wall: int) -> str:
    """A time of day in µs as people write it."""
    return f"{wall // HOUR:02d}:{wall % HOUR // MINUTE:02d}"


def amount(working: int, *, exact: bool = False) -> Text:
    """Working time in µs in hours and whole minutes, rounded down; exact: with what is below them, where it decides."""
    hours, minutes, below = working // HOUR, working % HOUR // MINUTE, working % MINUTE if exact else 0
    vi = [f"{hours} giờ"] * bool(hours) + [f"{minutes} phút"] * bool(minutes or not (hours or below))
    en = [f"{hours} h"] * bool(hours) + [f"{minutes} min"] * bool(minutes or not (hours or below))
    seconds = f"{below // SECOND}" + (f".{below % SECOND:06d}" if below % SECOND else "")
    vi += [f"{seconds.replace('.', ',')} giây"] * bool(below)
    en += [f"{seconds} s"] * bool(below)
    return Text(" ".join(vi), " ".join(en))


def days(noted: Iterable[NotedDay]) -> list[DayTold]:
    """Days with why they are off or worked."""
    return [
        DayTold(
            day=day.day.isoformat(),
            working=day.working,
            reason=day.reason,
            name=day.name,
            document=day.document,
            pair=None if day.pair is None else day.pair.isoformat(),
            sentence=Sentence(vi=day.text.vi, en=day.text.en),
        )
        for day in noted
    ]
