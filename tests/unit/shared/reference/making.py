"""Reference entries for tests, from little."""

from __future__ import annotations

from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

import orjson

from shared.instants import parse_instant, to_rfc3339
from shared.reference import EMPTY, ReferenceEntry, ReferenceSet

__all__ = ["ZONE", "at", "calendar", "day", "entry", "known", "procedure", "route", "rule", "unit"]

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")

Data = dict[str, Any] | None


def day(text: str) -> date:
    return date.fromisoformat(f"2026-{text}")


def at(text: str) -> int:
    """The instant of a day of 2026 at 08:00 local, or of a local time of that day: `08-21` or `08-21 10:30`."""
    when, _, time = text.partition(" ")
    return parse_instant(f"2026-{when}T{time or '08:00'}:00+07:00")


def entry(type_: str, data: Data, id_: str = "1", when: str = "01-01", **envelope: Any) -> ReferenceEntry:
    told = {
        "specversion": "1.0",
        "type": type_,
        "source": "ubnd",
        "id": id_,
        "subject": "reference",
        "time": to_rfc3339(at(when)),
        "data": data,
    }
    return ReferenceEntry.of(orjson.dumps(told | envelope))


def calendar(data: Data, id_: str = "c1", when: str = "01-01", **envelope: Any) -> ReferenceEntry:
    return entry("calendar.revised", _with(data, calendar="hue", version="1"), id_, when, **envelope)


def procedure(data: Data, id_: str = "p1", when: str = "01-01", **envelope: Any) -> ReferenceEntry:
    return entry("procedure.published", _with(data, procedure="2.000815", version="1"), id_, when, **envelope)


def route(data: Data, id_: str = "r1", when: str = "01-01", **envelope: Any) -> ReferenceEntry:
    base = {"procedure": "2.000815", "version": "1", "steps": [{"step": "a", "role": "officer"}]}
    return entry("route.revised", _with(data, **base), id_, when, **envelope)


def unit(data: Data, id_: str | None = None, when: str = "01-01", **envelope: Any) -> ReferenceEntry:
    return entry("unit.revised", data, id_ or (data or {}).get("unit", "u1"), when, **envelope)


def rule(data: Data, id_: str = "d1", when: str = "01-01", **envelope: Any) -> ReferenceEntry:
    return entry("rule.activated", _with(data, rule="deadlines", version="1"), id_, when, **envelope)


def known(*entries: ReferenceEntry) -> ReferenceSet:
    return EMPTY.with_entries(entries)


def _with(data: Data, **base: Any) -> Data:
    return None if data is None else base | data
