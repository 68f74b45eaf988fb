"""Steps against their budgets, the intake clock, findings and rejections, each in a sentence. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from services.processing.cases import CaseFacts
from services.processing.explaining.entitled import told_grant
from services.processing.explaining.model import FindingExplained, IntakeExplained, Sentence, StepExplained
from services.processing.explaining.words import amount, days, filled, moment, say, text
from services.processing.facts import Facts, InForce, Reference
from services.processing.routing.slip import slip
from shared.calendar import WorkCalendar
from shared.calendar.explanation import notable_days
from shared.instants import MINUTE, to_rfc3339
from shared.messages.deadlines import FINDINGS, REJECTIONS

__all__ = ["explain_findings", "explain_intake", "explain_steps", "steps_and_dossier"]


def explain_steps(known: Facts, force: InForce, reference: Reference, as_of: int) -> list[StepExplained]:
    """Every occurrence and every step ahead, as the routing slip tells them at an instant.

    Args:
        known: the facts of an accepted dossier.
        force: what it is judged by.
        reference: tells the owners' calendars.
        as_of: what is under way is measured until then, in UTC µs.
    """
    before = reference.before(known.ended_at)

    def calendar_of(unit: str | None) -> WorkCalendar:
        return reference.calendar_of(unit, force.day, before)

    lines = slip(known.routing, as_of=as_of, pauses=known.pauses, calendar_of=calendar_of)
    return [_explain_step(line) for line in lines]


def _explain_step(line: dict[str, Any]) -> StepExplained:
    budget, used, over = line["budget"], line["used_us"], line["over_us"]
    unit = line["unit"] or text("unassigned")
    if used is None:
        sentence = say("step_again" if line["state"] == "to_repeat" else "step_ahead", step=line["step"], unit=unit)
    elif budget is None:
        sentence = say("step_no_budget", step=line["step"], unit=unit, used=amount(used))
    else:
        # Over by less than a minute is over all the same, and both would read alike.
        exact = used // MINUTE == budget
        sentence = say(
            "step_over" if over else "step_within",
            step=line["step"],
            unit=unit,
            used=amount(used, exact=exact),
            budget=amount(budget * MINUTE),
            over=amount(over or 0, exact=exact),
        )
    return StepExplained(
        step=line["step"],
        unit=line["unit"],
        occurrence=line["occurrence"],
        state=line["state"],
        outcome=line["outcome"],
        begun_at=line["from"],
        ended_at=line["to"],
        due=line["due"],
        budget=budget,
        used_us=used,
        over_us=over,
        sentence=sentence,
    )


def steps_and_dossier(steps: Sequence[StepExplained], *, late: bool) -> list[Sentence]:
    """Where the steps and the dossier differ: a step over its budget in time, or none and yet late."""
    measured = [step for step in steps if step.budget is not None and step.used_us is not None]
    over = any(step.over_us for step in measured)
    if over and not late:
        return [say("steps_over_dossier_in_time")]
    return [say("steps_within_dossier_late")] if measured and late and not over else []


def explain_intake(known: Facts, clock: int | None) -> IntakeExplained | None:
    """The intake clock; while nothing was answered, as of the clock."""
    intake, submitted = known.intake, known.submitted_at
    force = intake.force
    if intake.due is None or force is None or submitted is None:
        return None
    calendar, minutes = force.calendar, force.rules.intake_minutes
    told = say(
        "intake",
        begin=moment(calendar, submitted),
        minutes=amount(minutes * MINUTE),
        due=moment(calendar, intake.due, intake.ended_at),
    )
    if intake.ended_at is not None:
        in_time = intake.ended_at <= intake.due
        end = moment(calendar, intake.ended_at, intake.due)
        outcome = say("intake_in_time" if in_time else "intake_late", end=end)
    else:
        in_time = clock is None or clock <= intake.due
        outcome = say("intake_open" if in_time else "intake_overdue")
    noted = list(notable_days(calendar, submitted, intake.due))
    return IntakeExplained(
        submitted_at=to_rfc3339(submitted),
        due=to_rfc3339(intake.due),
        ended_at=None if intake.ended_at is None else to_rfc3339(intake.ended_at),
        minutes=minutes,
        rule_version=force.rules.version,
        calendar=calendar.id,
        calendar_version=calendar.version,
        verdict=("in_time" if in_time else "late") if intake.ended_at is not None else "open" if in_time else "overdue",
        skipped=[day for day in days(noted) if not day.working],
        sentences=[told, outcome],
    )


def explain_findings(known: CaseFacts) -> list[FindingExplained]:
    """Every finding, then every rejection."""
    found = [
        FindingExplained(code=code, source=source, id=id_, sentence=filled(FINDINGS[code], source=source, id=id_))
        for code, source, id_ in known.findings
    ]
    grants = {(entry.source, entry.id): entry.grant for entry in known.held} if known.rejections else {}
    return found + [
        FindingExplained(
            code=act.code,
            source=act.source,
            id=act.id,
            sentence=filled(
                REJECTIONS[act.code],
                source=act.source,
                id=act.id,
                step=act.step,
                unit=act.unit or text("unassigned"),
                owner=act.owner or text("unassigned"),
                grant=told_grant(grants[act.source, act.id]),
            ),
        )
        for act in known.rejections
    ]
