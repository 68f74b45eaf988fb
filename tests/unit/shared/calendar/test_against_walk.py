"""Every question to a random calendar against the slow walk, in zones whose clocks and dates jump."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from fractions import Fraction
from typing import TypeVar, get_args
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from shared.calendar import Term, WorkCalendar, build, term_due
from shared.contract.reference import Counting, TermUnit
from shared.instants import MINUTE, from_datetime, to_datetime
from tests.unit.oracle.depth import examples
from tests.unit.shared.calendar.strategies import JUMPS, calendars, instants_near
from tests.unit.shared.calendar.walk import Walk

T = TypeVar("T")


@dataclass(frozen=True)
class Asked:
    """A calendar made both ways, and what to ask it."""

    zone: str
    calendar: WorkCalendar
    walk: Walk
    draw: Callable[[st.SearchStrategy[T]], T]

    def moment(self) -> datetime:
        return self.draw(instants_near(JUMPS[self.zone]))

    def day(self) -> date:
        return JUMPS[self.zone] + timedelta(self.draw(st.integers(-12, 20)))


def days_and_their_hours(asked: Asked) -> None:
    calendar, walk, day = asked.calendar, asked.walk, asked.day()
    assert calendar.is_working_day(day) == walk.worked(day)
    assert to_datetime(calendar.opening(day)) == walk.opening(day)
    assert to_datetime(calendar.closing(day)) == walk.closing(day)
    assert calendar.length(day) == walk.length(day) * MINUTE
    assert [to_datetime(instant) for session in calendar.sessions(day) for instant in session] == [
        instant for session in (walk.day(day)[1] if walk.worked(day) else []) for instant in session
    ]
    assert calendar.day_note(day) == walk.named(day)


def working_time_between(asked: Asked) -> None:
    calendar = asked.calendar
    one, two, three = sorted(asked.moment() for _ in range(3))
    a, b, c = (from_datetime(instant) for instant in (one, two, three))
    assert calendar.working_between(a, b) == asked.walk.between(one, two) * MINUTE
    assert 0 <= calendar.working_between(a, b) <= b - a
    assert calendar.working_between(a, b) + calendar.working_between(b, c) == calendar.working_between(a, c)
    assert calendar.working_between(b, a) == -calendar.working_between(a, b)


def working_time_added(asked: Asked) -> None:
    calendar, start = asked.calendar, asked.moment()
    minutes = asked.draw(st.integers(0, 1500) | st.integers(0, 60).map(lambda n: n * 15))
    end = calendar.add_working(from_datetime(start), minutes * MINUTE)
    assert to_datetime(end) == asked.walk.add(start, minutes)
    assert calendar.working_between(from_datetime(start), end) == minutes * MINUTE
    if minutes:
        assert calendar.working_between(from_datetime(start), end - 1) == minutes * MINUTE - 1


def openings_and_local_time(asked: Asked) -> None:
    calendar, walk, start = asked.calendar, asked.walk, asked.moment()
    instant = from_datetime(start)
    assert to_datetime(calendar.open_from(instant)) == walk.open_from(start)
    assert calendar.is_open(instant) == walk.open_at(start)
    local = start.astimezone(ZoneInfo(asked.zone))
    assert calendar.local(instant) == (local.date(), (local.hour * 60 + local.minute) * MINUTE)
    assert calendar.local_date(instant) == local.date()


def terms(asked: Asked) -> None:
    start = asked.moment()
    unit: TermUnit = asked.draw(st.sampled_from(get_args(TermUnit)))
    counting: Counting = asked.draw(st.sampled_from(get_args(Counting)))
    most = {"working_days": 6, "working_hours": 20, "calendar_days": 15, "months": 1}[unit]
    amount = Fraction(asked.draw(st.integers(0, most)))
    if unit.startswith("working"):
        # Sessions begin and end at quarters of hours, so fifths and thirds of a day are whole minutes.
        amount += asked.draw(st.sampled_from([Fraction(0), Fraction(0), Fraction(1, 5), Fraction(2, 3)]))
    due = term_due(asked.calendar, from_datetime(start), Term(amount, unit), counting)
    assert to_datetime(due) == asked.walk.due(start, amount, unit, counting)


@examples(40)
@given(st.sampled_from(sorted(JUMPS)), st.data())
def test_a_calendar_answers_as_the_walk_does(zone: str, data: st.DataObject) -> None:
    versions = data.draw(calendars(JUMPS[zone]))
    asked = Asked(zone, build("random", versions, ZoneInfo(zone)), Walk(versions, ZoneInfo(zone)), data.draw)
    for question in (days_and_their_hours, openings_and_local_time, terms, terms):
        question(asked)
    working_time_between(asked)
    working_time_added(asked)
