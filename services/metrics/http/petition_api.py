"""The HTTP route that lists petitions by state."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Annotated, Any, Final

from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel, Field

from services.metrics.follow.view import View
from services.metrics.http.parameters import Limit, Offset, Reader, Unit, UnitsOn, answered, clock_of
from services.metrics.http.petitions import petitions, reach_of
from services.metrics.http.questions.desk import Desk
from services.metrics.indicators.figures import STATES
from services.metrics.sight.told import LimitedTo
from services.metrics.table.row_answers import Instant, row_answer
from shared.access.hidden import units_read
from shared.populations.petitions import PETITIONS
from shared.problems.field_errors import listed
from shared.problems.problem import Problem

__all__ = ["Petitions", "make_petition_router"]

Petition: Any = row_answer("Petition", PETITIONS)
_STATES: Final = STATES[PETITIONS.name]


class Petitions(BaseModel):
    """The petitions of a state: `total` is how many there are, always."""

    total: int
    as_of: Annotated[Instant | None, Field(description="T of the list; null before the first tick")]
    simulated: bool = Field(description="whether this stack holds simulated cases only")
    limited_to: LimitedTo = None
    petitions: Annotated[list[Petition], Field(description="one page, by due instant and code")]


def make_petition_router(ready_view: Callable[[], View], desk: Desk, *, simulated: bool) -> APIRouter:
    """The route.

    Args:
        ready_view: the live view; raises a Problem when it is not caught up.
        desk: where questions are answered.
        simulated: said in every answer.
    """
    router = APIRouter(prefix="/v1", tags=["petitions"])

    @router.get("/petitions", summary="Petitions by state", response_model=Petitions)
    async def get_petitions(
        request: Request,
        reader: Reader,
        *,
        state: Annotated[
            str,
            Query(description="open, waiting (for the petitioner), overdue, ended-late, or bad: not in time, raised"
                  " again, or more often disliked than satisfying"),
        ] = "open",
        unit: Unit = None,
        limit: Limit = 100,
        offset: Offset = 0,
        units_on: UnitsOn = None,
    ) -> Response:  # fmt: skip
        """As of the clock, over everything known; only what somebody received. One of no unit is its dossier's.

        Of what the key sees: `limited_to` is told where that is not everything.
        """
        view = ready_view()
        if state not in _STATES:
            raise Problem(422, "unknown_figure", field="state", value=state, expected=listed(_STATES))

        def look(code: str | None) -> Callable[[], Mapping[str, Any]]:
            reach = reach_of(view, reader)
            total, tell = petitions(
                view, _STATES[state], code, offset=offset, limit=limit, units_on=units_on, reach=reach
            )
            head: dict[str, Any] = {"total": total, "as_of": clock_of(view), "simulated": simulated}
            if reach is not None:
                head["limited_to"] = units_read(reader)
            return lambda: {**head, "petitions": tell()}

        return await answered(desk, view, request, look, unit=unit, work=limit + offset, reader=reader)

    return router
