"""What the query API answers, as models with descriptions and examples: the source of its OpenAPI document."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from services.metrics.http.sight.told import LimitedTo
from services.metrics.table.row_answers import Instant, row_answer
from shared.populations.dossiers import DOSSIERS

__all__ = [
    "Component",
    "Dossier",
    "DossierAnswer",
    "Dossiers",
    "Index",
    "Indices",
    "PartitionStatus",
    "Share",
    "Status",
    "Tests",
    "Unit",
    "Units",
    "Unregistered",
    "UnregisteredCodes",
]

Simulated = Annotated[bool, Field(description="whether this stack holds simulated dossiers only")]
_FIGURES: dict[str, Any] = {
    "unit": "H44.100",
    "from": "2026-08-01",
    "to": "2026-08-31",
    "as_of": "2026-08-31T17:00:00.000000Z",
    "received": 1523,
    "carried_over": 319,
    "scope": 1842,
    "resolved": 1502,
    "open": 340,
    "open_within_term": 300,
    "on_time_by_instant": 1400,
    "early": 900,
    "same_day": 510,
    "late_by_date": 92,
    "late_by_original_due": 110,
    "on_time_by_date": 1410,
    "late_by_instant": 101,
    "apology_due": 142,
    "apologised": 120,
    "without_apology": 22,
    "intake_submitted": 1420,
    "intake_in_time": 1400,
    "intake_overdue": 15,
    "components": {
        "2.1": {"numerator": 1700, "denominator": 1842, "ratio": "92.29", "score": "18.46"},
        "3.3": {"numerator": 1400, "denominator": 1523, "ratio": "91.92", "score": "6.00"},
    },
    "shares": {
        "on_time_by_instant": {"numerator": 1400, "denominator": 1502, "ratio": "93.21"},
        "on_time_by_date": {"numerator": 1410, "denominator": 1502, "ratio": "93.87"},
        "apology_coverage": {"numerator": 120, "denominator": 142, "ratio": "84.51"},
        "intake_in_time": {"numerator": 1400, "denominator": 1415, "ratio": "98.94"},
    },
}


class Component(BaseModel):
    """A scored component of index 766: exact fraction, ratio in percent and points."""

    numerator: int
    denominator: int
    ratio: Annotated[
        str | None,
        Field(
            description="percent, two decimals half-up; below 100 never 100.00; null in the future", examples=["92.29"]
        ),
    ]
    score: Annotated[str | None, Field(description="points, two decimals half-up; null in the future")]


class Share(BaseModel):
    """A share without a score: exact fraction and percent."""

    numerator: int
    denominator: int
    ratio: Annotated[
        str | None,
        Field(description="percent, two decimals half-up; null of none, and in the future", examples=["84.51"]),
    ]


class Index(BaseModel):
    """Counts and components of the dossiers of a unit and all below it, over a period of local dates."""

    model_config = ConfigDict(json_schema_extra={"example": _FIGURES})

    unit: Annotated[str | None, Field(description="unit code; null is everything")]
    unit_name: Annotated[str | None, Field(description="as registered")] = None
    first: Annotated[str, Field(alias="from", description="first local date, included")]
    last: Annotated[str, Field(alias="to", description="last local date, included")]
    as_of: Annotated[Instant, Field(description="T: the period's end or the clock, whichever is earlier")]
    procedure: Annotated[str | None, Field(description="only with by=procedure")] = None
    procedure_name: Annotated[str | None, Field(description="only with by=procedure; as registered")] = None
    channel: Annotated[str | None, Field(description="only with by=channel")] = None
    month: Annotated[str | None, Field(description="only with by=month: YYYY-MM, a period of its own")] = None
    received: Annotated[int, Field(description="accepted in the period")]
    carried_over: Annotated[int, Field(description="accepted before the period and open at its start")]
    scope: Annotated[int, Field(description="received + carried over: column 3 of report II.06a")]
    resolved: Annotated[int, Field(description="finished in the period, by any end")]
    open: Annotated[int, Field(description="not finished before the period's end")]
    open_within_term: Annotated[int, Field(description="open, due at or after T or waiting, no second request")]
    on_time_by_instant: Annotated[int, Field(description="of the resolved: judged at or before the due instant (766)")]
    early: Annotated[int, Field(description="column 8: resolved or returned before the due date")]
    same_day: Annotated[int, Field(description="column 9: on the due date, without due, withdrawn, stopped, refused")]
    late_by_date: Annotated[int, Field(description="column 10: resolved or returned after the due date")]
    late_by_original_due: Annotated[int, Field(description="judged after the due as it was without extension")]
    on_time_by_date: Annotated[int, Field(description="columns 8 and 9: ended and not after the due date")]
    late_by_instant: Annotated[int, Field(description="judged after the due instant, else the limit")]
    apology_due: Annotated[int, Field(description="ended after the due instant, or open and overdue at T")]
    apologised: Annotated[int, Field(description="of these: with an apology (form 04) sent by T")]
    without_apology: Annotated[int, Field(description="of these: without one")]
    intake_submitted: Annotated[int, Field(description="submitted in the period under the intake clock")]
    intake_in_time: Annotated[int, Field(description="of these: answered by the intake due")]
    intake_overdue: Annotated[int, Field(description="of these: answered late, or unanswered and past it at T")]
    components: Annotated[dict[str, Component], Field(description="2.1 and 3.3 of Decision 766/QĐ-TTg")]
    shares: Annotated[
        dict[str, Share], Field(description="on_time_by_instant, on_time_by_date, apology_coverage, intake_in_time")
    ]
    future: Annotated[bool | None, Field(description="true when the period begins after the clock")] = None
    note: Annotated[str | None, Field(description="what a reader should know about this index")] = None


Test = Annotated[
    Literal["instant", "date"] | None,
    Field(description="what is compared: the instant of the due (index 766) or its local date (II.06a); null: nothing"),
]


class Tests(BaseModel):
    """Which test each figure judges by, by its key."""

    counts: dict[str, Test]
    components: dict[str, Test]
    shares: dict[str, Test]


class Indices(BaseModel):
    """Indices by the order asked: the unit itself, then those below; months in order."""

    as_of: Annotated[Instant | None, Field(description="the clock of the figures; null before the first tick")]
    simulated: Simulated
    rule: Annotated[str, Field(description="rule version of the scores", examples=["766-2026"])]
    tests: Tests
    indices: list[Index]


class Unit(BaseModel):
    """A unit that dossiers or steps name, one above such a unit, or a registered one."""

    unit: str
    unit_name: Annotated[str | None, Field(description="as registered")]
    kind: Annotated[
        Literal["ministry", "province", "department", "commune", "district", "other"] | None,
        Field(description="as registered"),
    ]
    parent: Annotated[str | None, Field(description="the unit above: as registered, else by the code; null at the top")]
    registered: Annotated[bool, Field(description="whether a unit.revised entry registered it")]
    valid_from: Annotated[str | None, Field(description="first local date it is there")]
    valid_to: Annotated[str | None, Field(description="last local date it is there")]
    successor: Annotated[str | None, Field(description="who took over its open dossiers")]
    dossiers: Annotated[int, Field(description="accepted dossiers of the unit itself, without those below")]


class Units(BaseModel):
    """All units, by code."""

    simulated: Simulated
    units: list[Unit]


class UnregisteredCodes(BaseModel):
    """Codes that accepted dossiers name and no reference entry knows."""

    dossiers: Annotated[int, Field(description="accepted dossiers that name one of these")]
    share: Annotated[str, Field(description="of all accepted dossiers, percent with two decimals")]
    named_by_none: Annotated[int, Field(description="accepted dossiers that name no unit or procedure at all")]
    codes: Annotated[
        list[dict[str, Any]],
        Field(
            description="looks_like: another code that this one looks like, a registered one where there is one; steps:"
            " how many steps name a unit that no dossier names",
            examples=[[{"unit": "h44.01", "dossiers": 3, "looks_like": "H44.01"}]],
        ),
    ]


class Unregistered(BaseModel):
    """What dossiers name and nobody registered."""

    simulated: Simulated
    dossiers: Annotated[int, Field(description="accepted dossiers")]
    units: UnregisteredCodes
    procedures: UnregisteredCodes


class OddCode(BaseModel):
    """A code or name in another form, and what is odd about it."""

    code: str
    why: Annotated[
        str, Field(description="blanks; accents (not NFC); dots (no address can name it); or a sign such as U+200B")
    ]


class OddCodesOfKind(BaseModel):
    """Of one kind."""

    count: int
    codes: Annotated[list[OddCode], Field(description="the first 50")]


class OddCodes(BaseModel):
    """Codes and names in another form than doors keep them in by now."""

    simulated: Simulated
    dossiers: OddCodesOfKind
    units: OddCodesOfKind
    procedures: OddCodesOfKind
    steps: OddCodesOfKind


if TYPE_CHECKING:

    class Dossier(BaseModel):
        """Its members are those of the declaration."""

else:
    Dossier = row_answer("Dossier", DOSSIERS)


class Dossiers(BaseModel):
    """The dossiers behind a number: `total` is that number, always."""

    total: int
    test: Test
    as_of: Annotated[Instant | None, Field(description="T of the list; null before the first tick")]
    simulated: Simulated
    limited_to: LimitedTo = None
    dossiers: Annotated[list[Dossier], Field(description="one page, by due instant and code")]


class DossierAnswer(BaseModel):
    """One dossier and the journal position that made its facts."""

    simulated: Simulated
    row: Dossier
    cause: Annotated[dict[str, int], Field(examples=[{"epoch": 1, "partition": 3, "offset": 12345, "index": 0}])]


class PartitionStatus(BaseModel):
    """How far one partition was read."""

    position: Annotated[int, Field(description="next lifecycle offset to read")]
    end: Annotated[int, Field(description="highest known end of the lifecycle partition")]
    cause_offset: Annotated[int, Field(description="highest journal offset seen as a cause, -1 before any")]
    clock: Annotated[Instant | None, Field(description="the partition's clock; null before its first tick")]


class Status(BaseModel):
    """What this replica knows and how current it is."""

    epoch: int | None
    loading_epoch: Annotated[int | None, Field(description="an epoch that is loaded to become the live one")]
    rows: int
    clock: Annotated[Instant | None, Field(description="lowest clock of the partitions that ticked")]
    partitions: dict[str, PartitionStatus]
    caught_up: Annotated[bool, Field(description="whether everything that stood in the topic at the start was read")]
    figures_at: Annotated[Instant | None, Field(description="wall clock of the last evaluation")]
    simulated: Simulated
    away: Annotated[list[str], Field(description="what is away or wrong; empty when all is well")]
