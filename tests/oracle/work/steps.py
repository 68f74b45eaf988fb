"""Steps of a dossier in the order of its entries: those of its route, those not in it (docs/rules.md "Steps").

Walks entries one by one over a small table of which step is done. Knows nothing of working time but what is left of a
budget.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from tests.oracle.cases.due import Pause
from tests.oracle.journal import HeldEntry
from tests.oracle.work.occurrences import MINUTE, CalendarOf, Occurrence, Register, used

__all__ = ["PlannedStep", "StepWalk", "own_route", "route_of"]


@dataclass(frozen=True)
class PlannedStep:
    """A step of a route: its owner is a unit, or by role the accountable unit of the moment."""

    name: str
    unit: str | None
    role: str | None
    budget: int | None
    after: tuple[str, ...]
    optional: bool = False


def own_route(steps: list[dict[str, Any]]) -> list[PlannedStep]:
    """The receipt's own route: its steps follow one another in the order given."""
    return route_of([{key: value for key, value in step.items() if key != "after"} for step in steps])


def route_of(steps: list[dict[str, Any]]) -> list[PlannedStep]:
    """A route; `after` absent means after the step before it in the list."""
    found: list[PlannedStep] = []
    for step in steps:
        before = (found[-1].name,) if found else ()
        found.append(
            PlannedStep(
                step["step"],
                step.get("unit"),
                step.get("role"),
                step.get("budget"),
                tuple(step.get("after", before)),
                step.get("optional", False),
            )
        )
    return found


