"""Reference entries, which go to every journal partition: calendars, procedures, routes, units, rules, the clock.

Every one is a version with validity: what a dossier is judged by is decided from the set of these entries alone
(docs/rules.md, "Reference data"), never from the order they came in.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, StringConstraints

from shared.contract.calendar_data import Calendar, CalendarDay, Document, HolidaySource, Season, Week
from shared.contract.envelope import Budget, Code, Data, Envelope, Money, Name, NamingText, Unit

__all__ = [
    "Calendar",
    "CalendarDay",
    "CalendarRevised",
    "ClockCorrected",
    "ClockTicked",
    "Counting",
    "HolidaySource",
    "Procedure",
    "ProcedureMadePublic",
    "ProcedurePublished",
    "ProcedureTerm",
    "Route",
    "RouteRevised",
    "RouteStepData",
    "Rule",
    "RuleActivated",
    "Season",
    "TermUnit",
    "UnitData",
    "UnitRevised",
    "Week",
]

DecimalText = Annotated[str, StringConstraints(pattern=r"^-?\d{1,15}(\.\d{1,6})?$")]


def _not_negative(text: str) -> str:
    if text.startswith("-"):
        raise ValueError("a term is not negative")
    return text


#: A decimal number, such as 3 or 1.5.
Amount = Annotated[DecimalText, AfterValidator(_not_negative)]
Channel = Literal["online", "postal", "direct"]
Level = Literal["ministry", "province", "district", "commune", "other"]
UnitKind = Literal["ministry", "province", "department", "commune", "district", "other"]
#: How a term is counted: whole days, the day of receipt not counted; to the same time of day; working hours.
Counting = Literal["next-day", "same-time", "hours"]
TermUnit = Literal["working_days", "calendar_days", "working_hours", "months"]


class ProcedureTerm(Data):
    """A term of a procedure for one channel, or for all that have none of their own.

    `statutory` is the term of the law, `committed` what the province promises, `maximum` the most working time where
    there is no term to promise (Decision 766).
    """

    channel: Channel | None = None
    kind: Literal["statutory", "committed", "maximum"] = "statutory"
    amount: Amount
    unit: TermUnit


class Procedure(Data):
    """A version of an administrative procedure (TTHC), in force from `valid_from` to `valid_to`, both inclusive.

    `cut_percent`: the committed term is the statutory one less so many percent, where no committed one is given.
    """

    procedure: Code
    version: Code
    name: Name | None = None
    field: Name | None = None
    levels: list[Level] = Field(default_factory=list)
    authority: Name | None = None
    applicants: list[Literal["citizen", "business", "agency"]] = Field(default_factory=list)
    terms: list[ProcedureTerm] = Field(default_factory=list)
    cut_percent: Annotated[int, Field(ge=0, le=100)] | None = None
    counting: Counting | None = Field(default=None, description="absent: as the rule version in force says")
    fee: bool | None = None
    online: Literal["none", "partial", "full"] | None = None
    result_document: bool | None = None
    saving: Money | None = Field(default=None, description="declared saving in VND per dossier")
    document: Document | None = None
    valid_from: date | None = None
    valid_to: date | None = None


class ProcedurePublic(Data):
    """A procedure was made public."""

    procedure: Code
    due: date | None = None


class RouteStepData(Data):
    """One step of a route: who owns it, how long, and after which steps it begins.

    The owner is a unit, or a role in the handling unit. `after` absent means after the step before it in the list,
    empty means at acceptance; several are a join. An optional step begins only when it is assigned; otherwise it is
    passed over.
    """

    step: Name
    unit: Unit | None = None
    role: Name | None = None
    budget: Budget | None = None
    after: list[Name] | None = None
    optional: bool = False


class Route(Data):
    """A version of the route of a procedure, for dossiers accepted from `valid_from` to `valid_to`, inclusive."""

    procedure: Code
    version: Code
    channel: Channel | None = None
    steps: list[RouteStepData] = Field(default_factory=list)
    document: Document | None = None
    valid_from: date | None = None
    valid_to: date | None = None


class UnitData(Data):
    """A unit as it stands from `valid_from` on, to `valid_to` inclusive; `successor` took over its open dossiers."""

    unit: Unit
    parent: Unit | None = None
    name: Name | None = None
    kind: UnitKind | None = None
    valid_from: date | None = None
    valid_to: date | None = None
    successor: Unit | None = None
    document: Document | None = None


class Rule(Data):
    """A dated, named rule version; its parameters are in docs/rules.md, "Rule versions".

    It applies to dossiers received from `valid_from` on.
    """

    rule: Code
    version: Code
    valid_from: date | None = None
    parameters: dict[str, Annotated[str, NamingText("name")] | int | bool] = Field(default_factory=dict)
    document: Document | None = None


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


class ClockTicked(Envelope):
    """Time passes: the partition's clock is at least `time`."""

    type: Literal["clock.ticked"]
    data: Tick


class ClockCorrected(Envelope):
    """The clock ran wrong: it is `time` now, even where that is earlier."""

    type: Literal["clock.corrected"]
    data: Tick
