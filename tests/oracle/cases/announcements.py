"""What stands announced of a dossier at a clock: warnings, breaches, recoveries, as a function of facts and clock.

docs/rules.md "Due date" and "Steps". Knows stretches of time in which the clock ran towards a due value.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from tests.oracle.cases.due import Stretch
from tests.oracle.cases.facts import Dossier
from tests.oracle.cases.petition import Petition

__all__ = ["Announced", "announced", "petition_announced"]


@dataclass(frozen=True, order=True)
class Announced:
    """One that stands; `rung` of a warning is how long before due; `step`, `occurrence` and `unit` only of a step."""

    of: str
    kind: str
    due: datetime
    at: datetime
    rung: timedelta | None = None
    step: str | None = None
    occurrence: int | None = None
    unit: str | None = None


def announced(dossier: Dossier, clock: datetime | None) -> set[Announced]:
    """All that was to be announced by a clock; nothing before the first tick."""
    if clock is None:
        return set()
    rules = dossier.rules
    found = set(_of("dossier", dossier.stretches, dossier.finished_at, rules.warnings, clock))
    if dossier.intake_due is not None and dossier.submitted_at is not None:
        stretch = Stretch(dossier.intake_due, dossier.submitted_at)
        found |= set(_of("intake", [stretch], dossier.intake_ended_at, dossier.intake_rules.intake_warnings, clock))
    for step in dossier.steps:
        for one in _of("step", step.stretches, step.end, rules.step_warnings, clock):
            found.add(Announced("step", one.kind, one.due, one.at, one.rung, step.step, step.number, step.unit))
    return found


def petition_announced(petition: Petition, clock: datetime | None) -> set[Announced]:
    """All that was to be announced of a petition by a clock: of the value in force, at the end that of the end."""
    if clock is None or petition.received_at is None:
        return set()
    return set(_of("petition", petition.stretches, petition.ended_at, petition.rules.warnings, clock))


def _of(
    of: str, stretches: list[Stretch], end: datetime | None, rungs: Iterable[timedelta], clock: datetime
) -> list[Announced]:
    """Of one thing that has a due instant; the same value in force twice is one value."""
    cut = [Stretch(one.due, one.begin, _earlier(one.end, end)) for one in stretches]
    # An end at the very instant at which the value came into force leaves it in force; a pause does not.
    cut = [one for one in cut if one.end is None or one.begin < one.end or one.begin == one.end == end]
    found = []
    for due in sorted({one.due for one in cut}):
        of_value = [one for one in cut if one.due == due]
        shortest: dict[datetime, timedelta] = {}
        for rung in sorted(rungs, reverse=True):
            at = _first(of_value, due - rung)
            if at is not None and at <= due:
                shortest[at] = rung
        found += [Announced(of, "warning", due, at, rung) for at, rung in shortest.items() if at <= clock]
        # Another value given takes back what was said of the one before.
        breach = next((one for one in of_value if due == cut[-1].due and (one.end is None or due < one.end)), None)
        # The clock decides by the due alone, also where the value came into force after it.
        if breach is not None and clock > due:
            found.append(Announced(of, "breach", due, max(breach.begin, due)))
            if end is not None:
                found.append(Announced(of, "recovered", due, end))
    return found


def _first(stretches: list[Stretch], since: datetime) -> datetime | None:
    """The first instant not before `since` at which the clock ran."""
    for one in stretches:
        if one.end is None or max(one.begin, since) < one.end:
            return max(one.begin, since)
    return None


def _earlier(one: datetime | None, other: datetime | None) -> datetime | None:
    return min((moment for moment in (one, other) if moment is not None), default=None)
