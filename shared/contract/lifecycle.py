"""The lifecycle topic: facts of each dossier, petition and entered figure, and the clock of each partition.

Key of a record is the dossier code, `petition:<code>`, `indicator:<identity>` (shared/populations/keys.py), or
`clock:<partition>`; it is the event's subject, too. A row replaces the older row of its key, decided by its cause.
Instants are RFC 3339 in UTC.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any, Final, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from shared.populations.dossiers import DOSSIERS
from shared.populations.indicators import INDICATORS
from shared.populations.models import Row, item_model, row_model
from shared.populations.petitions import PETITIONS
from shared.populations.steps import BLAME, FINDING, REJECTION, STEP

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
    "IndicatorChanged",
    "IndicatorData",
    "IndicatorRow",
    "Lifecycle",
    "PetitionChanged",
    "PetitionData",
    "PetitionHappening",
    "PetitionRow",
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


if TYPE_CHECKING:

    class _Declared(Row):
        """Its members are those of the declaration."""

        def __getattr__(self, name: str) -> Any: ...

    class Blame(_Declared):
        """A unit's part of a delay."""

    class Finding(_Declared):
        """Something odd, and the entry it is about."""

    class Rejection(_Declared):
        """An entry without effect."""

    class Step(_Declared):
        """One occurrence of a step."""

    class DossierRow(_Declared):
        """All facts of a dossier."""

    class PetitionRow(_Declared):
        """All facts of a petition."""

    class IndicatorRow(_Declared):
        """All facts of an entered figure."""

else:
    Blame, Finding, Rejection, Step = (item_model(one) for one in (BLAME, FINDING, REJECTION, STEP))
    DossierRow = row_model(DOSSIERS)
    PetitionRow = row_model(PETITIONS)
    IndicatorRow = row_model(INDICATORS)


class Act(_Frozen):
    """An entry was rejected, or a rejection was taken back since a later entry or revision makes the act valid."""

    kind: Literal["entry.rejected", "rejection.retracted"]
    rejection: Rejection


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


class PetitionHappening(_Frozen):
    """A warning, breach or recovery of a petition's due instant, or the retraction of one announced earlier.

    The due instant is that of the answer, of one that was refused that of the refusal.
    """

    kind: HappeningKind
    due: datetime
    at: datetime
    retracts: Literal["warning", "breach", "recovered"] | None = None
    of: Literal["petition"] = "petition"
    rung_us: int | None = Field(default=None, description="of a warning: how long before due, in microseconds")


class PetitionData(_Frozen):
    """Cause, facts, and what happened."""

    cause: Cause
    row: PetitionRow
    entry: EntryTold | None = Field(default=None, description="absent where a tick or a reference entry made it")
    happened: list[PetitionHappening] = Field(default_factory=list)
    acts: list[Act] = Field(default_factory=list)


class IndicatorData(_Frozen):
    """Cause and facts; nothing happens to a figure, and none is without effect."""

    cause: Cause
    row: IndicatorRow
    entry: EntryTold | None = Field(default=None, description="absent where the row is written again")
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


class PetitionChanged(_LifecycleEnvelope):
    """A petition's facts after an entry or a tick."""

    type: Literal["petition.changed"]
    data: PetitionData


class IndicatorChanged(_LifecycleEnvelope):
    """An entered figure after an entry of its identity."""

    type: Literal["indicator.changed"]
    data: IndicatorData


class ClockAdvanced(_LifecycleEnvelope):
    """A partition's clock was set by a tick or a correction."""

    type: Literal["clock.advanced"]
    data: ClockData


class ReferenceRevised(_LifecycleEnvelope):
    """A reference entry reached a partition; on the reference topic of the epoch (`motcua.reference.v1.e<N>`)."""

    type: Literal["reference.revised"]
    data: ReferenceData


Lifecycle = Annotated[DossierChanged | PetitionChanged | IndicatorChanged | ClockAdvanced, Field(discriminator="type")]
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
