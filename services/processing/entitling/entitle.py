"""Which entries of a dossier may act, by the grants of their senders' keys: acceptance, hand-overs, then all others.

Pure: a function of the sorted set of the entries that hold. Steps are judged while they are followed (steps.py); what
an entry that may act does is decided elsewhere.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from services.processing.entitling.chain import Chain
from services.processing.entitling.covering import Covers
from services.processing.entitling.naming import unit_in_code
from services.processing.entitling.petitions import contested_petitions, judge_petitions
from services.processing.record import EntryRecord

__all__ = ["Entitled", "Refused", "entitle", "is_judged"]

#: Tells of surroundings (a payment gateway), like quality.* and portal.*: its source is all it needs.
_FEE_PAID: Final = "dossier.fee_paid"


class Refused(NamedTuple):
    """An entry that is not entitled, and the unit that was accountable when it came."""

    entry: EntryRecord
    owner: str | None


@dataclass(slots=True)
class Entitled:
    """Who may act on one dossier.

    `acting` are the entries that hold without the refused ones, steps not judged yet; `accepted` and `submitted` those
    that count. `coded` is the unit in the code, `receiving` that which received the dossier, `chain` who was
    accountable. `findings` are (code, the entry it is about). `beyond` are identities (source, id) whose received
    entries are counted apart: of what is refused, and of what was withdrawn by somebody the dossier has nothing to do
    with.
    """

    covers: Covers
    coded: str | None
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
            grant is None
            or self.covers(grant, self.coded, at)
            or self.covers(grant, self.receiving, at)
            or self.chain.covers(grant, at)
        )

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
    found = _begin(held, covers, unit_in_code(code, tuple(forms)))
    _walk(found, [entry for entry in held if entry.type == "dossier.handed_over"])
    for entry in held:
        if not _passes(found, entry):
            found.refuse(entry, found.chain.at(entry))
    petitions = [entry for entry in held if entry.type.startswith("petition.")]
    owners, of_petitions = judge_petitions(petitions, covers)
    for entry, owner in owners:
        found.refuse(entry, owner)
    beyond = found.beyond
    found.acting = [entry for entry in held if (entry.source, entry.id) not in beyond] if beyond else list(held)
    found.findings += contested_petitions(petitions)
    parties = (found.coded, *found.chain.units)
    for entry in withdrawn:
        known = (*parties, *of_petitions) if entry.type.startswith("petition.") else parties
        if is_judged(entry.type) and not any(covers(entry.grant, unit, entry.time) for unit in known):
            beyond.add((entry.source, entry.id))
    return found


def is_judged(kind: str) -> bool:
    """Whether entries of a type are judged by their grants."""
    return kind.startswith(("dossier.", "step.", "petition.")) and kind != _FEE_PAID


def _begin(held: Sequence[EntryRecord], covers: Covers, coded: str | None) -> Entitled:
    """Which acceptance and which submission count, and who is accountable by them in the beginning."""

    def counts(kind: str, contested: str) -> EntryRecord | None:
        """The first of the unit in the code, else the first."""
        several = [entry for entry in held if entry.type == kind]
        of_code = next((entry for entry in several if covers(entry.grant, coded, entry.time)), None)
        if of_code is not None or not several:
            return of_code
        if len({entry.source for entry in several}) > 1:
            findings.extend((contested, entry) for entry in several)
        return several[0]

    findings: list[tuple[str, EntryRecord]] = []
    accepted = counts("dossier.accepted", "contested_acceptance")
    submitted = counts("dossier.submitted", "contested_submission")
    label = accepted or submitted
    data = {} if label is None else label.data or {}
    chain = Chain(data.get("unit"), covers)
    return Entitled(covers, coded, [], accepted, submitted, data.get("receiving_unit"), chain, findings=findings)


def _walk(found: Entitled, handed_over: Sequence[EntryRecord]) -> None:
    """Walk the chain by the hand-overs: each is entitled by who is accountable at its point."""
    chain, accepted = found.chain, found.accepted
    first = chain.present
    for entry in handed_over:
        moves = accepted is not None and entry.time >= accepted.time
        if not found.covers(entry.grant, chain.present if moves else first, entry.time):
            found.beyond.add((entry.source, entry.id))
        elif moves:
            chain.move(entry, (entry.data or {})["unit"])


def _passes(found: Entitled, entry: EntryRecord) -> bool:
    """Whether a dossier's entry is entitled, the chain being known; of other groups all pass here."""
    kind = entry.type
    if not kind.startswith("dossier.") or kind == _FEE_PAID:
        return True
    if kind == "dossier.handed_over":
        return (entry.source, entry.id) not in found.beyond
    if kind in {"dossier.accepted", "dossier.submitted"}:
        grant, at = entry.grant, entry.time
        counting = entry is found.accepted or entry is found.submitted
        return counting or found.covers(grant, found.coded, at) or found.chain.covers(grant, at)
    return found.may(entry)
