"""What an export is made of: dossiers with their entries and facts, and journal records as they stand. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from motcua.exporting.entries import Entry, Place
from shared.instants import parse_instant

__all__ = ["Dossier", "Facts", "RawRecord", "delay_of", "late_by_instant"]


@dataclass(frozen=True, slots=True)
class Facts:
    """The newest row of a dossier, and the journal offset and epoch that made it."""

    row: dict[str, Any]
    offset: int
    epoch: int


@dataclass(frozen=True, slots=True)
class Dossier:
    """One dossier: its entries that hold, in their order, and its facts, where they were asked for and are there."""

    code: str
    partition: int
    entries: list[Entry]
    facts: Facts | None


@dataclass(frozen=True, slots=True)
class RawRecord:
    """A journal record as it stands.

    `problem` says why processing cannot read it, None if it can; `value` is its JSON object, None where it is none.
    """

    place: Place
    value: dict[str, Any] | None
    problem: str | None


def late_by_instant(row: dict[str, Any]) -> bool:
    """Whether a dossier ended after its due instant, else the limit: what figures count as late."""
    judged, due = row.get("judged_at"), row.get("due") or row.get("limit")
    if judged is None or due is None or row.get("finished_at") is None or row.get("accepted_at") is None:
        return False
    return parse_instant(judged) > parse_instant(due)


def delay_of(row: dict[str, Any]) -> int | None:
    """Working time from due to end in microseconds of a dossier that ended late, zero included; None for others."""
    parts = row.get("blame") or ()
    return sum(part["delay_us"] for part in parts) if parts or late_by_instant(row) else None
