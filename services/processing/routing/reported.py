"""Steps as their source reports them, without a route: nobody is refused, nothing begins by itself.

Pure. What a route plans is followed elsewhere.
"""

from __future__ import annotations

from services.processing.record import EntryRecord
from services.processing.routing.model import StepFact
from services.processing.routing.occurrences import Occurrences

__all__ = ["Reported"]


class Reported:
    """Takes step entries as told (docs/rules.md, "Steps": not in the route).

    Readings: a completion that names a unit is about that unit's occurrence, another unit's stays under way; a
    sending-back is about the step, whoever reports it. Marked is the newest occurrence that was completed, which stays
    completed, for its holding was over. A completion alone held from the dossier's previous entry that holds, whatever
    it was about and whether or not it had an effect, save rejected ones; never from before acceptance.
    """

    __slots__ = ("_completed", "_occurrences")

    def __init__(self, occurrences: Occurrences) -> None:
        self._occurrences = occurrences
        #: The newest occurrence of each step that was completed.
        self._completed: dict[str, StepFact] = {}

    def assign(self, entry: EntryRecord, step: str, unit: str | None, budget: int | None) -> None:
        """`step.assigned`: begins an occurrence, hands one over, or gives it another budget."""
        occurrences = self._occurrences
        fact = occurrences.under_way.get(step)
        if fact is None:
            occurrences.begin(step, unit, entry.time, budget)
        elif fact.unit != unit:
            occurrences.hand_over(fact, unit, entry.time, budget, None)
        elif budget is not None:
            occurrences.replace_budget(fact, entry.time, budget)

    def complete(self, entry: EntryRecord, step: str, unit: str | None, previous: int) -> None:
        """`step.completed`: ends what is under way, else held since `previous`."""
        fact = self._occurrences.under_way.get(step)
        if fact is not None and unit in (None, fact.unit):
            self._occurrences.end(fact, entry.time, "completed")
        else:
            fact = self._occurrences.told(step, unit, previous, entry.time, "completed")
        newest = self._completed.get(step)
        if newest is None or newest.occurrence < fact.occurrence:
            self._completed[step] = fact

    def send_back(self, entry: EntryRecord, step: str, unit: str | None) -> None:
        """`step.sent_back`: ends what is under way, else marks what was completed, else happened at that instant."""
        fact = self._occurrences.under_way.get(step)
        if fact is not None:
            self._occurrences.end(fact, entry.time, "sent_back")
        elif step in self._completed:
            self._completed[step].sent_back_at = entry.time
        else:
            self._occurrences.told(step, unit, entry.time, entry.time, "sent_back")
