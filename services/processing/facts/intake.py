"""The intake clock: by when a submission is to be accepted or refused, and when it was.

Pure. Knows the submission and its answer; nothing of the due date of what is accepted.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final, NamedTuple

from services.processing.facts.life import Life
from services.processing.facts.reference import InForce, Reference
from shared.contract.reference import Channel
from shared.instants import MINUTE

__all__ = ["NO_INTAKE", "Intake", "intake_of"]


class Intake(NamedTuple):
    """By when an answer is due and when it came, in UTC µs; what it is judged by; rungs of its warnings in µs."""

    due: int | None = None
    ended_at: int | None = None
    rungs: Sequence[int] = ()
    force: InForce | None = None


#: Submissions whose ends are kept, as they are asked for again with every entry of a dossier.
_KEPT: Final = 4_096
#: Of a dossier that has no intake clock.
NO_INTAKE: Final = Intake()


def intake_of(
    life: Life,
    submitted_at: int,
    submitted: Mapping[str, Any],
    reference: Reference,
    *,
    procedure: str | None,
    channel: Channel | None,
) -> Intake:
    """The intake clock of a submission (docs/rules.md, "Due date"), by the calendar and rules of its date and unit.

    Args:
        life: tells of the answer and the end.
        submitted_at: the submission in UTC µs.
        submitted: its data.
        reference: reference data.
        procedure: the dossier's procedure.
        channel: the channel of the submission.
    """
    force = reference.in_force(
        submitted_at, life.ended_at, unit=submitted["unit"], procedure=procedure, channel=channel
    )
    rules = force.rules
    if rules.intake_minutes == 0 or channel not in rules.intake_channels:
        return NO_INTAKE
    due = _due(force, submitted_at)
    return NO_INTAKE if due is None else Intake(due, life.answered_at, rules.intake_rungs, force)


def _due(force: InForce, submitted_at: int) -> int | None:
    """When the working minutes are used up; None after the last day of the calendar."""
    ends = force.intake_ends
    if submitted_at not in ends:
        if len(ends) >= _KEPT:
            ends.clear()
        try:
            ends[submitted_at] = force.calendar.add_working(submitted_at, force.rules.intake_minutes * MINUTE)
        except IndexError:
            ends[submitted_at] = None
    return ends[submitted_at]
