"""All facts of a dossier from the set of its entries and the reference data: the one place where the parts meet.

Pure: the same sets give the same facts, in whatever order they came; no clock is read or passed.
"""

from __future__ import annotations

from collections.abc import Sequence
from operator import attrgetter
from typing import Final

from services.processing.entitling.entitle import entitle
from services.processing.facts.announcements import (
    Announcement,
    announcements_of,
    intake_announced,
    steps_announced,
)
from services.processing.facts.deadlines import Deadlines, follow_due
from services.processing.facts.fees import fees_of
from services.processing.facts.handling import handling_of
from services.processing.facts.holding import Finding, hold
from services.processing.facts.intake import NO_INTAKE, Intake, intake_of
from services.processing.facts.known import Facts, Odd
from services.processing.facts.life import Life, live, status_of
from services.processing.facts.reference import InForce, Reference
from services.processing.facts.refusals import NOT_ENTITLED, judge_steps, rejections_of
from services.processing.facts.stops import NO_STOPS, Stops
from services.processing.facts.terms import NO_TERMS, Terms, terms_of
from services.processing.record import EntryRecord
from services.processing.routing.blame import Part
from services.processing.routing.model import Routing, StepFact
from services.processing.routing.rights import StepRights
from shared.contract.reference import Channel

__all__ = ["derive"]

_CHANNELS: Final[dict[str, Channel]] = {"online": "online", "postal": "postal", "direct": "direct"}
_SIMULATED: Final = attrgetter("simulated")
_GRANT: Final = attrgetter("grant")
#: Of a dossier that was not accepted; nobody changes them.
_NO_DUES: Final = Deadlines()
_NO_ROUTING: Final = Routing()


def derive(code: str, received: Sequence[EntryRecord], reference: Reference) -> Facts:
    """The facts of one dossier. An end is judged at the request where one made by the due is unanswered then.

    Args:
        code: the dossier code.
        received: its distinct entries, also superseded ones, sorted by their keys.
        reference: what it is judged by.
    """
    held, odd, withdrawn = hold(received)
    judged, rights, acting = None, None, held
    if any(map(_GRANT, received)):
        judged = entitle(code, held, withdrawn, covers=reference.covers, forms=reference.code_forms)
        rights, acting = StepRights(judged), judged.acting
        odd += [Finding(*one) for one in judged.findings]
        life = live(acting, judged.accepted, judged.submitted)
    else:
        life = live(held)
    submitted, accepted = life.submitted, life.accepted
    label = accepted or submitted
    data = (label.data if label is not None else None) or {}
    procedure = data.get("procedure")
    told = data.get("channel")
    channel = None if told is None else _CHANNELS.get(told, "direct")
    intake = NO_INTAKE
    if submitted is not None:
        asked = submitted.data or {}
        procedure = procedure or asked.get("procedure")
        intake = intake_of(
            life,
            submitted.time,
            asked,
            reference,
            procedure=procedure,
            channel=_CHANNELS.get(asked["channel"], "direct"),
        )
    unit = data.get("unit")
    force, terms = None, NO_TERMS
    dues, due_original, routing = _NO_DUES, None, _NO_ROUTING
    blamed: list[Part] = []
    if accepted is not None:
        force = reference.in_force(accepted.time, life.ended_at, unit=unit, procedure=procedure, channel=channel)
        terms = terms_of(force, channel, accepted.time)
        dues, due_original = _dues(life, accepted, force, terms)
        routing, blamed = handling_of(life, accepted, acting, dues, reference=reference, force=force, rights=rights)
        odd += dues.findings
        if force.calendar.instead_of is not None:
            odd.append(Finding("calendar_not_made", accepted))
        odd += [Finding(*one) for one in routing.findings]
        if life.handed_over:
            unit = (life.handed_over[-1].data or {})["unit"]
    rejections = routing.rejections
    if judged is not None and rights is not None:
        judge_steps(judged, rights, life, routing, force)
        if judged.refused:
            rejections = rejections_of(judged, held, routing)
            odd += [Finding(NOT_ENTITLED, entry) for entry, _ in judged.refused]
    odd += life.findings
    judged_at = life.finished_at
    if judged_at is not None and dues.pauses and dues.pauses[-1][1] is None:
        judged_at = dues.pauses[-1][0]
    return Facts(
        code,
        status_of(life, waiting=dues.waiting_since is not None),
        unit,
        data.get("receiving_unit"),
        procedure,
        channel,
        life,
        dues,
        due_original,
        judged_at,
        intake,
        force,
        terms,
        routing,
        blamed,
        _told(odd) if odd else [],
        any(map(_SIMULATED, received)),
        held,
        _announced(life, dues, judged_at, intake, steps=routing.steps, force=force),
        judged,
        rejections,
        fees_of(
            acting,
            None if accepted is None else accepted.time,
            of_procedure=force is not None and force.procedure is not None and bool(force.procedure.fee),
        ),
    )


def _dues(life: Life, accepted: EntryRecord, force: InForce, terms: Terms) -> tuple[Deadlines, int | None]:
    """The due date, and what it would be without extension."""
    moves = life.moves
    if life.fees and force.rules.fee_pauses:
        moves = sorted(moves + life.fees, key=_key)
    apologised_at = None if life.apologised is None else life.apologised.time
    dues = follow_due(accepted, moves, force.calendar, force.rules, terms=terms, apologised_at=apologised_at)
    if dues.extended_at is None:
        return dues, dues.due
    plain = [move for move in moves if move.type != "dossier.extended"]
    return dues, follow_due(accepted, plain, force.calendar, force.rules, terms=terms).due


def _announced(
    life: Life,
    dues: Deadlines,
    judged_at: int | None,
    intake: Intake,
    *,
    steps: Sequence[StepFact],
    force: InForce | None,
) -> list[tuple[int, Announcement]]:
    """Everything to be announced of the dossier, its intake clock and its steps."""
    found: list[tuple[int, Announcement]] = []
    stops = Stops(dues.pauses) if dues.pauses else NO_STOPS
    if force is not None and dues.history:
        found = announcements_of(
            dues.history, stops, life.finished_at, judged_at, force.rules.rungs, plain_rung=force.plain_rung
        )
    if intake.due is not None and life.submitted is not None:
        found += intake_announced(intake.due, life.submitted.time, intake.ended_at, intake.rungs)
    if force is not None and steps:
        found += steps_announced(steps, stops, force.rules.step_rungs)
    return found


def _key(entry: EntryRecord) -> tuple[int, int, int, str, str]:
    return entry.key


def _told(findings: list[Finding]) -> list[Odd]:
    """Findings by the identity of their entries, in the order of the entries they are about, then by code."""
    if len(findings) > 1:
        findings.sort(key=lambda finding: (finding.about.key, finding.code))
    return [Odd(code, about.source, about.id) for code, about in findings]
