"""Which of the received entries hold: identities, revisions, withdrawals, conflicts.

Pure and order-free. Knows nothing of what an entry means.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from operator import attrgetter
from typing import Final, NamedTuple

from services.processing.entitling.covering import union_of
from services.processing.record import EntryRecord

__all__ = ["Finding", "HoldingEntries", "hold", "precedes", "same_content"]

#: Not empty for an entry of a sender whose key does not cover all units.
_GRANT: Final = attrgetter("grant")


class Finding(NamedTuple):
    """Something odd about an entry: never a reason to drop it."""

    code: str
    about: EntryRecord


class HoldingEntries(NamedTuple):
    """The entries that hold, in the order of a dossier's entries, and the conflicts found on the way.

    `withdrawn` are those that withdraw their identities. Each has the grant of its identity: what any of its received
    entries may do.
    """

    entries: list[EntryRecord]
    conflicts: list[Finding]
    withdrawn: list[EntryRecord]


def same_content(a: EntryRecord, b: EntryRecord) -> bool:
    """Whether two entries are the same report: identity, revision and content hash (not who sent it, nor when)."""
    return a.hash == b.hash and a.id == b.id and a.source == b.source and a.revision == b.revision


def precedes(a: EntryRecord, b: EntryRecord) -> bool:
    """Whether of two entries of the same content `a` is the one to keep.

    `sequence` is no part of the content, yet orders entries; so the choice must not depend on arrival.
    """
    return _tie(a) < _tie(b)


def hold(received: Sequence[EntryRecord]) -> HoldingEntries:
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
        entries, found = received, []
    else:
        entries = [entry for entry in received if best[(entry.source, entry.id)] is entry]
        if any(map(_GRANT, received)):
            entries = _with_grants(entries, received)
        found = [Finding("conflicting_content", entry) for entry in entries if (entry.source, entry.id) in conflicts]
    held = [entry for entry in entries if entry.data is not None]
    return HoldingEntries(
        held, found, [] if len(held) == len(entries) else [entry for entry in entries if entry.data is None]
    )


def _with_grants(entries: Sequence[EntryRecord], received: Sequence[EntryRecord]) -> list[EntryRecord]:
    """The entries, each with what any received entry of its identity may do."""
    grants: dict[tuple[str, str], set[str | None]] = {}
    for entry in received:
        grants.setdefault((entry.source, entry.id), set()).add(entry.grant)
    found = []
    for entry in entries:
        grant = union_of(grants[(entry.source, entry.id)])
        found.append(entry if grant == entry.grant else replace(entry, grant=grant))
    return found


def _tie(entry: EntryRecord) -> tuple[int, str, int, bool]:
    # An absent sender or recording time comes first: both are only absent where intake stamped neither.
    recorded = -(2**62) if entry.recorded is None else entry.recorded
    return (entry.sequence, entry.sender or "", recorded, entry.simulated)
