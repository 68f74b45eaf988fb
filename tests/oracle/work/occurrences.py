"""Occurrences of steps: who held one, from when to when, and its working time (docs/rules.md "Steps").

Knows begins, ends, budgets and pauses; knows nothing of routes and entries.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from tests.oracle.cases.due import Pause, Stretch
from tests.oracle.reference.worktime import WalkedCalendar

__all__ = ["CalendarOf", "Occurrence", "Register", "blame_of", "step_due", "used"]

MINUTE, MICRO = timedelta(minutes=1), timedelta(microseconds=1)
CalendarOf = Callable[[str | None], WalkedCalendar]


@dataclass
class Occurrence:
    """One occurrence of a step; `end` None: under way. `unit` None is unassigned; budget in working minutes.

    `assigned_at` is None where its source told only that it ended.
    """

    step: str
    unit: str | None
    number: int
    begin: datetime
    budget: int | None = None
    role: str | None = None
    #: Every budget it had, and since when.
    budgets: list[tuple[datetime, int]] = field(default_factory=list)
    planned: bool = False
    assigned_at: datetime | None = None
    end: datetime | None = None
    outcome: str | None = None
    completed_at: datetime | None = None
    sent_back_at: datetime | None = None
    due: datetime | None = None
    stretches: list[Stretch] = field(default_factory=list)
    used: timedelta | None = None
    over: timedelta | None = None


class Register:
    """All occurrences of a dossier, in the order in which they began to be known."""

    def __init__(self) -> None:
        self.all: list[Occurrence] = []

    def begin(
        self, step: str, unit: str | None, at: datetime, budget: int | None, *, role: str | None = None, planned: bool
    ) -> Occurrence:
        """Another occurrence of a step."""
        number = 1 + sum(one.step == step for one in self.all)
        one = Occurrence(step, unit, number, at, role=role, planned=planned, assigned_at=at)
        self.give_budget(one, budget, at)
        self.all.append(one)
        return one

    def give_budget(self, one: Occurrence, budget: int | None, at: datetime) -> None:
        """Another budget is in force from now on."""
        one.budget = budget
        if budget is not None:
            one.budgets.append((at, budget))

    def end(self, one: Occurrence, at: datetime, outcome: str) -> None:
        """It is over."""
        one.end, one.outcome = at, outcome
        if outcome == "completed":
            one.completed_at = at
        elif outcome == "sent_back":
            one.sent_back_at = at

    def under_way(self, step: str) -> Occurrence | None:
        """The occurrence of a step that is under way."""
        for one in self.all:
            if one.step == step and one.end is None:
                return one
        return None

    def last(self, step: str) -> Occurrence | None:
        """The newest occurrence of a step."""
        of_step = [one for one in self.all if one.step == step]
        return of_step[-1] if of_step else None


def used(begin: datetime, end: datetime, pauses: list[Pause], calendar: WalkedCalendar) -> timedelta:
    """Working time in [begin, end), pauses left out."""
    total = calendar.working_time(begin, end)
    for stopped, resumed in pauses:
        first, last = max(begin, stopped), min(end, resumed or end)
        if first < last:
            total -= calendar.working_time(first, last)
    return total


def step_due(one: Occurrence, pauses: list[Pause], calendar: WalkedCalendar) -> datetime | None:
    """Begin plus budget, moved by each pause that begins by then; fills in when the clock ran towards which value."""
    due: datetime | None = None
    one.stretches = []
    for place, (since, budget) in enumerate(one.budgets):
        until = one.budgets[place + 1][0] if place + 1 < len(one.budgets) else None
        due, stretches = _due_of(one.begin, budget * MINUTE, pauses, calendar)
        for stretch in stretches:
            begin = max(stretch.begin, since)
            end = min((moment for moment in (stretch.end, until) if moment is not None), default=None)
            if end is None or begin < end:
                one.stretches.append(Stretch(stretch.due, begin, end))
    return due


def _due_of(
    begin: datetime, amount: timedelta, pauses: list[Pause], calendar: WalkedCalendar
) -> tuple[datetime, list[Stretch]]:
    """The due instant of a budget, and when the clock ran towards which value, as if it had been it all along."""
    due = calendar.add_working_time(begin, amount)
    running: Stretch | None = Stretch(due, begin)
    stretches = []
    for stopped, resumed in pauses:
        if stopped > due or (resumed is not None and resumed <= begin):
            continue
        if running is not None and running.begin < stopped:
            stretches.append(Stretch(due, running.begin, stopped))
        if resumed is None:
            running = None
            break
        due = calendar.add_working_time(due, calendar.working_time(max(begin, stopped), resumed))
        running = Stretch(due, resumed)
    if running is not None:
        stretches.append(running)
    return due, stretches


def blame_of(
    occurrences: list[Occurrence],
    late: tuple[datetime, datetime],
    accountable: str | None,
    delay: timedelta,
    held: Callable[[Occurrence, datetime, datetime], timedelta],
) -> list[tuple[str | None, int]]:
    """The delay [due, end) split among units, in microseconds.

    By the units' time over budget; none over: by the time held after the due; none held: the accountable unit.
    Largest remainder; ties by code, unassigned last. Units without a part are left out.
    """
    due, end = late
    over: dict[str | None, int] = {}
    after: dict[str | None, int] = {}
    for one in occurrences:
        over[one.unit] = over.get(one.unit, 0) + (one.over or timedelta(0)) // MICRO
        held_late = held(one, max(one.begin, due), min(one.end or end, end))
        after[one.unit] = after.get(one.unit, 0) + held_late // MICRO
    weights = next((table for table in (over, after) if sum(table.values()) > 0), {accountable: 1})
    whole, total = delay // MICRO, sum(weights.values())
    parts = {unit: whole * weight // total for unit, weight in weights.items()}
    left = whole - sum(parts.values())
    remainders = sorted(
        weights, key=lambda unit: (-(whole * weights[unit] % total), unit is None, unit if unit is not None else "")
    )
    for unit in remainders[:left]:
        parts[unit] += 1
    return sorted(
        ((unit, part) for unit, part in parts.items() if part > 0),
        key=lambda one: (one[0] is None, one[0] if one[0] is not None else ""),
    )
