"""When people come: how many on a day, and at what times of it. Pure: a function of place, day and dice."""

from __future__ import annotations

from datetime import date, timedelta
from math import exp
from random import Random

from shared.calendar import WorkCalendar
from shared.instants import MINUTE, SECOND
from simulator.world import habits

__all__ = ["Rhythm"]


class Rhythm:
    """The rhythm of a year by the calendar of public offices.

    Args:
        calendar: decides which days are worked.
    """

    def __init__(self, calendar: WorkCalendar) -> None:
        self._calendar = calendar
        self._means: dict[int, float] = {}

    def factor(self, day: date) -> float:
        """How busy a day is beside an ordinary one; 0 on days off."""
        calendar = self._calendar
        if not calendar.is_working_day(day):
            return 0.0
        found = habits.WEEKDAYS[day.weekday()] * habits.MONTHS[day.month - 1]
        if calendar.next_working_day(day) - day > timedelta(3):
            found *= habits.BEFORE_HOLIDAY
        if day - calendar.previous_working_day(day) > timedelta(3):
            found *= habits.AFTER_HOLIDAY
        return found

    def expected(self, yearly: float, day: date) -> float:
        """Dossiers expected on a day of a place that has so many in that year."""
        whole = self._means.get(day.year)
        if whole is None:
            first = date(day.year, 1, 1)
            days = (date(day.year + 1, 1, 1) - first).days
            whole = self._means[day.year] = sum(self.factor(first + timedelta(n)) for n in range(days))
        return yearly * self.factor(day) / whole

    def count(self, yearly: float, day: date, roll: Random) -> int:
        """How many come on a day: a fifth more or less by the day's chance, then as independent people do."""
        mean = self.expected(yearly, day)
        return _poisson(mean * roll.uniform(0.9, 1.1), roll) if mean else 0

    def at_counter(self, day: date, roll: Random) -> int:
        """An instant of a working day at which somebody stands at a counter, to the second."""
        waves = habits.WAVES
        _, centre, width = waves[0] if roll.random() < waves[0][0] else waves[1]
        length = self._calendar.length(day) // MINUTE
        minute = min(length - 5.0, max(2.0, roll.gauss(centre, width) * length / 480))
        return self._calendar.add_working(self._calendar.opening(day), int(minute * 60) * SECOND)

    def at_home(self, day: date, roll: Random) -> int:
        """An instant of a day at which somebody hands in online: in office hours mostly, else from 18:00 to 23:00."""
        if roll.random() < 0.7:
            return self.at_counter(day, roll)
        return self._calendar.instant(day, int(roll.triangular(18 * 3600, 23 * 3600, 20 * 3600)) * SECOND)


def _poisson(mean: float, roll: Random) -> int:
    if mean > 30:
        return max(0, round(roll.gauss(mean, mean**0.5)))
    bound, product, count = exp(-mean), roll.random(), 0
    while product > bound:
        product *= roll.random()
        count += 1
    return count
