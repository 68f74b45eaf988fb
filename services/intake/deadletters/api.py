"""Intake's HTTP routes about dead letters, for the right `deadletters`. What is done with them is the replayer's."""

from __future__ import annotations

import re
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Path, Query, Request

from services.intake.admission.admit import LONGEST_ENTRY
from services.intake.deadletters.answers import (
    DeadLetterAnswer,
    DeadLetterList,
    DeadLetterSummary,
    DiscardRequest,
    ReplayAnswer,
    ReplayRequest,
    tell_groups,
    tell_letter,
    tell_replayed,
)
from services.intake.deadletters.bulk import BulkReplayer
from services.intake.deadletters.letters import State, letter_id
from services.intake.deadletters.replay import Replayer
from services.intake.doors.examples import ENTRY_ERRORS, KEY_ERRORS
from services.intake.doors.unpacking import unpacked
from shared.access.bearer import Bearer
from shared.access.routes import needs
from shared.messages import choose_language
from shared.problems.problem import Problem

__all__ = ["DEADLETTER_LIMITS", "router"]

#: Bytes of a request's body by path: a corrected entry may be as long as any.
DEADLETTER_LIMITS: Final = {"/v1/deadletters/*": LONGEST_ENTRY}
_AFTER: Final = re.compile(r"(\d{1,18})@(.{1,400})", re.ASCII)

router = APIRouter(tags=["dead letters"])

Topic = Annotated[str, Path(pattern=r"^[A-Za-z0-9._-]{1,249}$", description="topic of what could not be understood")]
Partition = Annotated[int, Path(ge=0, le=2**31 - 1)]
Offset = Annotated[int, Path(ge=0, le=2**63 - 1)]
_LETTER_ERRORS: Final[dict[int | str, dict[str, object]]] = {
    **KEY_ERRORS,
    404: {"description": "There is no such letter"},
    503: {"description": "Broker or database do not answer, or it is just being replayed: repeat it"},
}
_REPLAY_ERRORS: Final[dict[int | str, dict[str, object]]] = {
    **ENTRY_ERRORS,
    **_LETTER_ERRORS,
    403: ENTRY_ERRORS[403],
    409: {"description": "It is settled, or nothing of its topic is replayed"},
    422: {"description": "It is still refused, with the code and words of POST /v1/entries"},
}
_ENTRY: Final = {
    "requestBody": {
        "description": "An entry that stands in for the letter's bytes; without it these are replayed",
        "required": False,
        "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Entry"}}},
    }
}


async def _replayer(request: Request) -> Replayer:
    replayer: Replayer = request.app.state.replayer
    return replayer


async def _letter(topic: Topic, partition: Partition, offset: Offset) -> str:
    return letter_id(topic, partition, offset)


_Operator = Annotated[Bearer, needs("deadletters")]
InReplayer = Annotated[Replayer, Depends(_replayer)]
OfLetter = Annotated[str, Depends(_letter)]


@router.get("/v1/deadletters", summary="The register of dead letters", responses=KEY_ERRORS)
async def list_letters(
    replayer: InReplayer,
    _bearer: _Operator,
    *,
    state: Annotated[State | None, Query(description="only letters of this state")] = None,
    reason: Annotated[str | None, Query(max_length=64, description="only of this reason")] = None,
    service: Annotated[str | None, Query(max_length=64, description="only of this service")] = None,
    topic: Annotated[str | None, Query(max_length=249, description="only about records of this topic")] = None,
    limit: Annotated[int, Query(ge=1, le=1000)] = 100,
    after: Annotated[str | None, Query(max_length=450, description="`next` of the page before")] = None,
) -> DeadLetterList:
    """A page of the register without bytes, the letter first seen longest ago first."""
    asked = {"state": state, "reason": reason, "service": service, "topic": topic}
    wanted = {name: value for name, value in asked.items() if value is not None}
    found = await replayer.page(wanted, None if after is None else _place(after), limit + 1)
    following = f"{found[limit - 1].first_seen}@{found[limit - 1].letter.id}" if len(found) > limit else None
    return DeadLetterList(letters=[tell_letter(kept) for kept in found[:limit]], next=following)


@router.get("/v1/deadletters/summary", summary="The register in numbers", responses=KEY_ERRORS)
async def summary(request: Request, replayer: InReplayer, _bearer: _Operator) -> DeadLetterSummary:
    """How many letters there are by service, reason and state, and when they were seen."""
    return tell_groups(await replayer.summary(), request.app.state.deadletter_days)


@router.get(
    "/v1/deadletters/{topic}/{partition}/{offset}",
    summary="One dead letter with its bytes",
    responses=_LETTER_ERRORS,
)
async def show_letter(replayer: InReplayer, _bearer: _Operator, letter: OfLetter) -> DeadLetterAnswer:
    """The letter about the record at a position."""
    return tell_letter(await replayer.find(letter))


@router.post(
    "/v1/deadletters/replay",
    summary="Bring the entries of many into the journal, each once",
    responses={**KEY_ERRORS, 503: {"description": "Broker or database do not answer"}},
)
async def replay_letters(request: Request, wanted: ReplayRequest, bearer: _Operator) -> ReplayAnswer:
    """Replay up to 500 letters as they are; what keeps one back is told beside it and keeps no other back."""
    bulk: BulkReplayer = request.app.state.bulk_replayer
    told = await bulk.replay(wanted.letters, bearer)
    return tell_replayed(wanted.letters, told, choose_language(request.headers.get("accept-language")))


@router.post(
    "/v1/deadletters/{topic}/{partition}/{offset}/replay",
    summary="Bring its entry into the journal, once",
    openapi_extra=_ENTRY,
    responses=_REPLAY_ERRORS,
)
async def replay_letter(
    request: Request, replayer: InReplayer, bearer: _Operator, letter: OfLetter
) -> DeadLetterAnswer:
    """Write the letter's entry, or the corrected one in the body, under its right key into its right partition.

    An entry that intake had stamped keeps its bytes, so its sender and its grant; one of before grants gets that of its
    sender. One from an agency's outbox is admitted by what the agency may say, a corrected one by the key that asks,
    and each carries the grant of whoever it is admitted for. Asked again, it is not written again.
    """
    body = await unpacked(await request.body(), request.headers.get("content-encoding"), LONGEST_ENTRY)
    return tell_letter(await replayer.replay(letter, bearer, body if body.strip() else None))


@router.post(
    "/v1/deadletters/{topic}/{partition}/{offset}/discard",
    summary="Settle it without replaying it",
    responses={**_LETTER_ERRORS, 409: {"description": "It was replayed"}},
)
async def discard_letter(
    wanted: DiscardRequest, replayer: InReplayer, bearer: _Operator, letter: OfLetter
) -> DeadLetterAnswer:
    """Keep it with the reason until it is deleted; it counts as open no longer."""
    return tell_letter(await replayer.discard(letter, bearer, wanted.reason))


def _place(after: str) -> tuple[int, str]:
    found = _AFTER.fullmatch(after)
    if found is None:
        raise Problem(422, "deadletter_filter", field="after", value=after)
    return int(found[1]), found[2]
