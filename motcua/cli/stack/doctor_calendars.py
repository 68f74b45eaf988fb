"""What `motcua doctor` says of calendars: next year's swapped days and Tết, once it is autumn. Looks only."""

from __future__ import annotations

from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

import orjson

from shared.calendar.announcements import missing_by_calendar
from shared.calendar.files.calendar_file import told
from shared.calendar.vietnam import vn_public, vn_public_versions
from shared.contract.calendar_data import Calendar
from shared.messages import Language
from shared.problems.field_errors import FieldError
from shared.reference import EMPTY, ReferenceEntry
from shared.reference.default_calendar import uses_default
from shared.reference.whole_calendar import never_works

__all__ = ["missing_days"]


def missing_days(entries: list[dict[str, Any]], today: date, zone: ZoneInfo, language: Language) -> list[str]:
    """What the calendars of a stack lack, one line each with its remedy.

    Args:
        entries: the calendar and unit entries that hold, as processing lists them; none without a stack.
        today: the local day.
        zone: of the stack.
        language: of the lines.
    """
    read = [known for entry in entries if (known := _read(entry)) is not None]
    versions = [one.model for one in read if isinstance(one.model, Calendar)]
    versions.sort(key=lambda version: version.valid_from or date.min)
    every = EMPTY.with_entries(read)
    used = uses_default(every, vn_public(zone), today)
    found = missing_by_calendar(versions, today, vn_public_versions() if used else ())
    for name in sorted({version.calendar for version in versions}):
        if never_works(name, every, today):
            fault = FieldError("calendar_never_works", "days", None, {"calendar": name, "first": today.isoformat()})
            found.setdefault(name, []).append(fault)
    return [f"{name}: {told(fault, language)}" for name, faults in found.items() for fault in faults]


def _read(entry: dict[str, Any]) -> ReferenceEntry | None:
    """An entry as listed; None for one of a newer contract, which is not this command's to judge."""
    try:
        return ReferenceEntry.of(orjson.dumps({"specversion": "1.0"} | entry))
    except ValueError:
        return None
