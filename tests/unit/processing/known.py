"""Reference entries for tests in short notation, and the reference data they make."""

from __future__ import annotations

from typing import Any

import orjson

from services.processing.engine import Reference
from shared.reference import ReferenceEntry, ReferenceSet
from tests.unit.processing.driver import REFERENCE

__all__ = ["calendar", "knowing", "procedure", "route", "rule", "term", "unit"]

Json = dict[str, Any]

_SUBJECTS = {
    "calendar.revised": "calendar",
    "procedure.published": "procedure",
    "route.revised": "procedure",
    "unit.revised": "unit",
    "rule.activated": "rule",
}


def made(type_: str, data: Json, *, time: str = "2026-01-01", id_: str | None = None, **more: Any) -> Json:
    """A reference entry as a dict: ordered at midnight of a local day, of the identity given, else of its content."""
    day = time if "T" in time else f"{time}T00:00:00+07:00"
    subject = data.get(_SUBJECTS[type_], type_)
    name = id_ or f"{type_} {orjson.dumps(data, option=orjson.OPT_SORT_KEYS).decode()}"[:256]
    return {
        "specversion": "1.0",
        "type": type_,
        "source": "province",
        "id": name,
        "subject": subject,
        "time": day,
        "data": data,
    } | more


def term(amount: str, unit: str = "working_days", kind: str = "statutory", channel: str | None = None) -> Json:
    """A term of a procedure."""
    return {"kind": kind, "amount": amount, "unit": unit} | ({} if channel is None else {"channel": channel})


def procedure(*terms: Json, time: str = "2026-01-01", version: str = "v1", **data: Any) -> Json:
    """A version of the procedure 1.000001."""
    return made(
        "procedure.published",
        {"procedure": "1.000001", "version": version, "terms": list(terms)} | data,
        time=time,
    )


def rule(time: str = "2026-01-01", version: str = "r1", valid_from: str | None = None, **parameters: Any) -> Json:
    """A version of the rule `deadlines`."""
    data: Json = {"rule": "deadlines", "version": version, "parameters": parameters}
    if valid_from is not None:
        data["valid_from"] = valid_from
    return made("rule.activated", data, time=time)


def route(*steps: Json, time: str = "2026-01-01", version: str = "w1", **data: Any) -> Json:
    """A version of the route of the procedure 1.000001."""
    return made("route.revised", {"procedure": "1.000001", "version": version, "steps": list(steps)} | data, time=time)


def calendar(time: str = "2026-01-01", name: str = "vn-public", version: str = "c1", **data: Any) -> Json:
    """A version of a calendar."""
    return made("calendar.revised", {"calendar": name, "version": version} | data, time=time)


def unit(code: str, time: str = "2026-01-01", **data: Any) -> Json:
    """A version of a unit."""
    return made("unit.revised", {"unit": code} | data, time=time)


def knowing(*entries: Json, reference: Reference = REFERENCE) -> Reference:
    """Reference data with these entries."""
    known = ReferenceSet().with_entries(ReferenceEntry.of(orjson.dumps(entry)) for entry in entries)
    return reference.with_known(known)
