"""A dossier on its route: which steps begin, wait, are done or to be done again, and who may act on them.

Pure. Steps a route does not know are somebody else's; so are pauses, finish and figures.
"""

from __future__ import annotations

from collections.abc import Callable

from services.processing.record import EntryRecord
from services.processing.routing.model import Ahead, RejectedAct, StepFact
from services.processing.routing.occurrences import Occurrences
from services.processing.routing.plan import DONE, UNDER_WAY, WAITING, Plan, places

__all__ = ["Owns", "Planned"]

#: Whether a unit (second) is below an owner (first), so that it may act for it.
Owns = Callable[[str, str], bool]


class Planned:
    """Follows the acts on the steps of a route (docs/rules.md, "Steps").

    Readings:
        - The steps one comes after are its direct ones; an optional one that was not done gives way to those before it.
        - The owner of a step under way is who holds it, of one that waits whom the route names. Whoever reports a step
          that is done once more is not asked. `completed` and `sent_back` are rejected by the same test.
        - The accountable unit owns by role a step by role that begins by being assigned to it. Whoever such a step is
          handed over to by assignment owns it as itself.
        - "Done before" is done at any time before, also if sent back since.
        - What begins again has the owner and the budget of the route, save what an assignment says.
        - `to` that is under way goes on, and so does what is under way between `to` and a step under way that is sent
          back. Of a step done, all that is under way after `to` ends, on whatever branch.
        - A sending-back of a step that waits is out of order and has no effect.

    Args:
        plan: the route.
        occurrences: where occurrences are kept.
        accountable: the accountable unit at acceptance.
        owns: whether a unit may act for an owner other than itself.
        findings: where findings go, with the entries they are about.
    """

    __slots__ = (
        "_done",
        "_ever",
        "_last",
        "_occurrences",
        "_owns",
        "_plan",
        "_status",
        "_under_way",
        "accountable",
        "findings",
        "rejections",
    )

    def __init__(
        self,
        plan: Plan,
        occurrences: Occurrences,
        accountable: str | None,
        owns: Owns,
        findings: list[tuple[str, EntryRecord]],
    ) -> None:
        self._plan = plan
        self._occurrences = occurrences
        self._owns = owns
        self._status = [WAITING] * len(plan.steps)
        #: The same as masks: an act on a long route must not look at every step of it.
        self._under_way = 0
        self._done = 0
        #: The latest occurrence of each step, and the steps that were done some time, as a mask.
        self._last: list[StepFact | None] = [None] * len(plan.steps)
        self._ever = 0
        self.accountable = accountable
        self.findings = findings
        self.rejections: list[RejectedAct] = []

    def start(self, at: int) -> None:
        """Acceptance: every step whose turn it is begins."""
        for index in self._plan.first:
            self._begin(index, at)

    def complete(self, entry: EntryRecord, index: int, unit: str | None) -> bool:
        """`step.completed`; False where it is rejected."""
        status, fact = self._status[index], self._last[index]
        if status == DONE:
            self.findings.append(("step_done_twice", entry))
            return True
        if self._rejected(entry, index, unit):
            return False
        if status == UNDER_WAY and fact is not None:
            self._occurrences.end(fact, entry.time, "completed")
        else:
            self.findings.append(("step_out_of_order", entry))
            step = self._plan.steps[index]
            self._last[index] = self._occurrences.told(
                step.step,
                self._planned_owner(index),
                entry.time,
                entry.time,
                "completed",
                budget=step.budget,
                role=None if step.unit is not None else step.role,
                planned=True,
            )
        self._set(index, DONE)
        self._ever |= 1 << index
        for other in self._plan.concerned[index]:
            if self._status[other] == WAITING and self._plan.satisfied(other, self._status):
                self._begin(other, entry.time)
        return True

    def assign(self, entry: EntryRecord, index: int, unit: str, budget: int | None) -> bool:
        """`step.assigned`: hands over, gives another budget, or begins the step; never rejected."""
        step, fact = self._plan.steps[index], self._last[index]
        if self._status[index] != UNDER_WAY or fact is None:
            turn = step.optional or self._ever >> index & 1 or self._plan.satisfied(index, self._status)
            if not turn:
                self.findings.append(("step_out_of_order", entry))
            role = step.role if step.unit is None and unit == self.accountable else None
            self._begin_at(index, entry.time, unit, role, step.budget if budget is None else budget)
        elif fact.unit != unit:
            self._last[index] = self._occurrences.hand_over(fact, unit, entry.time, budget, None)
        elif budget is not None:
            self._occurrences.replace_budget(fact, entry.time, budget)
        return True

    def send_back(self, entry: EntryRecord, index: int, unit: str | None, to: str | None) -> bool:
        """`step.sent_back`; False where it is rejected."""
        status = self._status[index]
        if status == UNDER_WAY and self._rejected(entry, index, unit):
            return False
        if status == WAITING:
            self.findings.append(("step_out_of_order", entry))
            return True
        targets = self._targets(entry, index, to)
        sent_back = 1 << index
        if status == DONE:
            for begin in targets:
                sent_back |= self._plan.paths_from[begin] & self._under_way
        on_the_way = sent_back
        for other in places(sent_back):
            self._end(other, entry.time)
            on_the_way |= self._plan.paths_to[other]
        for begin in targets:
            self._undo(self._plan.paths_from[begin] & on_the_way)
        for begin in targets:
            if self._status[begin] != UNDER_WAY:
                self._begin(begin, entry.time)
        return True

    def hand_over(self, unit: str, at: int) -> None:
        """The dossier has another accountable unit: what is owned by role goes to it."""
        self.accountable = unit
        for index in places(self._under_way):
            fact = self._last[index]
            if fact is not None and fact.role is not None and fact.unit != unit:
                self._last[index] = self._occurrences.hand_over(fact, unit, at, None, fact.role)

    def ahead(self) -> list[Ahead]:
        """What is neither under way nor done, in route order; optional steps while nothing after them has begun."""
        if WAITING not in self._status:
            return []
        found = []
        begun = sum(1 << index for index, status in enumerate(self._status) if status != WAITING)
        for index, step in enumerate(self._plan.steps):
            if begun >> index & 1 or (step.optional and self._plan.paths_from[index] & begun):
                continue
            again = self._last[index] is not None
            role = None if step.unit is not None else step.role
            found.append(Ahead(step.step, self._planned_owner(index), role, step.budget, step.optional, again))
        return found

    def _targets(self, entry: EntryRecord, index: int, to: str | None) -> list[int]:
        """The steps that begin again when one is sent back."""
        plan = self._plan
        if to is not None:
            target = plan.place.get(to)
            if target is not None and plan.paths_to[index] >> target & 1:
                return [target]
            self.findings.append(("sent_back_nowhere", entry))
        before = plan.before(index, self._status) if self._status[index] == UNDER_WAY else []
        return before or [index]

    def _end(self, index: int, at: int) -> None:
        """A step is to be done again: under way, it ends as sent back."""
        fact = self._last[index]
        if self._status[index] == UNDER_WAY and fact is not None:
            self._occurrences.end(fact, at, "sent_back")
        self._set(index, WAITING)

    def _undo(self, among: int) -> None:
        """What was done of these is to be done again."""
        for index in places(among & self._done):
            self._set(index, WAITING)

    def _set(self, index: int, status: int) -> None:
        self._status[index] = status
        place = 1 << index
        self._under_way = self._under_way | place if status == UNDER_WAY else self._under_way & ~place
        self._done = self._done | place if status == DONE else self._done & ~place

    def _begin(self, index: int, at: int) -> None:
        step = self._plan.steps[index]
        if step.unit is None:
            self._begin_at(index, at, self.accountable, step.role, step.budget)
        else:
            self._begin_at(index, at, step.unit, None, step.budget)

    def _begin_at(self, index: int, at: int, unit: str | None, role: str | None, budget: int | None) -> None:
        name = self._plan.steps[index].step
        self._last[index] = self._occurrences.begin(name, unit, at, budget, role, planned=True)
        self._set(index, UNDER_WAY)

    def _planned_owner(self, index: int) -> str | None:
        unit = self._plan.steps[index].unit
        return self.accountable if unit is None else unit

    def _rejected(self, entry: EntryRecord, index: int, unit: str | None) -> bool:
        if unit is None:
            return False
        fact = self._last[index]
        owner = fact.unit if fact is not None and self._status[index] == UNDER_WAY else self._planned_owner(index)
        if owner is None or unit == owner or self._owns(owner, unit):
            return False
        step = self._plan.steps[index].step
        self.rejections.append(RejectedAct("not_the_owner", entry.source, entry.id, step, unit, owner))
        return True
