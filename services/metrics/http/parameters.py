"""What questions over HTTP have in common: their parameters, what is wrong with them, and how answers are written."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date
from typing import Annotated, Any, Final

import orjson
from fastapi import Query, Request, Response
from pydantic import BeforeValidator
from pydantic_core import PydanticKnownError

from services.metrics.follow.view import View
from services.metrics.http import queries
from services.metrics.http.questions.desk import Desk
from services.metrics.http.questions.indices import MOST_INDICES, TooManyError
from services.metrics.sight.seen import seen_as
from services.metrics.table.periods import Period, months, period
from shared.access.bearer import Bearer
from shared.access.routes import needs
from shared.contract.envelope import FIRST_YEAR, LAST_YEAR
from shared.instants import to_rfc3339
from shared.messages import choose_language
from shared.problems.problem import Problem
from shared.texts.normal_form import LONGEST_ASKED, spellings

__all__ = [
    "First",
    "Last",
    "Limit",
    "LocalDate",
    "Offset",
    "Procedure",
    "Reader",
    "Unit",
    "UnitsOn",
    "answered",
    "checked_period",
    "clock_of",
    "months_of",
    "told",
    "written",
]

_MOST_MONTHS: Final = 240


def _written_as_date(value: object) -> object:
    """Only YYYY-MM-DD: pydantic would take a number for seconds since 1970."""
    if isinstance(value, str) and re.fullmatch(r"\d{4}-\d{2}-\d{2}", value, re.ASCII) is None:
        raise PydanticKnownError("date_parsing", {"error": "not YYYY-MM-DD"})
    return value


LocalDate = Annotated[date, BeforeValidator(_written_as_date)]
Unit = Annotated[
    str | None, Query(description="unit code: itself and all below; none is everything", max_length=LONGEST_ASKED)
]
First = Annotated[LocalDate, Query(alias="from", description="first local date, included", examples=["2026-08-01"])]
Last = Annotated[LocalDate, Query(alias="to", description="last local date, included", examples=["2026-08-31"])]
Procedure = Annotated[str | None, Query(description="empty: dossiers without one", max_length=LONGEST_ASKED)]
UnitsOn = Annotated[
    LocalDate | None,
    Query(
        description="a unit that another took over by this local date counts as that one; none: as recorded",
        examples=["2025-07-01"],
    ),
]
Limit = Annotated[int, Query(ge=0, le=10_000)]
Reader = Annotated[Bearer, needs("read")]
Offset = Annotated[int, Query(ge=0, le=2**31 - 1)]


def checked_period(view: View, first: date, last: date) -> Period:
    """The period of two local dates.

    Raises:
        Problem: it is reversed, or outside the years that are kept.
    """
    for field, day in (("from", first), ("to", last)):
        if not FIRST_YEAR <= day.year <= LAST_YEAR:
            raise Problem(422, "period_out_of_range", field=field, value=day.isoformat())
    if last < first:
        raise Problem(422, "period_reversed", field="to", value=last.isoformat(), first=first.isoformat())
    return period(first, last, view.zone)


def months_of(view: View, whole: Period) -> list[Period]:
    """Its months.

    Raises:
        Problem: there are too many.
    """
    count = (whole.last.year - whole.first.year) * 12 + whole.last.month - whole.first.month + 1
    if count > _MOST_MONTHS:
        raise Problem(422, "too_many_months", field="from", value=count, limit=_MOST_MONTHS)
    return months(whole.first, whole.last, view.zone)


def clock_of(view: View) -> str | None:
    """The clock of the figures on the wire."""
    clock = view.clock
    return None if clock is None else to_rfc3339(clock)


async def answered(
    desk: Desk,
    view: View,
    request: Request,
    look: Callable[[str | None], Callable[[], Mapping[str, Any]]],
    *,
    unit: str | None = None,
    work: int = 1,
    reader: Bearer | None = None,
) -> Response:
    """The answer to a request, for a unit as asked, else for it in normal form.

    Args:
        desk: where it is made.
        view: what is asked.
        request: tells equal questions.
        look: see services.metrics.http.questions.desk; given the unit's code.
        unit: as asked.
        work: rows and items that the answer costs, roughly.
        reader: who asks, where the answer is of what that one sees.

    Raises:
        Problem: there is no such unit; too many ask at once.
    """

    def looked() -> Callable[[], Mapping[str, Any]]:
        for asked in (None,) if unit is None else spellings(unit):
            try:
                return look(asked)
            except queries.UnknownUnitError:
                continue
            except TooManyError as error:
                raise Problem(422, "too_many_indices", field="from", value=error.args[0], limit=MOST_INDICES) from None
        raise Problem(404, "unknown_unit", field="unit", value=unit)

    language = choose_language(request.headers.get("accept-language"))
    seen = None if reader is None else seen_as(reader)
    question = (request.url.path, tuple(sorted(request.query_params.multi_items())), language, seen)
    return await desk.respond(view, question, looked, work=work)


def told(answer: Mapping[str, Any]) -> Callable[[], Mapping[str, Any]]:
    """What tells an answer that was made while looking."""
    return lambda: answer


def written(answer: dict[str, Any]) -> Response:
    """A small answer as it is, without validating it again on its way out."""
    return Response(orjson.dumps(answer), media_type="application/json")
