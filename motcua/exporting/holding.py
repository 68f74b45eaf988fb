"""Which of a dossier's received entries hold: identities, revisions, withdrawals, conflicts (docs/rules.md, Entries).

Pure. Knows nothing of what an entry means.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Final

from motcua.exporting.entries import Entry
from shared.access.patterns import patterns_of, union
from shared.contract.bounds import LARGEST_DOSSIER
from shared.contract.entries import ENTERED_TYPES

__all__ = ["ENTRY_CAP", "hold"]

#: Entries of other content that a dossier takes; processing sends what comes after them to the dead letters.
ENTRY_CAP: Final = 2_000


def hold(received: Iterable[Entry]) -> list[Entry]:
    """The entries of one subject that hold, in their order: of its dossier, its petition, and figures entered under it.

    Each has the grant of its identity: what any of its received entries may do. Contents are hashed only where an
    identity was received more than once. What processing refused, since the dossier has as many entries or bytes as it
    may have, is left out.

    Args:
        received: what its partition holds of it, in offset order.
    """
    cases: dict[tuple[str, ...], list[Entry]] = {}
    for entry in received:
        cases.setdefault(_case(entry), []).append(entry)
    held = [one for case, entries in cases.items() for one in _of_case(entries, capped=len(case) == 1)]
    return sorted(held, key=lambda entry: entry.order)


def _case(entry: Entry) -> tuple[str, ...]:
    """The case an entry is of, of its subject: of an entered figure each identity is one, which no cap is for."""
    if entry.type in ENTERED_TYPES:
        return ("indicators", entry.source, entry.id)
    return ("petitions",) if entry.type.startswith("petition.") else ("dossiers",)


def _of_case(received: Iterable[Entry], *, capped: bool) -> list[Entry]:
    """The entries of one case that hold."""
    versions: dict[tuple[str, str], list[Entry]] = {}
    distinct = size = 0
    for entry in received:
        known = versions.setdefault((entry.source, entry.id), [])
        same = next((at for at, one in enumerate(known) if _same_content(one, entry)), None) if known else None
        if same is not None:
            kept = _kept(known[same], entry)
            if kept is known[same]:
                continue  # an exact repeat, which takes no room
        elif capped and distinct == ENTRY_CAP:
            continue
        else:
            kept = entry
        if size + entry.size > LARGEST_DOSSIER:
            continue
        size += entry.size
        if same is not None:
            known[same] = kept
        else:
            known.append(kept)
            distinct += 1
    best = [_best(known) for known in versions.values() if known]
    return [entry for entry in best if entry.data is not None]


def _kept(one: Entry, other: Entry) -> Entry:
    """Which of two copies of one content is kept, with what either may do; the very first where that is it as it is."""
    # `sequence` is no part of the content, yet orders entries: the choice must not depend on arrival.
    first = min(one, other, key=_tie)
    grant = one.grant if one.grant == other.grant or "*" in patterns_of(one.grant) else union((one.grant, other.grant))
    if grant != one.grant and grant == union((one.grant,)):
        grant = one.grant
    return first if first.grant == grant else replace(first, grant=grant)


def _best(known: list[Entry]) -> Entry:
    """Which of an identity's entries holds, with what any of them may do."""
    if len(known) == 1:
        return known[0]
    found = min(known, key=_precedence)
    grants = {entry.grant for entry in known}
    return found if grants == {found.grant} else replace(found, grant=union(grants))


def _same_content(one: Entry, other: Entry) -> bool:
    return one.revision == other.revision and one.hash == other.hash


def _precedence(entry: Entry) -> tuple[int, str]:
    return (-entry.revision, entry.hash)


def _tie(entry: Entry) -> tuple[int, str, int, bool]:
    # An absent sender or recording time comes first, as in processing.
    return (entry.sequence, entry.sender or "", -(2**62) if entry.recorded is None else entry.recorded, entry.simulated)
