"""Short notation for entries about petitions, and what the engine makes of them. August 2026 has Saturday 22 worked."""

from __future__ import annotations

from typing import Any

import orjson

from services.processing.engine import Reference
from services.processing.petitions import PetitionFacts, derive
from services.processing.record import read_entry
from shared.instants import parse_instant
from tests.unit.processing.driver import REFERENCE

__all__ = ["CODE", "at", "facts", "pet"]

Json = dict[str, Any]
CODE = "PA-1"


def at(text: str) -> int:
    """An instant of "MM-DD HH:MM" of 2026, local."""
    return parse_instant(f"2026-{text.replace(' ', 'T')}:00+07:00")


def pet(kind: str, time: str, /, **data: Any) -> Json:
    """An entry about a petition.

    Args:
        kind: the type without its group.
        time: "MM-DD HH:MM" of 2026, local.
        data: the data; `id_`, `source`, `subject`, `sequence` and `revision` are of the envelope.
    """
    envelope = {name: data.pop(name) for name in ("source", "subject", "sequence", "revision") if name in data}
    id_ = data.pop("id_", f"{kind} {time}")
    return {
        "specversion": "1.0",
        "type": f"petition.{kind}",
        "source": "pakn",
        "id": id_,
        "subject": CODE,
        "time": f"2026-{time.replace(' ', 'T')}:00+07:00",
        "data": data,
    } | envelope


def facts(*entries: Json, reference: Reference = REFERENCE) -> PetitionFacts:
    """What is known of the petition of their subject."""
    records = sorted(
        (read_entry(orjson.dumps(entry), offset) for offset, entry in enumerate(entries)), key=lambda one: one.key
    )
    return derive(records[0].subject, records, reference)
