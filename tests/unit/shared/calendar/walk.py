"""A calendar counted the slow and obvious way: from minute to minute and from day to day.

Shares nothing with the product but the contract's models. Good for some weeks at a time, and zones with whole minutes.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from functools import cache
from zoneinfo import ZoneInfo

from shared.contract.calendar_data import Calendar, CalendarDay, Week

__all__ = ["Walk"]

ONE_DAY = timedelta(days=1)
MINUTE = timedelta(minutes=1)
NAMES = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


class Walk:
    """Versions of a calendar in a zone, in ascending precedence."""

    def __init__(self, versions: Sequence[Calendar], zone: ZoneInfo) -> None:
        self.versions = versions
        self.zone = zone
        self._known: dict[date, tuple[bool, list[tuple[datetime, datetime]]]] = {}

    # --- what a day is -------------------------------------------------------------------------------------------

    def definition(self, day: date) -> Calendar:
        """The last version with a week that is valid on a day; before all of them the earliest one's."""
        weeks = [version for version in self.versions if version.week is not None]
        valid = [version for version in weeks if version.valid_from is None or version.valid_from <= day]
        return valid[-1] if valid else min(weeks, key=lambda version: version.valid_from or date.min)

    def named(self, day: date) -> CalendarDay | None:
        """What the last version that is valid on a day, and has a say in it, says of it by name."""
        found = None
        for version in self.versions:
            has_say = version.week is None or version is self.definition(day)
            valid = version.valid_from is None or version.valid_from <= day
            for one in version.days:
                if one.day == day and has_say and valid:
                    found = one
        return found

    def week(self, day: date) -> Week:
        """The week of the season a day lies in, else the usual one."""
        version = self.definition(day)
        assert version.week is not None
        found = version.week
        for season in version.seasons:
            today = f"{day:%m-%d}"
            if season.first <= season.last:
                inside = season.first <= today <= season.last
            else:
                inside = today >= season.first or today <= season.last
            if inside:
                found = season.week
        return found

    def usual(self, day: date) -> list[str]:
        """The hours a day would have: those of its weekday, else the commonest of its week, else of any."""
        own = sessions_of(self.week(day), day.weekday())
        if own:
            return own
        version = self.definition(day)
        assert version.week is not None
        for week in (self.week(day), version.week, *(season.week for season in version.seasons)):
            all_hours = [sessions for number in range(7) if (sessions := sessions_of(week, number))]
            if all_hours:
                return max(all_hours, key=all_hours.count)
        raise AssertionError("no hours at all")

    def hours(self, day: date) -> tuple[bool, list[str]]:
        """Whether a day is worked by the book, and its hours, or those it would have."""
        named = self.named(day)
        own = sessions_of(self.week(day), day.weekday())
        if named is None:
            return bool(own), self.usual(day)
        if named.sessions:
            return named.working, sorted(named.sessions)
        if named.working and not own and named.pair is not None:
            return True, self.usual_as(named.pair, day)
        return named.working, self.usual(day)

    def usual_as(self, pair: date, day: date) -> list[str]:
        """The hours of another day by the definition in force on this one."""
        kept = Walk([self.definition(day).model_copy(update={"valid_from": None})], self.zone)
        return kept.usual(pair)

    def until_the_next_day(self, day: date, text: str) -> str:
        """A session with its closing as hours since the day began; a night ends where the next day's hours begin."""
        opening, closing = text.split("-")
        if closing >= opening:
            return text
        worked, next_day = self.hours(day + ONE_DAY)
        if worked:
            closing = min(closing, next_day[0][:5])
        return f"{opening}-{int(closing[:2]) + 24}{closing[2:]}"

    # --- instants ------------------------------------------------------------------------------------------------

    def first(self, day: date, wall: str) -> datetime:
        """The first minute at which calendar and clock on the wall show a day and time, or later."""
        return first_minute(self.zone, day, wall)

    def day(self, day: date) -> tuple[bool, list[tuple[datetime, datetime]]]:
        """Whether a day is worked, and when, or when it would be."""
        if day not in self._known:
            worked, hours = self.hours(day)
            hours = [self.until_the_next_day(day, text) for text in hours]
            all_of_it = [(self.first(day, text[:5]), self.first(day, text[6:])) for text in hours]
            lasting = [(opening, closing) for opening, closing in all_of_it if closing > opening]
            self._known[day] = (worked and bool(lasting), lasting or all_of_it)
        return self._known[day]

    def worked(self, day: date) -> bool:
        return self.day(day)[0]

    def opening(self, day: date) -> datetime:
        return self.day(day)[1][0][0]

    def closing(self, day: date) -> datetime:
        return self.day(day)[1][-1][1]

    def local(self, moment: datetime) -> date:
        return moment.astimezone(self.zone).date()

    def own(self, moment: datetime) -> date:
        """The working day a moment belongs to: the one whose night it lies in, else that on the wall."""
        day = self.local(moment)
        for begun in (day - ONE_DAY, day - 2 * ONE_DAY):
            worked, sessions = self.day(begun)
            if (
                worked
                and sessions[-1][0] <= moment < sessions[-1][1]
                and self.first(begun + ONE_DAY, "00:00") <= moment
            ):
                return begun
        return day

    def open_at(self, moment: datetime) -> bool:
        """Whether a minute is worked: some session of a day around has begun and not ended."""
        for shift in (-1, 0, 1):
            day = self.local(moment) + shift * ONE_DAY
            worked, sessions = self.day(day)
            if worked and any(opening <= moment < closing for opening, closing in sessions):
                return True
        return False

    def between(self, start: datetime, end: datetime) -> int:
        """Minutes worked in [start, end)."""
        return sum(self.open_at(moment) for moment in self.minutes(start, end))

    def minutes(self, start: datetime, end: datetime) -> Iterator[datetime]:
        while start < end:
            yield start
            start += MINUTE

    def open_from(self, moment: datetime) -> datetime:
        while not self.open_at(moment):
            moment += MINUTE
        return moment

    def add(self, start: datetime, minutes: int) -> datetime:
        """Where so many minutes are used up: the end of the last one."""
        while minutes > 0:
            minutes -= self.open_at(start)
            start += MINUTE
        return start

    # --- terms ---------------------------------------------------------------------------------------------------

    def nth(self, day: date, n: int) -> date:
        while n > 0:
            day += ONE_DAY
            n -= self.worked(day)
        return day

    def this_or_next(self, day: date) -> date:
        while not self.worked(day):
            day += ONE_DAY
        return day

    def length(self, day: date) -> int:
        worked, sessions = self.day(day)
        return sum((closing - opening) // MINUTE for opening, closing in sessions) if worked else 0

    def due(self, start: datetime, amount: Fraction, unit: str, counting: str) -> datetime:
        """When a term ends; parts of days only as give whole minutes."""
        if unit == "working_hours":
            return self.add(start, int(amount * 60))
        if unit == "working_days" and amount:
            counted = {"next-day": self.next_day, "same-time": self.same_time, "hours": self.by_hours}
            return counted[counting](start, amount)
        day = self.own(start)
        if unit == "months":
            months = day.month - 1 + int(amount)
            year, month = day.year + months // 12, months % 12 + 1
            day = date(year, month, min(day.day, monthrange(year, month)[1]))
        elif unit == "calendar_days":
            day += int(amount) * ONE_DAY
        return self.closing(self.this_or_next(day))

    def by_hours(self, start: datetime, amount: Fraction) -> datetime:
        return self.add(start, int(amount * 480))

    def next_day(self, start: datetime, amount: Fraction) -> datetime:
        whole, part = divmod(amount, 1)
        last = self.nth(self.own(start), whole)
        if not part:
            return self.closing(last)
        last = self.nth(last, 1)
        return self.add(self.opening(last), int(self.length(last) * part))

    def same_time(self, start: datetime, amount: Fraction) -> datetime:
        whole, part = divmod(amount, 1)
        start = self.open_from(start)
        last = self.nth(self.own(start), whole)
        end = self.fitted(last, start) if whole else start
        return self.add(end, int(self.length(last) * part))

    def fitted(self, day: date, start: datetime) -> datetime:
        """The start's time of day on another day; outside its hours the last closing before, else the opening."""
        local = start.astimezone(self.zone)
        hours = local.hour + 24 * (local.date() - self.own(start)).days
        wanted = self.first(day, f"{hours:02d}:{local.minute:02d}")
        sessions = self.day(day)[1]
        if any(opening <= wanted < closing for opening, closing in sessions):
            return wanted
        before = [closing for _, closing in sessions if closing <= wanted]
        return before[-1] if before else sessions[0][0]


@cache
def first_minute(zone: ZoneInfo, day: date, wall: str) -> datetime:
    """The first minute at which calendar and clock on the wall of a zone show a day and time, or later."""
    hours, minutes = int(wall[:2]), int(wall[3:])
    wanted = datetime(day.year, day.month, day.day, tzinfo=UTC) + timedelta(hours=hours, minutes=minutes)
    moment = wanted - timedelta(hours=26)
    while moment.astimezone(zone).replace(tzinfo=UTC) < wanted:
        moment += MINUTE
    return moment


def sessions_of(week: Week, weekday: int) -> list[str]:
    found: list[str] = sorted(getattr(week, NAMES[weekday]))
    return found
