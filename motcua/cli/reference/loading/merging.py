"""Mergers and splits of units as entries: the units' ends, and one hand-over for each open dossier. Sends nothing."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from shared.instants import to_rfc3339
from shared.reference.writing import SOURCE, reference_entry

__all__ = ["hand_over_entries", "merge_entries"]


def merge_entries(
    units: Mapping[str, Mapping[str, Any]],
    into: str,
    day: date,
    document: str | None,
    time: int,
    *,
    simulated: bool,
) -> list[dict[str, Any]]:
    """`unit.revised` entries that end units the day before a day and name their successor.

    Args:
        units: what is known of each unit, by its code.
        into: the successor.
        day: the first day of the successor's.
        document: what ordered it.
        time: since when it is known, UTC microseconds.
        simulated: whether the stack is simulated.
    """
    entries = []
    for code, known in sorted(units.items()):
        data = dict(known) | {"valid_to": (day - timedelta(days=1)).isoformat(), "successor": into}
        if document is not None:
            data["document"] = document
        version = f"merged {day.isoformat()}"
        entries.append(reference_entry("unit.revised", code, version, time, data, simulated=simulated))
    return entries


def hand_over_entries(to: Mapping[str, tuple[str, int]], name: str, *, simulated: bool) -> list[dict[str, Any]]:
    """`dossier.handed_over` entries; their identity is of dossier and occasion, so that repeating changes nothing.

    Args:
        to: the new accountable unit by dossier code, and since when, UTC microseconds.
        name: the occasion.
        simulated: whether the stack is simulated.
    """
    return [
        {
            "specversion": "1.0",
            "type": "dossier.handed_over",
            "source": SOURCE,
            "id": f"{name} {code}",
            "subject": code,
            "time": to_rfc3339(time),
            "data": {"unit": unit},
        }
        | ({"simulated": True} if simulated else {})
        for code, (unit, time) in sorted(to.items())
    ]
