"""What is answered about steps, blame and who holds what, as models: a source of the OpenAPI document."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from services.metrics.http.answers import Dossier, Simulated
from services.metrics.sight.told import LimitedTo
from services.metrics.table.row_answers import Instant

__all__ = ["BlameAnswer", "Bottlenecks", "DueList", "Occurrences", "Steps"]

_FIRST: Any = Field(alias="from", description="first local date, included")
_LAST: Any = Field(alias="to", description="last local date, included")
AsOf = Annotated[Instant | None, Field(description="T: the period's end or the clock, whichever is earlier")]
Microseconds = Annotated[int, Field(description="working time in microseconds, exact")]
Minutes = Annotated[int, Field(description="the same in whole minutes, rounded down")]
UnitCode = Annotated[str | None, Field(description="unit code; null is unassigned")]
Name = Annotated[str | None, Field(description="as registered")]


class StepFigures(BaseModel):
    """What a group of occurrences of steps comes to; its lists are at /v1/steps/occurrences."""

    ended: Annotated[int, Field(description="the unit's holding ended in the period, however")]
    with_budget: Annotated[int, Field(description="of these: had a budget")]
    over_budget: Annotated[int, Field(description="of these: held longer than it")]
    over_on_time: Annotated[int, Field(description="of these: the dossier ended on time all the same")]
    under_way: Annotated[int, Field(description="begun before the period's end and not ended before it")]
    over_now: Annotated[int, Field(description="of these: the budget was used up before T")]
    over_share: Annotated[str, Field(description="over_budget of with_budget, percent with two decimals")]
    over_us: Microseconds
    over_minutes: Minutes
    over_so_far_us: Annotated[int, Field(description="of those under way: working time over budget by T")]
    over_so_far_minutes: Minutes
    median_us: Annotated[int | None, Field(description="middle holding time of those ended; null of none")]
    median_minutes: int | None
    p90_us: Annotated[int | None, Field(description="the smallest that nine in ten of those ended do not exceed")]
    p90_minutes: int | None


class StepGroup(StepFigures):
    """A group; the keys it has are those it was grouped by."""

    unit: UnitCode = None
    unit_name: Name = None
    step: str | None = None
    procedure: str | None = None
    procedure_name: Name = None


class _OfPeriod(BaseModel):
    model_config = ConfigDict(populate_by_name=True)

    first: str = _FIRST
    last: str = _LAST
    as_of: AsOf
    test: Annotated[
        Literal["budget", "instant"],
        Field(description="what is compared: working time held with the budget, or the end with the due instant"),
    ]
    simulated: Simulated


class Steps(_OfPeriod):
    """Occurrences of steps, together and by group; percentiles are always of the occurrences themselves."""

    by: Literal["unit", "step", "unit-step", "procedure"]
    total: StepFigures
    groups: list[StepGroup]


class Bottleneck(StepGroup):
    """A unit and step that took longer than its budgets."""

    rank: int
    total_over_us: Annotated[int, Field(description="over_us and over_so_far_us together: what is ranked by first")]


class Bottlenecks(_OfPeriod):
    """The worst first."""

    ranked_by: Annotated[list[str], Field(examples=[["total_over_us", "over_share", "p90_us"]])]
    note: Annotated[str, Field(description="the same in words")]
    total: Annotated[int, Field(description="how many there are")]
    bottlenecks: list[Bottleneck]


class Occurrence(BaseModel):
    """One occurrence of a step."""

    code: str
    procedure: str | None
    procedure_name: Name
    step: str
    unit: UnitCode
    unit_name: Name
    occurrence: int
    planned: Annotated[bool, Field(description="by a route, as against only reported by its source")]
    began_at: Instant | None
    ended_at: Instant | None
    outcome: Literal["completed", "sent_back", "handed_over", "cut_off"] | None
    due: Annotated[Instant | None, Field(description="when the budget is used up, pauses included")]
    budget: Annotated[int | None, Field(description="working minutes")]
    used_us: Annotated[int | None, Field(description="working time held; null while under way")]
    over_us: Annotated[int | None, Field(description="working time over the budget; null while under way")]


class Occurrences(_OfPeriod):
    """The occurrences behind a number: `total` is that number, always."""

    total: int
    limited_to: LimitedTo = None
    occurrences: list[Occurrence]


class Part(BaseModel):
    """A unit's part of the delay."""

    unit: UnitCode
    unit_name: Name
    dossiers: int
    delay_us: Microseconds
    delay_minutes: Minutes
    share: Annotated[str, Field(description="of the whole delay, percent with two decimals")]


class Holder(BaseModel):
    """What a unit holds overdue; null is the applicant."""

    holder: str | None
    holder_name: Name
    dossiers: int
    delay_us: Microseconds
    delay_minutes: Minutes


class Overdue(BaseModel):
    """Open dossiers past their due at the clock. One with two holders is with both, so these need not add up."""

    dossiers: int
    delay_us: Microseconds
    delay_minutes: Minutes
    holders: list[Holder]


class BlameAnswer(_OfPeriod):
    """Delay of the dossiers that ended late in the period; the parts of the units add up to it exactly."""

    late: Annotated[int, Field(description="dossiers ended after their due instant: figure late_by_instant")]
    without_working_delay: Annotated[
        int, Field(description="of these: due and end have no working time between them, so no unit has a part")
    ]
    delay_us: Microseconds
    delay_minutes: Minutes
    units: list[Part]
    late_within_budgets: Annotated[int, Field(description="late though no step took longer than its budget")]
    on_time_with_step_over: Annotated[int, Field(description="on time though a step took longer than its budget")]
    clock: Annotated[Instant | None, Field(description="what the overdue ones are as of")]
    overdue: Overdue


class Held(BaseModel):
    """How much a unit has to do; null is the applicant."""

    holder: str | None
    holder_name: Name
    due: int
    overdue: int


class DueDossier(Dossier):
    """A dossier to be dealt with."""

    state: Literal["due", "overdue"]
    held_by: Annotated[list[str | None], Field(description="holders as the units are on the day asked for")]


class DueList(BaseModel):
    """Open dossiers due on a day, and those overdue at the clock."""

    day: Annotated[str | None, Field(description="local date; null before the first tick")]
    as_of: Annotated[Instant | None, Field(description="the clock")]
    test: Annotated[Literal["instant"], Field(description="overdue by the due instant; due by its local date")]
    simulated: Simulated
    limited_to: LimitedTo = None
    total: Annotated[int, Field(description="due and overdue: the length of the list")]
    due: Annotated[int, Field(description="due on that day, at or after the clock, not waiting")]
    overdue: int
    holders: Annotated[list[Held], Field(description="a dossier with two holders is with both")]
    dossiers: Annotated[list[DueDossier], Field(description="one page, by due instant and code")]
