"""What every record of an inner topic keeps to, whoever wrote it: its readers check it before it counts.

Doors and the engine keep well within these bounds; what is beyond them was forged, or written by mistake, and would
end a loop, overflow a sum or hide what is true. Pure.
"""

from __future__ import annotations

from typing import Final

from shared.instants import DAY, check_year, parse_instant, to_datetime

__all__ = [
    "FIRST",
    "LARGEST_DOSSIER",
    "LONGEST_TEXT",
    "MOST_PLACE",
    "MOST_WORK",
    "UNTIL",
    "checked_clock",
    "checked_instant",
]

#: Characters of a code or name: what doors take, and as much again. So the levels of a unit's code are bounded too.
LONGEST_TEXT: Final = 256
#: Above every offset of a journal.
MOST_PLACE: Final = 2**53
#: Working time in microseconds: 400 years without a pause.
MOST_WORK: Final = 400 * 366 * DAY
#: Bytes of all records a dossier takes: its state is one document, which may have 16 MB. Further ones are dead letters.
LARGEST_DOSSIER: Final = 8_000_000
_FIRST_YEAR, _LAST_YEAR = 1900, 2300
#: Instants of a record are from FIRST on and before UNTIL; a local date of the first year may begin in the UTC year
#: before it.
FIRST: Final = parse_instant(f"{_FIRST_YEAR}-01-01T00:00:00Z") - DAY
UNTIL: Final = parse_instant(f"{_LAST_YEAR + 1}-01-01T00:00:00Z")


def checked_instant(text: str) -> int:
    """UTC microseconds of an instant of a record, from 1900 to 2300: due dates may lie behind what entries can say.

    Raises:
        ValueError: not a date-time with offset, or of another year.
    """
    instant = parse_instant(text)
    if not FIRST <= instant < UNTIL:
        raise ValueError(f"outside the years {_FIRST_YEAR} to {_LAST_YEAR}")
    return instant


def checked_clock(text: str) -> int:
    """UTC microseconds of a partition's clock: it is set by entries, so it keeps to their years.

    Raises:
        ValueError: not a date-time with offset, or of a year that no entry can have.
    """
    instant = checked_instant(text)
    check_year(to_datetime(instant).year)
    return instant
