"""The whole explanation of one dossier: rule, calendar, every due value, pause, test, step and finding. Pure.

Says in words what the facts hold; decides nothing about the dossier.
"""

from __future__ import annotations

from typing import Final

from services.processing.explaining.dues import (
    explain_dues,
    explain_limit,
    explain_pauses,
    explain_terms,
    sentences_of,
)
from services.processing.explaining.entitled import explain_entitled
from services.processing.explaining.handling import (
    explain_findings,
    explain_intake,
    explain_steps,
    steps_and_dossier,
)
from services.processing.explaining.model import Explanation, Sentence
from services.processing.explaining.verdicts import explain_verdicts
from services.processing.explaining.words import moment, say
from services.processing.facts import Facts, InForce, Reference
from services.processing.facts.terms import counting_of
from shared.calendar.coverage import doubts
from shared.instants import to_rfc3339
from shared.reference.kinds.rules import DEADLINES

__all__ = ["explain"]

_LATE: Final = frozenset(("late", "overdue"))


def explain(known: Facts, reference: Reference, clock: int | None) -> Explanation:
    """The explanation of a dossier.

    Args:
        known: its facts, derived with that reference data.
        reference: what it was judged by.
        clock: the partition's clock in UTC µs: T for one that is open. None: before the first tick.
    """
    force, intake = known.force, explain_intake(known, clock)
    findings = explain_findings(known)
    told = Explanation(
        as_of=None if clock is None else to_rfc3339(clock),
        rule=DEADLINES,
        rule_version=None if force is None else force.rules.version,
        basis=known.dues.basis,
        procedure=known.procedure,
        procedure_version=None if force is None or force.procedure is None else force.procedure.version,
        counting=None if force is None else counting_of(force),
        calendar=None if force is None else force.calendar.id,
        calendar_version=None if force is None else force.calendar.version,
        dues=[],
        terms=[],
        pauses=[],
        limit=None,
        intake=intake,
        verdicts=[],
        steps=[],
        findings=findings,
        sentences=[] if intake is None else list(intake.sentences),
    )
    if force is not None:
        _accepted(told, known, force, reference, clock)
    told.sentences += [*explain_entitled(known), *(finding.sentence for finding in findings)]
    return told


def _accepted(told: Explanation, known: Facts, force: InForce, reference: Reference, clock: int | None) -> None:
    """What only an accepted dossier has."""
    told.terms = explain_terms(known, force)
    told.dues = explain_dues(known, force, {term.kind: term for term in told.terms})
    told.pauses = explain_pauses(known, force)
    told.limit = explain_limit(known, force)
    told.verdicts, beside = explain_verdicts(known, force, clock)
    told.steps = explain_steps(known, force, reference, _as_of(known, clock))
    late = any(verdict.test == "instant" and verdict.verdict in _LATE for verdict in told.verdicts)
    told.sentences += [
        *_heading(known, force),
        *sentences_of(told.dues, told.terms, told.pauses),
        *_doubts(known, force),
        *_bounds(known, force),
        *([] if told.limit is None else [told.limit.sentence]),
        *(verdict.sentence for verdict in told.verdicts),
        *beside,
        *(step.sentence for step in told.steps),
        *steps_and_dossier(told.steps, late=late),
    ]


def _heading(known: Facts, force: InForce) -> list[Sentence]:
    calendar = force.calendar
    lines = [say("rules", rule=force.rules.version, calendar=calendar.id, version=calendar.version)]
    if force.procedure is not None:
        lines.append(say("procedure", procedure=known.procedure, version=force.procedure.version))
    elif known.procedure is not None:
        lines.append(say("no_procedure"))
    return lines


def _doubts(known: Facts, force: InForce) -> list[Sentence]:
    """What the calendar does not know of the days a due instant was counted over; one promised was not counted."""
    dues = known.dues
    counted = dues.limit if dues.due is None else dues.due
    if known.accepted_at is None or counted is None or (dues.basis == "promised" and not dues.pauses):
        return []
    return [Sentence(vi=text.vi, en=text.en) for text in doubts(force.calendar, known.accepted_at, counted)]


def _bounds(known: Facts, force: InForce) -> list[Sentence]:
    """Law and commitment where they say more than the due values do."""
    calendar, dues = force.calendar, known.dues
    lines = []
    if dues.due is None:
        lines.append(say("no_due"))
    if dues.waiting_since is not None and dues.frozen_at is None:
        lines.append(say("waiting_unpaused", begin=moment(calendar, dues.waiting_since)))
    if dues.statutory is not None:
        own = known.life.accepted is not None and "statutory_due" in (known.life.accepted.data or {})
        if own and not dues.pauses:
            lines.append(say("statutory_own", due=moment(calendar, dues.statutory)))
        elif dues.pauses or own:
            lines.append(say("statutory_moved", due=moment(calendar, dues.statutory)))
    if dues.committed is not None and dues.pauses:
        lines.append(say("committed_moved", due=moment(calendar, dues.committed)))
    return lines


def _as_of(known: Facts, clock: int | None) -> int:
    """The instant steps are measured until: the end, else the clock, without one the last entry."""
    if known.finished_at is not None:
        return known.finished_at
    last = max((entry.time for entry in known.acting), default=0)
    return last if clock is None else clock
