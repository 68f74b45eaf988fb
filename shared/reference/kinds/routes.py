"""Versions of handling routes: steps with owner and budget, and what makes a route unfit.

Pure. Knows the graph of a route; nothing of dossiers on it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from shared.contract.reference import Channel, Route, RouteStepData
from shared.problems.field_errors import listed
from shared.reference.faults import Fault, fault
from shared.reference.kinds.procedures import LONGEST
from shared.reference.kinds.units import Units

__all__ = ["LONGEST_BUDGET", "RouteStep", "RouteVersion", "check_route", "critical_path", "is_sound", "route_steps"]

#: The longest budget taken in working minutes: the longest term, a century of working days.
LONGEST_BUDGET: Final = LONGEST["working_hours"] * 60


@dataclass(frozen=True, slots=True)
class RouteStep:
    """One step of a route.

    Attributes:
        unit: its owner; None: the accountable unit, in the role `role`.
        budget: working minutes; None: without.
        after: the steps it comes after; empty: it begins at acceptance.
        optional: begins only when assigned, otherwise passed over.
    """

    step: str
    unit: str | None = None
    role: str | None = None
    budget: int | None = None
    after: tuple[str, ...] = ()
    optional: bool = False


@dataclass(frozen=True, slots=True)
class RouteVersion:
    """A version of the route of a procedure, for one channel or (None) all; validity inclusive."""

    procedure: str
    version: str
    channel: Channel | None
    steps: tuple[RouteStep, ...]
    document: str | None = None
    valid_from: date | None = None
    valid_to: date | None = None

    @classmethod
    def of(cls, data: Route) -> RouteVersion:
        """The version an entry's data give."""
        steps = route_steps(data.steps)
        return cls(data.procedure, data.version, data.channel, steps, data.document, data.valid_from, data.valid_to)


def route_steps(given: Sequence[RouteStepData]) -> tuple[RouteStep, ...]:
    """The steps with what they come after spelt out: absent means after the step before it in the list."""
    steps = []
    for index, step in enumerate(given):
        if step.after is not None:
            after = tuple(dict.fromkeys(step.after))
        else:
            after = (given[index - 1].step,) if index else ()
        steps.append(RouteStep(step.step, step.unit, step.role, step.budget, after, step.optional))
    return tuple(steps)


def is_sound(data: Route) -> bool:
    """Whether a route can be followed at all: what a route lacks that is not sound, no other data can mend."""
    return not _intrinsic(data)


def check_route(data: Route, *, units: Units | None = None, term_minutes: int | None = None) -> list[Fault]:
    """What makes a route unfit, by field.

    Args:
        data: the route version.
        units: registered units; with them, a step owned by an unknown one is a fault.
        term_minutes: the procedure's term in working minutes; with it, a critical path above it is a fault.
    """
    faults = []
    if data.valid_from is not None and data.valid_to is not None and data.valid_to < data.valid_from:
        faults.append(fault("validity_reversed", "data.valid_to", str(data.valid_to), first=str(data.valid_from)))
    intrinsic = _intrinsic(data)
    faults += intrinsic
    if units is not None:
        for index, step in enumerate(data.steps):
            if step.unit is not None and not units.known(step.unit):
                faults.append(fault("unknown_route_unit", f"data.steps[{index}].unit", step.unit, step=step.step))
    if term_minutes is not None and not intrinsic:
        minutes, path = critical_path(route_steps(data.steps))
        if minutes > term_minutes:
            steps = " → ".join(path)
            faults.append(fault("route_over_term", "data.steps", minutes, limit=term_minutes, steps=steps))
    return faults


def critical_path(steps: Sequence[RouteStep]) -> tuple[int, tuple[str, ...]]:
    """The longest sum of budgets (working minutes) along a sound route, and the steps on it.

    Optional steps are passed over unless somebody assigns them, so they take no time here.
    """
    minutes: dict[str, int] = {}
    before: dict[str, str | None] = {}
    by_name = {step.step: step for step in steps}
    for name in _in_order(steps)[0]:
        step = by_name[name]
        before[name] = max(step.after, default=None, key=minutes.__getitem__)
        minutes[name] = minutes.get(before[name] or "", 0) + (0 if step.optional else step.budget or 0)
    last = max(minutes, default=None, key=minutes.__getitem__)
    path: list[str] = []
    walked = last
    while walked is not None:
        if not by_name[walked].optional:
            path.append(walked)
        walked = before[walked]
    return (0 if last is None else minutes[last]), tuple(reversed(path))


def _intrinsic(data: Route) -> list[Fault]:
    if not data.steps:
        return [fault("route_without_steps", "data.steps")]
    names: dict[str, int] = {}
    for index, step in enumerate(data.steps):
        names.setdefault(step.step, index)
    expected = listed(names)
    faults = []
    for index, step in enumerate(data.steps):
        first = names[step.step]
        if first != index:
            faults.append(fault("step_twice", f"data.steps[{index}].step", step.step, other=f"data.steps[{first}]"))
        faults += _of_step(step, f"data.steps[{index}]")
    for index, step in enumerate(data.steps):
        for place, other in enumerate(step.after or ()):
            if other not in names:
                path = f"data.steps[{index}].after[{place}]"
                faults.append(fault("unknown_step", path, other, step=step.step, expected=expected))
    if not faults:
        _, left = _in_order(route_steps(data.steps))
        if left:
            faults.append(fault("route_cycle", "data.steps", " → ".join(_cycle(left))))
    return faults


def _of_step(step: RouteStepData, path: str) -> Iterator[Fault]:
    if step.unit is None and step.role is None:
        yield fault("step_without_owner", path, step=step.step)
    elif step.unit is not None and step.role is not None:
        yield fault("step_with_two_owners", f"{path}.role", step.role, step=step.step)
    if step.budget is not None and step.budget > LONGEST_BUDGET:
        yield fault("budget_too_long", f"{path}.budget", step.budget, step=step.step, limit=LONGEST_BUDGET)


def _in_order(steps: Iterable[RouteStep]) -> tuple[list[str], dict[str, tuple[str, ...]]]:
    """The steps so that each comes after all it is after; and what goes in circles or comes after such, with its after.

    Every step named must be among them.
    """
    after = {step.step: step.after for step in steps}
    waiting = {name: len(others) for name, others in after.items()}
    followers: dict[str, list[str]] = {}
    for name, others in after.items():
        for other in others:
            followers.setdefault(other, []).append(name)
    ready = [name for name, count in waiting.items() if count == 0]
    done = []
    while ready:
        name = ready.pop()
        done.append(name)
        for follower in followers.get(name, ()):
            waiting[follower] -= 1
            if waiting[follower] == 0:
                ready.append(follower)
    return done, {name: after[name] for name, count in waiting.items() if count}


def _cycle(left: Mapping[str, tuple[str, ...]]) -> list[str]:
    """One circle among steps of which each comes after another of them, its first step named again at the end."""
    walk = {next(iter(left)): 0}
    name = next(iter(left))
    while True:
        name = next(other for other in left[name] if other in left)
        if name in walk:
            return [*list(walk)[walk[name] :], name][::-1]
        walk[name] = len(walk)
