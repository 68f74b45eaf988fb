"""Working time of the simulated offices, from the calendar of public offices. Pure."""

from __future__ import annotations

from datetime import date

from shared.calendar import WorkCalendar
from shared.instants import MINUTE

__all__ = ["PublicOffice"]


class PublicOffice:
    """The habits of public offices: their calendar, asked in the simulation's words (see lives.Office)."""

    def __init__(self, calendar: WorkCalendar) -> None:
        self._calendar = calendar

    def is_working(self, day: date) -> bool:
        """Whether offices work on a local date."""
        return self._calendar.is_working_day(day)

    def at(self, day: date, minute: float) -> int:
        """The instant of a working day at which so many working minutes have passed."""
        return self._calendar.add_working(self._calendar.opening(day), max(1, int(minute * MINUTE)))

    def plus_days(self, day: date, days: int) -> date:
        """The working day so many working days later."""
        return self._calendar.nth_working_day(day, days)

    def plus_minutes(self, instant: int, minutes: float) -> int:
        """The instant so many working minutes later."""
        return self._calendar.add_working(instant, max(1, int(minutes * MINUTE)))

    def day_of(self, instant: int) -> date:
        """The local date of an instant."""
        return self._calendar.local_date(instant)
