"""Working time held, pauses left out, and the due instant of a budget: exact, in microseconds.

Pure. Knows a calendar and the pauses of one dossier; nothing of steps, routes or entries.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache, partial
from typing import Final, NamedTuple

from services.processing.routing.model import Pause
from shared.calendar import WorkCalendar
from shared.instants import MINUTE

__all__ = ["Budgets", "CalendarOf", "Measured", "Stopwatch", "Stopwatches"]

CalendarOf = Callable[[str | None], WorkCalendar]
#: The budgets an occurrence had, as (since, working minutes): the first from its begin on, ascending.
Budgets = Sequence[tuple[int, int]]

#: A value of a due as (due, in force since).
Due = tuple[int, int]

#: Later than every instant of the contract.
_NEVER: Final = 1 << 62
#: Stopwatches kept, with pauses at most so many, and occurrences each keeps: they come again with every entry.
_KEPT_WATCHES: Final = 8_192
_KEPT_PAUSES: Final = 8
_KEPT_MEASURED: Final = 65_536


class Measured(NamedTuple):
    """An occurrence measured; the members as StepFact has them."""

    used_us: int | None
    judged_at: int | None
    over_us: int | None
    due: int | None
    last_due: Due | None
    looking_back: Callable[[], Iterable[Due]] | None


class Stopwatch:
    """Working time of one calendar with the pauses of a dossier cut out.

    Args:
        calendar: the owner's.
        pauses: ascending, not overlapping; only the last may be open.
    """

    __slots__ = ("_active", "_begins", "_calendar", "_ends", "_known_runs", "_measured", "_paused", "_pauses")

    def __init__(self, calendar: WorkCalendar, pauses: Sequence[Pause]) -> None:
        self._calendar = calendar
        self._pauses = pauses
        self._measured: dict[tuple[int, int | None, int | None], Measured] = {}
        self._known_runs: list[int] | None = None
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

    def measured(self, begin: int, ended: int | None, budget: int | None, budgets: Budgets | None = None) -> Measured:
        """An occurrence measured.

        Args:
            begin: of the occurrence.
            ended: its end, None while it is under way.
            budget: the one it has, in working minutes.
            budgets: those it had, if it was replaced.
        """
        if budgets is not None:
            return self._measure(begin, ended, budget, budgets)
        key = (begin, ended, budget)
        found = self._measured.get(key)
        if found is None:
            if len(self._measured) >= _KEPT_MEASURED:
                self._measured.clear()
            found = self._measured[key] = self._measure(
                begin, ended, budget, () if budget is None else ((begin, budget),)
            )
        return found

    def _measure(self, begin: int, ended: int | None, budget: int | None, budgets: Budgets) -> Measured:
        used = judged = over = None
        if ended is not None:
            used, judged = self.held(begin, ended), self.judged(begin, ended)
            over = None if budget is None else max(0, used - budget * MINUTE)
        due, last, looking_back = self.dues(begin, budgets, ended) if budget is not None else (None, None, None)
        return Measured(used, judged, over, due, last, looking_back)

    def held(self, begin: int, end: int) -> int:
        """Working time from one instant to a later one in µs, pauses left out."""
        worked = self._calendar.working_between(begin, end)
        return worked - self._paused_until(end) + self._paused_until(begin) if self._pauses else worked

    def judged(self, begin: int, end: int) -> int:
        """The instant an end is judged at: itself, or the begin of the pause it lies in, not before its own begin."""
        if self._pauses:
            index = bisect_right(self._begins, end) - 1
            if index >= 0 and end < self._ends[index]:
                return max(begin, self._begins[index])
        return end

    def dues(
        self, begin: int, budgets: Budgets, ended: int | None
    ) -> tuple[int | None, Due | None, Callable[[], Iterable[Due]] | None]:
        """The due of an occurrence, its last value as (due, in force since) from begin to end, and what makes all.

        It is the begin plus the budget, moved by each pause that begins by then: when the pause ends, by the part of it
        after the begin. Reading: also by one that ends after the occurrence, as the rule asks for the due only; nobody
        is judged otherwise by it, and it is none of the values. A budget beyond the calendar gives no due at all.

        Args:
            begin: of the occurrence.
            budgets: the budgets it had.
            ended: its end, None while it is under way.
        """
        if len(budgets) == 1:
            since, minutes = budgets[0]
            amount, first = minutes * MINUTE, bisect_right(self._ends, begin)
            due = self._moved(begin, amount, first)
            if due is None or first + 1 >= len(self._paused) or self._begins[first] > due:
                return due, None if due is None else (due, since), None
        last = self._last(begin, budgets, ended)
        if last is None:
            return None, None, None
        amount = budgets[-1][1] * MINUTE
        due = self._moved(begin, amount, self._moving(begin, amount))
        return due, last, partial(self._history, begin, budgets, ended)

    def _last(self, begin: int, budgets: Budgets, ended: int | None) -> Due | None:
        """The last of the values, without making the others; None where one lies beyond the calendar."""
        known: Due | None = None
        for since, until, amount in _terms(budgets, ended):
            last = self._moving(begin, amount)
            first = min(last, bisect_right(self._ends, since))
            final = max(first, min(last, bisect_left(self._ends, until)))
            earlier, due = self._moved(begin, amount, first), self._moved(begin, amount, final)
            # Pauses only move a due on, so that none before lies beyond the calendar.
            if earlier is None or due is None:
                return None
            at = known[1] if known is not None and known[0] == earlier else since
            if due != earlier:
                # In force since the end of the first pause after which so much was paused.
                at = self._ends[bisect_left(self._paused, self._paused[final], first, final) - 1]
            known = due, at
        return known

    def _history(self, begin: int, budgets: Budgets, ended: int | None) -> Iterator[Due]:
        """All values, in order."""
        before: int | None = None
        for since, until, amount in _terms(budgets, ended):
            for due, at in self._values(begin, amount, since, until):
                if due is not None and due != before:
                    yield due, at
                    before = due

    def _values(self, begin: int, amount: int, since: int, until: int) -> Iterator[tuple[int | None, int]]:
        """The values in force from one instant to before another, as if the amount had been the budget all along."""
        last = self._moving(begin, amount)
        index = min(last, bisect_right(self._ends, since))
        at = since
        while at < until:
            yield self._moved(begin, amount, index), at
            if index >= last:
                return
            at = self._ends[index]
            index += 1

    def _moved(self, begin: int, amount: int, index: int) -> int | None:
        """The due of an amount, moved by the pauses before an index."""
        if not index:
            return self._later(begin, amount)
        return self._later(begin, amount + max(0, self._paused[index] - self._paused_until(begin)))

    def _moving(self, begin: int, amount: int) -> int:
        """Index after the last closed pause that moves the due of an amount."""
        if not self._pauses:
            return 0
        first, closed = bisect_right(self._ends, begin), len(self._paused) - 1
        if first >= closed:
            return first
        # Working time not paused, on the scale of `_active`, at which the amount is used up.
        paused = self._paused_until(begin)
        reached = self._calendar.working_between(self._begins[0], begin) - paused + amount
        index = bisect_left(self._active, reached, first, closed)
        while index < closed and self._active[index] == reached:
            # At the very end of the amount working time cannot tell: a closing and the next opening are one to it.
            if amount + self._paused[index] > paused:
                return self._runs[index]
            # Nothing is to be worked, so that it is due at the begin itself, wherever that lies.
            if self._begins[index] > begin:
                break
            index += 1
        return index

    @property
    def _runs(self) -> list[int]:
        """For a pause that begins as an amount is used up: the index after the last one that still moves its due.

        One moves it if it begins at the very instant the amount is used up, not only before the next working time.
        """
        if self._known_runs is None:
            between, begins, active = self._calendar.working_between, self._begins, self._active
            runs = list(range(len(self._paused)))
            for index in range(len(runs) - 2, -1, -1):
                if between(begins[index] - 1, begins[index]):
                    follows = index + 2 < len(runs) and active[index + 1] == active[index]
                    runs[index] = runs[index + 1] if follows else index + 1
            self._known_runs = runs
        return self._known_runs

    def _later(self, begin: int, amount: int) -> int | None:
        """When an amount of working time is used up; None beyond the calendar."""
        try:
            return self._calendar.add_working(begin, amount)
        except (IndexError, OverflowError):
            return None

    def _paused_until(self, instant: int) -> int:
        """Paused working time up to an instant."""
        index = bisect_right(self._begins, instant) - 1
        if index < 0:
            return 0
        if instant >= self._ends[index]:
            return self._paused[index + 1]
        return self._paused[index] + self._calendar.working_between(self._begins[index], instant)


def _terms(budgets: Budgets, ended: int | None) -> Iterator[tuple[int, int, int]]:
    """Each budget in force as (since, until, µs of working time), the last one until after the end."""
    for number, (since, minutes) in enumerate(budgets, 1):
        until = budgets[number][0] if number < len(budgets) else _NEVER if ended is None else ended + 1
        if until > since:
            yield since, until, minutes * MINUTE


@lru_cache(maxsize=_KEPT_WATCHES)
def _kept_watch(calendar: WorkCalendar, pauses: tuple[Pause, ...]) -> Stopwatch:
    return Stopwatch(calendar, pauses)


class Stopwatches:
    """The stopwatch of each owner; those of one calendar share it.

    Args:
        calendar_of: the calendar of a unit; None is unassigned.
        pauses: of the dossier.
    """

    __slots__ = ("_by_calendar", "_by_unit", "_calendar_of", "_pauses")

    def __init__(self, calendar_of: CalendarOf, pauses: Sequence[Pause]) -> None:
        self._calendar_of = calendar_of
        self._pauses = tuple(pauses)
        self._by_calendar: dict[WorkCalendar, Stopwatch] = {}
        self._by_unit: dict[str | None, Stopwatch] = {}

    def of(self, unit: str | None) -> Stopwatch:
        """The stopwatch of a unit."""
        watch = self._by_unit.get(unit)
        if watch is None:
            calendar = self._calendar_of(unit)
            watch = self._by_calendar.get(calendar)
            if watch is None:
                # Of a dossier with many pauses each entry may bring another, so they are kept for this one reading.
                few = len(self._pauses) <= _KEPT_PAUSES
                watch = (_kept_watch if few else Stopwatch)(calendar, self._pauses)
                self._by_calendar[calendar] = watch
            self._by_unit[unit] = watch
        return watch
