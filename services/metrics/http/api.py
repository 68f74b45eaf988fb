"""The query API: indices, units, the dossiers behind a number, one dossier, the status of this replica.

Reads HTTP, asks services.metrics.http.queries. Until the facts have been read once, answers would be wrong and are 503.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import TYPE_CHECKING, Annotated, Any, Final, Literal

from fastapi import APIRouter, Header, Query, Request, Response

from services.metrics.follow.view import View
from services.metrics.http import answers, queries
from services.metrics.http.figures_api import add_figures
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
    months_of,
    told,
    written,
)
from services.metrics.http.questions.desk import Desk
from services.metrics.http.questions.indices import By, look_at_indices
from services.metrics.http.spelling.alike import tell_alike
from services.metrics.http.spelling.odd_codes import odd_codes
from services.metrics.indicators.declared import RULE
from services.metrics.indicators.figures import FIGURES, STATES, TESTS, test_of
from shared.instants import to_rfc3339
from shared.messages import Language, Text, choose_language
from shared.problems.field_errors import listed
from shared.problems.problem import Problem

__all__ = ["make_router"]

_FUTURE: Final = Text(
    "Kỳ này bắt đầu sau thời điểm của số liệu, nên chưa có số liệu.",
    "The period begins after the clock of the figures, so there is nothing to count yet.",
)
_From = Annotated[
    LocalDate | None, Query(alias="from", description="first local date, included", examples=["2026-08-01"])
]
_To = Annotated[LocalDate | None, Query(alias="to", description="last local date, included", examples=["2026-08-31"])]
_Channel = Literal["online", "postal", "direct", ""]
if TYPE_CHECKING:
    _State = str
else:
    _State = Literal[tuple(STATES["dossiers"])]


def make_router(
    ready_view: Callable[[], View], status: Callable[[], dict[str, Any]], desk: Desk, *, simulated: bool
) -> APIRouter:
    """The routes.

    Args:
        ready_view: the live view; raises a Problem when it is not caught up.
        status: the answer of /v1/status.
        desk: where questions are answered.
        simulated: said in every answer.
    """
    router = APIRouter(prefix="/v1", tags=["figures"])
    _add_indices(router, ready_view, desk, simulated=simulated)
    add_figures(router)
    _add_dossiers(router, ready_view, desk, simulated=simulated)
    _add_others(router, ready_view, status, desk, simulated=simulated)
    return router


def _add_others(
    router: APIRouter,
    ready_view: Callable[[], View],
    status: Callable[[], dict[str, Any]],
    desk: Desk,
    *,
    simulated: bool,
) -> None:
    @router.get("/units", summary="All units by their codes", response_model=answers.Units)
    async def get_units(request: Request, _reader: Reader) -> Response:
        view = ready_view()

        def look(_: str | None) -> Callable[[], Mapping[str, Any]]:
            return told({"simulated": simulated, "units": queries.units(view)})

        return await answered(desk, view, request, look, work=len(view.table.units))

    @router.get(
        "/unregistered",
        summary="Units and procedures that no reference entry knows",
        response_model=answers.Unregistered,
    )
    async def get_unregistered(request: Request, _reader: Reader) -> Response:
        """A code that looks like another, by case or by letters of another alphabet, is told with it: `looks_like`."""
        view = ready_view()

        def look(_: str | None) -> Callable[[], Mapping[str, Any]]:
            registered = {"unit": list(view.registry.units.codes), "procedure": view.registry.procedures}
            found = queries.unregistered(view)
            return lambda: {"simulated": simulated, **tell_alike(found, registered)}

        return await answered(desk, view, request, look, work=len(view.table.units) + len(view.table.procedures))

    @router.get(
        "/odd-codes",
        summary="Codes and names in another form than doors keep them in",
        response_model=answers.OddCodes,
    )
    async def get_odd_codes(request: Request, reader: Reader) -> Response:
        """Taken by older versions, and kept as they are; they are found under just this text.

        Of dossiers those that the key sees.
        """
        view = ready_view()

        def look(_: str | None) -> Callable[[], Mapping[str, Any]]:
            return told({"simulated": simulated, **odd_codes(view, view.sights.of(view, reader))})

        return await answered(desk, view, request, look, work=len(view.table), reader=reader)

    @router.get("/status", summary="What this replica knows", response_model=answers.Status, tags=["operations"])
    async def get_status(_reader: Reader) -> Response:
        return written(status())


def _add_indices(router: APIRouter, ready_view: Callable[[], View], desk: Desk, *, simulated: bool) -> None:
    @router.get("/indices", summary="Counts and scores of a unit over a period", response_model=answers.Indices)
    async def get_indices(
        request: Request,
        _reader: Reader,
        *,
        first: First,
        last: Last,
        unit: Unit = None,
        children: Annotated[bool, Query(description="also each unit directly below")] = False,
        by: Annotated[By | None, Query(description="one index per procedure, channel or month")] = None,
        units_on: UnitsOn = None,
        accept_language: Annotated[str | None, Header()] = None,
    ) -> Response:
        """Every count has its dossiers at /v1/dossiers?figure=… with the same parameters.

        Numbers of any unit are told to every key that may read; the dossiers behind them only to who sees them.

        A month is a period of its own, so counts of months need not add up to those of the whole period.
        """
        view = ready_view()
        whole = checked_period(view, first, last)
        periods = months_of(view, whole) if by == "month" else [whole]
        language = choose_language(accept_language)

        def look(code: str | None) -> Callable[[], Mapping[str, Any]]:
            tell = look_at_indices(view, periods, code, children=children, by=by, units_on=units_on)
            head = {"as_of": clock_of(view), "simulated": simulated, "rule": RULE, "tests": TESTS}
            return lambda: {**head, "indices": (_noted(index, language) for index in tell())}

        items = len(periods) * (len(view.table.units) if children else 1)
        # Of how many procedures a unit has dossiers, only the table knows.
        work = items if by in (None, "month") else items * max(3, len(view.table.procedures) // 10)
        return await answered(desk, view, request, look, unit=unit, work=work)


def _noted(index: dict[str, Any], language: Language) -> dict[str, Any]:
    return index | {"note": _FUTURE.fill(language, {})} if index.get("future") else index


def _add_dossiers(router: APIRouter, ready_view: Callable[[], View], desk: Desk, *, simulated: bool) -> None:
    @router.get("/dossiers", summary="The dossiers behind a number", response_model=answers.Dossiers)
    async def get_dossiers(
        request: Request,
        reader: Reader,
        *,
        state: Annotated[_State | None, Query(description="as of the clock")] = None,
        figure: Annotated[
            str | None, Query(description="a count's key, or component and side", examples=["2.1.numerator"])
        ] = None,
        unit: Unit = None,
        first: _From = None,
        last: _To = None,
        procedure: Procedure = None,
        channel: Annotated[_Channel | None, Query(description="empty: dossiers without one")] = None,
        limit: Limit = 100,
        offset: Offset = 0,
        units_on: UnitsOn = None,
    ) -> Response:
        """`total` is the count itself, by the same predicate. States are as of the clock, over everything known.

        Of what the key sees: `limited_to` is told where that is not everything.
        """
        view = ready_view()
        if (state is None) == (figure is None) or (state is not None and (first or last)):
            raise Problem(422, "state_or_figure", field="state" if state else "figure", value=state or figure)
        asked = (("procedure", procedure), ("channel", channel))
        having = {name: value or None for name, value in asked if value is not None}

        def look(code: str | None) -> Callable[[], Mapping[str, Any]]:
            seen = view.sights.of(view, reader)
            # The moment is taken with the table in hand, so that T and rows belong together.
            if state is not None:
                predicate, moment, as_of = STATES["dossiers"][state], view.now(), clock_of(view)
            else:
                predicate, moment, as_of = _figure(view, figure or "", first, last)
            total, tell = queries.dossiers(
                view, predicate, moment, code, offset=offset, limit=limit, having=having, units_on=units_on, seen=seen
            )
            head = {"total": total, "test": test_of(predicate), "as_of": as_of, "simulated": simulated, **seen.told()}
            return lambda: {**head, "dossiers": tell()}

        return await answered(desk, view, request, look, unit=unit, work=limit + offset, reader=reader)

    @router.get("/dossiers/{code:path}", summary="One dossier's facts", response_model=answers.DossierAnswer)
    async def get_dossier(request: Request, reader: Reader, code: str) -> Response:
        """One that the key does not see is answered as one that is not there."""
        view = ready_view()

        def look(_: str | None) -> Callable[[], Mapping[str, Any]]:
            seen = view.sights.of(view, reader)
            found = queries.dossier(view, code, seen)
            if found is None:
                raise seen.unknown(code)
            row, cause = found
            return told({"simulated": simulated, "row": row, "cause": cause})

        return await answered(desk, view, request, look, reader=reader)


def _figure(view: View, name: str, first: date | None, last: date | None) -> tuple[Any, Any, str]:
    if name not in FIGURES:
        raise Problem(422, "unknown_figure", field="figure", value=name, expected=listed(FIGURES))
    for field, value in (("from", first), ("to", last)):
        if value is None:
            raise Problem(422, "missing_field", field=field)
    assert first is not None and last is not None  # noqa: S101, PT018 (checked above)
    moment = view.moment(checked_period(view, first, last))
    return FIGURES[name], moment, to_rfc3339(moment.as_of)
