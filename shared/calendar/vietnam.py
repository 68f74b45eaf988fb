"""The calendar `vn-public` of public offices in Viet Nam, from the pinned data beside this module (vn_public.yaml).

Pure: the data are part of the code and read as a module is; no library of holidays is asked.
"""

from __future__ import annotations

from functools import lru_cache
from importlib.resources import files
from typing import Final
from zoneinfo import ZoneInfo

from shared.calendar.definition import build
from shared.calendar.files.calendar_file import read_calendar
from shared.calendar.work_calendar import WorkCalendar
from shared.contract.calendar_data import Calendar

__all__ = ["VN_PUBLIC", "known_calendars", "vn_public", "vn_public_versions"]

#: Its name.
VN_PUBLIC: Final = "vn-public"
_TEXT: Final = files("shared.calendar").joinpath("vn_public.yaml").read_text(encoding="utf-8")


@lru_cache(maxsize=8)
def vn_public(zone: ZoneInfo) -> WorkCalendar:
    """The calendar of public offices in Viet Nam, with its day boundaries in a zone."""
    return build(VN_PUBLIC, vn_public_versions(), zone)


@lru_cache(maxsize=1)
def vn_public_versions() -> tuple[Calendar, ...]:
    """Its versions as the contract has them."""
    return read_calendar(_TEXT, {})


def known_calendars() -> dict[str, tuple[Calendar, ...]]:
    """The calendars that are built in, by name; a calendar file may take over their days (`days_of`)."""
    return {VN_PUBLIC: vn_public_versions()}
