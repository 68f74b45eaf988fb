"""How the delay of a late dossier falls to the units that held it, to the microsecond.

Pure. Whether a dossier is late, and by when it is judged, is decided elsewhere.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from services.processing.routing.measure import CalendarOf, Stopwatches
from services.processing.routing.model import Pause, StepFact
from shared.calendar import WorkCalendar
from shared.instants import MINUTE

__all__ = ["Part", "blame", "share_out"]


class Part(NamedTuple):
    """A unit (None is unassigned) and its part of a delay in µs of working time."""

    unit: str | None
    delay_us: int


def blame(
    steps: Sequence[StepFact],
    due: int,
    end: int,
    *,
    calendar: WorkCalendar,
    calendar_of: CalendarOf,
    pauses: Sequence[Pause],
    accountable: str | None,
) -> list[Part]:
    """The parts of a delay by unit (docs/rules.md, "Steps"): they add up to the working time from due to end.

    Split by the working time the units were over the budgets of their occurrences; where nobody was, by what they held
    after the due, pauses left out; where nobody held, all is the accountable unit's. Readings: the delay is measured by
    the calendar the due date is counted by. Of a dossier still open at an instant, everything is taken as it stood
    then, with the budget an occurrence has now. Units without a part are not told; no working time, no parts.

    Args:
        steps: occurrences of the dossier.
        due: the due date.
        end: the end it is judged by, or for an open dossier the instant it is asked at.
        calendar: the dossier's.
        calendar_of: the calendar of a unit; None is unassigned.
        pauses: effective pauses of the dossier.
        accountable: the accountable unit at the end.

    Returns:
        Parts above zero in µs, ordered by unit, unassigned last.
    """
    delay = calendar.working_between(due, end) if end > due else 0
    if delay <= 0:
        return []
    watches = Stopwatches(calendar_of, pauses)
    over: dict[str | None, int] = {}
    for fact in steps:
        if fact.budget is not None:
            excess = _over(fact, fact.budget * MINUTE, end, watches)
            if excess > 0:
                over[fact.unit] = over.get(fact.unit, 0) + excess
    if not over:
        for fact in steps:
            begin, last = max(fact.begun_at, due), _until(fact, end)
            held = watches.of(fact.unit).held(begin, last) if last > begin else 0
            if held > 0:
                over[fact.unit] = over.get(fact.unit, 0) + held
    return share_out(delay, over) if over else [Part(accountable, delay)]


def share_out(whole: int, weights: dict[str | None, int]) -> list[Part]:
    """A whole number split in proportion to weights, by largest remainder; ties by code, no unit last.

    Args:
        whole: what is split, not negative.
        weights: positive weights by unit.

    Returns:
        Parts above zero, ordered by unit; they add up to the whole.
    """
    total = sum(weights.values())
    units = sorted(weights, key=_by_code)
    parts = {unit: whole * weights[unit] // total for unit in units}
    left = whole - sum(parts.values())
    # Sorting is stable, so equal remainders stay in the order of the codes.
    for unit in sorted(units, key=lambda unit: -(whole * weights[unit] % total))[:left]:
        parts[unit] += 1
    return [Part(unit, parts[unit]) for unit in units if parts[unit]]


def _over(fact: StepFact, budget: int, end: int, watches: Stopwatches) -> int:
    if fact.over_us is not None and fact.ended_at is not None and fact.ended_at <= end:
        return fact.over_us
    last = _until(fact, end)
    return watches.of(fact.unit).held(fact.begun_at, last) - budget if last > fact.begun_at else 0


def _until(fact: StepFact, end: int) -> int:
    return end if fact.ended_at is None else min(fact.ended_at, end)


def _by_code(unit: str | None) -> tuple[bool, str]:
    return unit is None, unit or ""
