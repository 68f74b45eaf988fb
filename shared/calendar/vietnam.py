"""The calendar `vn-public` of public offices in Viet Nam, from the pinned data beside this module (vn_public.yaml).

Pure: the data are part of the code and read as a module is; no library of holidays is asked.
"""

from __future__ import annotations

import hashlib
from functools import lru_cache
from importlib.resources import files
from typing import Final
from zoneinfo import ZoneInfo

from shared.calendar.calendar_file import read_calendar
from shared.calendar.definition import build
from shared.calendar.work_calendar import WorkCalendar
from shared.contract.calendar_data import Calendar, CalendarDay

__all__ = ["HOLIDAYS_VERSION", "VN_PUBLIC", "VN_PUBLIC_DATA", "known_days", "vn_public", "vn_public_versions"]

#: Its name.
VN_PUBLIC: Final = "vn-public"
_TEXT: Final = files("shared.calendar").joinpath("vn_public.yaml").read_text(encoding="utf-8")
#: SHA-256 of the pinned data; they count as code.
VN_PUBLIC_DATA: Final = hashlib.sha256(_TEXT.encode()).hexdigest()
#: The same under its old name, from when a library was asked at run time.
HOLIDAYS_VERSION: Final = VN_PUBLIC_DATA


@lru_cache(maxsize=8)
def vn_public(zone: ZoneInfo) -> WorkCalendar:
    """The calendar of public offices in Viet Nam, with its day boundaries in a zone."""
    return build(VN_PUBLIC, vn_public_versions(), zone)


@lru_cache(maxsize=1)
def vn_public_versions() -> tuple[Calendar, ...]:
    """Its versions as the contract has them."""
    return read_calendar(_TEXT, {})


def known_days() -> dict[str, tuple[CalendarDay, ...]]:
    """Days of the calendars that are built in, by name; a calendar file may take them over (`days_of`)."""
    return {VN_PUBLIC: tuple(day for version in vn_public_versions() for day in version.days)}
