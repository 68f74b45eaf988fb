"""All entry types as one union, their order, and the identity and content of an entry.

Pure: what an entry means for a dossier is processing's business.
"""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import Annotated, Any, Final

import orjson
from pydantic import Field, TypeAdapter
from pydantic_core import SchemaValidator

from shared.contract import dossier, petitions, reference, surroundings
from shared.contract.envelope import Envelope
from shared.instants import from_datetime, to_rfc3339

__all__ = [
    "CLOCK_TYPES",
    "ENTERED_TYPES",
    "ENTRY_ADAPTER",
    "ENTRY_MODELS",
    "JUDGED_TYPES",
    "REFERENCE_TYPES",
    "TYPE_RANK",
    "UNGRANTED_TYPES",
    "UNJUDGED_TYPES",
    "Entry",
    "content_hash",
    "data_without_nulls",
    "hash_of",
    "read_sent",
]

Entry = Annotated[
    dossier.DossierSubmitted
    | dossier.DossierAccepted
    | dossier.DossierRefused
    | dossier.DossierSupplementRequested
    | dossier.DossierSupplementReceived
    | dossier.DossierFeeRequested
    | dossier.DossierFeePaid
    | dossier.DossierExtended
    | dossier.DossierApologised
    | dossier.DossierWithdrawn
    | dossier.DossierStopped
    | dossier.DossierResolved
    | dossier.DossierReturned
    | dossier.DossierReopened
    | dossier.DossierHandedOver
    | dossier.StepAssigned
    | dossier.StepCompleted
    | dossier.StepSentBack
    | surroundings.QualityComponentsRecorded
    | surroundings.QualityIdentityVerified
    | surroundings.QualityPersonalStorePushed
    | surroundings.QualityRated
    | petitions.PetitionReceived
    | petitions.PetitionMoreAsked
    | petitions.PetitionSupplemented
    | petitions.PetitionHandedOver
    | petitions.PetitionRefused
    | petitions.PetitionAnswered
    | petitions.PetitionPublished
    | petitions.PetitionJudged
    | surroundings.PortalSent
    | surroundings.PortalAcknowledged
    | surroundings.PortalRejected
    | surroundings.PortalSnapshot
    | reference.CalendarRevised
    | reference.ProcedurePublished
    | reference.ProcedureMadePublic
    | reference.RouteRevised
    | reference.UnitRevised
    | reference.RuleActivated
    | surroundings.IndicatorEntered
    | reference.ClockTicked
    | reference.ClockCorrected,
    Field(discriminator="type"),
]

ENTRY_ADAPTER: Final[TypeAdapter[Any]] = TypeAdapter(Entry)


def _stopping(schema: Any) -> Any:
    """A core schema in which every list stops at its first unfit item."""
    if isinstance(schema, dict):
        stops = {"fail_fast": True} if schema.get("type") == "list" else {}
        return {name: _stopping(member) for name, member in schema.items()} | stops
    return [_stopping(member) for member in schema] if isinstance(schema, list) else schema


# Without those already built, which the models hold, and which do not stop.
_STOPPING: Final = SchemaValidator(_stopping(ENTRY_ADAPTER.core_schema), _use_prebuilt=False)
#: Commas of an entry whose faults are all looked for; there are no more items than commas.
_MOST_COMMAS: Final = 1_000


def read_sent(body: bytes) -> Any:
    """The model of an entry as it was sent, strictly.

    Of each list of a long entry only the first unfit item is told: of tens of thousands, making the errors alone would
    take a second.

    Raises:
        ValidationError: it does not fit the contract.
    """
    if body.count(b",") <= _MOST_COMMAS:
        return ENTRY_ADAPTER.validate_json(body, strict=True)
    return _STOPPING.validate_json(body, strict=True)


def _type_of(model: type[Envelope]) -> str:
    value = model.model_fields["type"].annotation.__args__[0]  # type: ignore[union-attr]
    return str(value)


#: Entry models by type, in the order of the contract's table; the order decides between entries of the same instant.
ENTRY_MODELS: Final[dict[str, type[Envelope]]] = {
    _type_of(model): model
    for model in Entry.__origin__.__args__  # type: ignore[attr-defined]
}

#: Rank of a type among entries of the same time and sequence.
TYPE_RANK: Final[dict[str, int]] = {name: rank for rank, name in enumerate(ENTRY_MODELS)}

CLOCK_TYPES: Final = frozenset({"clock.ticked", "clock.corrected"})
REFERENCE_TYPES: Final = frozenset(
    type_ for type_, model in ENTRY_MODELS.items() if model.__module__ == reference.__name__
)
#: Types of figures from outside: their senders need the right for reference data, and no grant has a part in them.
ENTERED_TYPES: Final = frozenset({"indicator.entered"})
#: Types whose entries have no grant.
UNGRANTED_TYPES: Final = CLOCK_TYPES | REFERENCE_TYPES | ENTERED_TYPES
#: Types whose entries act on a dossier or petition: who may, is judged by their senders' grants (docs/rules.md, "Who
#: may act").
JUDGED_TYPES: Final = frozenset(
    type_
    for type_ in ENTRY_MODELS
    if type_.startswith(("dossier.", "step.", "petition.")) and type_ != "dossier.fee_paid"
)
#: Types that tell of surroundings (a payment gateway, a kiosk, VNeID, the portal): their source is all they need.
UNJUDGED_TYPES: Final = frozenset(ENTRY_MODELS) - JUDGED_TYPES - UNGRANTED_TYPES


def data_without_nulls(value: Any) -> Any:
    """The data of an entry with null members left out at every depth; a null entry data stays null."""
    if isinstance(value, dict):
        return {
            key: data_without_nulls(member) if isinstance(member, (dict, list)) else member
            for key, member in value.items()
            if member is not None
        }
    if isinstance(value, list):
        return [data_without_nulls(member) for member in value]
    return value


def content_hash(type_: str, time: datetime, data: dict[str, Any] | None) -> str:
    """SHA-256 hex of an entry's content: type, UTC instant with microseconds, data without null members.

    The form hashed is JSON with sorted keys, no spaces, UTF-8; who recorded and who sent it are no part of it.
    """
    return hash_of(type_, from_datetime(time), data_without_nulls(data))


def hash_of(type_: str, instant: int, data: dict[str, Any] | None) -> str:
    """The content hash where the parts are at hand: instant in UTC microseconds, data free of null members already."""
    content = {"type": type_, "time": to_rfc3339(instant), "data": data}
    return hashlib.sha256(orjson.dumps(content, option=orjson.OPT_SORT_KEYS)).hexdigest()
