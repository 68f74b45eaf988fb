"""Calendars of very many seasons, days and versions: made in time linear in them, whatever their number."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from shared.calendar import WorkCalendar, build, vn_public
from shared.contract.calendar_data import Calendar, CalendarDay, Season, Week
from tests.unit.processing.driver import ZONE
from tests.unit.processing.heavy import steps_of

_WEEK = Week(mon=["07:00-11:00"], tue=["08:00-12:00"])


def _month_day(number: int) -> str:
    return (date(2001, 1, 1) + timedelta(number)).isoformat()[5:]


def _seasons(count: int) -> list[Season]:
    return [
        Season(first=_month_day(n), last=_month_day(n), week=Week(mon=[f"0{6 + n % 4}:00-11:30"], tue=["13:00-17:00"]))
        for n in range(count)
    ]


def _off(count: int) -> list[CalendarDay]:
    return [CalendarDay(day=date(1950, 1, 1) + timedelta(n), working=False) for n in range(count)]


def _differing(version: int, count: int) -> list[CalendarDay]:
    """Days of which no two, in no version, have the same hours."""
    made = []
    for n in range(version * count, (version + 1) * count):
        hours = f"{n % 600 // 60:02d}:{n % 60:02d}-{12 + n // 36_000:02d}:{n // 600 % 60:02d}"
        made.append(CalendarDay(day=date(1901, 1, 1) + timedelta(n), working=True, sessions=[hours]))
    return made


def _built(seasons: int, days: int) -> WorkCalendar:
    version = Calendar(calendar="x", version="1", week=_WEEK, seasons=_seasons(seasons), days=_off(days))
    return build("x", [version], ZONE)


@pytest.mark.parametrize(("seasons", "days"), [(336, 0), (0, 4_000), (336, 2_000)])
def test_four_times_as_much_is_four_times_the_work_at_most(seasons: int, days: int) -> None:
    _built(1, 1)  # what is made once for all calendars of a zone
    few = steps_of(lambda: _built(seasons // 4, days // 4))
    many = steps_of(lambda: _built(seasons, days))
    assert many < few * 4.2, f"{few} steps, then {many}"


def test_more_different_days_than_two_bytes_can_tell_apart() -> None:
    versions = [Calendar(calendar="x", version=str(n), days=_differing(n, 4_500)) for n in range(16)]
    calendar = build("x", versions, ZONE, base=vn_public(ZONE))
    assert len(calendar.plan.shapes) > 2**16
    for version in versions:
        for day in (version.days[0], version.days[-1]):
            assert calendar.day_note(day.day) == day
    last = versions[-1].days[-1]
    assert calendar.length(last.day) > 0
    [(opening, _), *_] = calendar.sessions(last.day)
    assert calendar.opening(last.day) == opening
