"""Reference entries and dossiers that depend on them, for tests of revisions."""

from __future__ import annotations

from typing import Any

from tests.integration.processing.bench import Json, dossier, revision

__all__ = ["day_off", "due_of", "published", "without_promise"]


def without_promise(number: int, procedure: str = "1.001") -> list[Json]:
    """A dossier whose due date is that of its procedure."""
    made = dossier(number)
    data = {"channel": "online", "unit": "H29.1", "procedure": procedure}
    return [made[0] | {"data": data}, *made[1:]]


def day_off(day: str = "2026-03-04", **more: Any) -> Json:
    """A day off for everybody, ordered before all dossiers unless another time is given."""
    days = [{"day": day, "working": False, "kind": "extra"}]
    return revision("calendar.revised", {"calendar": "vn-public", "version": f"off-{day}", "days": days}, **more)


def published(procedure: str = "1.001", amount: str = "5", **more: Any) -> Json:
    """A version of a procedure with a term in working days."""
    terms = [{"amount": amount, "unit": "working_days"}]
    data = {"procedure": procedure, "version": f"{amount} days", "terms": terms}
    return revision("procedure.published", data, id=f"procedure-{procedure}", **more)


def due_of(events: list[Json]) -> dict[str, str | None]:
    """The last due date of each dossier."""
    return {event["subject"]: event["data"]["row"].get("due") for event in events if event["type"] == "dossier.changed"}
