"""Calendars of calendar versions (`calendar.revised`): each day is looked up in the versions valid on it.

docs/rules.md "Reference data": a calendar day takes its definition from the latest version valid on it; a version
without a week lays its days over what is there. What lies under all is the public calendar.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from tests.oracle.journal import HeldEntry
from tests.oracle.reference.versions import latest_last
from tests.oracle.reference.worktime import Sessions, WalkedCalendar, public_hours

__all__ = ["PUBLIC", "calendar_of"]

PUBLIC = "vn-public"
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def calendar_of(name: str, entries: Iterable[HeldEntry], zone: ZoneInfo) -> WalkedCalendar:
    """The calendar of this id.

    Args:
        name: its id.
        entries: all calendar versions that apply, of any calendar.
        zone: of the stack, where no version names one.
    """
    every = list(entries)
    versions = [entry.data for entry in latest_last(entry for entry in every if entry.data["calendar"] == name)]
    zones = [version["zone"] for version in versions if "zone" in version]
    # What no version of it says is as in the public calendar, as revised.
    public = latest_last(entry for entry in every if entry.data["calendar"] == PUBLIC) if name != PUBLIC else []
    layers = [*(entry.data for entry in public), *versions]
    return WalkedCalendar(name, ZoneInfo(zones[-1]) if zones else zone, _hours(layers))


def _hours(versions: list[dict[str, Any]]) -> Callable[[date], tuple[Sessions, Sessions]]:
    known: dict[date, tuple[Sessions, Sessions]] = {}

    def hours(day: date) -> tuple[Sessions, Sessions]:
        if day not in known:
            known[day] = _hours_of(day, versions)
        return known[day]

    return hours


def _hours_of(day: date, versions: list[dict[str, Any]]) -> tuple[Sessions, Sessions]:
    """Sessions of a day and those it would have if it were worked, by the versions valid on it, latest last.

    The latest version with a week gives the hours; days it does not name itself stay as versions without week named
    them, whatever week lies under those.
    """
    definition: dict[str, Any] | None = None
    laid: list[dict[str, Any]] = []
    named: dict[str, Any] | None = None
    for version in versions:
        if date.fromisoformat(version.get("valid_from", "0001-01-01")) > day:
            continue
        own = [one for one in version.get("days", []) if one["day"] == day.isoformat()]
        if "week" in version:
            definition = version
            named = own[-1] if own else laid[-1] if laid else None
        elif own:
            laid += own
            named = own[-1]
    open_hours, usual = public_hours(day) if definition is None else _by_week(day, definition)
    if named is None:
        return open_hours, usual
    if not named["working"]:
        return [], usual
    if named.get("sessions"):
        return [_session(text) for text in named["sessions"]], usual
    if "pair" in named and definition is not None and not open_hours:
        return _by_week(date.fromisoformat(named["pair"]), definition)[1], usual
    return usual, usual


def _by_week(day: date, version: dict[str, Any]) -> tuple[Sessions, Sessions]:
    """Hours by season over those of the week; a day off would have those that most days of its week have."""
    week = version["week"]
    for season in version.get("seasons", []):
        if _within(day.strftime("%m-%d"), season["first"], season["last"]):
            week = season["week"]
    open_hours = [_session(text) for text in week.get(WEEKDAYS[day.weekday()], [])]
    worked = [week[name] for name in WEEKDAYS if week.get(name)]
    commonest: list[str] = max(worked, key=worked.count, default=[])
    return open_hours, open_hours or [_session(text) for text in commonest]


def _within(month_day: str, first: str, last: str) -> bool:
    if first <= last:
        return first <= month_day <= last
    return month_day >= first or month_day <= last


def _session(text: str) -> tuple[int, int]:
    opening, closing = (_minute(part) for part in text.split("-"))
    return opening, closing + 1440 if closing < opening else closing


def _minute(text: str) -> int:
    hours, minutes = text.split(":")
    return int(hours) * 60 + int(minutes)
