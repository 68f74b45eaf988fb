"""Processing's HTTP routes about entries and positions, and the one that lets a standing partition go on."""

from __future__ import annotations

from functools import partial
from typing import Annotated
from urllib.parse import unquote

from fastapi import APIRouter, Path, Query, Request

from services.processing.cases import indicator_case, petition_case
from services.processing.http.access import InService
from services.processing.http.answers import (
    EntriesAnswer,
    PartitionAnswer,
    PositionsAnswer,
    explain_entries,
)
from services.processing.http.positions import positions_of
from services.processing.http.sight.asked import petition_sight_of, sight_of
from services.processing.record import EntryRecord
from services.processing.service import Service
from services.processing.states.store import MOST_DOSSIERS
from services.processing.stream.resuming import resume
from shared.access.bearer import Bearer
from shared.access.routes import needs
from shared.broker.partition import partition_of
from shared.problems.problem import Problem
from shared.texts.normal_form import LONGEST_ASKED

__all__ = ["router"]

Source = Annotated[str, Query(min_length=1, max_length=256, description="the entry's `source`")]
Identifier = Annotated[str, Query(alias="id", min_length=1, max_length=256, description="the entry's `id`")]
Subject = Annotated[
    str | None,
    Query(
        max_length=LONGEST_ASKED,
        description=f"the dossier code; without it up to {MOST_DOSSIERS} dossiers that have such an entry are searched",
    ),
]
_KEY_ERRORS: dict[int | str, dict[str, object]] = {
    401: {"description": "No key, or one that is not known"},
    404: {"description": "No such entry of yours is known (yet)"},
    503: {"description": "Intake, which knows the keys, or the database does not answer"},
}
_ENTRY_ERRORS = _KEY_ERRORS | {
    422: {
        "description": f"Over {MOST_DOSSIERS} dossiers have such an entry, none seen of those searched: give `subject`"
    }
}

_Sender = Annotated[Bearer, needs("send", "read")]

router = APIRouter()


async def _fates(service: Service, source: str, id_: str, subject: str | None, who: Bearer) -> EntriesAnswer:
    codes = [subject] if subject is not None else await service.dossiers_with(source, id_)
    more = len(codes) > MOST_DOSSIERS
    entries = []
    for code in codes[:MOST_DOSSIERS]:
        dossier = False
        if (held := await service.find(code)) is not None:
            reference, clock = await service.judged_by(held)
            sight = sight_of(held, reference, clock, who)
            dossier = sight.dossier()
            partition = partition_of(held.state.code, service.partitions)
            seen = sight.entries()
            entries += explain_entries(held, partition, reference, source=source, id_=id_, seen=seen, due=dossier)
        if (held := await service.find(code, petition_case)) is not None:
            reference, clock = await service.judged_by(held)
            of_petition = petition_sight_of(held, reference, clock, who)
            partition = partition_of(held.state.code, service.partitions)
            seen, due = of_petition.entries(dossier=dossier), of_petition.petition()
            entries += explain_entries(held, partition, reference, source=source, id_=id_, seen=seen, due=due)
        if (held := await service.find(code, partial(indicator_case, source=source, id_=id_))) is not None:
            # Figures of units are open to every reader.
            reference, _ = await service.judged_by(held)
            partition = partition_of(held.state.case.subject, service.partitions)
            entries += explain_entries(held, partition, reference, source=source, id_=id_, seen=_every, due=False)
    if not entries and more:
        raise Problem(422, "id_of_many_dossiers", field="subject", value=id_, limit=MOST_DOSSIERS)
    if not entries:
        raise Problem(404, "entry_not_known", value=id_)
    return EntriesAnswer(entries=entries, more=more)


def _every(_entry: EntryRecord) -> bool:
    return True


@router.get("/v1/entries", tags=["entries"], summary="What became of an entry?", responses=_ENTRY_ERRORS)
async def ask_entry(
    service: InService, who: _Sender, source: Source, identifier: Identifier, subject: Subject = None
) -> EntriesAnswer:
    """What became of the entries of an identity: its sender is told, and who sees the dossier.

    Of a petition each entry is told to who reads its unit. `due` is told to who sees the dossier, or the petition.

    404 means not known, or not known yet: an accepted entry is handled within moments.
    """
    return await _fates(service, source, identifier, subject, who)


@router.get(
    "/v1/entries/{source:path}/{id:path}",
    tags=["entries"],
    summary="What became of an entry? (in the path)",
    responses=_ENTRY_ERRORS,
)
async def ask_entry_by_path(
    request: Request,
    service: InService,
    who: _Sender,
    source: Annotated[str, Path(description="the entry's `source`, percent-encoded")],
    identifier: Annotated[str, Path(alias="id", description="the entry's `id`, percent-encoded")],
    *,
    subject: Subject = None,
) -> EntriesAnswer:
    """The same with source and id in the path, each percent-encoded, slashes as %2F."""
    raw: bytes = request.scope.get("raw_path") or b""
    parts = raw.partition(b"?")[0].decode("latin-1").rpartition("/v1/entries/")[2].split("/")
    if len(parts) == 2:
        source, identifier = unquote(parts[0]), unquote(parts[1])
    return await _fates(service, source, identifier, subject, who)


@router.get("/v1/positions", tags=["operations"], summary="Where this replica is")
async def positions(service: InService, _bearer: Annotated[Bearer, needs("read")]) -> PositionsAnswer:
    """Journal positions and clocks of the partitions this replica works on."""
    return service.positions()


@router.post(
    "/v1/partitions/{partition}/resume",
    tags=["operations"],
    summary="Go on after a run of dead letters",
    responses={
        **_KEY_ERRORS,
        403: {"description": "The key has not the right `deadletters`"},
        404: {"description": "Another replica works on the partition, or none"},
        409: {"description": "It does not stand for a run of dead letters"},
    },
)
async def resume_partition(
    service: InService,
    _who: Annotated[Bearer, needs("deadletters")],
    partition: Annotated[int, Path(ge=0, le=1023)],
    count: Annotated[
        int | None, Query(ge=1, le=1_000_000_000, description="stand again after so many more in a row")
    ] = None,
    to: Annotated[int | None, Query(ge=0, le=2**62, description="count none up to this offset of the journal")] = None,
) -> PartitionAnswer:
    """Let the partition read on behind the run; another run stops it again. Only its replica can do it.

    Where somebody knows how many bad records there are, `count` or `to` lets them all pass at once. A good entry
    between them ends what `count` says, not what `to` says.
    """
    worker = await resume(service.workers(), partition, count, to)
    return positions_of(service.epoch, {partition: worker}, service.settings).partitions[str(partition)]
