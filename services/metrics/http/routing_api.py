"""The query API of steps, blame, bottlenecks and what is due. Reads HTTP, asks `routing` and `holding` beside it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Annotated, Any, Final, Literal

from fastapi import APIRouter, Header, Query, Request, Response

from services.metrics.follow.view import View
from services.metrics.http import holding, routing
from services.metrics.http import routing_answers as answers
from services.metrics.http.parameters import (
    First,
    Last,
    Limit,
    LocalDate,
    Offset,
    Procedure,
    Reader,
    Unit,
    UnitsOn,
    answered,
    checked_period,
    clock_of,
    told,
)
from services.metrics.http.questions.desk import Desk
from services.metrics.indicators.steps import STEP_FIGURES
from services.metrics.table.periods import Period
from shared.instants import to_rfc3339
from shared.messages import Text, choose_language
from shared.texts.normal_form import LONGEST_ASKED

__all__ = ["make_routing_router"]

if TYPE_CHECKING:
    _StepFigure = str
else:
    _StepFigure = Literal[tuple(STEP_FIGURES)]

_RANKED: Final = Text(
    "Xếp theo thời gian làm việc quá định mức (kết thúc trong kỳ và đang giữ), rồi tỷ lệ quá định mức, rồi p90.",
    "Ranked by working time over budget (ended in the period, and so far under way), then share over budget, then p90.",
)


def make_routing_router(ready_view: Callable[[], View], desk: Desk, *, simulated: bool) -> APIRouter:
    """The routes.

    Args:
        ready_view: the live view; raises a Problem when it is not caught up.
        desk: where questions are answered.
        simulated: said in every answer.
    """
    router = APIRouter(prefix="/v1", tags=["steps"])
    _add_steps(router, ready_view, desk, simulated=simulated)
    _add_holding(router, ready_view, desk, simulated=simulated)
    return router


def _add_steps(router: APIRouter, ready_view: Callable[[], View], desk: Desk, *, simulated: bool) -> None:
    @router.get("/steps", summary="Steps against their budgets", response_model=answers.Steps)
    async def get_steps(
        request: Request,
        _reader: Reader,
        *,
        first: First,
        last: Last,
        unit: Unit = None,
        by: Annotated[routing.StepsBy, Query(description="what a group is")] = "unit-step",
        procedure: Procedure = None,
        units_on: UnitsOn = None,
    ) -> Response:
        """Holding time, share over budget and what is under way, by the unit that owned the step."""
        view = ready_view()
        period = checked_period(view, first, last)

        def look(code: str | None) -> Callable[[], Mapping[str, Any]]:
            found = routing.steps(view, period, code, by=by, procedure=procedure, units_on=units_on)
            return told(_head(view, period, "budget", simulated=simulated) | {"by": by} | found)

        return await answered(desk, view, request, look, unit=unit, work=_steps_of(view))

    @router.get(
        "/steps/occurrences", summary="The occurrences behind a number of steps", response_model=answers.Occurrences
    )
    async def get_occurrences(
        request: Request,
        reader: Reader,
        *,
        first: First,
        last: Last,
        figure: Annotated[
            _StepFigure,
            Query(description="a count's key"),
        ],
        unit: Unit = None,
        step: Annotated[str | None, Query(max_length=2 * LONGEST_ASKED)] = None,
        procedure: Procedure = None,
        limit: Limit = 100,
        offset: Offset = 0,
        units_on: UnitsOn = None,
    ) -> Response:
        """`total` is the count itself, by the same predicate; of dossiers that the key sees."""
        view = ready_view()
        period = checked_period(view, first, last)

        def look(code: str | None) -> Callable[[], Mapping[str, Any]]:
            seen = view.sights.of(view, reader)
            total, found = routing.occurrences(
                view,
                period,
                STEP_FIGURES[figure],
                code,
                step=step,
                procedure=procedure,
                offset=offset,
                limit=limit,
                units_on=units_on,
                seen=seen,
            )
            head = _head(view, period, "budget", simulated=simulated) | {"total": total, **seen.told()}
            return told(head | {"occurrences": found})

        return await answered(desk, view, request, look, unit=unit, work=_steps_of(view), reader=reader)

    @router.get("/bottlenecks", summary="Where time over budget is spent", response_model=answers.Bottlenecks)
    async def get_bottlenecks(
        request: Request,
        _reader: Reader,
        *,
        first: First,
        last: Last,
        unit: Unit = None,
        limit: Annotated[int, Query(ge=0, le=1000)] = 20,
        units_on: UnitsOn = None,
        accept_language: Annotated[str | None, Header()] = None,
    ) -> Response:
        """Units and steps that took longer than their budgets (điểm nghẽn), the worst first."""
        view = ready_view()
        period = checked_period(view, first, last)

        def look(code: str | None) -> Callable[[], Mapping[str, Any]]:
            total, found = routing.bottlenecks(view, period, code, limit=limit, units_on=units_on)
            ranked = {
                "ranked_by": list(routing.RANKED_BY),
                "note": _RANKED.fill(choose_language(accept_language), {}),
                "total": total,
                "bottlenecks": found,
            }
            return told(_head(view, period, "budget", simulated=simulated) | ranked)

        return await answered(desk, view, request, look, unit=unit, work=_steps_of(view))


def _add_holding(router: APIRouter, ready_view: Callable[[], View], desk: Desk, *, simulated: bool) -> None:
    @router.get("/blame", summary="Whose delay it is", response_model=answers.BlameAnswer)
    async def get_blame(
        request: Request, _reader: Reader, *, first: First, last: Last, unit: Unit = None, units_on: UnitsOn = None
    ) -> Response:
        """Of the dossiers a unit is accountable for; their delay may fall to any unit."""
        view = ready_view()
        period = checked_period(view, first, last)

        def look(code: str | None) -> Callable[[], Mapping[str, Any]]:
            found = holding.blame(view, period, code, units_on=units_on)
            head = _head(view, period, "instant", simulated=simulated)
            return told(head | {"clock": clock_of(view)} | found)

        return await answered(desk, view, request, look, unit=unit, work=_dossiers_of(view))

    @router.get("/due-list", summary="What is due on a day, and what is overdue", response_model=answers.DueList)
    async def get_due_list(
        request: Request,
        reader: Reader,
        *,
        unit: Annotated[
            str | None,
            Query(description="who holds the dossiers: itself and all below; none is all", max_length=LONGEST_ASKED),
        ] = None,
        day: Annotated[
            LocalDate | None, Query(description="local date; none is the clock's", examples=["2026-08-20"])
        ] = None,
        limit: Limit = 100,
        offset: Offset = 0,
        units_on: UnitsOn = None,
    ) -> Response:
        """Open dossiers by who holds them now, of those that the key sees."""
        view = ready_view()

        def look(code: str | None) -> Callable[[], Mapping[str, Any]]:
            seen = view.sights.of(view, reader)
            found = holding.due_list(view, code, day, offset=offset, limit=limit, units_on=units_on, seen=seen)
            head = {"as_of": clock_of(view), "test": "instant", "simulated": simulated, **seen.told()}
            return told(head | found)

        return await answered(desk, view, request, look, unit=unit, work=_dossiers_of(view), reader=reader)


def _head(view: View, period: Period, test: str, *, simulated: bool) -> dict[str, Any]:
    return {
        "from": period.first.isoformat(),
        "to": period.last.isoformat(),
        "as_of": to_rfc3339(view.moment(period).as_of),
        "test": test,
        "simulated": simulated,
    }


def _steps_of(view: View) -> int:
    """Roughly what a question about steps costs: some of the occurrences are looked at one by one."""
    return len(view.table.steps) // 50


def _dossiers_of(view: View) -> int:
    """The same of one about who holds what: few dossiers are open, and each of them is looked at."""
    return len(view.table) // 50
