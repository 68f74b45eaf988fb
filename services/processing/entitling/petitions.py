"""Who may report what became of a petition (PAKN): the unit it is put to, now or later. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from services.processing.entitling.chain import Chain
from services.processing.entitling.covering import Covers, covers_grant
from services.processing.record import EntryRecord, SortKey

__all__ = ["contested_petitions", "judge_petitions"]

_RECEIVED = "petition.received"
_HANDED_OVER = "petition.handed_over"


def judge_petitions(
    entries: Sequence[EntryRecord], covers: Covers
) -> tuple[list[tuple[EntryRecord, str | None]], list[str]]:
    """The entries that are not entitled with the petition's unit of then, and the units of all petitions.

    Readings (docs/rules.md, "Who may act"): the earliest `received` counts, where none is known the earliest entry
    stands for it; it is always entitled. Those that come after it in the order of entries may move the petition to
    another unit, those before it move nothing. While no unit has it, whoever covers all that the sender of the first
    covers may act on it, and by naming a unit give it one; where that sender covers nothing, entries of its source may.
    Nobody takes what nobody gave: a hand-over after the first is entitled by who has the petition at its point.

    Args:
        entries: the petition.* entries of a subject that hold, in their order.
        covers: whether a grant covers a unit on the day of an instant.
    """
    refused: list[tuple[EntryRecord, str | None]] = []
    units: dict[str, None] = {}
    for several in _by_petition(entries).values():
        first = next((entry for entry in several if entry.type == _RECEIVED), several[0])
        chain, taken = _walk(several, first, covers)
        for entry in several:
            if entry.key in taken:
                refused.append((entry, chain.at(entry)))
                continue
            if entry is first or entry.grant is None or chain.covers(entry.grant, entry.time):
                continue
            if chain.at(entry) is not None or not _stands_for(entry, first, covers):
                refused.append((entry, chain.at(entry)))
        units.update(dict.fromkeys(chain.units))
    return refused, list(units)


def _walk(several: Sequence[EntryRecord], first: EntryRecord, covers: Covers) -> tuple[Chain, set[SortKey]]:
    """Who had a petition one after another, and the hand-overs by those who had it not."""
    chain = Chain(_unit(first), covers)
    taken: set[SortKey] = set()
    for entry in several:
        unit = _unit(entry)
        if entry.key <= first.key or unit is None:
            continue
        if not _may_move(chain, entry, first, covers):
            if entry.type == _HANDED_OVER:
                taken.add(entry.key)
        elif unit != chain.present:
            chain.move(entry, unit)
    return chain, taken


def contested_petitions(entries: Sequence[EntryRecord]) -> list[tuple[str, EntryRecord]]:
    """The finding about each `received` of a petition that several sources say they received."""
    received = [entry for entry in entries if entry.type == _RECEIVED]
    if len(received) < 2:
        return []
    return [
        ("contested_petition", entry)
        for several in _by_petition(received).values()
        if len({entry.source for entry in several}) > 1
        for entry in several
    ]


def _may_move(chain: Chain, entry: EntryRecord, first: EntryRecord, covers: Covers) -> bool:
    if chain.present is None:
        return _stands_for(entry, first, covers)
    return chain.covers_present(entry)


def _stands_for(entry: EntryRecord, first: EntryRecord, covers: Covers) -> bool:
    """Whether an entry's sender covers all that the first one's does."""
    return covers_grant(covers, entry.grant, first.grant, entry.time) or (
        first.grant == "[]" and entry.source == first.source
    )


def _by_petition(entries: Sequence[EntryRecord]) -> dict[str, list[EntryRecord]]:
    found: dict[str, list[EntryRecord]] = {}
    for entry in entries:
        found.setdefault((entry.data or {}).get("petition", entry.subject), []).append(entry)
    return found


def _unit(entry: EntryRecord) -> str | None:
    unit: str | None = (entry.data or {}).get("unit")
    return unit
