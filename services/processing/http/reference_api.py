"""HTTP routes about reference data: what each partition knows, and what a revision would do. Nothing is changed."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import AsyncIterator
from functools import lru_cache
from typing import Annotated, Any, Final, Literal

import orjson
from fastapi import APIRouter, Query
from pydantic import BaseModel, Field
from starlette.requests import Request
from starlette.responses import StreamingResponse

from services.processing.engine import Reference
from services.processing.http.access import InService
from services.processing.http.previewing import Ground, read_ground, run
from services.processing.service import Service
from services.processing.stream.checkpoint import Standstill
from shared.access.bearer import Bearer
from shared.access.routes import OfKey, needs
from shared.instants import to_rfc3339
from shared.messages import Language, choose_language
from shared.mongo import DatabaseError
from shared.problems.field_errors import FieldError
from shared.problems.problem import Problem, from_field_errors
from shared.reference import ReferenceEntry, ReferenceSet
from shared.texts.normal_form import LONGEST_ASKED, spellings

__all__ = ["PREVIEW_BYTES", "router"]

#: Bytes of a dry run's body: more than the national catalogue of procedures.
PREVIEW_BYTES: Final = 16_777_216
_MOST_ENTRIES: Final = 10_000
_MOST_LISTED: Final = 1_000

Kind = Literal["calendar", "procedure", "route", "unit", "rule"]
#: The member of the data that names what an entry is about.
_CODES: Final[dict[str, str]] = {"route": "procedure"}

router = APIRouter()


class PartitionReference(BaseModel):
    """What one partition knows."""

    version: str = Field(description="of the set of reference entries it took")
    entries: int = Field(description="distinct entries, superseded ones included")


class HeldEntry(BaseModel):
    """A reference entry that holds."""

    type: str
    source: str
    id: str
    subject: str
    time: str = Field(description="since when it applies, RFC 3339 in UTC")
    sequence: int
    revision: int
    data: dict[str, Any]


class ReferenceAnswer(BaseModel):
    """What is known, by partition, and a page of what holds."""

    version: str | None = Field(description="of the set all partitions have; null while they differ")
    partitions: dict[str, PartitionReference]
    types: dict[str, int] = Field(description="entries that hold, by type")
    total: int = Field(description="entries asked for, on all pages")
    entries: list[HeldEntry]
    next: str | None = Field(description="give it as `after` for the next page; null on the last")


class PreviewBody(BaseModel):
    """A revision to be tried: reference entries as they would be sent to intake."""

    entries: Annotated[list[dict[str, Any]], Field(min_length=1, max_length=_MOST_ENTRIES)]


@router.get(
    "/v1/reference",
    tags=["reference"],
    summary="The calendars, procedures, routes, units and rules that are known",
    responses={503: {"description": "What other replicas know cannot be read now"}},
)
async def list_reference(
    service: InService,
    _bearer: Annotated[Bearer, needs("read", "send", "reference")],
    kind: Annotated[Kind | None, Query(description="only of this kind")] = None,
    code: Annotated[
        str | None,
        Query(max_length=LONGEST_ASKED, description="only about this calendar, procedure, unit or rule"),
    ] = None,
    after: Annotated[str | None, Query(max_length=64, description="`next` of the page before")] = None,
    limit: Annotated[int, Query(ge=1, le=_MOST_LISTED, description="entries of the page")] = 100,
) -> ReferenceAnswer:
    """The version each partition is at, and the entries that hold: of each identity the one that beats the others.

    Of this replica's partitions as it knows them, of others as stored; the page is of the lowest partition.
    """
    found = [await _reference(service, partition) for partition in range(service.partitions)]
    versions = {reference.known.version for reference in found}
    held = _held(found[0].known)
    chosen = _chosen(held, kind, code)
    rest = _after(chosen, after)
    return ReferenceAnswer(
        version=versions.pop() if len(versions) == 1 else None,
        partitions={
            str(partition): PartitionReference(version=reference.known.version, entries=len(reference.known))
            for partition, reference in enumerate(found)
        },
        types=dict(sorted(Counter(entry.type for entry in held).items())),
        total=len(chosen),
        entries=[_told(entry) for entry in rest[:limit]],
        next=rest[limit - 1].digest if len(rest) > limit else None,
    )


async def _reference(service: Service, partition: int) -> Reference:
    worker = service.workers().get(partition)
    known = None if worker is None else worker.reference
    if known is not None:
        return known
    try:
        return (await service.readable().library.open(partition))[1]
    except DatabaseError:
        raise service.unreadable("database") from None
    except Standstill as standstill:
        raise service.unreadable(standstill.reason) from None


# Whoever reads page by page asks of the same set again and again.
@lru_cache(maxsize=2)
def _held(known: ReferenceSet) -> list[ReferenceEntry]:
    best: dict[Any, ReferenceEntry] = {}
    for entry in known.entries:
        other = best.get(entry.identity)
        if other is None or entry.beats(other):
            best[entry.identity] = entry
    return sorted((entry for entry in best.values() if entry.data is not None), key=lambda entry: entry.order)


def _chosen(held: list[ReferenceEntry], kind: Kind | None, code: str | None) -> list[ReferenceEntry]:
    """Those asked for; about the code as asked, else in normal form."""
    chosen = [entry for entry in held if kind in (None, _kind(entry))]
    if code is None:
        return chosen
    about = ([entry for entry in chosen if _code(entry) == asked] for asked in spellings(code))
    return next(filter(None, about), [])


def _kind(entry: ReferenceEntry) -> str:
    return entry.type.partition(".")[0]


def _code(entry: ReferenceEntry) -> str:
    kind = _kind(entry)
    return str((entry.data or {}).get(_CODES.get(kind, kind), ""))


def _after(chosen: list[ReferenceEntry], cursor: str | None) -> list[ReferenceEntry]:
    if cursor is None:
        return chosen
    for place, entry in enumerate(chosen, 1):
        if entry.digest == cursor:
            return chosen[place:]
    raise Problem(
        422,
        "wrong_form",
        field="after",
        value=cursor,
        form_vi="giá trị next của trang trước",
        form_en="the value of next of the page before",
    )


def _told(entry: ReferenceEntry) -> HeldEntry:
    return HeldEntry(
        type=entry.type,
        source=entry.source,
        id=entry.id,
        subject=entry.subject,
        time=to_rfc3339(entry.time),
        sequence=entry.sequence,
        revision=entry.revision,
        data=entry.data or {},
    )


@router.post(
    "/v1/revisions:preview",
    tags=["reference"],
    summary="What would a revision do?",
    response_class=StreamingResponse,
    responses={
        200: {"content": {"application/x-ndjson": {}}, "description": "Progress line by line, the result in the last"},
        401: {"description": "No key, or one that is not known"},
        403: {"description": "The key has not the right `reference`, or may not send these entries"},
        409: {"description": "This replica is at another dry run"},
        422: {"description": "Intake would refuse an entry; nothing was tried"},
        503: {"description": "Intake, which knows the keys, or the database does not answer"},
    },
)
async def preview(
    request: Request, service: InService, who: Annotated[Bearer, needs("reference")], key: OfKey, body: PreviewBody
) -> StreamingResponse:
    """Judge every dossier by the entries there are and with these, and count the differences; nothing is changed.

    The dossiers shown as examples are such as the key sees.

    Lines `{"done", "of"}` tell how far it is; the last line is the result, or `{"error": problem}` where the database
    went away meanwhile.
    """
    if service.previewing:
        raise _busy()
    try:
        ground = await read_ground(service.readable(), service.partitions)
    except DatabaseError:
        raise service.unreadable("database") from None
    except Standstill as standstill:
        raise service.unreadable(standstill.reason) from None
    entries = await _admitted(service, key, body.entries)
    language = choose_language(request.headers.get("accept-language"))
    return StreamingResponse(_lines(service, ground, entries, who, language), media_type="application/x-ndjson")


async def _lines(
    service: Service, ground: Ground, entries: list[ReferenceEntry], who: Bearer, language: Language
) -> AsyncIterator[bytes]:
    error: Problem | None = None
    if service.previewing:
        error = _busy()
    else:
        service.previewing = True
        try:
            async for line in run(service.readable(), ground, entries, who):
                yield orjson.dumps(line, option=orjson.OPT_APPEND_NEWLINE)
        except DatabaseError:
            error = service.unreadable("database")
        finally:
            service.previewing = False
    if error is not None:
        yield orjson.dumps({"error": error.body(language)}, option=orjson.OPT_APPEND_NEWLINE)


def _busy() -> Problem:
    return Problem(409, "preview_under_way", headers={"Retry-After": "5"})


async def _admitted(service: Service, key: str, sent: list[dict[str, Any]]) -> list[ReferenceEntry]:
    """The entries as intake would keep them: it alone judges what it accepts, here as when they are sent.

    Raises:
        Problem: what is wrong with them, 403 where it is the key alone; 503 intake does not answer.
    """
    found = await service.keys.check(key, b"\n".join(map(_line, sent)))
    faults = [
        FieldError(one["code"], f"entries[{one['entry']}].{one['field']}".rstrip("."), one["value"], one["parameters"])
        for one in found["faults"]
    ]
    if faults:
        statuses = {one["status"] for one in found["faults"]}
        raise from_field_errors(403 if statuses == {403} else 422, faults, found.get("more", 0))
    return [ReferenceEntry.of(orjson.dumps(one)) for one in found["entries"]]


def _line(entry: dict[str, Any]) -> bytes:
    # What JSON cannot hold (a number without end, half a letter) goes on as it came, for intake to refuse.
    return json.dumps(entry, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass")
