"""Steps as reported: who was given what, when it was done or sent back. Nothing is derived here.

Pure. Holding times and budgets are judged elsewhere; a step of which only the completion was reported has no
assignment time.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from services.processing.record import EntryRecord

__all__ = ["StepFact", "steps_of"]


@dataclass(slots=True)
class StepFact:
    """One occurrence of a step. Instants in UTC microseconds, budget in working minutes."""

    step: str
    unit: str | None
    assigned_at: int | None = None
    completed_at: int | None = None
    sent_back_at: int | None = None
    budget: int | None = None


def steps_of(entries: Sequence[EntryRecord]) -> list[StepFact]:
    """The steps of a dossier in the order of the entry that first told of each.

    A completion or sending-back belongs to the latest occurrence of that step and unit that is still under way (any
    unit, where the entry names none); a sending-back otherwise to the latest completed one. Where there is none, it is
    an occurrence of its own: a step done by a unit that was not given it is kept as reported.

    Args:
        entries: `step.*` entries that have an effect, in order.
    """
    steps: list[StepFact] = []
    by_name: dict[str, list[StepFact]] = {}
    for entry in entries:
        data = entry.data or {}
        name, unit = data["step"], data.get("unit")
        same = by_name.setdefault(name, [])
        if entry.type == "step.assigned":
            fact = StepFact(name, unit, assigned_at=entry.time, budget=data.get("budget"))
        elif entry.type == "step.completed":
            known = _latest(same, unit, completed=False)
            if known is not None:
                known.completed_at = entry.time
                continue
            fact = StepFact(name, unit, completed_at=entry.time)
        else:
            known = _latest(same, unit, completed=False) or _latest(same, unit, completed=True)
            if known is not None:
                known.sent_back_at = entry.time
                continue
            fact = StepFact(name, unit, sent_back_at=entry.time)
        same.append(fact)
        steps.append(fact)
    return steps


def _latest(same: Sequence[StepFact], unit: str | None, *, completed: bool) -> StepFact | None:
    for fact in reversed(same):
        if (
            fact.sent_back_at is None
            and (fact.completed_at is not None) == completed
            and (unit is None or fact.unit == unit)
        ):
            return fact
    return None
