"""Intake's HTTP routes: who asks, what comes in, how it is answered. What is done with it is door.py's."""

from __future__ import annotations

from typing import Annotated, Final

from fastapi import APIRouter, Path, Request
from starlette.responses import Response

from services.intake.admission.admit import LONGEST_ENTRY
from services.intake.admission.stamps.limit import check_units
from services.intake.doors.access import InDoor, as_json
from services.intake.doors.answers import BatchAnswer, ClockAnswer, EntryAnswer, NewSender, SenderAnswer, SenderList
from services.intake.doors.cloudevents.mode import in_words_of_mode
from services.intake.doors.door import LARGEST_BATCH
from services.intake.doors.examples import BATCH_BODY, BATCH_ERRORS, ENTRY_BODY, ENTRY_ERRORS, KEY_ERRORS
from services.intake.doors.unpacking import unpacked
from services.intake.senders.sender import SenderRequest, bearer_of, check_signs
from shared.access.bearer import Bearer
from shared.access.rights import rights_of
from shared.access.routes import AnyKey, needs
from shared.instants import to_rfc3339
from shared.messages import choose_language
from shared.problems.problem import Problem

__all__ = ["LIMITS", "router"]

#: Bytes of a request's body by path; elsewhere 64 KiB.
LIMITS: Final = {"/v1/entries": LONGEST_ENTRY, "/v1/entries:batch": LARGEST_BATCH, "/v1/senders": 1_048_576}

router = APIRouter()
#: An entry needs the one of them that its type is of (services/intake/admission/admit.py).
_Sender = Annotated[Bearer, needs("send", "reference", "clock")]
_OfKeys = Annotated[Bearer, needs("keys")]


@router.post(
    "/v1/entries",
    status_code=202,
    tags=["entries"],
    summary="Send one entry",
    openapi_extra={"requestBody": ENTRY_BODY},
    responses={202: {"model": EntryAnswer}, **ENTRY_ERRORS},
)
async def send_entry(request: Request, door: InDoor, bearer: _Sender) -> Response:
    """Send one CloudEvent. 202 means that the journal has it on all in-sync replicas.

    A reference entry goes to every partition: 202 means that it is stored and will be in all of them, and
    `distributed` whether it is already.

    503 means that it is not known to be accepted: send it again with the same `id`, it counts once.
    """
    refusal = door.journal.refusal()
    if refusal is not None:
        raise refusal
    door.allowance.check(bearer)
    body = await unpacked(await request.body(), request.headers.get("content-encoding"), LONGEST_ENTRY)
    try:
        return as_json(await door.take_one(body, bearer), 202)
    except Problem as problem:
        raise in_words_of_mode(problem, request.headers.items(), body, topic=False) from None


@router.post(
    "/v1/entries:batch",
    tags=["entries"],
    summary="Send up to 5,000 entries, one a line",
    openapi_extra={"requestBody": BATCH_BODY},
    responses={200: {"model": BatchAnswer}, **BATCH_ERRORS},
)
async def send_batch(request: Request, door: InDoor, bearer: _Sender) -> Response:
    """Send NDJSON: one CloudEvent a line, plain or gzipped. Each line gets its own result, in order.

    A refused line holds up no other. A line with status 503 is not known to be accepted: send it again. 429 takes
    nothing of the batch: send it again after Retry-After seconds.
    """
    door.allowance.check(bearer)
    body = await unpacked(await request.body(), request.headers.get("content-encoding"), LARGEST_BATCH)
    language = choose_language(request.headers.get("accept-language"))
    return as_json(await door.take_many(body, bearer, language))


@router.get(
    "/v1/senders/me",
    tags=["senders"],
    summary="Who am I, and what may I do?",
    response_model_exclude_none=True,
    responses=KEY_ERRORS,
)
async def who_am_i(bearer: AnyKey) -> SenderAnswer:
    """The sender of the key and what it allows: sources, units, roles, and the rights that these give."""
    return _answer(bearer)


@router.get(
    "/v1/senders",
    tags=["senders"],
    summary="All senders",
    response_model_exclude_none=True,
    responses=KEY_ERRORS,
)
async def list_senders(door: InDoor, _bearer: _OfKeys) -> SenderList:
    """All senders and what their keys allow; no keys, since only their hashes are stored."""
    records = await door.directory.senders()
    return SenderList(senders=[_answer(bearer_of(record)) for record in records])


@router.post(
    "/v1/senders",
    status_code=201,
    tags=["senders"],
    summary="Make a sender and its key",
    response_model_exclude_none=True,
    responses={**KEY_ERRORS, 409: {"description": "There is a sender of this name"}},
)
async def make_sender(wanted: SenderRequest, door: InDoor, _bearer: _OfKeys) -> NewSender:
    """Make a sender. The answer shows its key once; it works at once here and within seconds everywhere."""
    check_signs(wanted)
    check_units(wanted.units)
    key = await door.directory.create(wanted)
    return NewSender(**wanted.model_dump(), rights=sorted(rights_of(frozenset(wanted.roles))), key=key)


@router.delete(
    "/v1/senders/{sender}",
    status_code=204,
    tags=["senders"],
    summary="Forget a sender and its key",
    responses={**KEY_ERRORS, 404: {"description": "There is no sender of this name"}},
)
async def forget_sender(sender: Annotated[str, Path(max_length=128)], door: InDoor, _bearer: _OfKeys) -> None:
    """Revoke a key: at once here, within MOTCUA_KEYS_SECONDS at other replicas. Its entries stay."""
    await door.directory.remove(sender)


@router.get("/v1/clock", tags=["clock"], summary="The stack's clock", responses=KEY_ERRORS)
async def tell_clock(door: InDoor, _bearer: AnyKey) -> ClockAnswer:
    """Which clock the stack runs on, and the last tick that went through this replica."""
    tick = door.last_tick.value
    skew = door.presence.skew
    return ClockAnswer(
        mode="data" if door.rules.data_clock else "live",
        now=to_rfc3339(door.clock.now()),
        last_tick=None if tick is None else to_rfc3339(tick),
        skew_seconds=None if skew is None else round(skew, 3),
        simulated=door.rules.simulated,
        zone=door.rules.zone,
    )


def _answer(bearer: Bearer) -> SenderAnswer:
    return SenderAnswer(
        sender=bearer.name,
        sources=list(bearer.sources),
        units=list(bearer.units),
        roles=sorted(bearer.roles),
        rights=sorted(bearer.rights),
        entries_per_second=bearer.entries_per_second,
        bytes_per_second=bearer.bytes_per_second,
    )
