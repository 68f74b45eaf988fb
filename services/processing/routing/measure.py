"""Working time held, pauses left out, and the due instant of a budget: exact, in microseconds.

Pure. Knows a calendar and the pauses of one dossier; nothing of steps, routes or entries.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Sequence

from services.processing.routing.model import Pause
from shared.calendar import WorkCalendar
from shared.instants import MINUTE

__all__ = ["Budgets", "CalendarOf", "Stopwatch", "Stopwatches"]

CalendarOf = Callable[[str | None], WorkCalendar]
#: The budgets an occurrence had, as (since, working minutes): the first from its begin on, ascending.
Budgets = Sequence[tuple[int, int]]

#: Later than every instant of the contract.
_NEVER = 1 << 62


class Stopwatch:
    """Working time of one calendar with the pauses of a dossier cut out.

    Args:
        calendar: the owner's.
        pauses: ascending, not overlapping; only the last may be open.
    """

    __slots__ = ("_active", "_begins", "_calendar", "_ends", "_paused", "_pauses")

    def __init__(self, calendar: WorkCalendar, pauses: Sequence[Pause]) -> None:
        self._calendar = calendar
        self._pauses = pauses
        if not pauses:
            return
        self._begins = [begin for begin, _ in pauses]
        self._ends = [_NEVER if end is None else end for _, end in pauses]
        #: Paused working time before each pause; one more for what follows the last, if that is closed.
        self._paused = [0]
        #: Working time not paused, from the first pause on, at the begin of each.
        self._active = []
        for begin, end in pauses:
            self._active.append(calendar.working_between(self._begins[0], begin) - self._paused[-1])
            if end is not None:
                self._paused.append(self._paused[-1] + calendar.working_between(begin, end))

    def held(self, begin: int, end: int) -> int:
        """Working time from one instant to a later one in µs, pauses left out."""
        worked = self._calendar.working_between(begin, end)
        return worked - self._paused_until(end) + self._paused_until(begin) if self._pauses else worked

    def judged(self, end: int) -> int:
        """The instant an end is judged at: itself, or the begin of the pause it lies in."""
        if self._pauses:
            index = bisect_right(self._begins, end) - 1
            if index >= 0 and end < self._ends[index]:
                return self._begins[index]
        return end

    def dues(self, begin: int, budgets: Budgets) -> tuple[tuple[int, int], ...]:
        """The values of the due as (due, in force since): begin plus budget, moved by each pause that begins by then.

        A pause moves it when it ends, by the part of it after the begin. Reading: also one that begins after the end of
        the occurrence, as the rule asks for the due only; nobody is judged otherwise by it. A budget that leads beyond
        the calendar is as good as none: no values at all.

        Args:
            begin: of the occurrence.
            budgets: the budgets it had.
        """
        values: list[tuple[int, int]] = []
        for index, (since, minutes) in enumerate(budgets):
            until = budgets[index + 1][0] if index + 1 < len(budgets) else None
            if until == since:
                continue
            found = self._values(begin, minutes * MINUTE, since)
            if not found:
                return ()
            for due, at in found:
                if at > since and until is not None and at >= until:
                    break
                if not values or values[-1][0] != due:
                    values.append((due, at))
        return tuple(values)

    def _values(self, begin: int, amount: int, since: int) -> list[tuple[int, int]]:
        """The value of the due that is in force at an instant with this amount, and all later ones."""
        calendar = self._calendar
        try:
            if not self._pauses:
                return [(calendar.add_working(begin, amount), since)]
            paused = self._paused
            first = bisect_right(self._ends, begin)
            before = self._paused_until(begin)
            last = self._moving(begin, amount, first, before)
            place = max(first, min(last, bisect_right(self._ends, since)))
            moved = 0 if place == first else paused[place] - before
            found = [(calendar.add_working(begin, amount + moved), since)]
            for index in range(place, last):
                moved = paused[index + 1] - before
                found.append((calendar.add_working(begin, amount + moved), self._ends[index]))
        except (IndexError, OverflowError):
            return []
        return found

    def _moving(self, begin: int, amount: int, first: int, before: int) -> int:
        """Index after the last closed pause that moves the due of an amount."""
        closed = len(self._paused) - 1
        if first >= closed:
            return first
        # Working time not paused, on the scale of `_active`, at which the amount is used up.
        reached = self._calendar.working_between(self._begins[0], begin) - before + amount
        index = max(first, bisect_left(self._active, reached, first, closed))
        while index < closed and self._active[index] <= reached:
            # At the very end of the amount working time cannot tell: a closing and the next opening are one to it.
            moved = 0 if index == first else self._paused[index] - before
            if self._begins[index] > self._calendar.add_working(begin, amount + moved):
                break
            index += 1
        return index

    def _paused_until(self, instant: int) -> int:
        """Paused working time up to an instant."""
        index = bisect_right(self._begins, instant) - 1
        if index < 0:
            return 0
        if instant >= self._ends[index]:
            return self._paused[index + 1]
        return self._paused[index] + self._calendar.working_between(self._begins[index], instant)


class Stopwatches:
    """The stopwatch of each owner.

    Args:
        calendar_of: the calendar of a unit; None is unassigned.
        pauses: of the dossier.
    """

    __slots__ = ("_by_unit", "_calendar_of", "_pauses")

    def __init__(self, calendar_of: CalendarOf, pauses: Sequence[Pause]) -> None:
        self._calendar_of = calendar_of
        self._pauses = pauses
        self._by_unit: dict[str | None, Stopwatch] = {}

    def of(self, unit: str | None) -> Stopwatch:
        """The stopwatch of a unit."""
        watch = self._by_unit.get(unit)
        if watch is None:
            watch = self._by_unit[unit] = Stopwatch(self._calendar_of(unit), self._pauses)
        return watch
