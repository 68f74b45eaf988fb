"""The fact row as it goes on the lifecycle topic: facts in the contract's JSON form.

Pure. Decides nothing; every value comes from Facts.
"""

from __future__ import annotations

from typing import Any

from services.processing.facts.derive import Facts
from services.processing.facts.happened import rejection_form
from services.processing.facts.texts import instant_text, maybe_text
from services.processing.routing.model import StepFact
from shared.calendar import WorkCalendar

__all__ = ["calendar_label", "row_of", "step_form"]


def calendar_label(calendar: WorkCalendar) -> str:
    """A calendar and its version as the row names them."""
    return f"{calendar.id} {calendar.version}"


def row_of(facts: Facts) -> dict[str, Any]:
    """The DossierRow of the contract as a JSON-able dict, members in the contract's order but one of few rows."""
    force, routing, intake = facts.force, facts.routing, facts.intake
    life, dues = facts.life, facts.dues
    row = {
        "code": facts.code,
        "status": facts.status,
        "unit": facts.unit,
        "receiving_unit": facts.receiving_unit,
        "procedure": facts.procedure,
        "channel": facts.channel,
        "submitted_at": maybe_text(facts.submitted_at),
        "accepted_at": maybe_text(facts.accepted_at),
        "finished_at": maybe_text(life.finished_at),
        "finish": life.finish,
        "judged_at": maybe_text(facts.judged_at),
        "due": maybe_text(dues.due),
        "due_original": maybe_text(facts.due_original),
        "pauses": [[instant_text(begin), maybe_text(end)] for begin, end in dues.pauses],
        "waiting_since": maybe_text(facts.waiting_since),
        "second_request_at": maybe_text(dues.second_request_at),
        "extended_at": maybe_text(dues.extended_at),
        "due_basis": dues.basis,
        "statutory_due": maybe_text(dues.statutory),
        "committed_due": maybe_text(dues.committed),
        "limit": maybe_text(dues.limit),
        "intake_due": maybe_text(intake.due),
        "intake_ended_at": maybe_text(intake.ended_at),
        "apologised_at": maybe_text(facts.apologised_at),
        "procedure_version": None if force is None or force.procedure is None else force.procedure.version,
        "rule_version": None if force is None else force.rules.version,
        "calendar": None if force is None else calendar_label(force.calendar),
        "route_version": routing.route_version,
        "steps": [step_form(fact) for fact in routing.steps],
        "holders": routing.holders[:],
        "blame": [{"unit": unit, "delay_us": part} for unit, part in facts.blame],
        "rejections": [rejection_form(act) for act in facts.rejections],
        "findings": [{"code": code, "source": source, "id": id_} for code, source, id_ in facts.findings],
        "entries": len(facts.held),
        "simulated": facts.simulated,
    }
    # Of few dossiers; the rows of all others are what they were before it was told.
    if former := facts.handed_over_from:
        row["handed_over_from"] = former
    return row


def step_form(fact: StepFact) -> dict[str, Any]:
    """The Step of the contract; what it says by default is left out, save what was always told."""
    form: dict[str, Any] = {
        "step": fact.step,
        "unit": fact.unit,
        "assigned_at": maybe_text(fact.assigned_at),
        "completed_at": maybe_text(fact.completed_at),
        "sent_back_at": maybe_text(fact.sent_back_at),
        "budget": fact.budget,
    }
    if fact.role is not None:
        form["role"] = fact.role
    if fact.occurrence != 1:
        form["occurrence"] = fact.occurrence
    if fact.planned:
        form["planned"] = True
    if fact.ended_at is not None:
        form["ended_at"] = instant_text(fact.ended_at)
        form["outcome"] = fact.outcome
        form["used_us"] = fact.used_us
    if fact.due is not None:
        form["due"] = instant_text(fact.due)
    if fact.over_us is not None:
        form["over_us"] = fact.over_us
    return form
