"""What every peer does with a row, so that they differ by the library alone. Runs in the peers' environment.

A row replaces the older one of its dossier, decided by its cause; counted are accepted dossiers by unit, exactly.
Read in two ways: as it stands, without looking at more than is counted; and looked at in all its members by the
contract's own model, as metrics looks at every row before it counts.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any

import orjson

__all__ = ["Counts", "reader", "replaced"]

#: Offset and index of a row's cause, and the unit it counts for.
Standing = tuple[int, int, str | None]


class Counts:
    """Accepted dossiers by unit."""

    def __init__(self) -> None:
        self._by_unit: Counter[str] = Counter()

    def add(self, deltas: list[tuple[str, int]]) -> None:
        """Take what a row changes."""
        for unit, delta in deltas:
            self._by_unit[unit] += delta

    def told(self) -> dict[str, int]:
        """The counts that are not 0."""
        return {unit: count for unit, count in sorted(self._by_unit.items()) if count}


def reader(*, validated: bool) -> Callable[[bytes], tuple[str, Any]]:
    """What reads a record.

    Args:
        validated: whether the contract's model looks at it first.
    """
    if not validated:
        return _read
    # Of the product, and only here: the other way of reading needs nothing of it.
    from shared.contract.lifecycle import LIFECYCLE_ADAPTER  # noqa: PLC0415

    validate = LIFECYCLE_ADAPTER.validate_json

    def looked_at(value: bytes) -> tuple[str, Any]:
        event = validate(value)
        if event.type != "dossier.changed":
            return "", event
        cause, row = event.data.cause, event.data.row
        counted = {"unit": row.unit, "accepted_at": row.accepted_at}
        return row.code, {"data": {"cause": {"offset": cause.offset, "index": cause.index}, "row": counted}}

    return looked_at


def _read(value: bytes) -> tuple[str, Any]:
    """Code and event of a record; the code is empty for a clock."""
    event = orjson.loads(value)
    return (event["data"]["row"]["code"], event) if event["type"] == "dossier.changed" else ("", event)


def replaced(before: Standing | None, event: Any) -> tuple[Standing, list[tuple[str, int]]]:
    """What stands of a dossier after one of its rows, and how counts change."""
    cause, row = event["data"]["cause"], event["data"]["row"]
    unit = (row.get("unit") or "") if row.get("accepted_at") is not None else None
    now = (cause["offset"], cause["index"], unit)
    if before is not None and (before[0], before[1]) >= (now[0], now[1]):
        return (before[0], before[1], before[2]), []
    old = None if before is None else before[2]
    deltas = [(one, step) for one, step in ((old, -1), (unit, 1)) if one is not None]
    return now, deltas if old != unit else []
