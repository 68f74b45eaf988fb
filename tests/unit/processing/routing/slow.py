"""A slow, obvious follower of routes: it looks at every minute and asks who has the dossier now.

Knows routes and entries as plain values; shares nothing with the code it judges but the working calendar.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from services.processing.record import EntryRecord
from shared.instants import MINUTE
from shared.reference.kinds.routes import RouteStep, RouteVersion

__all__ = ["Slow", "Turn", "walk_minutes"]


@dataclass
class Turn:
    """One occurrence: working minutes are counted while it lasts."""

    step: str
    unit: str
    begun_at: int
    by_role: bool
    budget: int | None
    ended_at: int | None = None
    outcome: str | None = None
    minutes: int = 0


@dataclass
class Slow:
    """What the slow walk found; `accountable` is the unit now."""

    route: RouteVersion
    accountable: str
    turns: list[Turn] = field(default_factory=list)
    done: list[str] = field(default_factory=list)
    ever: list[str] = field(default_factory=list)
    findings: list[tuple[str, str]] = field(default_factory=list)
    rejected: list[str] = field(default_factory=list)

    def step(self, name: str) -> RouteStep:
        return next(step for step in self.route.steps if step.step == name)

    def running(self, name: str) -> Turn | None:
        return next((turn for turn in self.turns if turn.step == name and turn.ended_at is None), None)

    def comes_after(self, later: str, earlier: str) -> bool:
        return any(name == earlier or self.comes_after(name, earlier) for name in self.step(later).after)

    def on_the_way(self, first: str, last: str) -> list[str]:
        return [
            step.step
            for step in self.route.steps
            if self.comes_after(step.step, first) and (step.step == last or self.comes_after(last, step.step))
        ]

    def ready(self, name: str) -> bool:
        for before in self.step(name).after:
            passed = self.step(before).optional and self.running(before) is None and self.ready(before)
            if before not in self.done and not passed:
                return False
        return True

    def begin_all(self, now: int) -> None:
        """Begin, in the order of the route, every step whose turn it is."""
        for step in self.route.steps:
            if (
                not step.optional
                and step.step not in self.done
                and self.running(step.step) is None
                and self.ready(step.step)
            ):
                self.begin(step.step, now)

    def begin(self, name: str, now: int, unit: str | None = None, budget: int | None = None) -> None:
        step = self.step(name)
        owner = unit or step.unit or self.accountable
        by_role = step.unit is None and owner == self.accountable
        if name in self.done:
            self.done.remove(name)
        self.turns.append(Turn(name, owner, now, by_role, step.budget if budget is None else budget))

    def owner(self, name: str) -> str:
        running = self.running(name)
        if running is not None:
            return running.unit
        return self.step(name).unit or self.accountable

    def pass_on(self, turn: Turn, now: int, unit: str, budget: int | None, *, by_role: bool) -> None:
        left = turn.budget if turn.budget is None else max(0, turn.budget - turn.minutes)
        turn.ended_at, turn.outcome = now, "handed_over"
        self.turns.append(Turn(turn.step, unit, now, by_role, left if budget is None else budget))

    def end(self, name: str, now: int, outcome: str) -> None:
        turn = self.running(name)
        if turn is not None:
            turn.ended_at, turn.outcome = now, outcome


def walk_minutes(
    route: RouteVersion,
    entries: Sequence[EntryRecord],
    first: int,
    last: int,
    *,
    finished: bool,
    works: Callable[[int], bool],
) -> Slow:
    """Walk from minute to minute; `works` tells whether a minute is worked and not paused."""
    slow = Slow(route, "U")
    slow.begin_all(first)
    by_minute: dict[int, list[EntryRecord]] = {}
    for entry in entries:
        by_minute.setdefault(entry.time, []).append(entry)
    for minute in range(first, last + 1, MINUTE):
        for entry in by_minute.get(minute, ()):
            _act(slow, entry, minute)
        if minute < last and works(minute):
            for turn in slow.turns:
                turn.minutes += turn.ended_at is None
    if finished:
        for turn in slow.turns:
            if turn.ended_at is None:
                turn.ended_at, turn.outcome = last, "cut_off"
    return slow


def _act(slow: Slow, entry: EntryRecord, now: int) -> None:
    data = entry.data or {}
    if entry.type == "dossier.handed_over":
        slow.accountable = data["unit"]
        for step in slow.route.steps:
            turn = slow.running(step.step)
            if turn is not None and turn.by_role and turn.unit != slow.accountable:
                slow.pass_on(turn, now, slow.accountable, None, by_role=True)
        return
    name, unit = data["step"], data.get("unit")
    running = slow.running(name)
    owner = slow.owner(name)
    if entry.type == "step.assigned":
        _assign(slow, entry, now, running)
        return
    by_another = unit not in (None, owner) and not unit.startswith(f"{owner}.")
    if entry.type == "step.completed" and name in slow.done:
        slow.findings.append(("step_done_twice", entry.id))
    elif by_another and (entry.type == "step.completed" or running is not None):
        slow.rejected.append(entry.id)
    elif entry.type == "step.completed":
        _complete(slow, entry, now, running)
    elif running is None and name not in slow.done:
        slow.findings.append(("step_out_of_order", entry.id))
    else:
        _send_back(slow, entry, now, running)
    slow.begin_all(now)


def _complete(slow: Slow, entry: EntryRecord, now: int, running: Turn | None) -> None:
    name = (entry.data or {})["step"]
    if running is None:
        slow.findings.append(("step_out_of_order", entry.id))
        slow.begin(name, now)
    slow.end(name, now, "completed")
    slow.done.append(name)
    slow.ever.append(name)


def _assign(slow: Slow, entry: EntryRecord, now: int, running: Turn | None) -> None:
    data = entry.data or {}
    name, unit, budget = data["step"], data["unit"], data.get("budget")
    if running is None:
        if not slow.step(name).optional and name not in slow.ever and not slow.ready(name):
            slow.findings.append(("step_out_of_order", entry.id))
        slow.begin(name, now, unit, budget)
    elif running.unit != unit:
        slow.pass_on(running, now, unit, budget, by_role=False)
    elif budget is not None:
        running.budget = budget


def _send_back(slow: Slow, entry: EntryRecord, now: int, running: Turn | None) -> None:
    name = (entry.data or {})["step"]
    known = [step.step for step in slow.route.steps]
    targets = _targets(slow, entry, running)
    sent_back = [name]
    if running is None:
        under_way = [other for other in known if slow.running(other) is not None]
        sent_back += [other for other in under_way if any(slow.comes_after(other, target) for target in targets)]
    for other in sent_back:
        slow.end(other, now, "sent_back")
    again = [other for target in targets for last in sent_back for other in slow.on_the_way(target, last)]
    slow.done = [other for other in slow.done if other != name and other not in again]
    for target in known:
        if target in targets and slow.running(target) is None:
            slow.begin(target, now)


def _targets(slow: Slow, entry: EntryRecord, running: Turn | None) -> list[str]:
    data = entry.data or {}
    name, to = data["step"], data.get("to")
    if to is not None:
        if to in [step.step for step in slow.route.steps] and slow.comes_after(name, to):
            return [to]
        slow.findings.append(("sent_back_nowhere", entry.id))
    return (running is not None and _before(slow, name)) or [name]


def _before(slow: Slow, name: str) -> list[str]:
    """What a step comes after; an optional one neither done nor under way gives way to what that comes after."""
    found = []
    for before in slow.step(name).after:
        if slow.step(before).optional and before not in slow.done and slow.running(before) is None:
            found += _before(slow, before)
        else:
            found.append(before)
    return found
