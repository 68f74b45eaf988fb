"""What the simulated province sends in a span of time: all plans that reach into it, merged by the instant of sending.

Pure: the same score and span give the same entries in the same order, so a playing that was broken off goes on where it
was. Reads no clock; knows no HTTP.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from shared.instants import DAY, local_date, local_midnight
from simulator.chance import dice
from simulator.office.express import LONGEST, SLOT, finish_early, slot_plans
from simulator.office.lives import Office, life
from simulator.office.plan import Plan, Planned

__all__ = ["Player", "Score", "day_count"]

#: No ordinary dossier has entries later than this many days after its acceptance.
_LONGEST_DAYS: Final = 300
#: Online dossiers of a day are handed in up to this long before it begins.
_AHEAD: Final = DAY
_WEEKDAY = (1.25, 1.05, 1.0, 0.95, 0.85, 0.6, 0.4)


@dataclass(slots=True)
class Score:
    """What is played: seed, dossiers of a working day, first day, and the live sessions (start, end or None)."""

    seed: int
    per_day: int
    start: date
    sessions: list[tuple[int, int | None]] = field(default_factory=list)


def day_count(score: Score, day: date, office: Office) -> int:
    """Dossiers accepted on a local date: none on days off; Mondays are busy, Fridays quiet, a fifth is chance."""
    if not office.is_working(day):
        return 0
    roll = dice(score.seed, day.isoformat(), "count")
    return max(1, round(score.per_day * _WEEKDAY[day.weekday()] * roll.uniform(0.9, 1.1)))


class Player:
    """Plays a score from an instant on, span by span.

    Args:
        score: what is played.
        office: working time of its offices.
        zone: zone of local dates.
        begin: entries sent before this instant (UTC microseconds) are left out.
    """

    def __init__(self, score: Score, office: Office, zone: ZoneInfo, begin: int) -> None:
        self._score = score
        self._office = office
        self._zone = zone
        self._begin = begin
        self._heap: list[tuple[int, str, dict[str, Any]]] = []
        first = local_date(begin, zone) - timedelta(days=_LONGEST_DAYS)
        self._next_day = max(score.start, first)
        self._next_slot = {
            number: -(-max(start, begin - LONGEST) // SLOT) for number, (start, _) in enumerate(score.sessions)
        }

    def until(self, end: int) -> Iterator[tuple[int, dict[str, Any]]]:
        """Entries sent before `end` (UTC microseconds) and not given yet, each with its instant of sending."""
        while local_midnight(self._next_day, self._zone) < end + _AHEAD:
            self._add_day(self._next_day)
            self._next_day += timedelta(days=1)
        for number, (_, closed) in enumerate(self._score.sessions):
            last = end if closed is None else min(end, closed)
            while self._next_slot[number] * SLOT < last:
                for plan in slot_plans(self._score.seed, self._next_slot[number], self._zone):
                    self._add(plan)
                self._next_slot[number] += 1
        while self._heap and self._heap[0][0] < end:
            sent, _, entry = heapq.heappop(self._heap)
            yield sent, entry

    def _add_day(self, day: date) -> None:
        for number in range(1, day_count(self._score, day, self._office) + 1):
            plan = life(self._score.seed, day, number, self._office)
            for start, end in self._score.sessions:
                finish_early(plan, self._score.seed, start, end)
            self._add(plan)
            wrong = _wrong(self._score.seed, plan)
            if wrong is not None:
                self._push(wrong, 0)

    def _add(self, plan: Plan) -> None:
        for index, planned in enumerate(plan.entries):
            self._push(planned, index)

    def _push(self, planned: Planned, index: int) -> None:
        if planned.sent >= self._begin:
            heapq.heappush(self._heap, (planned.sent, f"{planned.order}/{index:03d}", planned.entry))


def _wrong(seed: int, plan: Plan) -> Planned | None:
    """Now and then a source sends what intake must refuse: a member nobody knows, or a time without zone."""
    roll = dice(seed, "wrong", plan.code)
    if roll.random() >= 0.01:
        return None
    first = next(iter(plan.entries))
    entry = first.entry | {"id": f"{plan.code}/wrong"}
    if roll.random() < 0.5:
        entry["data"] = {**(entry["data"] or {}), "applicant_phone": "0000000000"}
    else:
        entry["time"] = "yesterday"
    return Planned(first.at, first.sent, first.order + "~", entry)
