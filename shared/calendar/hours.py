"""Sessions of a day: from `07:30-11:30` to microseconds of the wall clock and back. Pure; knows no calendar.

A working day is what begins on a local day: a shift over midnight, such as `22:00-06:00`, belongs to the day on which
it begins, and its closing lies past 24 hours.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from shared.instants import DAY, HOUR, MINUTE

__all__ = [
    "LONGEST_NIGHT",
    "Hours",
    "Week7",
    "joined",
    "parse_session",
    "parse_sessions",
    "session_text",
    "usual_hours",
]

#: Sessions of a working day as (opening, closing) in µs of the local day, ascending, not touching, half-open; of a
#: shift over midnight the closing is past 24 hours.
Hours = tuple[tuple[int, int], ...]
#: The sessions of Monday to Sunday; a day without sessions is off.
Week7 = tuple[Hours, Hours, Hours, Hours, Hours, Hours, Hours]

#: The longest shift over midnight. What would be longer is taken for a mistake, such as 13:00-05:00 for 13:00-17:00.
LONGEST_NIGHT: Final = 12 * HOUR


def parse_session(text: str) -> tuple[int, int]:
    """Opening and closing of a session such as `13:00-17:00`, in µs of the local day.

    The end may be 24:00. One before the beginning is of the next day, if the shift is not longer than 12 hours.
    """
    first, _, last = text.partition("-")
    opening, closing = _wall(first), _wall(last)
    return opening, closing + DAY if closing < opening and closing + DAY - opening <= LONGEST_NIGHT else closing


def parse_sessions(texts: Iterable[str]) -> Hours:
    """The sessions of a day in order, those that touch made one.

    Raises:
        ValueError: a session ends before it begins, or two overlap; names them.
    """
    return joined(sorted(parse_session(text) for text in texts))


def joined(sessions: Sequence[tuple[int, int]]) -> Hours:
    """Ascending sessions with those that touch made one.

    Raises:
        ValueError: they do not ascend, so that hours would be counted twice.
    """
    made: list[tuple[int, int]] = []
    for opening, closing in sessions:
        if closing <= opening or (made and opening < made[-1][1]):
            raise ValueError(f"hours must be ascending sessions, got {session_text((opening, closing))}")
        if made and opening == made[-1][1]:
            made[-1] = (made[-1][0], closing)
        else:
            made.append((opening, closing))
    return tuple(made)


def session_text(session: tuple[int, int]) -> str:
    """A session as people write it, to the minute."""
    opening, closing = session
    walls = (opening, closing - DAY if closing > DAY else closing)
    return "-".join(f"{wall // HOUR:02d}:{wall % HOUR // MINUTE:02d}" for wall in walls)


def usual_hours(week: Sequence[Hours]) -> Hours:
    """The hours most days of a week have, the earliest day's where several are as common; none in an empty week.

    These are the hours a day off would have, and those of a Saturday that is worked without hours of its own.
    """
    worked = [hours for hours in week if hours]
    return max(worked, key=worked.count) if worked else ()


def _wall(text: str) -> int:
    hours, _, minutes = text.partition(":")
    return int(hours) * HOUR + int(minutes) * MINUTE
