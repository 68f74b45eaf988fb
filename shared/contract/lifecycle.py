"""The lifecycle topic: each dossier's facts and what just happened, and the clock of each partition.

Key of a record is the dossier code, or `clock:<partition>`. A row replaces the older row of its dossier, decided by its
cause. Instants are RFC 3339 in UTC.
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Final, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

__all__ = [
    "LIFECYCLE_ADAPTER",
    "Cause",
    "ClockAdvanced",
    "ClockData",
    "DossierChanged",
    "DossierData",
    "DossierRow",
    "EndKind",
    "Finding",
    "Happening",
    "HappeningKind",
    "Lifecycle",
    "Step",
    "clock_key",
]

EndKind = Literal["resolved", "returned", "withdrawn", "stopped", "refused"]
HappeningKind = Literal["warning", "breach", "recovered", "retracted"]


class _Frozen(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)


class Cause(_Frozen):
    """The journal position that made an event: with epoch and dossier code it is unique."""

    epoch: int
    partition: int
    offset: int
    index: int = Field(default=0, description="running index within the dossier at this cause")


class Finding(_Frozen):
    """Something odd about a dossier's entries: a code and the entry it is about."""

    code: str
    source: str
    id: str


class Step(_Frozen):
    """A step as reported: who, from when, to when."""

    step: str
    unit: str | None = None
    assigned_at: datetime | None = None
    completed_at: datetime | None = None
    sent_back_at: datetime | None = None
    budget: int | None = Field(default=None, description="working minutes")


class Happening(_Frozen):
    """A warning, breach or recovery of a due instant, or the retraction of one announced earlier.

    `at` is its own instant (24 hours before due, the due instant, the finish), not that of the entry that showed it.
    """

    kind: HappeningKind
    due: datetime
    at: datetime
    retracts: Literal["warning", "breach", "recovered"] | None = None


class DossierRow(_Frozen):
    """The whole fact row of one dossier: a pure function of the set of its entries and the partition's clock."""

    code: str
    status: int = Field(description="national status code 1-10")
    unit: str | None = Field(default=None, description="the accountable unit")
    receiving_unit: str | None = None
    procedure: str | None = None
    channel: Literal["online", "postal", "direct"] | None = None
    submitted_at: datetime | None = None
    accepted_at: datetime | None = None
    finished_at: datetime | None = Field(default=None, description="end of handling, never before acceptance")
    finish: EndKind | None = None
    judged_at: datetime | None = Field(
        default=None,
        description="the instant both on-time tests use: the finish, or the request of a supplement unanswered then",
    )
    due: datetime | None = Field(default=None, description="final due instant, pauses and extension included")
    due_original: datetime | None = Field(default=None, description="due without extension, pauses included")
    pauses: list[tuple[datetime, datetime | None]] = Field(
        default_factory=list, description="effective supplement pauses [request, receipt or null)"
    )
    waiting_since: datetime | None = Field(
        default=None, description="request of the unanswered supplement of an open dossier"
    )
    second_request_at: datetime | None = Field(default=None, description="from here on late for index 766")
    extended_at: datetime | None = None
    steps: list[Step] = Field(default_factory=list)
    findings: list[Finding] = Field(default_factory=list)
    entries: int = Field(description="entries that hold")
    simulated: bool = False


class DossierData(_Frozen):
    """Cause, facts, and what happened."""

    cause: Cause
    row: DossierRow
    happened: list[Happening] = Field(default_factory=list)


class ClockData(_Frozen):
    """The clock of one journal partition."""

    cause: Cause
    clock: datetime


class _LifecycleEnvelope(_Frozen):
    specversion: Literal["1.0"]
    id: str
    source: str
    subject: str
    time: datetime


class DossierChanged(_LifecycleEnvelope):
    """A dossier's facts after an entry or a tick."""

    type: Literal["dossier.changed"]
    data: DossierData


class ClockAdvanced(_LifecycleEnvelope):
    """A partition's clock was set by a tick or a correction."""

    type: Literal["clock.advanced"]
    data: ClockData


Lifecycle = Annotated[DossierChanged | ClockAdvanced, Field(discriminator="type")]
LIFECYCLE_ADAPTER: Final[TypeAdapter[Any]] = TypeAdapter(Lifecycle)


def clock_key(partition: int) -> str:
    """Record key of a partition's clock on the lifecycle topic."""
    return f"clock:{partition}"