@dataclass
class StepWalk:
    """Takes hand-overs and step entries in order.

    `owns(unit, owner)` tells whether a unit is the owner or below it; `done` are the steps of the route that are done.
    """

    route: list[PlannedStep]
    accountable: str | None
    pauses: list[Pause]
    calendar_of: CalendarOf
    owns: Callable[[str, str | None], bool]
    register: Register = field(default_factory=Register)
    done: set[str] = field(default_factory=set)
    findings: list[tuple[str, HeldEntry]] = field(default_factory=list)
    rejections: list[tuple[str, str, str, str, str | None, str | None]] = field(default_factory=list)

    def start(self, accepted_at: datetime) -> None:
        """The route begins at acceptance."""
        self._begin_what_may(accepted_at)

    def finish(self, finished_at: datetime) -> None:
        """A finish ends what is under way."""
        for one in self.register.all:
            if one.end is None:
                self.register.end(one, finished_at, "cut_off")

    def take(self, entry: HeldEntry, previous: HeldEntry | None) -> None:
        """One hand-over or step entry; `previous` is the dossier's previous entry since acceptance."""
        if entry.type == "dossier.handed_over":
            self._hand_over(entry.data["unit"], entry.time)
            return
        planned = next((step for step in self.route if step.name == entry.data["step"]), None)
        kind = entry.type.removeprefix("step.")
        if planned is None:
            if self.route:
                self.findings.append(("step_not_in_route", entry))
            self._reported(kind, entry, previous)
        elif kind == "assigned":
            self._assigned(planned, entry)
        elif kind == "completed":
            self._completed(planned, entry)
        else:
            self._sent_back(planned, entry)

    # The route

    def _owner(self, step: PlannedStep) -> str | None:
        return step.unit if step.role is None else self.accountable

    def _begin(self, step: PlannedStep, at: datetime) -> None:
        self.done.discard(step.name)
        if self.register.under_way(step.name) is None:
            self.register.begin(step.name, self._owner(step), at, step.budget, role=step.role, planned=True)

    def _cleared(self, name: str) -> bool:
        """Whether the steps after this one may begin: it is done, or optional, not under way, and passed over."""
        step = self._planned(name)
        if self.register.under_way(name) is not None:
            return False
        if name in self.done:
            return True
        return step.optional and all(self._cleared(before) for before in step.after)

    def _planned(self, name: str) -> PlannedStep:
        return next(step for step in self.route if step.name == name)

    def _begin_what_may(self, at: datetime) -> None:
        """Every step whose turn it is, and that is not optional, begins."""
        for step in self.route:
            waits = step.name not in self.done and self.register.under_way(step.name) is None
            if waits and not step.optional and all(self._cleared(before) for before in step.after):
                self._begin(step, at)

    def _hand_over(self, unit: str, at: datetime) -> None:
        """Occurrences owned by role pass to the new accountable unit with the budget left."""
        if unit == self.accountable:
            return
        self.accountable = unit
        for one in list(self.register.all):
            if one.end is None and one.role is not None:
                self._pass_on(one, unit, at, self._left(one, at), role=one.role)

    def _pass_on(self, one: Occurrence, unit: str, at: datetime, budget: int | None, *, role: str | None) -> None:
        self.register.end(one, at, "handed_over")
        self.register.begin(one.step, unit, at, budget, role=role, planned=one.planned)

    def _left(self, one: Occurrence, at: datetime) -> int | None:
        """Whole working minutes left of a budget, rounded up, at least 0."""
        if one.budget is None:
            return None
        spent = used(one.begin, at, self.pauses, self.calendar_of(one.unit))
        return max(0, -((spent - one.budget * MINUTE) // MINUTE))

    def _assign_under_way(self, one: Occurrence, entry: HeldEntry) -> None:
        budget = entry.data.get("budget")
        if one.unit != entry.data["unit"]:
            left = self._left(one, entry.time) if budget is None else budget
            self._pass_on(one, entry.data["unit"], entry.time, left, role=None)
        elif budget is not None:
            self.register.give_budget(one, budget, entry.time)

    def _assigned(self, step: PlannedStep, entry: HeldEntry) -> None:
        one = self.register.under_way(step.name)
        if one is not None:
            self._assign_under_way(one, entry)
            return
        before = self.register.last(step.name)
        turn = all(self._cleared(name) for name in step.after)
        if not (step.optional or turn or (before is not None and before.outcome == "completed")):
            self.findings.append(("step_out_of_order", entry))
        self.done.discard(step.name)
        unit = entry.data["unit"]
        role = step.role if step.role is not None and unit == self.accountable else None
        budget = entry.data.get("budget", step.budget)
        self.register.begin(step.name, unit, entry.time, budget, role=role, planned=True)

    def _may(self, entry: HeldEntry, owner: str | None) -> bool:
        unit = entry.data.get("unit")
        if unit is None or self.owns(unit, owner):
            return True
        self.rejections.append(("not_the_owner", entry.source, entry.id, entry.data["step"], unit, owner))
        return False

    def _completed(self, step: PlannedStep, entry: HeldEntry) -> None:
        one = self.register.under_way(step.name)
        if one is None and step.name in self.done:
            self.findings.append(("step_done_twice", entry))
            return
        if not self._may(entry, self._owner(step) if one is None else one.unit):
            return
        if one is None:
            self.findings.append(("step_out_of_order", entry))
            self._begin(step, entry.time)
            one = self.register.under_way(step.name)
            assert one is not None
        self.register.end(one, entry.time, "completed")
        self.done.add(step.name)
        self._begin_what_may(entry.time)

    def _before(self, name: str) -> set[str]:
        """All steps that lie before one in the route."""
        found: set[str] = set()
        for before in self._planned(name).after:
            found |= {before} | self._before(before)
        return found

    def _sent_back(self, step: PlannedStep, entry: HeldEntry) -> None:
        one = self.register.under_way(step.name)
        if one is None and step.name not in self.done:
            self.findings.append(("step_out_of_order", entry))
            return
        if one is not None and not self._may(entry, one.unit):
            return
        to = entry.data.get("to")
        if to is not None and to not in self._before(step.name):
            self.findings.append(("sent_back_nowhere", entry))
            to = None
        without = [step.name] if one is None else self._steps_before(step) or [step.name]
        targets = without if to is None else [to]
        again = {step.name}
        if one is not None:
            self.register.end(one, entry.time, "sent_back")
        else:
            again |= self._stop_after(targets, entry.time)
        on_the_way = {name for last in again for name in self._before(last) if self._before(name) & set(targets)}
        for name in again | on_the_way:
            self.done.discard(name)
        for target in targets:
            self._begin(self._planned(target), entry.time)
        self._begin_what_may(entry.time)

    def _steps_before(self, step: PlannedStep) -> list[str]:
        """The steps one comes after; one that was passed over gives way to those before it."""
        found: list[str] = []
        for name in step.after:
            before = self._planned(name)
            passed_over = before.optional and name not in self.done and self.register.under_way(name) is None
            found += self._steps_before(before) if passed_over else [name]
        return list(dict.fromkeys(found))

    def _stop_after(self, targets: list[str], at: datetime) -> set[str]:
        """Steps under way after any of these end as sent back; their names."""
        stopped = set()
        for one in self.register.all:
            if one.end is None and one.planned and self._before(one.step) & set(targets):
                self.register.end(one, at, "sent_back")
                stopped.add(one.step)
        return stopped

    # Without a route

    def _reported(self, kind: str, entry: HeldEntry, previous: HeldEntry | None) -> None:
        step, unit, at = entry.data["step"], entry.data.get("unit"), entry.time
        one = self.register.under_way(step)
        if kind == "assigned":
            if one is not None:
                self._assign_under_way(one, entry)
            else:
                self.register.begin(step, unit, at, entry.data.get("budget"), planned=False)
        elif kind == "completed":
            if one is None or unit not in (None, one.unit):
                begun = at if previous is None else previous.time
                one = self.register.begin(step, unit, begun, None, planned=False)
                one.assigned_at = None
            self.register.end(one, at, "completed")
        elif one is not None:
            self.register.end(one, at, "sent_back")
        else:
            done = [other for other in self.register.all if other.step == step and other.outcome == "completed"]
            if done:
                done[-1].sent_back_at = at
            else:
                one = self.register.begin(step, unit, at, None, planned=False)
                one.assigned_at = None
                self.register.end(one, at, "sent_back")
