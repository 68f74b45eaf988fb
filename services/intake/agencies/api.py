"""HTTP routes about agencies: units with software of their own, by key or by topics."""

from __future__ import annotations

from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Path, Request
from pydantic import BaseModel, Field

from services.intake.admission.stamps.limit import check_units
from services.intake.agencies.agencies import Agencies
from services.intake.agencies.state.losses import Losses
from services.intake.doors.access import InDoor
from services.intake.doors.examples import KEY_ERRORS
from services.intake.senders.sender import AgencyRequest, SenderRecord, check_signs
from shared.access.bearer import Bearer
from shared.access.routes import needs
from shared.broker.topics import agency_answers, agency_outbox, agency_tasks

__all__ = ["router"]

router = APIRouter()
_SWITCHED: Final[dict[int | str, dict[str, Any]]] = {**KEY_ERRORS, 404: {"description": "This unit is no agency"}}


class AgencyTopics(BaseModel):
    """Names of an agency's topics; whoever has rights at the broker makes them."""

    outbox: str = Field(description="what the agency sends, one entry a message")
    tasks: str = Field(description="what is its to do, and notices")
    answers: str = Field(description="what became of each of its entries")


class NewAgency(BaseModel):
    """A new agency with its key, which is shown this once."""

    unit: str
    sender: str = Field(description="stamped on what it sends by key and by outbox")
    key: str = Field(description="the API key; it is stored only as a hash, so keep it")
    sources: list[str]
    units: list[str]
    topics: AgencyTopics


class AgencyState(BaseModel):
    """An agency; what its sender is allowed is told with the right `agencies` only."""

    unit: str
    enabled: bool
    sender: str | None = None
    sources: list[str] | None = None
    units: list[str] | None = None
    lost: int | None = Field(
        default=None,
        description="messages of its outbox that the broker deleted before intake read them, in the last 30 days",
    )


class AgencyList(BaseModel):
    """The agencies, by unit."""

    agencies: list[AgencyState]


def _agencies(door: InDoor) -> Agencies:
    return Agencies(door.directory, door.reference.registry)


_Known = Annotated[Agencies, Depends(_agencies)]
_OfAgencies = Annotated[Bearer, needs("agencies")]
_Reader = Annotated[Bearer, needs("agencies", "read")]
_Unit = Annotated[str, Path(max_length=128, description="code of the unit")]


@router.post(
    "/v1/agencies",
    status_code=201,
    tags=["agencies"],
    summary="Make a unit an agency, with a key",
    responses={**KEY_ERRORS, 409: {"description": "It is one already, or its topics collide with another's"}},
)
async def make_agency(wanted: AgencyRequest, agencies: _Known, _bearer: _OfAgencies) -> NewAgency:
    """Make a unit an agency. The answer shows its key once.

    The same rights hold for what comes by its outbox; who may write there, the broker knows.
    """
    check_signs(wanted)
    check_units(wanted.sender.units)
    record, key = await agencies.create(wanted)
    unit = wanted.unit
    topics = AgencyTopics(outbox=agency_outbox(unit), tasks=agency_tasks(unit), answers=agency_answers(unit))
    return NewAgency(
        unit=unit, sender=record.sender, key=key, sources=record.sources, units=record.units, topics=topics
    )


@router.get(
    "/v1/agencies",
    tags=["agencies"],
    summary="The agencies",
    response_model_exclude_none=True,
    responses=KEY_ERRORS,
)
async def list_agencies(request: Request, agencies: _Known, bearer: _Reader) -> AgencyList:
    """Codes of the agencies and whether they are enabled, as this replica read them last.

    To whoever has the right `agencies` also what they are allowed, as it is now, and what their outboxes lost.
    """
    if bearer.may("agencies"):
        losses: Losses = request.app.state.losses
        found = [_state(record, details=True) for record in await agencies.all()]
        return AgencyList(agencies=[one.model_copy(update={"lost": losses.of(one.unit)}) for one in found])
    return AgencyList(agencies=[_state(record, details=False) for record in agencies.known])


@router.post(
    "/v1/agencies/{unit}/disable",
    tags=["agencies"],
    summary="Take nothing from an agency",
    response_model_exclude_none=True,
    responses=_SWITCHED,
)
async def disable_agency(unit: _Unit, agencies: _Known, _bearer: _OfAgencies) -> AgencyState:
    """Refuse its key and its outbox: at once here, within MOTCUA_KEYS_SECONDS at other replicas. Entries stay."""
    await agencies.switch(unit, enabled=False)
    return AgencyState(unit=unit, enabled=False)


@router.post(
    "/v1/agencies/{unit}/enable",
    tags=["agencies"],
    summary="Take from an agency again",
    response_model_exclude_none=True,
    responses=_SWITCHED,
)
async def enable_agency(unit: _Unit, agencies: _Known, _bearer: _OfAgencies) -> AgencyState:
    """Take what its key and its outbox send again. What was refused meanwhile is sent again by the agency."""
    await agencies.switch(unit, enabled=True)
    return AgencyState(unit=unit, enabled=True)


def _state(record: SenderRecord, *, details: bool) -> AgencyState:
    state = AgencyState(unit=record.agency or "", enabled=not record.disabled)
    if details:
        state.sender, state.sources, state.units = record.sender, record.sources, record.units
    return state
