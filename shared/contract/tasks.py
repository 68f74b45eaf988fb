"""What an agency reads on its tasks topic: work given, changed, closed or cancelled, and notices about due dates.

One CloudEvent a message, key = dossier code. `id` is the same however often a message is sent; an agency that has seen
an id ignores the repeat. Of one task or notice the highest `version` holds: a sender that was frozen repeats older ones
behind newer ones. Holds no personal data.
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Final, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from shared.contract.lifecycle import DueOf, StepOutcome

__all__ = [
    "AGENCY_ADAPTER",
    "AgencyMessage",
    "NoticeCancelled",
    "NoticeData",
    "NoticeGiven",
    "TaskAssigned",
    "TaskCancelled",
    "TaskChanged",
    "TaskClosed",
    "TaskData",
    "TaskEnded",
]


class _Frozen(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)


class TaskData(_Frozen):
    """A step of a dossier that the unit holds now."""

    task: str = Field(description="identity of the task, the same in all messages about it")
    version: int = Field(
        default=0,
        description="counts the messages about this task: the highest holds, in whatever order they come; 0 in "
        "messages of before there was any",
    )
    dossier: str
    unit: str
    procedure: str | None = None
    step: str
    occurrence: int
    role: str | None = None
    assigned_at: datetime | None = None
    budget: int | None = Field(default=None, description="working minutes")
    due: datetime | None = Field(default=None, description="when the budget is used up")
    dossier_due: datetime | None = None


class TaskEnded(_Frozen):
    """A task the unit holds no longer."""

    task: str
    version: int = Field(
        default=0,
        description="counts the messages about this task: the highest holds, in whatever order they come; 0 in "
        "messages of before there was any",
    )
    dossier: str
    unit: str
    step: str
    occurrence: int
    outcome: StepOutcome | None = Field(default=None, description="absent where the task never was")


class NoticeData(_Frozen):
    """A due date that comes near or was passed. `apology` is where processing's API gives the draft of form 04.

    Of a petition `dossier` is the one it names, else the petition's code.
    """

    notice: str = Field(description="identity of the notice")
    version: int = Field(
        default=0,
        description="counts the messages about this notice: the highest holds, in whatever order they come; 0 in "
        "messages of before there was any",
    )
    dossier: str
    unit: str
    procedure: str | None = None
    kind: Literal["warning", "breach", "petition_warning", "petition_breach"]
    of: DueOf | Literal["petition"] = "dossier"
    step: str | None = None
    occurrence: int | None = None
    due: datetime
    at: datetime
    rung_us: int | None = None
    petition: str | None = Field(default=None, description="of a petition: its code")
    apology: str | None = Field(default=None, description="path of the apology's draft in processing's API")


class _Envelope(_Frozen):
    specversion: Literal["1.0"]
    id: str
    source: str
    subject: str = Field(description="dossier code; of a petition its code")
    time: datetime = Field(description="partition clock, else the instant of what happened")
    simulated: bool | None = None


class TaskAssigned(_Envelope):
    """A step is the unit's now."""

    type: Literal["task.assigned"]
    data: TaskData


class TaskChanged(_Envelope):
    """Budget or due date of a task changed."""

    type: Literal["task.changed"]
    data: TaskData


class TaskClosed(_Envelope):
    """The task ended: done, sent back, handed over, or the dossier finished."""

    type: Literal["task.closed"]
    data: TaskEnded


class TaskCancelled(_Envelope):
    """The task proved not to be: a late or corrected entry changed what had been known."""

    type: Literal["task.cancelled"]
    data: TaskEnded


class NoticeGiven(_Envelope):
    """A warning or a breach."""

    type: Literal["notice.given"]
    data: NoticeData


class NoticeCancelled(_Envelope):
    """A notice proved wrong."""

    type: Literal["notice.cancelled"]
    data: NoticeData


AgencyMessage = Annotated[
    TaskAssigned | TaskChanged | TaskClosed | TaskCancelled | NoticeGiven | NoticeCancelled,
    Field(discriminator="type"),
]
AGENCY_ADAPTER: Final[TypeAdapter[AgencyMessage]] = TypeAdapter(AgencyMessage)
