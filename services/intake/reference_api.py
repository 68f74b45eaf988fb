"""HTTP routes about reference entries: what is known, and what is not everywhere yet. They are sent like all others."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query
from starlette.responses import Response

from services.intake.access import InDoor, OfAdmin, OfKey, as_json
from services.intake.answers import OutboxAnswer, ReferenceAnswer
from services.intake.examples import KEY_ERRORS
from services.intake.listing import MOST_LISTED, Kind
from shared.texts.normal_form import LONGEST_ASKED

__all__ = ["router"]

router = APIRouter()


@router.get(
    "/v1/reference",
    tags=["reference"],
    summary="The calendars, procedures, routes, units and rules that are known",
    response_model=ReferenceAnswer,
    responses=KEY_ERRORS,
)
async def list_reference(
    door: InDoor,
    _grant: OfKey,
    kind: Annotated[Kind | None, Query(description="only of this kind")] = None,
    code: Annotated[
        str | None,
        Query(max_length=LONGEST_ASKED, description="only about this calendar, procedure, unit, rule or indicator"),
    ] = None,
    after: Annotated[str | None, Query(max_length=32, description="`next` of the page before")] = None,
    limit: Annotated[int, Query(ge=1, le=MOST_LISTED, description="entries of the page")] = 100,
) -> Response:
    """The entries that hold: of each identity the highest revision, unless it is withdrawn; by order of acceptance."""
    return as_json(await door.reference.listing(kind, code, after, limit))


@router.get(
    "/v1/reference/outbox",
    tags=["reference"],
    summary="Accepted reference entries that are not in every partition yet (admin)",
    responses=KEY_ERRORS,
)
async def list_outbox(door: InDoor, _admin: OfAdmin) -> OutboxAnswer:
    """What is still to be sent, oldest first. It is sent by any replica, also after a restart."""
    told: dict[str, Any] = door.reference.outstanding()
    return OutboxAnswer.model_validate(told)
