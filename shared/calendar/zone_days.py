"""The local days of a time zone as instants: when each begins, and where the wall clock jumps.

Pure. An instant belongs to a wall-clock time w of a day once the clock first shows w or later: what a jump forward
leaves out begins at the jump, what a jump back repeats begins the first time. So the order of wall times is kept.
"""

from __future__ import annotations

from array import array
from bisect import bisect_right
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo

from shared.instants import DAY, SECOND

__all__ = ["DAYS", "FIRST", "ZoneDays", "day_of", "index_of", "zone_days"]

#: The first day covered; entries begin in 1900.
FIRST: Final = date(1899, 1, 1)
#: The day after the last one covered: promised dates end in 2199, pauses of up to 300 years can follow (docs/rules.md).
_END: Final = date(2511, 1, 1)
#: Number of days covered.
DAYS: Final = _END.toordinal() - FIRST.toordinal()

_ORIGIN: Final = FIRST.toordinal()
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
#: Local µs (the wall clock read as if it were UTC) at which the first day begins.
_START: Final = (_ORIGIN - _EPOCH.toordinal()) * DAY
#: Shorter than the shortest time between two changes of any zone's offset since 1899 (7 days less an hour).
_STEP: Final = 6 * 86_400
_MARGIN: Final = 2 * 86_400


def index_of(day: date) -> int:
    """The number of a day, counted from the first one covered.

    Raises:
        IndexError: the day is not covered (1899 to 2510).
    """
    index = day.toordinal() - _ORIGIN
    if not 0 <= index < DAYS:
        raise IndexError(f"a calendar covers {FIRST} to {_END - timedelta(1)}, asked for {day}")
    return index


def day_of(index: int) -> date:
    """The day of a number."""
    return date.fromordinal(index + _ORIGIN)


@lru_cache(maxsize=32)
def zone_days(zone: ZoneInfo) -> ZoneDays:
    """The days of a zone, made once."""
    return ZoneDays(zone)


class ZoneDays:
    """When the days of a zone begin, in UTC µs, and which of them see the clock jump.

    Attributes:
        starts: the instant each covered day begins, and those of the two days after.
        special: numbers of days on which, or at whose ends, the offset changes.
    """

    def __init__(self, zone: ZoneInfo) -> None:
        changes = _changes(zone)
        #: Instants from which an offset holds, the first one reaching back for ever, and the offsets, all in µs.
        self._since = [changes[0][0], *(at for at, _ in changes[1:])]
        self._offsets = [offset for _, offset in changes]
        self.starts = self._day_starts()
        self.special = frozenset(
            index
            for at in self._since[1:]
            for index in (self.index(at) - 1, self.index(at))
            if 0 <= index < DAYS and self.starts[index] <= at <= self.starts[index + 1]
        )

    def index(self, instant: int) -> int:
        """The number of the day an instant belongs to; outside of what is covered -1 or the number of days."""
        starts = self.starts
        if not starts[0] <= instant < starts[DAYS]:
            return -1 if instant < starts[0] else DAYS
        # Days are as long as the clock makes them, so the guess may lie beside the day, even after the last one.
        index = min((instant - starts[0]) // DAY, DAYS - 1)
        while instant < starts[index]:
            index -= 1
        while instant >= starts[index + 1]:
            index += 1
        return index

    def local(self, instant: int) -> tuple[int, int]:
        """What clock and calendar on the wall show at an instant: the day's number and µs of the day."""
        place = max(bisect_right(self._since, instant) - 1, 0)
        return divmod(instant + self._offsets[place] - _START, DAY)

    def instant(self, index: int, wall: int) -> int:
        """The first instant at which the wall clock shows a time of a day (µs, up to 24 hours) or a later one."""
        if index not in self.special:
            return self.starts[index] + wall
        wanted = _START + index * DAY + wall
        place = max(bisect_right(self._since, wanted - 2 * DAY) - 1, 0)
        while True:
            found = max(self._since[place], wanted - self._offsets[place]) if place else wanted - self._offsets[0]
            if place + 1 == len(self._since) or found < self._since[place + 1]:
                return found
            place += 1

    def _day_starts(self) -> array[int]:
        starts: array[int] = array("q")
        local = _START
        for place, offset in enumerate(self._offsets):
            since = self._since[place]
            # Midnights that the jump left out: those days begin at the jump.
            while place and local - offset < since and len(starts) < DAYS + 2:
                starts.append(since)
                local += DAY
            until = self._since[place + 1] if place + 1 < len(self._since) else None
            left = DAYS + 2 - len(starts)
            count = left if until is None else min(left, max(0, -((local - offset - until) // DAY)))
            starts.extend(range(local - offset, local - offset + count * DAY, DAY))
            local += count * DAY
        return starts


def _changes(zone: ZoneInfo) -> list[tuple[int, int]]:
    """(instant, offset from then on) in µs for every change of a zone's offset; the first is the first one known.

    The zone is asked every few days, and halving finds the second of a change: asking for each day would take as long
    as everything else a calendar does.
    """
    first = (_ORIGIN - _EPOCH.toordinal()) * 86_400 - _MARGIN
    last = first + DAYS * 86_400 + 2 * _MARGIN + _STEP
    moment, step = _EPOCH + timedelta(seconds=first), timedelta(seconds=_STEP)
    known = moment.astimezone(zone).utcoffset()
    found = [(first, known)]
    for second in range(first + _STEP, last, _STEP):
        moment += step
        offset = moment.astimezone(zone).utcoffset()
        if offset != known:
            low, high = second - _STEP, second
            while high - low > 1:
                middle = (low + high) // 2
                if (_EPOCH + timedelta(seconds=middle)).astimezone(zone).utcoffset() == known:
                    low = middle
                else:
                    high = middle
            found.append((high, offset))
            known = offset
    return [(second * SECOND, (offset or timedelta(0)) // timedelta(microseconds=1)) for second, offset in found]
