"""The lifecycle topic: each dossier's facts and what just happened, and the clock of each partition.

Key of a record is the dossier code (keys.py), or `clock:<partition>`. A row replaces the older row of its dossier,
decided by its cause. Instants are RFC 3339 in UTC.
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Final, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

__all__ = [
    "LIFECYCLE_ADAPTER",
    "Act",
    "Blame",
    "Cause",
    "ClockAdvanced",
    "ClockData",
    "DossierChanged",
    "DossierData",
    "DossierRow",
    "DueBasis",
    "DueOf",
    "EndKind",
    "EntryTold",
    "Finding",
    "Happening",
    "HappeningKind",
    "Lifecycle",
    "ReferenceData",
    "ReferenceRevised",
    "Rejection",
    "Step",
    "StepOutcome",
    "clock_key",
    "reference_key",
]

EndKind = Literal["resolved", "returned", "withdrawn", "stopped", "refused"]
HappeningKind = Literal["warning", "breach", "recovered", "retracted"]
#: What a due instant is of: the dossier, its acceptance (intake clock), or one of its steps.
DueOf = Literal["dossier", "intake", "step"]
DueBasis = Literal["promised", "committed", "statutory"]
#: How an occurrence of a step ended; `cut_off`: the dossier finished while it was under way.
StepOutcome = Literal["completed", "sent_back", "handed_over", "cut_off"]


class _Frozen(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)


class Cause(_Frozen):
    """The journal position that made an event: with epoch and dossier code it is unique."""

    epoch: int
    partition: int
    offset: int
    index: int = Field(
        default=0, description="1: the row is written again, for its record came to lie before an older one"
    )


class Finding(_Frozen):
    """Something odd about a dossier's entries: a code and the entry it is about."""

    code: str
    source: str
    id: str


class Step(_Frozen):
    """One occurrence of a step: who held it, from when to when, in working time against its budget.

    `used_us` and `over_us` are final once it ended; of a step under way they depend on the clock and are absent.
    """

    step: str
    unit: str | None = Field(default=None, description="owner of the step; null is unassigned")
    role: str | None = Field(default=None, description="the owner's role in the handling unit, where the route says so")
    occurrence: int = Field(default=1, description="counts from 1, one more each time the step is begun again")
    planned: bool = Field(default=False, description="by a route, as against only reported by its source")
    assigned_at: datetime | None = Field(default=None, description="when it was given to the unit")
    completed_at: datetime | None = None
    sent_back_at: datetime | None = None
    ended_at: datetime | None = Field(default=None, description="when the unit no longer held it")
    outcome: StepOutcome | None = Field(default=None, description="absent while it is under way")
    budget: int | None = Field(default=None, description="working minutes")
    due: datetime | None = Field(default=None, description="when the budget is used up, pauses included")
    used_us: int | None = Field(default=None, description="working time held in microseconds, pauses subtracted")
    over_us: int | None = Field(default=None, description="working time over the budget in microseconds")


class Rejection(_Frozen):
    """An entry refused its effect since its unit (`not_the_owner`) or its sender (`not_entitled`) may not do this.

    Taken back when it proves valid.
    """

    code: str
    source: str
    id: str
    step: str | None = None
    unit: str | None = Field(default=None, description="who acted, as the entry names it")
    owner: str | None = Field(
        default=None,
        description="who owns the step; of `not_entitled` the unit accountable when the entry came",
    )


class Act(_Frozen):
    """An entry was rejected, or a rejection was taken back since a later entry or revision makes the act valid."""

    kind: Literal["entry.rejected", "rejection.retracted"]
    rejection: Rejection


class Blame(_Frozen):
    """The part of a late dossier's delay that falls to one unit; the parts add up to the whole delay."""

    unit: str | None = Field(default=None, description="null is unassigned")
    delay_us: int = Field(description="working time in microseconds")


class Happening(_Frozen):
    """A warning, breach or recovery of a due instant, or the retraction of one announced earlier.

    `at` is its own instant (so long before due, the due instant, the finish), not that of the entry that showed it.
    """

    kind: HappeningKind
    due: datetime
    at: datetime
    retracts: Literal["warning", "breach", "recovered"] | None = None
    of: DueOf = "dossier"
    step: str | None = None
    occurrence: int | None = None
    unit: str | None = Field(default=None, description="whom it concerns: the accountable unit or the step's owner")
    rung_us: int | None = Field(default=None, description="of a warning: how long before due, in microseconds")


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
    due_basis: DueBasis | None = Field(
        default=None, description="what the first due date rests on: the receipt, the committed or the statutory term"
    )
    statutory_due: datetime | None = Field(
        default=None, description="what the law allows at the latest, pauses included"
    )
    committed_due: datetime | None = Field(default=None, description="what the committed term gives, pauses included")
    limit: datetime | None = Field(
        default=None, description="without a due date: when the maximum working time is used up (Decision 766)"
    )
    intake_due: datetime | None = Field(default=None, description="by when an online submission must be answered")
    intake_ended_at: datetime | None = Field(default=None, description="when it was accepted or refused")
    apologised_at: datetime | None = Field(default=None, description="first apology (form 04)")
    procedure_version: str | None = None
    rule_version: str | None = None
    calendar: str | None = Field(default=None, description="calendar and version the due date is counted by")
    route_version: str | None = None
    steps: list[Step] = Field(default_factory=list)
    holders: list[str] = Field(
        default_factory=list, description="units that hold an open dossier now; empty: applicant"
    )
    handed_over_from: list[str] = Field(
        default_factory=list, description="units that were accountable before it was handed over; they may see it"
    )
    blame: list[Blame] = Field(default_factory=list, description="of a dossier that finished late")
    rejections: list[Rejection] = Field(default_factory=list)
    findings: list[Finding] = Field(default_factory=list)
    entries: int = Field(description="entries that hold")
    simulated: bool = False


class EntryTold(_Frozen):
    """The journal entry that made an event, by its identity, and who sent it."""

    type: str
    source: str
    id: str
    revision: int = 0
    sender: str | None = None


class DossierData(_Frozen):
    """Cause, facts, and what happened."""

    cause: Cause
    row: DossierRow
    entry: EntryTold | None = Field(default=None, description="absent where a tick or a reference entry made it")
    happened: list[Happening] = Field(default_factory=list)
    acts: list[Act] = Field(default_factory=list)


class ClockData(_Frozen):
    """The clock of one journal partition."""

    cause: Cause
    clock: datetime


class ReferenceData(_Frozen):
    """A reference entry as one partition took it in: metrics and others derive reference data from the set of them."""

    cause: Cause
    entry: dict[str, Any] = Field(description="the journal entry, as in the journal")


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


class ReferenceRevised(_LifecycleEnvelope):
    """A reference entry reached a partition; on the reference topic of the epoch (`motcua.reference.v1.e<N>`)."""

    type: Literal["reference.revised"]
    data: ReferenceData


Lifecycle = Annotated[DossierChanged | ClockAdvanced, Field(discriminator="type")]
LIFECYCLE_ADAPTER: Final[TypeAdapter[Any]] = TypeAdapter(Lifecycle)


def clock_key(partition: int) -> str:
    """Record key of a partition's clock on the lifecycle topic."""
    return f"clock:{partition}"


def reference_key(digest: str) -> str:
    """Record key of a reference entry on the reference topic: one for each distinct entry, so that none is compacted.

    Args:
        digest: SHA-256 hex over identity, revision and content of the entry (`ReferenceEntry.digest`).
    """
    return f"reference:{digest}"
