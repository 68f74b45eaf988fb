"""The calendar `vn-public`: public holidays of Viet Nam with swapped days, 07:30-11:30 and 13:00-17:00.

Pure: `holidays` is a source of dates, read when the calendar is built; days it does not know are in vietnam_days.
"""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo

import holidays

from shared.calendar.vietnam_days import DAYS, FIRST_HOLIDAY_YEAR, LAST_HOLIDAY_YEAR
from shared.calendar.work_calendar import Hours, WorkCalendar
from shared.instants import HOUR, MINUTE

__all__ = ["HOLIDAYS_VERSION", "VN_PUBLIC_HOURS", "vn_public"]

#: Version of the source of public holidays; it counts as code.
HOLIDAYS_VERSION: Final[str] = holidays.version.__version__

#: Working hours of a day, as µs of the local day. Commonly so; provinces set their own (no source gives one rule).
VN_PUBLIC_HOURS: Hours = (
    (7 * HOUR + 30 * MINUTE, 11 * HOUR + 30 * MINUTE),
    (13 * HOUR, 17 * HOUR),
)


@lru_cache(maxsize=8)
def vn_public(zone: ZoneInfo) -> WorkCalendar:
    """The calendar of public offices in Viet Nam, with its day boundaries in a zone."""
    return WorkCalendar("vn-public", zone, VN_PUBLIC_HOURS, _exceptions())


def _exceptions() -> dict[date, bool]:
    """Days that are not as their weekday says: False = off, True = worked. Days set by hand come last and win."""
    exceptions: dict[date, bool] = {}
    known = holidays.country_holidays("VN", years=range(FIRST_HOLIDAY_YEAR, LAST_HOLIDAY_YEAR + 1))
    for day in sorted(known):
        exceptions[day] = False
    for day in sorted(known.weekend_workdays):
        exceptions[day] = True
    return exceptions | {day: working for day, working, _document in DAYS}
