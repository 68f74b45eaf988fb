"""The query API of what figures there are: their names in both languages, what they count, how they are scored.

The command line and pages take names from here, so that a figure is named in one place.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, Any, Final, Literal

from fastapi import APIRouter, Response
from pydantic import BaseModel, Field

from services.metrics.http.parameters import Reader, written
from services.metrics.indicators import declared
from services.metrics.indicators.declaration import Distinct, Empty, Entered, Part, Test, Where
from services.metrics.indicators.figures import FIGURES, STATES
from services.metrics.reports.counting import REPORTS
from shared.messages.base import Text

__all__ = ["FIGURES_ANSWER", "add_figures"]


class Name(BaseModel):
    """A name in both languages."""

    vi: str
    en: str


class PartAnswer(BaseModel):
    """One side of a component."""

    counts: Annotated[
        Literal["cases", "distinct", "entered"],
        Field(description="cases that a list can be asked for, different values of a column, or what was entered"),
    ]
    figure: Annotated[str | None, Field(description="the list of its cases: /v1/dossiers?figure=…")] = None
    of: Annotated[str | None, Field(description="of distinct: the column; of entered: the indicator's code")] = None


class ScoreAnswer(BaseModel):
    """How a ratio becomes points: min(maximum, maximum × ratio / full_at)."""

    maximum: int
    full_at: Annotated[int, Field(description="percent")]
    empty: Annotated[Empty, Field(description="points where the denominator is 0")]
    empty_ratio: Annotated[Empty, Field(description="ratio shown where the denominator is 0")]


class Figure(BaseModel):
    """One figure."""

    key: Annotated[str, Field(description="as in answers; of a component its code", examples=["late_by_instant"])]
    kind: Literal["count", "component", "share", "state", "measure"]
    population: Annotated[str, Field(description="what is counted", examples=["dossiers", "steps"])]
    name: Name
    meaning: Annotated[str | None, Field(description="of a count")] = None
    test: Annotated[Test | None, Field(description="what it judges by; null: nothing")] = None
    beside: Annotated[bool | None, Field(description="of a count: whether every index has it")] = None
    numerator: PartAnswer | None = None
    denominator: PartAnswer | None = None
    score: ScoreAnswer | None = None
    replaced: Annotated[
        bool | None, Field(description="of a component: whether a share entered under its code stands in for it")
    ] = None
    source: Annotated[str | None, Field(description="of a component: where in the decision")] = None


class ReportColumn(BaseModel):
    """A column of a form."""

    number: Annotated[int, Field(description="as printed")]
    name: Name
    test: Test | None
    figure: Annotated[str | None, Field(description="the list of its dossiers, where there is one by this name")]


class ReportAnswer(BaseModel):
    """A form, and how its rows are made."""

    code: str
    name: Name
    population: str
    by: Annotated[str, Field(description="what a row is of")]
    columns: list[ReportColumn]


class FiguresAnswer(BaseModel):
    """All figures there are."""

    rule: Annotated[str, Field(description="rule version of the scores", examples=["766-2026"])]
    figures: list[Figure]
    reports: list[ReportAnswer]


_STATES: Final = STATES["dossiers"]
_BY_PREDICATE: Final = {predicate: name for name, predicate in reversed((*_STATES.items(), *FIGURES.items()))}


def _name(name: Text) -> Name:
    return Name(vi=name.vi, en=name.en)


def _part(part: Part, listed: str) -> PartAnswer:
    match part:
        case Where():
            return PartAnswer(counts="cases", figure=listed)
        case Distinct(column=column):
            return PartAnswer(counts="distinct", of=column)
        case Entered(indicator=code):
            return PartAnswer(counts="entered", of=code)


def _figures() -> Iterable[Figure]:
    for count in declared.COUNTS:
        yield Figure(
            key=count.key,
            kind="count",
            population=count.population,
            name=_name(count.name),
            meaning=count.meaning,
            test=count.test,
            beside=count.beside,
        )
    for one in declared.INDICATORS:
        rule = one.score
        yield Figure(
            key=one.code,
            kind="component",
            population=one.population,
            name=_name(one.name),
            test=one.test,
            numerator=_part(one.numerator, f"{one.code}.numerator"),
            denominator=_part(one.denominator, f"{one.code}.denominator"),
            score=ScoreAnswer(
                maximum=rule.maximum, full_at=rule.full_at, empty=rule.empty, empty_ratio=rule.empty_ratio
            ),
            source=one.source,
            **({"replaced": True} if one.replaced else {}),
        )
    for share in declared.SHARES:
        yield Figure(
            key=share.key,
            kind="share",
            population=share.population,
            name=_name(share.name),
            test=share.test,
            numerator=PartAnswer(counts="cases", figure=f"{share.key}.numerator"),
            denominator=PartAnswer(counts="cases", figure=f"{share.key}.denominator"),
        )
    for state in declared.STATES:
        yield Figure(key=state.key, kind="state", population=state.population, name=_name(state.name), test=state.test)
    for measure in declared.MEASURES:
        yield Figure(key=measure.key, kind="measure", population=measure.population, name=_name(measure.name))


def _reports() -> Iterable[ReportAnswer]:
    for report in REPORTS:
        columns = [
            ReportColumn(
                number=column.number,
                name=_name(column.name),
                test=column.test,
                figure=_BY_PREDICATE.get(column.where),
            )
            for column in report.columns
        ]
        name = _name(report.name)
        yield ReportAnswer(code=report.code, name=name, population=report.population, by=report.by, columns=columns)


#: The same for everybody, as long as the service runs.
FIGURES_ANSWER: Final[dict[str, Any]] = FiguresAnswer(
    rule=declared.RULE, figures=list(_figures()), reports=list(_reports())
).model_dump(mode="json", exclude_unset=True)


def add_figures(router: APIRouter) -> None:
    """Add the route."""

    @router.get(
        "/figures",
        summary="Which figures and reports there are",
        response_model=FiguresAnswer,
        response_model_exclude_unset=True,
    )
    async def get_figures(_reader: Reader) -> Response:
        """Names in Vietnamese and English, what each counts and judges by, how components are scored."""
        return written(FIGURES_ANSWER)
