"""HTTP routes about one dossier: explained, its routing slip, the draft of an apology. Reads only.

Each is told to who sees the dossier.

What is told comes from the facts; whether there is a dossier, and why there is no draft, is answered here.
"""

from __future__ import annotations

from typing import Annotated, NamedTuple

from fastapi import APIRouter, Path

from services.processing.engine import Reference, facts
from services.processing.explaining import ApologyDraft, apology_draft
from services.processing.facts import Facts
from services.processing.http.access import InService
from services.processing.http.answers import DossierAnswer, explain_dossier
from services.processing.http.apologies import why_no_draft
from services.processing.http.sight.asked import sight_of
from services.processing.http.slips import SlipAnswer, make_slip
from services.processing.service import Service
from services.processing.states.layers import HeldState
from shared.access.bearer import Bearer
from shared.access.hidden import dossier_hidden
from shared.access.routes import needs
from shared.broker.partition import partition_of
from shared.problems.problem import Problem
from shared.texts.normal_form import LONGEST_ASKED

__all__ = ["router"]

_UNREADABLE: dict[int | str, dict[str, object]] = {503: {"description": "It cannot be read now"}}
_ERRORS: dict[int | str, dict[str, object]] = {
    404: {"description": "No such dossier, or none that the key sees"},
    **_UNREADABLE,
}

Code = Annotated[
    str, Path(min_length=1, max_length=LONGEST_ASKED, description="the dossier code, slashes as they are or as %2F")
]

Reader = Annotated[Bearer, needs("read")]

router = APIRouter(tags=["dossiers"])


class _Found(NamedTuple):
    held: HeldState
    reference: Reference
    clock: int | None

    def facts(self) -> Facts:
        state = self.held.state
        return facts(state.code, state.entries, self.reference)


async def _find(service: Service, code: str, who: Bearer) -> _Found:
    """The dossier, if there is one and it is seen; who sees only some cannot tell which of the two.

    Raises:
        Problem: 404; 503 it cannot be read now.
    """
    held = await service.find(code)
    if held is not None:
        found = _Found(held, *await service.judged_by(held))
        if who.reads_all or sight_of(*found, who).dossier():
            return found
    if who.reads_all:
        raise Problem(404, "dossier_not_known", value=code)
    raise dossier_hidden(code, who)


# Before the dossier itself, whose code takes in whatever follows it.
@router.get("/v1/dossiers/{code:path}/slip", summary="The routing slip (form 06)", responses=_ERRORS)
async def ask_slip(service: InService, who: Reader, code: Code) -> SlipAnswer:
    """Who had the dossier, from when to when, working time against budget; who holds it now, and whose the delay is.

    Steps under way are measured until the partition's clock. A dossier that was not accepted has no lines.
    """
    found = await _find(service, code, who)
    return make_slip(found.facts(), found.reference, found.clock)


@router.get(
    "/v1/dossiers/{code:path}/apology",
    summary="The draft of a written apology",
    responses={
        404: {
            "description": "No such dossier (or none that is seen), or no apology is to be written; the code says why"
        },
        **_UNREADABLE,
    },
)
async def ask_apology(service: InService, who: Reader, code: Code) -> ApologyDraft:
    """The draft as data, from some hours before the due date on, until an apology was sent or the dossier ended."""
    found = await _find(service, code, who)
    known = found.facts()
    draft = apology_draft(known, found.clock)
    if draft is None:
        why = why_no_draft(known, found.clock, found.reference.zone)
        raise Problem(404, why.code, value=code, **why.words)
    return draft


@router.get("/v1/dossiers/{code:path}", summary="A dossier explained", responses=_ERRORS)
async def explain(service: InService, who: Reader, code: Code) -> DossierAnswer:
    """The dossier's row, its due dates with their reasons, what was announced, and every entry with its place."""
    found = await _find(service, code, who)
    partition = partition_of(found.held.state.code, service.partitions)
    return explain_dossier(found.held, partition, found.reference, found.clock, journal=service.journal)
