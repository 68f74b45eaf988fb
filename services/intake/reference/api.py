"""HTTP routes about reference entries: what is known, and what is not everywhere yet. They are sent like all others."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any, Final

import orjson
from fastapi import APIRouter, Query
from starlette.requests import Request
from starlette.responses import Response

from services.intake.doors.access import InDoor, as_json
from services.intake.doors.answers import CheckAnswer, CheckFault, OutboxAnswer, ReferenceAnswer
from services.intake.doors.door import LARGEST_BATCH
from services.intake.doors.examples import BATCH_BODY, KEY_ERRORS
from services.intake.doors.unpacking import unpacked
from services.intake.reference.listing import MOST_LISTED, Kind
from shared.access.bearer import Bearer
from shared.access.routes import needs
from shared.problems.field_errors import FieldError, cut_words
from shared.problems.problem import LARGEST_LIST, Problem
from shared.texts.normal_form import LONGEST_ASKED
from shared.turns import Turns

__all__ = ["REFERENCE_LIMITS", "router"]

#: Bytes of a request's body by path.
REFERENCE_LIMITS: Final = {"/v1/reference:check": LARGEST_BATCH}

router = APIRouter()
_OfReference = Annotated[Bearer, needs("reference")]


@router.get(
    "/v1/reference",
    tags=["reference"],
    summary="The calendars, procedures, routes, units and rules that are known",
    response_model=ReferenceAnswer,
    responses=KEY_ERRORS,
)
async def list_reference(
    door: InDoor,
    _bearer: Annotated[Bearer, needs("read", "send", "reference")],
    kind: Annotated[Kind | None, Query(description="only of this kind")] = None,
    code: Annotated[
        str | None,
        Query(max_length=LONGEST_ASKED, description="only about this calendar, procedure, unit or rule"),
    ] = None,
    after: Annotated[str | None, Query(max_length=32, description="`next` of the page before")] = None,
    limit: Annotated[int, Query(ge=1, le=MOST_LISTED, description="entries of the page")] = 100,
) -> Response:
    """The entries that hold: of each identity the highest revision, unless it is withdrawn; by order of acceptance."""
    return as_json(await door.reference.listing(kind, code, after, limit))


@router.get(
    "/v1/reference/outbox",
    tags=["reference"],
    summary="Accepted reference entries that are not in every partition yet",
    responses=KEY_ERRORS,
)
async def list_outbox(door: InDoor, _bearer: _OfReference) -> OutboxAnswer:
    """What is still to be sent, oldest first. It is sent by any replica, also after a restart."""
    told: dict[str, Any] = door.reference.outstanding()
    return OutboxAnswer.model_validate(told)


@router.post(
    "/v1/reference:check",
    tags=["reference"],
    summary="Would these reference entries be accepted?",
    openapi_extra={"requestBody": BATCH_BODY},
    responses={200: {"model": CheckAnswer}, **KEY_ERRORS},
)
async def check_entries(request: Request, door: InDoor, bearer: _OfReference) -> Response:
    """Judge up to 10,000 reference entries as `/v1/entries:batch` does, one a line; nothing is written."""
    door.allowance.check(bearer)
    body = await unpacked(await request.body(), request.headers.get("content-encoding"), LARGEST_BATCH)
    kept, found = await door.check_reference(body, bearer)
    faults: list[bytes] = []
    more, room = 0, LARGEST_LIST
    turns = Turns()
    for place, problem in found:
        await turns.give()
        for fault in _faults(place, problem):
            faults.append(orjson.dumps(fault.model_dump()))
            room -= len(faults[-1])
            if room < 0:
                faults.pop()
                more += 1
        more += problem.more
    told = {"entries": list(map(orjson.Fragment, kept)), "faults": list(map(orjson.Fragment, faults)), "more": more}
    return as_json(told)


def _faults(entry: int, problem: Problem) -> Iterator[CheckFault]:
    whole = FieldError(problem.code, problem.field or "", problem.value, problem.parameters)
    for one in problem.errors or (whole,):
        yield CheckFault(
            entry=entry,
            status=problem.status,
            code=one.code,
            field=one.field,
            value=one.value,
            parameters=cut_words(one.parameters),
        )
