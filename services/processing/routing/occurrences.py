"""The occurrences of a dossier's steps while they are followed: begun, ended, handed over, and measured in the end.

Pure. Knows no route: whose turn it is and who may act is decided by those who call.
"""

from __future__ import annotations

from services.processing.routing.measure import Stopwatches
from services.processing.routing.model import Outcome, StepFact
from shared.instants import MINUTE

__all__ = ["Occurrences"]


class Occurrences:
    """All occurrences so far, those under way by step, and how often each step was begun.

    Args:
        watches: measure what is left of a budget.
    """

    __slots__ = ("_budgets", "_counts", "_watches", "all", "under_way")

    def __init__(self, watches: Stopwatches) -> None:
        self.all: list[StepFact] = []
        self.under_way: dict[str, StepFact] = {}
        self._watches = watches
        self._counts: dict[str, int] = {}
        #: Budgets in force by (step, occurrence), where one was replaced.
        self._budgets: dict[tuple[str, int], list[tuple[int, int]]] = {}

    def begin(
        self,
        step: str,
        unit: str | None,
        at: int,
        budget: int | None,
        role: str | None = None,
        *,
        planned: bool = False,
    ) -> StepFact:
        """A step is given to a unit."""
        number = self._counts[step] = self._counts.get(step, 0) + 1
        fact = StepFact(step, unit, at, role, number, planned, at, None, None, None, None, budget)
        self.all.append(fact)
        self.under_way[step] = fact
        return fact

    def told(
        self,
        step: str,
        unit: str | None,
        begun_at: int,
        at: int,
        outcome: Outcome,
        *,
        budget: int | None = None,
        role: str | None = None,
        planned: bool = False,
    ) -> StepFact:
        """An occurrence of which only its end was told."""
        number = self._counts[step] = self._counts.get(step, 0) + 1
        given_at = at if planned else None
        fact = StepFact(step, unit, begun_at, role, number, planned, given_at, budget=budget)
        self.all.append(fact)
        self.end(fact, at, outcome)
        return fact

    def end(self, fact: StepFact, at: int, outcome: Outcome) -> None:
        """An occurrence is over."""
        fact.ended_at = at
        fact.outcome = outcome
        if outcome == "completed":
            fact.completed_at = at
        elif outcome == "sent_back":
            fact.sent_back_at = at
        if self.under_way.get(fact.step) is fact:
            del self.under_way[fact.step]

    def hand_over(self, fact: StepFact, unit: str | None, at: int, budget: int | None, role: str | None) -> StepFact:
        """What is under way goes to another unit, with a budget or (None) what is left of the old one."""
        if budget is None and fact.budget is not None:
            used = self._watches.of(fact.unit).held(fact.begun_at, at)
            budget = max(0, -((used - fact.budget * MINUTE) // MINUTE))
        self.end(fact, at, "handed_over")
        return self.begin(fact.step, unit, at, budget, role, planned=fact.planned)

    def replace_budget(self, fact: StepFact, at: int, budget: int) -> None:
        """A budget is given to what is under way in place of the one it had."""
        if budget == fact.budget:
            return  # as of most assignments along a route; it moves no due
        known = self._budgets.setdefault((fact.step, fact.occurrence), [])
        if not known and fact.budget is not None:
            known.append((fact.begun_at, fact.budget))
        known.append((at, budget))
        fact.budget = budget

    def finish(self, at: int) -> None:
        """The dossier ended: what is under way is cut off."""
        for fact in list(self.under_way.values()):
            self.end(fact, at, "cut_off")

    def measure(self) -> None:
        """Fill in working time used and over, and the due with its history."""
        watches, replaced = self._watches, self._budgets
        for fact in self.all:
            budgets = replaced.get((fact.step, fact.occurrence)) if replaced else None
            measured = watches.of(fact.unit).measured(fact.begun_at, fact.ended_at, fact.budget, budgets)
            fact.used_us, fact.judged_at, fact.over_us, fact.due, fact.last_due, fact.looking_back = measured
