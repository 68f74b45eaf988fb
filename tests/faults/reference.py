"""Reference entries in the middle of a stream: units, terms, routes, rules and days off, corrected, withdrawn, merged.

All of them change what dossiers already played are judged by. Knows the contract's words only.
"""

from __future__ import annotations

import random
from datetime import datetime, timedelta
from typing import Any

__all__ = ["AGENCY", "CODE_OF_MERGED", "MERGED_INTO", "PROCEDURES", "STEPS", "UNITS", "merger", "references"]

Entry = dict[str, Any]

UNITS = ["H44", "H44.01", "H44.01.05", "H44.02", "H44.100", "H45.03"]
PROCEDURES = ["1.001193", "2.000815", "1.004269"]
#: The last one is in no route.
STEPS = ["check", "opinion", "survey", "sign", "publish", "post"]
#: The unit that is told its tasks.
AGENCY = "H44.02"
CODE_OF_MERGED, MERGED_INTO = "H44.100", "H44.02"
SOURCE = "test/reference"
HOUR, DAY = timedelta(hours=1), timedelta(days=1)

_PARALLEL = [
    {"step": "check", "role": "counter", "budget": 120},
    {"step": "opinion", "unit": "H44.02", "budget": 240, "after": ["check"]},
    {"step": "survey", "unit": "H44.01.05", "budget": 300, "after": ["check"]},
    {"step": "sign", "role": "leader", "budget": 60, "after": ["opinion", "survey"]},
    {"step": "publish", "unit": "H44.01", "budget": 30, "optional": True},
]
_SHORT = [{"step": "check", "role": "counter", "budget": 90}, {"step": "sign", "unit": "H44.02", "budget": 240}]


def _entry(type_: str, subject: str, version: str, time: datetime, data: Entry | None, *, revision: int = 0) -> Entry:
    return {
        "specversion": "1.0",
        "type": type_,
        "source": SOURCE,
        "id": f"{type_} {subject} {version}",
        "subject": subject,
        "time": time.isoformat(),
        "revision": revision,
        "data": data,
    }


def _unit(code: str, time: datetime, version: str = "1", **more: str) -> Entry:
    above = {"H44": None, "H44.01.05": "H44.01", "H44.100": "H44.01", "H45.03": None}.get(code, "H44")
    data = {"unit": code, "name": f"Unit {code}"} | ({"parent": above} if above else {}) | more
    return _entry("unit.revised", code, version, time, data)


def _terms(code: str, version: str, time: datetime, days: str, revision: int = 0, **more: Any) -> Entry:
    terms = [
        {"kind": "statutory", "amount": days, "unit": "working_days"},
        {"kind": "statutory", "amount": "16", "unit": "working_hours", "channel": "online"},
    ]
    data = {"procedure": code, "version": version, "terms": terms, **more}
    return _entry("procedure.published", code, version, time, data, revision=revision)


def _route(code: str, version: str, time: datetime, steps: list[Entry], **more: str) -> Entry:
    data = {"procedure": code, "version": version, "steps": steps, **more}
    return _entry("route.revised", code, version, time, data)


def _days_off(time: datetime, *days: str, revision: int = 0) -> Entry:
    off = [{"day": day, "working": False, "kind": "extra", "document": "1/TB"} for day in days]
    data = {"calendar": "vn-public", "version": "storm", "days": off}
    return _entry("calendar.revised", "vn-public", "storm", time, data, revision=revision)


def references(chance: random.Random, begin: datetime, end: datetime) -> list[tuple[datetime, Entry]]:
    """When each is sent, and what; one in three is sent again later.

    Args:
        chance: decides when, within the part of the stream each belongs to.
        begin: of the stream.
        end: of the stream.
    """
    first, second, third = PROCEDURES
    ahead = begin - DAY
    rule = {"warning_hours": "72,24,4", "step_warning_hours": "4", "intake_warning_hours": "2", "fee_pauses": True}
    # Part of the stream by which it is sent; those of one part in this order, since one may name another.
    planned: list[tuple[float, Entry]] = [
        *((0.10, _unit(code, ahead)) for code in UNITS),
        (0.18, _terms(first, "v1", ahead, "5")),
        (0.20, _terms(second, "v1", ahead, "1.5", counting="same-time")),
        (0.22, _terms(third, "v1", ahead, "3", cut_percent=30)),
        (0.28, _route(first, "r1", ahead, _PARALLEL)),
        (0.34, _route(third, "r1", ahead, _SHORT)),
        (0.40, _entry("rule.activated", "deadlines", "r2", ahead, {"rule": "deadlines", "version": "r2"})),
        (0.45, _terms(first, "v2", begin + 10 * DAY, "4", valid_from="2024-04-22")),
        (0.52, _days_off(ahead, "2024-05-08")),
        (0.58, _entry("rule.activated", "deadlines", "r2", ahead, _rule("r2", rule), revision=1)),
        (0.62, _terms(second, "v1", ahead, "2.5", revision=1)),
        (0.68, _days_off(ahead, "2024-05-08", "2024-05-09", revision=1)),
        (0.72, _route(first, "r2", begin + 20 * DAY, _SHORT, channel="online", valid_from="2024-05-01")),
        (0.76, _unit(CODE_OF_MERGED, merger(begin), "merged", valid_to="2024-05-02", successor=MERGED_INTO)),
        (0.82, _entry("route.revised", third, "r1", ahead, None, revision=1)),
        (0.90, _entry("rule.activated", "deadlines", "r3", begin + 25 * DAY, _rule("r3", {"extension_days": 3}))),
    ]
    found = []
    for part, entry in planned:
        sent = begin + (end - begin) * part
        found.append((sent, entry))
        if chance.random() < 0.33:
            found.append((sent + HOUR * chance.randint(1, 150), dict(entry)))
    return found


def merger(begin: datetime) -> datetime:
    """When one unit is merged into another."""
    return begin + 25 * DAY


def _rule(version: str, parameters: Entry) -> Entry:
    return {"rule": "deadlines", "version": version, "valid_from": "2024-04-15", "parameters": parameters}
