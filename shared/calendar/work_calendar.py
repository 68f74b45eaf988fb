"""Exact working-time arithmetic over a calendar: prefix sums of working days, so that no question walks day by day.

Pure. Working time is measured on the local wall clock and in microseconds; hours are half-open [opening, closing).
"""

from __future__ import annotations

import hashlib
from array import array
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from itertools import accumulate
from typing import Final
from zoneinfo import ZoneInfo

from shared.contract.envelope import parse_due_text
from shared.instants import DAY, from_datetime

__all__ = ["Hours", "WorkCalendar"]

#: Sessions of a working day as (opening, closing) in µs of the local day, ascending, not touching.
Hours = tuple[tuple[int, int], ...]

#: The first day covered; entries begin in 1900.
_FIRST: Final = date(1899, 1, 1)
#: The day after the last one covered: promised dates end in 2199, pauses of up to 300 years can follow (docs/rules.md).
_END: Final = date(2511, 1, 1)
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_ONE: Final = timedelta(microseconds=1)
#: Answers kept for questions that come again with every entry of a dossier.
_KEPT: Final = 50_000


class WorkCalendar:
    """Which local days are worked, and the working time between instants (UTC microseconds).

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
        self.id = calendar_id
        self.zone = zone
        self.hours = hours
        self._first = _FIRST.toordinal()
        self._shift = _EPOCH.toordinal() - self._first
        size = _END.toordinal() - self._first
        week = bytes(1 if (_FIRST.weekday() + i) % 7 < 5 else 0 for i in range(7))
        worked = bytearray((week * (size // 7 + 1))[:size])
        for day, working in exceptions.items():
            worked[day.toordinal() - self._first] = working
        self._worked = bytes(worked)
        #: Working days before each day, and the days that are worked.
        self._before = array("i", accumulate(worked, initial=0))
        self._days = array("i", (i for i, flag in enumerate(worked) if flag))
        self._day_length = sum(closing - opening for opening, closing in hours)
        self._dues: dict[str, int] = {}
        self._until: dict[int, int] = {}
        told = f"{calendar_id}|{_FIRST}|{hours!r}|".encode() + self._worked
        #: SHA-256 of all that decides an answer, the zone apart.
        self.hash = hashlib.sha256(told).hexdigest()

    @property
    def day_length(self) -> int:
        """Working time of one working day in µs."""
        return self._day_length

    def is_working_day(self, day: date) -> bool:
        """Whether a local day is worked."""
        return self._worked[self._index(day)] == 1

    def opening(self, day: date) -> int:
        """The instant the day's hours begin; of a day off, the one it would have."""
        return self._instant(self._index(day), self.hours[0][0])

    def closing(self, day: date) -> int:
        """The instant the day's hours end; of a day off, the one it would have."""
        return self._instant(self._index(day), self.hours[-1][1])

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
        index = self._index(day)
        place = self._before[index + 1] + n - 1 if n > 0 else self._before[index] + n
        if place < 0:
            raise IndexError(f"calendar {self.id}: no working day {n} from {day}")
        return date.fromordinal(self._days[place] + self._first)

    def working_days_between(self, start: date, end: date) -> int:
        """Working days in [start, end); negative when end lies before start."""
        return self._before[self._index(end)] - self._before[self._index(start)]

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
        full_days, rest = divmod(self._worked_until(start) + amount - 1, self._day_length)
        rest += 1  # in (0, day_length]: the full day belongs to its own closing
        for opening, closing in self.hours:
            if rest <= closing - opening:
                return self._instant(self._days[full_days], opening + rest)
            rest -= closing - opening
        raise AssertionError("the rest of a day is longer than its hours")

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
        index, _ = self._local(instant)
        return date.fromordinal(index + self._first)

    def _index(self, day: date) -> int:
        index = day.toordinal() - self._first
        if not 0 <= index < len(self._worked):
            raise IndexError(f"calendar {self.id} covers {_FIRST} to {_END}, asked for {day}")
        return index

    def _local(self, instant: int) -> tuple[int, int]:
        """Index of the local day and the wall-clock µs of that day."""
        # The local wall clock read as if it were UTC: a count of µs on the wall, whatever the zone does.
        wall = (_EPOCH + instant * _ONE).astimezone(self.zone).replace(tzinfo=UTC) - _EPOCH
        days, rest = divmod((wall.days * 86_400 + wall.seconds) * 1_000_000 + wall.microseconds, DAY)
        return days + self._shift, rest

    def _instant(self, index: int, wall: int) -> int:
        day = datetime.fromordinal(index + self._first) + timedelta(microseconds=wall)
        return from_datetime(day.replace(tzinfo=self.zone))

    def _worked_until(self, instant: int) -> int:
        """Working time from the first day covered to an instant."""
        known = self._until.get(instant)
        if known is not None:
            return known
        index, wall = self._local(instant)
        total = self._before[index] * self._day_length
        if self._worked[index]:
            for opening, closing in self.hours:
                if wall > opening:
                    total += min(wall, closing) - opening
        if len(self._until) >= _KEPT:
            self._until.clear()
        self._until[instant] = total
        return total
