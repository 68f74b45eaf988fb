"""Which entries of a dossier may act, by the grants of their senders' keys: acceptance, hand-overs, then all others.

Pure: a function of the sorted set of the entries that hold. Steps are judged while they are followed (steps.py); what
an entry that may act does is decided elsewhere.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from services.processing.entitling.chain import Chain
from services.processing.entitling.covering import Covers, covers_named
from services.processing.entitling.naming import unit_in_code
from services.processing.record import EntryRecord
from shared.contract.entries import ENTRY_MODELS, JUDGED_TYPES

__all__ = ["Entitled", "Refused", "entitle"]

#: Where `entitle` puts entries of each type: acceptances, submissions, hand-overs, other entries of the dossier, and
#: what is not judged there.
_OWN_GROUP: Final = {"dossier.accepted": 0, "dossier.submitted": 1, "dossier.handed_over": 2}
_GROUP_OF: Final = {"dossier": 3}
_ELSEWHERE: Final = 4
_GROUP: Final = {
    kind: _OWN_GROUP.get(kind, _GROUP_OF.get(kind.partition(".")[0], _ELSEWHERE))
    if kind in JUDGED_TYPES
    else _ELSEWHERE
    for kind in ENTRY_MODELS
}


class Refused(NamedTuple):
    """An entry that is not entitled, and the unit that was accountable when it came."""

    entry: EntryRecord
    owner: str | None


@dataclass(slots=True)
class Entitled:
    """Who may act on one dossier.

    `acting` are the entries that hold without the refused ones, steps not judged yet; `accepted` and `submitted` those
    that count. `coded` is the unit in the code, `receiving` that which received the dossier, `chain` who was
    accountable. `of_code` are the grants whose patterns cover the unit in the code, on every day. `findings` are
    (code, the entry it is about). `beyond` are identities (source, id) whose received entries are counted apart: of
    what is refused, and of what was withdrawn by somebody the dossier has nothing to do with.
    """

    covers: Covers
    coded: str | None
    of_code: frozenset[str | None]
    acting: list[EntryRecord]
    accepted: EntryRecord | None
    submitted: EntryRecord | None
    receiving: str | None
    chain: Chain
    refused: list[Refused] = field(default_factory=list)
    findings: list[tuple[str, EntryRecord]] = field(default_factory=list)
    beyond: set[tuple[str, str]] = field(default_factory=set)

    def may(self, entry: EntryRecord) -> bool:
        """Whether an entry is entitled to the dossier: by code, receiving unit, or a unit accountable then or later."""
        grant, at = entry.grant, entry.time
        return (
            grant in self.of_code
            or self.covers(grant, self.coded, at)
            or self.covers(grant, self.receiving, at)
            or self.chain.covers(grant, at)
        )

    def is_of_code(self, entry: EntryRecord) -> bool:
        """Whether an entry's grant covers the unit in the code."""
        return entry.grant in self.of_code or self.covers(entry.grant, self.coded, entry.time)

    def refuse(self, entry: EntryRecord, owner: str | None) -> None:
        """Count an entry as not entitled."""
        self.refused.append(Refused(entry, owner))
        self.beyond.add((entry.source, entry.id))


