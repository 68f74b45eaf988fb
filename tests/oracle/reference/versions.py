"""Which version of something is in force on a date (docs/rules.md "Reference data"). Knows dates only."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from tests.oracle.journal import HeldEntry

__all__ = ["in_force", "latest_last"]


def _valid_from(entry: HeldEntry) -> str:
    """ISO dates sort as text; without a date it is valid from always."""
    text: str = entry.data.get("valid_from", "")
    return text


def latest_last(entries: Iterable[HeldEntry]) -> list[HeldEntry]:
    """Versions by `valid_from`, then the later entry: the one that goes before all others comes last."""
    return sorted(entries, key=lambda entry: (_valid_from(entry), entry.time, entry.sequence, entry.source, entry.id))


def in_force(entries: Iterable[HeldEntry], day: date) -> HeldEntry | None:
    """The version in force on a date: `valid_from` ≤ date ≤ `valid_to`, the latest first, then the later entry."""
    valid = [
        entry for entry in entries if _valid_from(entry) <= day.isoformat() <= entry.data.get("valid_to", "9999-12-31")
    ]
    return latest_last(valid)[-1] if valid else None
