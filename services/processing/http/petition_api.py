"""The HTTP route about one petition, explained. Reads only; it is told to who sees the petition."""

from __future__ import annotations

from typing import Annotated

import orjson
from fastapi import APIRouter, Path
from pydantic import BaseModel, Field

from services.processing.cases import petition_case
from services.processing.engine import row_at
from services.processing.explaining.petitions import PetitionExplanation, explain_petition
from services.processing.http.access import InService
from services.processing.http.answers import Announced, EntryLine, told_announcement, told_entry
from services.processing.http.sight.asked import petition_sight_of
from services.processing.petitions import derive
from shared.access.bearer import Bearer
from shared.access.hidden import petition_hidden
from shared.access.routes import needs
from shared.broker.partition import partition_of
from shared.contract.lifecycle import Finding, PetitionRow
from shared.problems.problem import Problem
from shared.texts.normal_form import LONGEST_ASKED

__all__ = ["PetitionAnswer", "router"]

router = APIRouter(tags=["petitions"])


class PetitionAnswer(BaseModel):
    """A petition explained: its row, by when what is due, what was announced, every entry."""

    row: PetitionRow
    explanation: PetitionExplanation
    announced: list[Announced]
    findings: list[Finding]
    entries: list[EntryLine]
    partition: int
    position: int = Field(description="offset of the last journal entry that changed it")


@router.get(
    "/v1/petitions/{code:path}",
    summary="A petition explained",
    responses={
        404: {"description": "No such petition, or none that the key sees"},
        503: {"description": "It cannot be read now"},
    },
)
async def explain(
    service: InService,
    who: Annotated[Bearer, needs("read")],
    code: Annotated[
        str,
        Path(min_length=1, max_length=LONGEST_ASKED, description="the petition's code, slashes as they are or as %2F"),
    ],
) -> PetitionAnswer:
    """The petition's row, its terms with their due instants, what was announced, and every entry with its place."""
    held = await service.find(code, petition_case)
    if held is not None:
        reference, clock = await service.judged_by(held)
        if who.reads_all or petition_sight_of(held, reference, clock, who).petition():
            state = held.state
            known = derive(state.code, state.entries, reference)
            row = PetitionRow.model_validate_json(orjson.dumps(row_at(state, reference, known)))
            holding = {(entry.source, entry.id, entry.revision, entry.hash) for entry in known.held}
            place = (service.journal, partition_of(state.code, service.partitions))
            return PetitionAnswer(
                row=row,
                explanation=explain_petition(known, clock),
                announced=[told_announcement(one) for one in state.announced],
                findings=row.findings,
                entries=[told_entry(entry, place, holding) for entry in state.entries],
                partition=place[1],
                position=state.position,
            )
    if who.reads_all:
        raise Problem(404, "petition_not_known", value=code)
    raise petition_hidden(code, who)
