"""The course of events: dossiers come in, wait in the queues of units, are worked on, go on to the next, end.

A discrete-event simulation in the order of time; what is told about it comes out in the order of sending. Holds the
open dossiers, a day's arrivals and what is not sent yet, however long the period.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import Any

from shared.calendar import WorkCalendar
from shared.instants import DAY, local_midnight
from simulator.chance import dice
from simulator.course.casefile import Case
from simulator.course.handling import Handling
from simulator.course.notices import Notices
from simulator.course.plans import Planner
from simulator.course.queueing import Desk
from simulator.course.surroundings import Surroundings
from simulator.course.telling import Teller
from simulator.world.places import Place, World
from simulator.world.rhythm import Rhythm

__all__ = ["Course"]

#: Somebody began with a piece of work: unit, case, begin and end.
OnWork = Callable[[str, Case, int, int], None]


class Course:
    """Plays some days.

    Args:
        world: units and services.
        seed: of everything.
        days: first and last local day; what happens after the last is not told.
        calendar: of all offices.
        closed: called with each case of which nothing changes any more.
        on_work: called whenever somebody begins with a piece of work.
    """

    def __init__(
        self,
        world: World,
        seed: int,
        days: tuple[date, date],
        calendar: WorkCalendar,
        *,
        closed: Callable[[Case], None],
        on_work: OnWork | None = None,
    ) -> None:
        self._world = world
        self._seed = seed
        self._days = days
        self._calendar = calendar
        self.begin = local_midnight(days[0], calendar.zone)
        self.horizon = local_midnight(days[1] + timedelta(1), calendar.zone)
        self.open: dict[str, Case] = {}
        roll = dice(seed, "course")
        self.teller = Teller(seed, self.horizon, world.places, calendar, roll)
        notices = Notices(self.teller, calendar, roll)
        self.surroundings = Surroundings(notices, calendar, roll)
        self.desks = {
            code: Desk(place.people, place.hurry, calendar, self.begin) for code, place in world.places.items()
        }
        self._closed = closed
        self._on_work = on_work
        self._rhythm = Rhythm(calendar)
        self._planner = Planner(self._rhythm, calendar)
        self._events: list[tuple[int, int, Callable[[int, Any], None], Any]] = []
        self._number = 0
        self._handling = Handling(self, notices, self.surroundings, calendar, roll)

    def play(self) -> Iterator[tuple[int, bytes]]:
        """All entries with their instants of sending, in that order; the truth is complete when it ends."""
        day, last = self._days
        events, due = self._events, self.teller.due
        while day <= last:
            midnight = local_midnight(day, self._calendar.zone)
            self._staff(day, midnight)
            self.teller.forget(midnight - 40 * DAY)
            for place in self._world.places.values():
                self._arrivals(place, day)
            end = local_midnight(day + timedelta(1), self._calendar.zone)
            while events and events[0][0] < end:
                at, _, handler, what = heapq.heappop(events)
                yield from due(at)
                handler(at, what)
            day += timedelta(1)
        for case in self.open.values():
            if case.parked is not None:
                case.close(*case.parked)
            self._closed(case)
        yield from due(None)

    def at(self, when: int, handler: Callable[[int, Any], None], what: Any) -> None:
        """Something will happen."""
        if when < self.horizon:
            self._number += 1
            heapq.heappush(self._events, (when, self._number, handler, what))

    @property
    def pending(self) -> int:
        """Things that will happen."""
        return len(self._events)

    def close(self, case: Case) -> None:
        """Nothing changes of a case any more."""
        self.open.pop(case.code, None)
        self._closed(case)

    def queue(self, at: int, case: Case, unit: str, work: int) -> None:
        """A case waits for somebody of a unit."""
        self.desks[unit].put(at, case, work, case.due)
        self._serve(at, unit)

    def _serve(self, at: int, unit: str) -> None:
        begun, again = self.desks[unit].start(at)
        for case, done in begun:
            if self._on_work is not None:
                self._on_work(unit, case, at, done)
            self.at(done, self._done, (unit, case))
        if again is not None:
            self.at(again, self._serve, unit)

    def _done(self, at: int, what: tuple[str, Case]) -> None:
        unit, case = what
        self.desks[unit].back()
        self._handling.done(at, case)
        self._serve(at, unit)

    def _arrivals(self, place: Place, day: date) -> None:
        if not place.yearly:
            return
        roll = dice(self._seed, day.isoformat(), place.code)
        for number in range(1, self._rhythm.count(place.yearly, day, roll) + 1):
            at, case = self._planner.draw(place, day, number, roll)
            self.at(at, self._handling.comes_in, case)

    def _staff(self, day: date, midnight: int) -> None:
        """Weeks in which a unit is short of people begin and end on Mondays."""
        if day.weekday() != 0 and day != self._days[0]:
            return
        week = day.isocalendar().week
        for code, place in self._world.places.items():
            if place.lean is not None:
                first, after, share = place.lean
                lean = first <= week < after
                self.desks[code].staffed(midnight, place.people * share if lean else place.people)
