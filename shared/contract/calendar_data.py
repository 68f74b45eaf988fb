"""Data of calendar versions: days, hours by weekday and season, and the documents that ordered them.

The same models are the calendar file and the data of `calendar.revised`.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from shared.contract.envelope import Code, Data, Name, NamingText, Unit

__all__ = ["Calendar", "CalendarDay", "Document", "HolidaySource", "Season", "Week"]

Document = Annotated[str, NamingText("name"), StringConstraints(min_length=1, max_length=256)]
#: Hours of a session, half-open, such as `07:30-11:30`; the end may be 24:00.
Session = Annotated[str, StringConstraints(pattern=r"^([01]\d|2[0-3]):[0-5]\d-(([01]\d|2[0-3]):[0-5]\d|24:00)$")]
MonthDay = Annotated[
    str, StringConstraints(pattern=r"^(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$"), Field(description="month-day")
]


class CalendarDay(Data):
    """One day that is not as its weekday says, and the document that ordered it.

    `kind` tells why: a public holiday, a day off given for one that fell on a weekend (nghỉ bù), one half of a swap
    (hoán đổi; `pair` is the other half), or a day of the agency's own.
    """

    day: date
    working: bool
    kind: Literal["holiday", "compensation", "swap", "extra"] | None = None
    name: Name | None = None
    pair: date | None = None
    sessions: list[Session] | None = Field(default=None, description="hours of this day, where they are not the usual")
    document: Document | None = None


class Week(Data):
    """Working sessions by weekday; a weekday without sessions is off."""

    mon: list[Session] = Field(default_factory=list)
    tue: list[Session] = Field(default_factory=list)
    wed: list[Session] = Field(default_factory=list)
    thu: list[Session] = Field(default_factory=list)
    fri: list[Session] = Field(default_factory=list)
    sat: list[Session] = Field(default_factory=list)
    sun: list[Session] = Field(default_factory=list)


class Season(Data):
    """Hours of a part of the year, both days inclusive; it may run over the turn of the year."""

    first: MonthDay
    last: MonthDay
    week: Week
    document: Document | None = None


class HolidaySource(Data):
    """Where pinned holidays came from; told, never read again."""

    country: Annotated[str, StringConstraints(pattern=r"^[A-Z]{2,3}$")]
    subdivision: Annotated[str, NamingText("name"), StringConstraints(max_length=256)] | None = Field(
        default=None, description="codes of subdivisions joined by +: what is off in any of them"
    )
    first_year: Annotated[int, Field(ge=1900, le=2199)]
    last_year: Annotated[int, Field(ge=1900, le=2199)]
    library: Name | None = Field(default=None, description="name and version of the library the days were taken from")
    complete_from: date | None = Field(
        default=None, description="first day from which swapped days are complete, too; absent: the first year's first"
    )


class Calendar(Data):
    """A version of a working-time calendar.

    With `week` it defines the calendar from `valid_from` on (from always, if absent): hours by season over those of the
    week, and its days. Without, it lays its days over what is there. A version applies to the days from `valid_from`
    on. `unit` and those below it use the calendar for `purpose`; without unit it is for whoever names it.
    """

    calendar: Code
    version: Code
    valid_from: date | None = None
    zone: Annotated[str, NamingText("name"), StringConstraints(max_length=64)] | None = None
    unit: Unit | None = None
    purpose: Literal["working", "reception"] = "working"
    holidays: HolidaySource | None = None
    week: Week | None = None
    seasons: list[Season] = Field(default_factory=list)
    days: list[CalendarDay] = Field(default_factory=list)
    no_working_days: bool = Field(
        default=False,
        description="true where twelve months without a working day are meant",
    )
    document: Document | None = None