def entitle(
    code: str,
    held: Sequence[EntryRecord],
    withdrawn: Sequence[EntryRecord],
    *,
    covers: Covers,
    forms: Collection[str],
) -> Entitled:
    """Judge the entries of a dossier (docs/rules.md, "Who may act").

    Args:
        code: the dossier code.
        held: the entries that hold, in their order, each with the grant of its identity.
        withdrawn: the entries that withdraw their identities, likewise.
        covers: whether a grant covers a unit on the day of an instant.
        forms: the forms of dossier codes that name a unit.
    """
    coded = unit_in_code(code, tuple(forms))
    grants = {entry.grant for entry in held}
    of_code = frozenset(
        grant for grant in grants if grant is None or (coded is not None and covers_named(grant, coded))
    )
    groups: tuple[list[EntryRecord], ...] = ([], [], [], [], [])
    for entry in held:
        groups[_GROUP[entry.type]].append(entry)
    acceptances, submissions, handed_over, others, _ = groups
    found = _begin(acceptances, submissions, covers, coded, of_code)
    chain = found.chain
    for entry in _strangers(found, handed_over):
        found.refuse(entry, chain.at(entry))
    _judge_receipts(found, acceptances, submissions)
    for entry in others:
        if entry.grant not in of_code and not found.may(entry):
            found.refuse(entry, chain.at(entry))
    beyond = found.beyond
    found.acting = [entry for entry in held if (entry.source, entry.id) not in beyond] if beyond else list(held)
    if withdrawn:
        _count_withdrawn(found, withdrawn)
    return found


def _begin(
    acceptances: Sequence[EntryRecord],
    submissions: Sequence[EntryRecord],
    covers: Covers,
    coded: str | None,
    of_code: frozenset[str | None],
) -> Entitled:
    """Which acceptance and which submission count, and who is accountable by them in the beginning."""
    found = Entitled(covers, coded, of_code, [], None, None, None, Chain(None, covers))
    found.accepted = _counting(found, acceptances, "contested_acceptance")
    found.submitted = _counting(found, submissions, "contested_submission")
    label = found.accepted or found.submitted
    if label is not None and label.data is not None:
        found.receiving = label.data.get("receiving_unit")
        found.chain = Chain(label.data["unit"], covers)
    return found


def _counting(found: Entitled, several: Sequence[EntryRecord], contested: str) -> EntryRecord | None:
    """The first of the unit in the code, else the first; where several sources claim that, it is contested."""
    first = _first(found, several)
    if first is not None and not found.is_of_code(first) and len({entry.source for entry in several}) > 1:
        found.findings += [(contested, entry) for entry in several]
    return first


def _first(found: Entitled, several: Sequence[EntryRecord]) -> EntryRecord | None:
    """The first of the unit in the code, else the first."""
    return next(filter(found.is_of_code, several), several[0] if several else None)


def _judge_receipts(found: Entitled, acceptances: Sequence[EntryRecord], submissions: Sequence[EntryRecord]) -> None:
    """Refuse the acceptances and submissions that do not count and are not entitled."""
    chain = found.chain
    for entry in acceptances:
        if not (entry is found.accepted or found.is_of_code(entry) or chain.covers(entry.grant, entry.time)):
            found.refuse(entry, chain.at(entry))
    if found.accepted is not None and submissions:
        # Who is accountable is known by the acceptance; a stranger's submission would say when it was handed in.
        found.submitted = _first(found, list(filter(found.may, submissions)))
    for entry in submissions:
        if entry is not found.submitted and not found.may(entry):
            found.refuse(entry, chain.at(entry))


def _strangers(found: Entitled, handed_over: Sequence[EntryRecord]) -> list[EntryRecord]:
    """Walk the chain by the hand-overs: each is entitled by who is accountable at its point; those that are not."""
    chain, accepted = found.chain, found.accepted
    first = chain.present
    strangers = []
    for entry in handed_over:
        moves = accepted is not None and entry.time >= accepted.time
        if not found.covers(entry.grant, chain.present if moves else first, entry.time):
            strangers.append(entry)
        elif moves:
            chain.move(entry, (entry.data or {})["unit"])
    return strangers


def _count_withdrawn(found: Entitled, withdrawn: Sequence[EntryRecord]) -> None:
    """Count apart what was withdrawn by somebody the dossier has nothing to do with."""
    parties = (found.coded, *found.chain.units)
    for entry in withdrawn:
        if entry.type in JUDGED_TYPES and not any(found.covers(entry.grant, unit, entry.time) for unit in parties):
            found.beyond.add((entry.source, entry.id))
