"""What the query API answers, as models with descriptions and examples: the source of its OpenAPI document."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import BaseModel, Field

from services.metrics.http.index_answers import Component, Index, Share, Test, Tests
from services.metrics.sight.told import LimitedTo
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
            description="looks_like: another code that this one looks like, a registered one where there is one; steps,"
            " petitions, figures: how many of them name a unit that no dossier names",
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
