"""Entries that enter a figure, and the lifecycle records that processing makes of them."""

from __future__ import annotations

from typing import Any

import orjson

from services.processing.cases import case_of
from services.processing.engine import apply_entry
from services.processing.record import read_entry
from services.processing.stream.output import Records
from tests.unit.processing.driver import REFERENCE

__all__ = ["figure", "records"]


def figure(id_: str, indicator: str, unit: str, *, time: str = "2026-08-01T01:00:00Z", **data: Any) -> dict[str, Any]:
    """An entry of August unless another period is given; `data` are a value, or both sides of a share."""
    said = {"indicator": indicator, "unit": unit, "first_day": "2026-08-01", "last_day": "2026-08-31"}
    envelope = {"specversion": "1.0", "type": "indicator.entered", "subject": "s", "source": "survey", "id": id_}
    return {**envelope, "time": time, "data": said | data}


def records(entries: list[dict[str, Any]], first: int = 0) -> list[tuple[bytes, bytes]]:
    """Keys and values of the records of epoch 1, partition 0, that entries of different identities come to.

    Args:
        entries: as in the journal.
        first: offset of the first.
    """
    made = []
    for offset, sent in enumerate(entries, first):
        entry = read_entry(orjson.dumps(sent), offset)
        outcome = apply_entry(None, entry, None, REFERENCE)
        made.append(Records(1, 0).case(case_of(entry), offset, 0, outcome.row, [], entry=entry))
    return made
