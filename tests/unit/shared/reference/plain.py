"""Which reference entries hold and are in force, by walking through all of them: slow and obvious, to judge by."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from shared.reference import ReferenceEntry

__all__ = ["holding", "in_force"]

#: An entry as told, without what the product derived from it.
Told = dict[str, Any]


def holding(entries: Iterable[ReferenceEntry], before: int | None) -> list[ReferenceEntry]:
    """The entries that hold for what ended at `before`, in their order."""
    best: dict[tuple[str, str, str], ReferenceEntry] = {}
    for entry in entries:
        if before is not None and entry.time >= before:
            continue
        name = (entry.subject, entry.source, entry.id)
        other = best.get(name)
        if other is None or _rank(entry) > _rank(other) or (_rank(entry) == _rank(other) and _smaller(entry, other)):
            best[name] = entry
    return sorted(
        (entry for entry in best.values() if entry.data is not None),
        key=lambda entry: (entry.time, entry.sequence, entry.source, entry.id, entry.subject),
    )


def in_force(
    entries: Iterable[ReferenceEntry], type_: str, where: Told, day: date, before: int | None
) -> ReferenceEntry | None:
    """Of the entries of a type whose data have these members (None: absent) the one in force on a day."""
    found = None
    for entry in holding(entries, before):
        if (
            entry.type != type_
            or entry.data is None
            or any(entry.data.get(name) != told for name, told in where.items())
        ):
            continue
        first, last = entry.data.get("valid_from", "0001-01-01"), entry.data.get("valid_to", "9999-12-31")
        if not first <= day.isoformat() <= last:
            continue
        if found is None or found.data is None or first >= found.data.get("valid_from", "0001-01-01"):
            found = entry
    return found


def _rank(entry: ReferenceEntry) -> int:
    return entry.revision


def _smaller(a: ReferenceEntry, b: ReferenceEntry) -> bool:
    return (a.hash, a.sequence) < (b.hash, b.sequence)
