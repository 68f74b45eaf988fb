"""The queue of a unit with the people who work it off. Knows working time; knows nothing of what the work is.

A person does one thing at a time and only in working hours. A unit of 2.4 people has three who together may work 2.4
times the working time; what they do not use in a day they may make up for within about a day's work.
"""

from __future__ import annotations

import heapq
from typing import Any, NamedTuple

from shared.calendar import WorkCalendar
from shared.instants import HOUR, SECOND

__all__ = ["LONGEST_WORK", "Desk", "Started"]

#: No single piece of work is longer.
LONGEST_WORK = 4 * HOUR


class Started(NamedTuple):
    """Somebody began with a piece of work: whose, and when it is done if nothing changes (nothing does)."""

    what: Any
    done: int


class Desk:
    """A unit's queue.

    Args:
        people: how many work it off; a fraction is somebody who is there for part of the time.
        hurry: 0 to 4: by arrival only, to by due date only.
        calendar: working time.
        begin: instant from which they work.
    """

    __slots__ = ("_awake", "_calendar", "_credit", "_hurry", "_most", "_number", "_rate", "_since", "free", "waiting")

    def __init__(self, people: float, hurry: int, calendar: WorkCalendar, begin: int) -> None:
        self._calendar = calendar
        self._hurry = hurry
        self._rate = people
        self._most = max(LONGEST_WORK, int(people * 8 * HOUR))
        self._credit = self._most
        self._since = begin
        self._awake = 0
        self._number = 0
        self.free = max(1, int(-(-people // 1)))
        #: (priority, number, what, work) as a heap.
        self.waiting: list[tuple[int, int, Any, int]] = []

    def put(self, at: int, what: Any, work: int, due: int | None) -> None:
        """A piece of work (µs of somebody's time) comes into the queue."""
        wanted = at + 80 * HOUR if due is None else due
        self._number += 1
        priority = (at * (4 - self._hurry) + wanted * self._hurry) // 4
        heapq.heappush(self.waiting, (priority, self._number, what, min(work, LONGEST_WORK)))

    def back(self) -> None:
        """Somebody is done and free again."""
        self.free += 1

    def staffed(self, at: int, people: float) -> None:
        """From now on so many work here; nobody new comes, those who are there are there for less of the time."""
        self._settle(at)
        self._rate = people

    def start(self, at: int) -> tuple[list[Started], int | None]:
        """What is begun now, and when to ask again (None: when something comes or somebody is done)."""
        begun: list[Started] = []
        if not self.waiting or not self.free:
            return begun, None
        opening = self._calendar.open_from(at)
        if opening > at:
            return begun, self._wake(at, opening)
        self._settle(at)
        while self.waiting and self.free:
            work = self.waiting[0][3]
            if self._credit < work:
                seconds = int((work - self._credit) / self._rate) // SECOND + 1
                return begun, self._wake(at, self._calendar.add_working(at, seconds * SECOND))
            what = heapq.heappop(self.waiting)[2]
            self._credit -= work
            self.free -= 1
            begun.append(Started(what, self._calendar.add_working(at, work)))
        return begun, None

    def _wake(self, at: int, when: int) -> int | None:
        """The instant to ask again, unless that was said already."""
        if at < self._awake <= when:
            return None
        self._awake = when
        return when

    def _settle(self, at: int) -> None:
        if at > self._since:
            passed = self._calendar.working_between(self._since, at)
            self._credit = min(self._most, self._credit + int(passed * self._rate))
            self._since = at
