"""Figures of apologies, intake, steps and delays in plain Python, one dossier or occurrence at a time."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

from services.metrics.counting.question import Moment
from services.metrics.table.columns import SEPARATOR, Fact, StepFact
from services.metrics.table.periods import NEVER
from shared.calendar import vn_public
from tests.unit.metrics.build import ZONE

__all__ = [
    "blame_of",
    "deadline",
    "duties",
    "holders_of",
    "is_late",
    "is_overdue",
    "median",
    "over_so_far",
    "p90",
    "step_counts",
    "steps_of",
]


def deadline(row: Fact) -> int:
    """The due instant, else the limit."""
    return int(row.due if row.due != NEVER else row.limit)


def is_late(row: Fact, moment: Moment) -> bool:
    """Ended in the period after its deadline."""
    if moment.future or row.accepted >= moment.end:
        return False
    finished = max(row.finished, row.accepted)
    return bool(moment.start <= finished < moment.end and row.judged > deadline(row))


def pause_at(row: Fact, instant: int) -> int | None:
    """Since when its clock is stopped at an instant."""
    return next((start for start, end in row.pauses if start <= instant < end), None)


def is_overdue(row: Fact, moment: Moment) -> bool:
    """Open at the period's end and past its deadline at T, not stopped."""
    if moment.future or row.accepted >= moment.end or max(row.finished, row.accepted) < moment.end:
        return False
    return pause_at(row, moment.as_of) is None and deadline(row) < moment.as_of


def duties(row: Fact, moment: Moment) -> set[str]:
    """The figures of apologies and intake that count a dossier."""
    found = set()
    if is_late(row, moment) or is_overdue(row, moment):
        found |= {"apology_due", "apologised" if row.apologised <= moment.as_of else "without_apology"}
    if row.intake_due != NEVER and moment.start <= row.submitted < moment.end and not moment.future:
        found.add("intake_submitted")
        if row.intake_ended < moment.end:
            found.add("intake_in_time" if row.intake_ended <= row.intake_due else "intake_overdue")
        elif row.intake_due < moment.as_of:
            found.add("intake_overdue")
        else:
            found.add("intake_open")
    return found


def steps_of(rows: Iterable[Fact]) -> list[tuple[Fact, StepFact]]:
    """All occurrences with their dossier."""
    return [(row, item) for row in rows for item in row.steps]


def step_counts(row: Fact, item: StepFact, moment: Moment) -> set[str]:
    """The figures that count an occurrence."""
    found: set[str] = set()
    if moment.future:
        return found
    if moment.start <= item.ended < moment.end:
        found.add("ended")
        if item.budget >= 0:
            found.add("with_budget")
        if item.over > 0:
            found.add("over_budget")
            finished = max(row.finished, row.accepted if row.accepted != NEVER else 0)
            if finished != NEVER and row.judged <= deadline(row):
                found.add("over_on_time")
    if item.began < moment.end <= item.ended:
        found.add("under_way")
        stopped = pause_at(row, moment.as_of)
        if item.due < (moment.as_of if stopped is None else stopped):
            found.add("over_now")
    return found


def over_so_far(row: Fact, item: StepFact, moment: Moment) -> int:
    """Working time over the budget of an occurrence that is over now, pauses that began after its due left out."""
    between = vn_public(ZONE).working_between
    stopped = pause_at(row, moment.as_of)
    end = moment.as_of if stopped is None else stopped
    taken = between(item.due, end)
    for start, stop in row.pauses:
        if start > item.due and start < end:
            taken -= between(start, min(stop, end))
    return taken


def blame_of(rows: Iterable[Fact], moment: Moment) -> dict[str | None, int]:
    """Delay by unit of what ended late."""
    found: dict[str | None, int] = {}
    for row in rows:
        if is_late(row, moment):
            for unit, delay in row.blame:
                found[unit] = found.get(unit, 0) + delay
    return found


def holders_of(row: Fact) -> list[str | None]:
    """Who holds a dossier."""
    return [None] if row.holders is None else list(row.holders.split(SEPARATOR))


def median(values: list[int]) -> int | None:
    """The middle value, or the mean of the two in the middle, rounded down."""
    ordered = sorted(values)
    if not ordered:
        return None
    middle = len(ordered) // 2
    return ordered[middle] if len(ordered) % 2 else (ordered[middle - 1] + ordered[middle]) // 2


def p90(values: list[int]) -> int | None:
    """The smallest value that at least nine in ten do not exceed."""
    for value in sorted(values):
        if Fraction(sum(other <= value for other in values), len(values)) >= Fraction(9, 10):
            return value
    return None
