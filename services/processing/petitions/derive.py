"""All facts of a petition from the set of its entries and the reference data. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from operator import attrgetter
from typing import Final

from services.processing.entitling.petitions import contested_petitions, judge_petitions
from services.processing.facts.announcements import Announcement, announcements_of
from services.processing.facts.holding import Finding, hold
from services.processing.facts.known import Odd
from services.processing.facts.reference import InForce, Reference
from services.processing.facts.refusals import NOT_ENTITLED
from services.processing.facts.stops import NO_STOPS, Stops
from services.processing.petitions.due import NO_TERMS, PetitionTerms, terms_of
from services.processing.petitions.known import PetitionFacts
from services.processing.petitions.life import PetitionLife, follow, is_own
from services.processing.record import EntryRecord
from services.processing.routing.model import RejectedAct

__all__ = ["NOT_RECEIVED", "OLD_FORM", "derive"]

#: Findings: about its first entry where nobody received it; about an entry whose subject is not the petition it names.
NOT_RECEIVED: Final = "petition_not_received"
OLD_FORM: Final = "petition_old_form"
_GRANT: Final = attrgetter("grant")
_SIMULATED: Final = attrgetter("simulated")


def derive(code: str, received: Sequence[EntryRecord], reference: Reference) -> PetitionFacts:
    """The facts of one petition.

    Rules and calendar are those in force on the local date on which its terms began, the calendar that of its own unit
    then, else the one assigned to no unit: the dossier it is about is never asked, so that order cannot matter.

    Args:
        code: the petition's code.
        received: its distinct entries, also superseded ones, sorted by their keys.
        reference: what it is judged by.
    """
    held, odd, withdrawn = hold(received)
    odd = [*odd, *(Finding(*one) for one in contested_petitions(held))]
    acting: Sequence[EntryRecord] = held
    rejections: list[RejectedAct] = []
    beyond: set[tuple[str, str]] = set()
    if any(map(_GRANT, received)):
        refused, units = judge_petitions(held, reference.covers)
        rejections = _rejections(held, refused)
        odd += [Finding(NOT_ENTITLED, entry) for entry, _ in refused]
        beyond = {(entry.source, entry.id) for entry, _ in refused}
        acting = [entry for entry in held if (entry.source, entry.id) not in beyond]
        # What was withdrawn by somebody it has nothing to do with takes no room of its own entries either.
        for entry in withdrawn:
            if not any(reference.covers(entry.grant, unit, entry.time) for unit in (None, *units)):
                beyond.add((entry.source, entry.id))
    odd += [Finding(OLD_FORM, entry) for entry in acting if not is_own(entry)]
    own = [entry for entry in acting if is_own(entry)]
    life = follow(own)
    force, terms = None, NO_TERMS
    if life.begun is not None:
        ended_at = None if life.end is None else life.end.time
        force = reference.in_force(life.begun.time, ended_at, unit=life.unit, procedure=None, channel=None)
        terms = terms_of(life, force)
        if force.calendar.instead_of is not None:
            odd.append(Finding("calendar_not_made", life.begun))
    elif own:
        odd.append(Finding(NOT_RECEIVED, own[0]))
    return PetitionFacts(
        code,
        life,
        terms,
        force,
        held,
        acting,
        _told(odd),
        any(map(_SIMULATED, received)),
        _announced(life, terms, force),
        rejections,
        beyond,
    )


def _rejections(held: Sequence[EntryRecord], refused: Sequence[tuple[EntryRecord, str | None]]) -> list[RejectedAct]:
    """What is told of those that are not entitled, in the order of the entries."""
    owners = {(entry.source, entry.id): owner for entry, owner in refused}
    return [
        RejectedAct(NOT_ENTITLED, entry.source, entry.id, None, (entry.data or {}).get("unit"), owners[identity])
        for entry in held
        if (identity := (entry.source, entry.id)) in owners
    ]


def _announced(life: PetitionLife, terms: PetitionTerms, force: InForce | None) -> list[tuple[int, Announcement]]:
    """The warnings, breach and recovery of the due instant in force."""
    if force is None:
        return []
    return announcements_of(
        terms.history,
        Stops(terms.pauses) if terms.pauses else NO_STOPS,
        None if life.end is None else life.end.time,
        terms.judged_at,
        force.rules.rungs,
        plain_rung=force.plain_rung,
        whose=("petition", None, None, None),
    )


def _told(findings: list[Finding]) -> list[Odd]:
    """Findings by the identity of their entries, in the order of the entries they are about, then by code."""
    findings.sort(key=lambda finding: (finding.about.key, finding.code))
    return [Odd(code, about.source, about.id) for code, about in findings]
