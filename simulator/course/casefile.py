"""The case file of one simulated dossier: what is really true of it, whatever its sources say.

Pure. Follows docs/rules.md in the office's own straightforward way, over what happens and not over entries; imports
nothing of what judges entries, so that agreement with it means something.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from shared.calendar import WorkCalendar
from shared.instants import MINUTE
from simulator.world.catalogue import Service
from simulator.world.places import Place

__all__ = ["Case", "Held", "Promise"]


class Promise:
    """The promised instant and what moves it: supplements asked for by then, and one extension."""

    __slots__ = ("asked", "due", "extended", "pauses", "second", "waiting")

    def __init__(self, due: int | None) -> None:
        self.due = due
        self.pauses: list[tuple[int, int | None]] = []
        self.waiting: int | None = None
        self.asked = False
        self.second: int | None = None
        self.extended = False

    def copy(self) -> Promise:
        """The same, to go its own way from here."""
        other = Promise(self.due)
        other.pauses, other.waiting, other.asked = list(self.pauses), self.waiting, self.asked
        other.second, other.extended = self.second, self.extended
        return other

    def ask(self, at: int) -> None:
        """The applicant is asked for more: stops the clock, unless it is too late or was asked already."""
        if self.asked and self.second is None:
            self.second = at
        self.asked = True
        if self.waiting is None:
            self.waiting = at
            if self.due is None or at <= self.due:
                self.pauses.append((at, None))

    def answered(self, at: int, due: int | None, calendar: WorkCalendar) -> None:
        """The applicant answers; a new date may be promised with the receipt."""
        self.waiting = None
        if self.pauses and self.pauses[-1][1] is None:
            asked = self.pauses[-1][0]
            self.pauses[-1] = (asked, at)
            if due is not None:
                self.due = due
            elif self.due is not None:
                self.due = calendar.add_working(self.due, calendar.working_between(asked, at))

    def extends(self, at: int, due: int, calendar: WorkCalendar) -> bool:
        """Whether an extension counts: the first, to a later date, said a working day before at the latest."""
        if self.due is None or self.extended or due <= self.due:
            return False
        return calendar.local_date(at) <= calendar.previous_working_day(calendar.local_date(self.due))

    def extend(self, due: int) -> None:
        """It counts."""
        self.due, self.extended = due, True

    def judged(self, end: int) -> int:
        """An end while an answer is awaited that was asked for in time is judged as of the asking."""
        if self.pauses and self.pauses[-1][1] is None:
            return self.pauses[-1][0]
        return end

    def stopped(self, at: int) -> bool:
        """Whether the clock stands still at an instant."""
        return any(asked <= at and (answered is None or at < answered) for asked, answered in self.pauses)


@dataclass(slots=True)
class Held:
    """Somebody holds a step, with so many working minutes for it; end None: still."""

    unit: str
    begin: int
    budget: int
    end: int | None = None


@dataclass(slots=True)
class Case:
    """A dossier as the office knows it. Instants in UTC microseconds; `plan` is what it will go through.

    Attributes:
        code: of the dossier.
        home: the place that received it.
        unit: accountable now.
        channel: really used.
        finish: how it ended, at `finished`.
        parked: an end that is annulled only by what may come after it, such as a withdrawal.
        sure: whether what sources tell of its steps is what happened.
    """

    code: str
    home: Place
    service: Service
    unit: str
    channel: str
    plan: dict[str, Any]
    submitted: int | None = None
    accepted: int | None = None
    promise: Promise = field(default_factory=lambda: Promise(None))
    original: Promise | None = None
    limit: int | None = None
    task: int = 0
    held: list[Held] = field(default_factory=list)
    finished: int | None = None
    finish: str | None = None
    parked: tuple[int, str] | None = None
    sure: bool = True
    count: int = 0

    def next_id(self) -> str:
        """An id for its next entry."""
        self.count += 1
        return f"{self.code}/{self.count}"

    # --- What happens ---

    def ask(self, at: int) -> None:
        """A supplement is asked for."""
        self.promise.ask(at)
        if self.original is not None:
            self.original.ask(at)

    def answered(self, at: int, due: int | None, calendar: WorkCalendar) -> None:
        """It came."""
        self.promise.answered(at, due, calendar)
        if self.original is not None:
            self.original.answered(at, due, calendar)

    def extend(self, at: int, due: int, calendar: WorkCalendar) -> None:
        """An extension is told, whether it counts or not."""
        if self.promise.extends(at, due, calendar):
            self.original = self.promise.copy()
            self.promise.extend(due)

    def begin(self, unit: str, at: int, budget: int) -> None:
        """A step begins."""
        self.held.append(Held(unit, at, budget))

    def end(self, at: int) -> None:
        """The step under way ends."""
        if self.held and self.held[-1].end is None:
            self.held[-1].end = at

    def hand_over(self, unit: str, at: int, calendar: WorkCalendar) -> None:
        """Another unit takes over, with what is left of the budget in whole minutes, rounded up."""
        self.unit = unit
        last = self.held[-1]
        self.end(at)
        left = last.budget * MINUTE - self._used(last, calendar)
        self.begin(unit, at, max(0, -(-left // MINUTE)))

    def close(self, at: int, kind: str) -> None:
        """It ends; who holds it is cut off. What was planned after does not happen."""
        self.finished, self.finish = at, kind
        self.held = [one for one in self.held if one.begin <= at]
        for one in self.held:
            one.end = at if one.end is None else min(one.end, at)

    # --- What is true ---

    @property
    def due(self) -> int | None:
        """The promised instant as it stands."""
        return self.promise.due

    @property
    def due_original(self) -> int | None:
        """The same without the extension."""
        return self.promise.due if self.original is None else self.original.due

    @property
    def judged(self) -> int | None:
        """The instant its end is judged at."""
        return None if self.finished is None else self.promise.judged(self.finished)

    def binding(self, calendar: WorkCalendar) -> int | None:
        """The due instant, else the one at which the most working time is used up; None: nothing binds."""
        if self.promise.due is not None or self.limit is None:
            return self.promise.due
        limit = self.limit
        for asked, answered in self.promise.pauses:
            if answered is not None and asked < limit:
                limit = calendar.add_working(limit, calendar.working_between(asked, answered))
        return limit

    def holders(self) -> list[str]:
        """Who has it now: of an open dossier the unit of the step, nobody while the applicant is asked."""
        if self.finished is not None or self.promise.waiting is not None:
            return []
        under_way = [one.unit for one in self.held if one.end is None]
        return under_way or [self.unit]

    def delays(self, calendar: WorkCalendar) -> dict[str, int]:
        """Whose the delay is, in µs of working time: split by time over budget, else by time held after the due."""
        due, judged = self.promise.due, self.judged
        if due is None or judged is None or judged <= due:
            return {}
        whole = calendar.working_between(due, judged)
        over: dict[str, int] = {}
        after: dict[str, int] = {}
        for one in self.held:
            over[one.unit] = over.get(one.unit, 0) + max(0, self._used(one, calendar) - one.budget * MINUTE)
            late = Held(one.unit, max(one.begin, due), 0, min(judged if one.end is None else one.end, judged))
            after[one.unit] = after.get(one.unit, 0) + self._used(late, calendar)
        shares = next((table for table in (over, after) if any(table.values())), {self.unit: 1})
        return _split(whole, shares)

    def _used(self, one: Held, calendar: WorkCalendar) -> int:
        """Working time somebody held it, without what the applicant was waited for."""
        if one.end is None or one.end <= one.begin:
            return 0
        total = calendar.working_between(one.begin, one.end)
        for asked, answered in self.promise.pauses:
            first, last = max(one.begin, asked), one.end if answered is None else min(one.end, answered)
            if first < last:
                total -= calendar.working_between(first, last)
        return total


def _split(whole: int, shares: dict[str, int]) -> dict[str, int]:
    """So much in proportion, to the last microsecond: what rounding leaves goes to the largest remainders."""
    total = sum(shares.values())
    parts = {unit: divmod(whole * share, total) for unit, share in shares.items()}
    left = whole - sum(part for part, _ in parts.values())
    order = sorted(parts, key=lambda unit: (-parts[unit][1], unit))
    found = {unit: part + (unit in order[:left]) for unit, (part, _) in parts.items()}
    return {unit: part for unit, part in sorted(found.items()) if part}
