"""What questions over HTTP have in common: their parameters, what is wrong with them, and how answers are written."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from functools import partial
from typing import Annotated, Any, Final

import orjson
from fastapi import Query, Response
from pydantic import BeforeValidator
from pydantic_core import PydanticKnownError

from services.metrics import queries
from services.metrics.periods import Period, months, period
from services.metrics.view import View
from shared.contract.envelope import FIRST_YEAR, LAST_YEAR
from shared.instants import to_rfc3339
from shared.problems import Problem
from shared.texts.normal_form import LONGEST_ASKED, spellings

__all__ = [
    "First",
    "Last",
    "Limit",
    "LocalDate",
    "Offset",
    "Procedure",
    "Unit",
    "UnitsOn",
    "answered",
    "checked_period",
    "clock_of",
    "months_of",
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


async def answered(view: View, unit: str | None, answer: Callable[[str | None], Any]) -> Any:
    """What a look at the table gives, for a unit as asked, else for it in normal form.

    Raises:
        Problem: there is no such unit.
    """
    for asked in (None,) if unit is None else spellings(unit):
        try:
            return await view.exclusive(partial(answer, asked))
        except queries.UnknownUnitError:
            continue
    raise Problem(404, "unknown_unit", field="unit", value=unit)


def written(answer: dict[str, Any]) -> Response:
    """The answer as it is: a list of 10,000 dossiers validated again on its way out would hold up everybody."""
    return Response(orjson.dumps(answer), media_type="application/json")
