"""Which of the received entries hold: identities, revisions, withdrawals, conflicts.

Pure and order-free. Knows nothing of what an entry means.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from services.processing.record import EntryRecord

__all__ = ["Finding", "Held", "hold", "precedes", "same_content"]


class Finding(NamedTuple):
    """Something odd about an entry: never a reason to drop it."""

    code: str
    about: EntryRecord


class Held(NamedTuple):
    """The entries that hold, in the order of a dossier's entries, and the conflicts found on the way."""

    entries: list[EntryRecord]
    conflicts: list[Finding]


def same_content(a: EntryRecord, b: EntryRecord) -> bool:
    """Whether two entries are the same report: identity, revision and content hash (not who sent it, nor when)."""
    return a.hash == b.hash and a.id == b.id and a.source == b.source and a.revision == b.revision


def precedes(a: EntryRecord, b: EntryRecord) -> bool:
    """Whether of two entries of the same content `a` is the one to keep.

    `sequence` is no part of the content, yet orders entries; so the choice must not depend on arrival.
    """
    return _tie(a) < _tie(b)


def hold(received: Sequence[EntryRecord]) -> Held:
    """The entries that hold.

    The highest revision of an identity (source + id within the dossier) holds; among other contents of that revision
    the smallest content hash, with the finding `conflicting_content`. A conflict at a lower revision is healed by the
    correction and is no finding any more. `data: null` withdraws the identity.

    Args:
        received: distinct entries of one dossier, sorted by their keys.
    """
    best: dict[tuple[str, str], EntryRecord] = {}
    conflicts: set[tuple[str, str]] = set()
    for entry in received:
        identity = (entry.source, entry.id)
        other = best.setdefault(identity, entry)
        if other is entry:
            continue
        if entry.revision > other.revision:
            best[identity] = entry
            conflicts.discard(identity)
        elif entry.revision == other.revision:
            conflicts.add(identity)
            if entry.hash < other.hash:
                best[identity] = entry
    if len(best) == len(received):
        return Held([entry for entry in received if entry.data is not None], [])
    entries = [entry for entry in received if best[(entry.source, entry.id)] is entry]
    found = [Finding("conflicting_content", entry) for entry in entries if (entry.source, entry.id) in conflicts]
    return Held([entry for entry in entries if entry.data is not None], found)


def _tie(entry: EntryRecord) -> tuple[int, str, int, bool]:
    # An absent sender or recording time comes first: both are only absent where intake stamped neither.
    recorded = -(2**62) if entry.recorded is None else entry.recorded
    return (entry.sequence, entry.sender or "", recorded, entry.simulated)
