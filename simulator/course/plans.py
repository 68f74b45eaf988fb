"""What a dossier will go through, drawn when it comes in: service, channel, pace, trouble, what its source gets wrong.

Pure: a function of the dice it is given. Nothing of it depends on queues, so that crowded offices change when things
happen and not what.
"""

from __future__ import annotations

from datetime import date
from itertools import accumulate
from random import Random
from typing import Any

from shared.calendar import WorkCalendar
from shared.instants import HOUR, MINUTE, SECOND
from simulator.course.casefile import Case
from simulator.world import habits
from simulator.world.places import Place
from simulator.world.rhythm import Rhythm

__all__ = ["Planner"]

_TROUBLES = tuple(habits.TROUBLES)
_TROUBLE_BOUNDS = tuple(accumulate(habits.TROUBLES.values()))
_MISTAKES = tuple(habits.MISTAKES)
_MISTAKE_BOUNDS = tuple(accumulate(habits.MISTAKES.values()))
#: Mistakes that only an acceptance at the counter has.
_AT_COUNTER = frozenset({"registered_by_mistake", "unknown_channel", "end_before_acceptance"})


def _drawn(roll: Random, names: tuple[str, ...], bounds: tuple[float, ...]) -> str:
    chance = roll.random()
    return next((name for name, bound in zip(names, bounds, strict=True) if chance < bound), "")


class Planner:
    """Draws plans.

    Args:
        rhythm: when people come.
        calendar: working time.
    """

    def __init__(self, rhythm: Rhythm, calendar: WorkCalendar) -> None:
        self._rhythm = rhythm
        self._calendar = calendar

    def draw(self, place: Place, day: date, number: int, roll: Random) -> tuple[int, Case]:
        """The `number`-th dossier of a day at a place: the instant it comes in, and its case."""
        service = roll.choices(place.services, place.weights)[0]
        online, chance = service.procedure.online, roll.random()
        channel = "online" if chance < online else "postal" if chance < online + habits.CHANNEL_POSTAL else "direct"
        trouble = _drawn(roll, _TROUBLES, _TROUBLE_BOUNDS)
        mistake = "" if trouble else _drawn(roll, _MISTAKES, _MISTAKE_BOUNDS)
        if trouble == "handed_over" and (service.own_route or not place.peers):
            trouble = ""
        if trouble.startswith("extension") and service.procedure.days < 5:
            trouble = ""
        if mistake in _AT_COUNTER and channel != "direct":
            mistake = ""
        if mistake == "end_before_acceptance" and service.procedure.days > 1:
            mistake = ""
        if mistake in ("corrected_unit", "stranger") and not place.peers:
            mistake = ""
        pace = roll.lognormvariate(0, habits.PACE_SPREAD) * habits.PACE
        plan: dict[str, Any] = {
            "trouble": trouble,
            "mistake": mistake,
            "lags": [int(one.budget * pace * roll.uniform(0.6, 1.4) * 60) * SECOND for one in service.tasks],
            "works": [max(60, int(one.work * 60 * roll.gammavariate(4, 0.25))) * SECOND for one in service.tasks],
        }
        come = self._rhythm.at_home if channel == "online" else self._rhythm.at_counter
        at = come(day, roll)
        if channel != "direct":
            plan["answer"] = self._intake(roll)
        case = Case(f"{place.code}-{day:%y%m%d}-{number:04d}", place, service, place.code, channel, plan)
        return at, case

    def _intake(self, roll: Random) -> int:
        """Working time until a submission is accepted or refused."""
        late, longest = habits.SLOWEST_INTAKE
        if roll.random() < late:
            return int(roll.uniform(8 * HOUR, longest)) // SECOND * SECOND
        return int(min(7.9 * HOUR, 5 * MINUTE + roll.expovariate(1 / (1.6 * HOUR)))) // SECOND * SECOND
