"""Days of the Vietnamese public calendar that the package `holidays` does not know or only estimates, as data.

Each day names the document that ordered it, or why it is pinned. Changing a line changes due dates: it makes a new
engine version by itself, as its hash is part of it.
"""

from __future__ import annotations

from datetime import date
from typing import Final, NamedTuple

__all__ = ["DAYS", "FIRST_HOLIDAY_YEAR", "LAST_HOLIDAY_YEAR", "Day"]

#: Years whose holidays are taken from `holidays`. The five-day week began in October 1999 (Decision 188/1999/QĐ-TTg),
#: the package ends in 2100; outside them only Saturdays and Sundays are off.
FIRST_HOLIDAY_YEAR: Final = 2000
LAST_HOLIDAY_YEAR: Final = 2100


class Day(NamedTuple):
    """A day set by hand: worked or off, and by which document."""

    day: date
    working: bool
    document: str


_SWAP_2026 = "12729/VPCP-KGVX"
_TET_2027 = "Tết 2027 as computed from the lunar calendar, pinned until the year's announcement"

DAYS: Final = (
    Day(date(2026, 1, 2), False, _SWAP_2026),
    Day(date(2026, 1, 10), True, _SWAP_2026),
    Day(date(2027, 2, 4), False, _TET_2027),
    Day(date(2027, 2, 5), False, _TET_2027),
    Day(date(2027, 2, 8), False, _TET_2027),
    Day(date(2027, 2, 9), False, _TET_2027),
    Day(date(2027, 2, 10), False, _TET_2027),
)
