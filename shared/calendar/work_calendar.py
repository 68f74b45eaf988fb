"""Exact working-time arithmetic over a calendar: prefix sums of working time, so that no question walks day by day.

Pure. A working day is the sessions that begin on a local day; the last may be a shift over midnight, which belongs to
the day on which it begins. A session lasts from the first instant the wall clock shows its opening to the first instant
it shows its closing; working time is what really elapses inside, in microseconds, so a night in which the clock is set
back is longer.
"""

from __future__ import annotations

import hashlib
from array import array
from bisect import bisect_left
from collections.abc import Mapping
from datetime import date, datetime
from itertools import accumulate, compress
from typing import Final
from zoneinfo import ZoneInfo

from shared.calendar.elapsed import elapsed_shapes, has_nights, instant_of
from shared.calendar.hours import Hours
from shared.calendar.layers import DayRule, Layer
from shared.calendar.plan import Plan
from shared.calendar.zone_days import DAYS, day_of, index_of, zone_days
from shared.contract.calendar_data import CalendarDay
from shared.contract.envelope import parse_due_text
from shared.instants import DAY, from_datetime

__all__ = ["Hours", "WorkCalendar"]

#: Answers kept for questions that come again with every entry of a dossier.
_KEPT: Final = 50_000


class WorkCalendar:
    """Which local days are worked, and the working time between instants (UTC microseconds).

    This makes a plain one; `shared.calendar.definition.build` makes those with seasons, hours by weekday and versions.

    Args:
        calendar_id: its name, such as `vn-public`.
        zone: the zone of its days and hours.
        hours: sessions of a working day; also those a day off would have.
        exceptions: days that differ from "Monday to Friday are worked": True = worked, False = off.

    Questions about days outside 1899-2510 raise IndexError; no instant of the contract leads there.
    """

    def __init__(self, calendar_id: str, zone: ZoneInfo, hours: Hours, exceptions: Mapping[date, bool]) -> None:
        bounds = [bound for session in hours for bound in session]
        if not bounds or bounds != sorted(set(bounds)):
            raise ValueError(f"calendar {calendar_id}: hours must be ascending sessions, got {hours!r}")
        days = {day: DayRule(working) for day, working in exceptions.items()}
        week = (hours, hours, hours, hours, hours, (), ())
        self._take(calendar_id, zone, Plan([Layer("1", None, week, (), days)]))

    @classmethod
    def of_plan(cls, calendar_id: str, zone: ZoneInfo, plan: Plan) -> WorkCalendar:
        """A calendar of a plan in a zone."""
        made = cls.__new__(cls)
        made._take(calendar_id, zone, plan)  # noqa: SLF001 (its own)
        return made

    def _take(self, calendar_id: str, zone: ZoneInfo, plan: Plan) -> None:
        self.id = calendar_id
        self.zone = zone
        self.plan = plan
        self.hours = plan.usual
        #: The calendar this one stands for, since that cannot be made; None otherwise.
        self.instead_of: str | None = None
        #: Name of its latest version.
        self.version = plan.version
        #: SHA-256 of all that decides an answer, the zone apart.
        self.hash = hashlib.sha256(f"{calendar_id}|{plan.hash}".encode()).hexdigest()
        self._zone_days = zone_days(zone)
        self._starts = self._zone_days.starts
        #: Whether any shift goes over midnight; few calendars have one, so that others need not look at the day before.
        self._nights = has_nights(plan)
        shapes, self._shape = elapsed_shapes(plan, self._zone_days)
        #: Sessions of each shape in µs since the day began, also those a day off would have; those that are worked.
        self._would = [shape.hours for shape in shapes]
        self._open = [shape.hours if shape.worked else () for shape in shapes]
        self._length = [sum(closing - opening for opening, closing in sessions) for sessions in self._open]
        flags = [int(shape.worked) for shape in shapes]
        worked = bytes(map(flags.__getitem__, self._shape))
        #: Working days before each day, the days that are worked, and the working time before each day.
        self._before = array("i", accumulate(worked, initial=0))
        self._days = array("i", compress(range(DAYS), worked))
        self._total = array("q", accumulate(map(self._length.__getitem__, self._shape), initial=0))
        self._dues: dict[str, int] = {}
        self._dates: dict[int, date] = {}
        self._until: dict[int, int] = {}

    @property
    def day_length(self) -> int:
        """Working time of a usual working day in µs."""
        return sum(closing - opening for opening, closing in self.hours)

    def length(self, day: date) -> int:
        """Working time of a day in µs, 0 on a day off."""
        return self._length[self._shape[index_of(day)]]

    def is_working_day(self, day: date) -> bool:
        """Whether a local day is worked."""
        return bool(self._open[self._shape[index_of(day)]])

    def day_note(self, day: date) -> CalendarDay | None:
        """What the calendar says of a day by name: why it is off or worked, and which document ordered it."""
        rule = self.plan.rule(day)
        return None if rule is None else rule.told

    def sessions(self, day: date) -> tuple[tuple[int, int], ...]:
        """Openings and closings of a day as instants; none on a day off."""
        index = index_of(day)
        start = self._starts[index]
        return tuple((start + opening, start + closing) for opening, closing in self._open[self._shape[index]])

    def wall_sessions(self, day: date) -> Hours:
        """Openings and closings of a day by the clock on the wall, in µs of the day, past 24 hours of the next."""
        shape = self.plan.shapes[self.plan.of_day[index_of(day)]]
        return shape.hours if self.is_working_day(day) else ()

    def opening(self, day: date) -> int:
        """The instant the day's hours begin; of a day off, the one it would have."""
        index = index_of(day)
        return self._starts[index] + self._would[self._shape[index]][0][0]

    def closing(self, day: date) -> int:
        """The instant the day's hours end; of a day off, the one it would have."""
        index = index_of(day)
        return self._starts[index] + self._would[self._shape[index]][-1][1]

    def next_working_day(self, day: date) -> date:
        """The first working day after a day."""
        return self.nth_working_day(day, 1)

    def previous_working_day(self, day: date) -> date:
        """The last working day before a day."""
        return self.nth_working_day(day, -1)

    def nth_working_day(self, day: date, n: int) -> date:
        """The n-th working day after a day, not counting it; with negative n before it; the day itself for 0."""
        if n == 0:
            return day
        index = index_of(day)
        place = self._before[index + 1] + n - 1 if n > 0 else self._before[index] + n
        if not 0 <= place < len(self._days):
            raise IndexError(f"calendar {self.id}: no working day {n} from {day}")
        return day_of(self._days[place])

    def working_days_between(self, start: date, end: date) -> int:
        """Working days in [start, end); negative when end lies before start."""
        return self._before[index_of(end)] - self._before[index_of(start)]

    def working_between(self, start: int, end: int) -> int:
        """Working time from one instant to another in µs; negative when end lies before start."""
        return self._worked_until(end) - self._worked_until(start)

    def add_working(self, start: int, amount: int) -> int:
        """The instant at which an amount of working time (µs, not negative) after an instant is used up.

        At a boundary it is the closing, never the next opening. Nothing added gives the start itself, even when it
        lies outside the hours.
        """
        if amount < 0:
            raise ValueError(f"working time to add must not be negative, got {amount}")
        if amount == 0:
            return start
        wanted = self._worked_until(start) + amount
        place = bisect_left(self._total, wanted, self._index(start)) - 1
        if place >= DAYS:
            raise IndexError(f"calendar {self.id}: {amount} µs of working time from {start} end after its last day")
        rest = wanted - self._total[place]
        for opening, closing in self._open[self._shape[place]]:
            if rest <= closing - opening:
                return self._starts[place] + opening + rest
            rest -= closing - opening
        raise AssertionError("the rest of a day is longer than its hours")

    def is_open(self, instant: int) -> bool:
        """Whether an instant lies inside the hours; a closing does not."""
        return self.open_from(instant) == instant

    def open_from(self, instant: int) -> int:
        """The instant itself inside hours, else the next opening."""
        index = self._index(instant)
        if self._nights and self._night_left(index, instant):
            return instant
        since = instant - self._starts[index]
        for opening, closing in self._open[self._shape[index]]:
            if since < closing:
                return self._starts[index] + max(opening, since)
        place = self._before[index + 1]
        if place >= len(self._days):
            raise IndexError(f"calendar {self.id}: no opening after {instant}")
        index = self._days[place]
        return self._starts[index] + self._open[self._shape[index]][0][0]

    def due_instant(self, text: str) -> int:
        """The instant of a promised date: as given with a time, else the closing of that day.

        Args:
            text: a date or an instant with offset, as the contract's DueText.

        Raises:
            ValueError: neither form.
        """
        known = self._dues.get(text)
        if known is not None:
            return known
        parsed = parse_due_text(text)
        due = from_datetime(parsed) if isinstance(parsed, datetime) else self.closing(parsed)
        if len(self._dues) >= _KEPT:
            self._dues.clear()
        self._dues[text] = due
        return due

    def local_date(self, instant: int) -> date:
        """The local day an instant falls on."""
        # A dossier's instants are asked for again with each of its entries.
        day = self._dates.get(instant)
        if day is None:
            if len(self._dates) >= _KEPT:
                self._dates.clear()
            day = self._dates[instant] = self.local(instant)[0]
        return day

    def local(self, instant: int) -> tuple[date, int]:
        """What calendar and clock on the wall show at an instant: the day, and µs of the day."""
        index = self._index(instant)
        if index in self._zone_days.special:
            index, wall = self._zone_days.local(instant)
            return day_of(index), wall
        return day_of(index), instant - self._starts[index]

    def work_day(self, instant: int) -> tuple[date, int]:
        """The working day an instant belongs to, and µs of it by the clock on the wall.

        In a shift over midnight that is the day on which it begins, and the time is past 24 hours; else the local day.
        """
        day, wall = self.local(instant)
        if self._nights and self._night_left(index := self._index(instant), instant):
            begun = day_of(index - 1)
            return begun, (day - begun).days * DAY + wall
        return day, wall

    def instant(self, day: date, wall: int) -> int:
        """The first instant at which the wall clock shows a time of a day (µs, past 24 hours of the next) or later."""
        return instant_of(self._zone_days, index_of(day), wall)

    def _index(self, instant: int) -> int:
        """The number of the day an instant belongs to."""
        starts = self._starts
        index = (instant - starts[0]) // DAY
        # Nearly always right at once: a day's beginning moves by no more than the zone's offset does.
        if 0 <= index < DAYS and starts[index] <= instant < starts[index + 1]:
            return index
        index = self._zone_days.index(instant)
        if not 0 <= index < DAYS:
            raise IndexError(
                f"calendar {self.id} covers {day_of(0)} to {day_of(DAYS - 1)}, asked for instant {instant}"
            )
        return index

    def _worked_until(self, instant: int) -> int:
        """Working time from the first day covered to an instant."""
        known = self._until.get(instant)
        if known is not None:
            return known
        index = self._index(instant)
        since = instant - self._starts[index]
        total = self._total[index] - (self._night_left(index, instant) if self._nights else 0)
        for opening, closing in self._open[self._shape[index]]:
            if since <= opening:
                break
            total += (since if since < closing else closing) - opening
        if len(self._until) >= _KEPT:
            self._until.clear()
        self._until[instant] = total
        return total

    def _night_left(self, index: int, instant: int) -> int:
        """What is left, at an instant of a day, of the shift over midnight that began the day before."""
        if not index:
            return 0
        hours = self._open[self._shape[index - 1]]
        return max(0, self._starts[index - 1] + hours[-1][1] - instant) if hours else 0
