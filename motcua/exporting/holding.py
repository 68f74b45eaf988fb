"""Which of a dossier's received entries hold: identities, revisions, withdrawals, conflicts (docs/rules.md, Entries).

Pure. Knows nothing of what an entry means.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Final

from motcua.exporting.entries import Entry
from shared.access.patterns import union

__all__ = ["ENTRY_CAP", "hold"]

#: Entries of other content that a dossier takes; processing sends what comes after them to the dead letters.
ENTRY_CAP: Final = 2_000


def hold(received: Iterable[Entry]) -> list[Entry]:
    """The entries of one dossier that hold, in the order of its entries.

    Each has the grant of its identity: what any of its received entries may do. Contents are hashed only where an
    identity was received more than once.

    Args:
        received: what its partition holds of it, in offset order.
    """
    versions: dict[tuple[str, str], list[Entry]] = {}
    grants: dict[tuple[str, str], set[str | None]] = {}
    distinct = 0
    for entry in received:
        identity = (entry.source, entry.id)
        known = versions.setdefault(identity, [])
        same = next((at for at, one in enumerate(known) if _same_content(one, entry)), None) if known else None
        if known and (same is not None or distinct < ENTRY_CAP):
            grants.setdefault(identity, {known[0].grant}).add(entry.grant)
        if same is not None:
            # `sequence` is no part of the content, yet orders entries: the choice must not depend on arrival.
            known[same] = min(known[same], entry, key=_tie)
        elif distinct < ENTRY_CAP:
            known.append(entry)
            distinct += 1
    best = [min(known, key=_precedence) if len(known) > 1 else known[0] for known in versions.values() if known]
    best = [_granted(entry, grants.get((entry.source, entry.id))) for entry in best]
    return sorted((entry for entry in best if entry.data is not None), key=lambda entry: entry.order)


def _granted(entry: Entry, grants: set[str | None] | None) -> Entry:
    """An entry with what any of some grants may do."""
    return entry if grants is None or grants == {entry.grant} else replace(entry, grant=union(grants))


def _same_content(one: Entry, other: Entry) -> bool:
    return one.revision == other.revision and one.hash == other.hash


def _precedence(entry: Entry) -> tuple[int, str]:
    return (-entry.revision, entry.hash)


def _tie(entry: Entry) -> tuple[int, str, int, bool]:
    # An absent sender or recording time comes first, as in processing.
    return (entry.sequence, entry.sender or "", -(2**62) if entry.recorded is None else entry.recorded, entry.simulated)
