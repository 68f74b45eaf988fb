"""What `motcua doctor` says of calendars: next year's swapped days and Tết, once it is autumn. Looks only."""

from __future__ import annotations

from datetime import date
from typing import Any

from pydantic import ValidationError

from shared.calendar.announcements import missing_by_calendar
from shared.calendar.calendar_file import told
from shared.calendar.vietnam import vn_public_versions
from shared.contract.calendar_data import Calendar
from shared.messages import Language

__all__ = ["missing_days"]


def missing_days(entries: list[dict[str, Any]], today: date, language: Language) -> list[str]:
    """What the calendars of a stack lack, one line each with its remedy.

    Args:
        entries: the calendar entries that hold, as processing lists them; none without a stack.
        today: the local day.
        language: of the lines.
    """
    versions = [version for entry in entries if (version := _version(entry)) is not None]
    versions.sort(key=lambda version: version.valid_from or date.min)
    found = missing_by_calendar(versions, today, vn_public_versions())
    return [f"{name}: {told(fault, language)}" for name, faults in found.items() for fault in faults]


def _version(entry: dict[str, Any]) -> Calendar | None:
    """The calendar version in an entry; None for one of a newer contract, which is not this command's to judge."""
    try:
        return Calendar.model_validate(entry.get("data"))
    except ValidationError:
        return None
