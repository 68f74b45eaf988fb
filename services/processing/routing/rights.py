"""Who may act on a step: who owns or holds it, who may act on the dossier, and for handing on who holds one next to it.

Pure. Judges one act at a time as the walk over the steps comes to it; whose turn a step is decides the route.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from services.processing.entitling.entitle import Entitled
from services.processing.record import EntryRecord
from services.processing.routing.model import StepFact
from services.processing.routing.plan import Plan

__all__ = ["StepRights", "outside"]


class StepRights:
    """The rights to act on the steps of one dossier.

    Args:
        entitled: who may act on the dossier.
    """

    __slots__ = ("_entitled", "refused")

    def __init__(self, entitled: Entitled) -> None:
        self._entitled = entitled
        #: The acts of the walk that were not entitled.
        self.refused: list[EntryRecord] = []

    def may(
        self, entry: EntryRecord, *, under_way: Mapping[str, StepFact], plan: Plan | None, accountable: str | None
    ) -> bool:
        """Whether an act of the walk is entitled; one that is not is kept in mind.

        Args:
            entry: the act, between acceptance and finish.
            under_way: the occurrences under way by step.
            plan: the route, None where there is none.
            accountable: the accountable unit of the moment.
        """
        if self._entitled.may(entry) or self._by_step(entry, under_way, plan, accountable):
            return True
        self.refused.append(entry)
        return False

    def _by_step(
        self, entry: EntryRecord, under_way: Mapping[str, StepFact], plan: Plan | None, accountable: str | None
    ) -> bool:
        covers, grant, at = self._entitled.covers, entry.grant, entry.time
        step: str = (entry.data or {})["step"]
        fact = under_way.get(step)
        if fact is not None and covers(grant, fact.unit, at):
            return True
        place = None if plan is None else plan.place.get(step)
        beside: Iterable[StepFact | None]
        if plan is None or place is None:
            beside = under_way.values()
        else:
            unit = plan.steps[place].unit
            if covers(grant, accountable if unit is None else unit, at):
                return True
            next_to = (*plan.after[place], *plan.followers[place])
            beside = (under_way.get(plan.steps[other].step) for other in next_to)
        if entry.type == "step.completed":
            return False
        # Of many steps in hand at once a few units hold all.
        return any(covers(grant, unit, at) for unit in {fact.unit for fact in beside if fact is not None})


def outside(
    entitled: Entitled,
    steps: Iterable[EntryRecord],
    plan: Plan | None,
    occurrences: Sequence[StepFact],
) -> list[EntryRecord]:
    """The acts outside acceptance and finish that are not entitled; they have no effect, but must not be anybody's.

    Args:
        entitled: who may act on the dossier.
        steps: these acts.
        plan: the route, None where there is none.
        occurrences: all occurrences the dossier has.
    """
    held: dict[str, set[str | None]] = {}
    for fact in occurrences:
        held.setdefault(fact.step, set()).add(fact.unit)
    refused = []
    for entry in steps:
        step: str = (entry.data or {})["step"]
        place = None if plan is None else plan.place.get(step)
        # One that the accountable unit owns by role is the dossier's.
        owner = None if plan is None or place is None else plan.steps[place].unit
        units = (owner, *held.get(step, ()))
        if not entitled.may(entry) and not any(entitled.covers(entry.grant, unit, entry.time) for unit in units):
            refused.append(entry)
    return refused
