"""The HTTP route that lists entered figures: which entry of whom stands behind a number that no dossier explains."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Annotated, Any, Optional

from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel, Field, create_model

from services.metrics.follow.view import View
from services.metrics.http.entered import entered_figures
from services.metrics.http.parameters import Limit, LocalDate, Offset, Reader, Unit, UnitsOn, answered, clock_of
from services.metrics.http.questions.desk import Desk
from services.metrics.table.row_answers import Instant, row_answer
from shared.populations.indicators import INDICATORS
from shared.texts.normal_form import LONGEST_ASKED, spellings

__all__ = ["EnteredFigures", "make_entered_router"]

_ROW: Any = row_answer("EnteredRow", INDICATORS)
#: What its row tells; its code is told in parts.
_MEMBERS: dict[str, Any] = {
    name: (field.annotation, field) for name, field in _ROW.model_fields.items() if name != "code"
}
EnteredFigure: Any = create_model(
    "EnteredFigure",
    __doc__=INDICATORS.told,
    subject=(str, ...),
    source=(str, ...),
    id=(str, ...),
    holds=(bool, Field(description="false: a later entry of another identity says it otherwise")),
    **_MEMBERS,
)


class EnteredFigures(BaseModel):
    """Figures from outside: `total` is how many there are, always."""

    total: int
    as_of: Annotated[Optional[Instant], Field(description="the clock; null before the first tick")]  # noqa: UP045
    simulated: bool = Field(description="whether this stack holds simulated cases only")
    figures: Annotated[list[EnteredFigure], Field(description="one page, the newest period first")]


def _none() -> Iterator[dict[str, Any]]:
    return iter(())


def make_entered_router(ready_view: Callable[[], View], desk: Desk, *, simulated: bool) -> APIRouter:
    """The route.

    Args:
        ready_view: the live view; raises a Problem when it is not caught up.
        desk: where questions are answered.
        simulated: said in every answer.
    """
    router = APIRouter(prefix="/v1", tags=["figures"])

    @router.get("/entered", summary="Figures from outside", response_model=EnteredFigures)
    async def get_entered(
        request: Request,
        reader: Reader,
        *,
        unit: Unit = None,
        indicator: Annotated[str | None, Query(description="only of this one", max_length=LONGEST_ASKED)] = None,
        first: Annotated[LocalDate | None, Query(alias="from", description="first day of the period, exactly")] = None,
        last: Annotated[LocalDate | None, Query(alias="to", description="last day of the period, exactly")] = None,
        superseded: Annotated[bool, Query(description="also what a later entry says otherwise")] = False,
        limit: Limit = 100,
        offset: Offset = 0,
        units_on: UnitsOn = None,
    ) -> Response:  # fmt: skip
        """What was entered of units (`indicator.entered`), and which entry holds where several say the same.

        Figures of units are open to every reader.
        """
        view = ready_view()

        def look(code: str | None) -> Callable[[], Mapping[str, Any]]:
            total, tell = 0, _none
            for asked in (None,) if indicator is None else spellings(indicator):
                total, tell = entered_figures(
                    view,
                    unit=code,
                    indicator=asked,
                    first=first,
                    last=last,
                    superseded=superseded,
                    offset=offset,
                    limit=limit,
                    units_on=units_on,
                )
                if total:
                    break
            head: dict[str, Any] = {"total": total, "as_of": clock_of(view), "simulated": simulated}
            return lambda: {**head, "figures": tell()}

        return await answered(desk, view, request, look, unit=unit, work=limit + offset, reader=reader)

    return router
