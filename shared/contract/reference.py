"""Reference entries, which go to every journal partition: calendars, procedures, routes, units, rules, the clock."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from shared.contract.envelope import Budget, Code, Data, Envelope, Name, Unit

__all__ = [
    "CalendarRevised",
    "ClockCorrected",
    "ClockTicked",
    "IndicatorEntered",
    "ProcedureMadePublic",
    "ProcedurePublished",
    "RouteRevised",
    "RuleActivated",
    "UnitRevised",
]

Document = Annotated[str, StringConstraints(min_length=1, max_length=256)]
DecimalText = Annotated[str, StringConstraints(pattern=r"^-?\d{1,15}(\.\d{1,6})?$")]


class CalendarDay(Data):
    """One day of a calendar and the document that ordered it."""

    day: date
    working: bool
    document: Document | None = None


class Calendar(Data):
    """A version of a working-time calendar: its days off and days worked."""

    calendar: Code
    version: Code
    days: list[CalendarDay] = Field(default_factory=list)


class ProcedureTerm(Data):
    """A term of a procedure for one channel."""

    channel: Literal["online", "postal", "direct"] | None = None
    amount: DecimalText
    unit: Literal["working_days", "calendar_days", "working_hours", "months"]


class Procedure(Data):
    """A version of an administrative procedure (TTHC)."""

    procedure: Code
    version: Code
    name: Name | None = None
    field: Name | None = None
    levels: list[Literal["ministry", "province", "district", "commune"]] = Field(default_factory=list)
    terms: list[ProcedureTerm] = Field(default_factory=list)
    valid_from: date | None = None
    valid_to: date | None = None


class ProcedurePublic(Data):
    """A procedure was made public."""

    procedure: Code
    due: date | None = None


class RouteStepData(Data):
    """One step of a route: owner and budget in working minutes."""

    step: Name
    unit: Unit
    budget: Budget | None = None


class Route(Data):
    """The route of a procedure version."""

    procedure: Code
    version: Code
    steps: list[RouteStepData] = Field(default_factory=list)


class UnitData(Data):
    """A unit as it stands from a date on."""

    unit: Unit
    parent: Unit | None = None
    name: Name | None = None
    kind: Literal["province", "department", "commune", "district", "other"] | None = None
    valid_from: date | None = None
    valid_to: date | None = None
    successor: Unit | None = None


class Rule(Data):
    """A dated, named rule version becomes active."""

    rule: Code
    version: Code
    parameters: dict[str, str | int | bool] = Field(default_factory=dict)


class Indicator(Data):
    """A figure entered by hand, as from a survey."""

    indicator: Code
    unit: Unit
    first_day: date
    last_day: date
    value: DecimalText


class Tick(Data):
    """Data of clock entries: the value is the entry's `time`."""


class CalendarRevised(Envelope):
    """A calendar version."""

    type: Literal["calendar.revised"]
    data: Calendar | None


class ProcedurePublished(Envelope):
    """A procedure version."""

    type: Literal["procedure.published"]
    data: Procedure | None


class ProcedureMadePublic(Envelope):
    """A procedure was made public."""

    type: Literal["procedure.made_public"]
    data: ProcedurePublic | None


class RouteRevised(Envelope):
    """A route version."""

    type: Literal["route.revised"]
    data: Route | None


class UnitRevised(Envelope):
    """A unit version."""

    type: Literal["unit.revised"]
    data: UnitData | None


class RuleActivated(Envelope):
    """A rule version."""

    type: Literal["rule.activated"]
    data: Rule | None


class IndicatorEntered(Envelope):
    """A hand-entered figure."""

    type: Literal["indicator.entered"]
    data: Indicator | None


class ClockTicked(Envelope):
    """Time passes: the partition's clock is at least `time`."""

    type: Literal["clock.ticked"]
    data: Tick


class ClockCorrected(Envelope):
    """The clock ran wrong: it is `time` now, even where that is earlier."""

    type: Literal["clock.corrected"]
    data: Tick
