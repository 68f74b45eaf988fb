"""Forms of intake's answers, as models for the OpenAPI document and for requests that are no entries."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field

from services.intake.senders.sender import OwnRates

__all__ = [
    "BatchAnswer",
    "ClockAnswer",
    "EntryAnswer",
    "LineAnswer",
    "NewSender",
    "OutboxAnswer",
    "ReferenceAnswer",
    "SenderAnswer",
    "SenderList",
]

_POSITIONS = "offset by partition, for clock and reference entries, which go to every partition"
_SENT = "subject as sent, where it is kept in another form (Unicode NFC, single blanks)"
_DISTRIBUTED = "reference entries: whether every partition has it; if not, it is stored and will be sent to the rest"


class EntryAnswer(BaseModel):
    """The entry is in the journal, on all in-sync replicas; a reference entry at least stored, to be sent there."""

    source: str
    id: str
    subject: str = Field(description="as it is kept: ask for the dossier by it")
    subject_sent: str | None = Field(default=None, description=_SENT)
    partition: int | None = Field(description="journal partition; null for clock and reference entries")
    offset: int | None = Field(description="offset in the partition; null for clock and reference entries")
    positions: dict[str, int] | None = Field(default=None, description=_POSITIONS)
    distributed: bool | None = Field(default=None, description=_DISTRIBUTED)


class LineAnswer(BaseModel):
    """What became of one line of a batch."""

    line: int = Field(ge=1, description="number of the line, from 1; blank lines count and have no answer")
    status: int = Field(description="202 accepted; 4xx refused, see problem; 503 not known to be accepted, send again")
    source: str | None = None
    id: str | None = None
    subject: str | None = Field(default=None, description="as it is kept, where it was sent in another form")
    subject_sent: str | None = Field(default=None, description=_SENT)
    partition: int | None = None
    offset: int | None = None
    positions: dict[str, int] | None = Field(default=None, description=_POSITIONS)
    distributed: bool | None = Field(default=None, description=_DISTRIBUTED)
    code: str | None = Field(default=None, description="where status is 503: outcome_unknown or database_away")
    problem: dict[str, Any] | None = Field(default=None, description="the refusal, as a problem")


class BatchAnswer(BaseModel):
    """What became of a batch, line by line; a bad line holds up no other."""

    accepted: int
    refused: int
    unknown: int
    results: list[LineAnswer]


class SenderAnswer(OwnRates):
    """A sender and what its key allows."""

    sender: str
    sources: list[str]
    units: list[str]
    roles: list[str]
    rights: list[str] = Field(description="what the roles give: send, read, read_all, deadletters, agencies, …")


class NewSender(SenderAnswer):
    """A new sender with its key, which is shown this once."""

    key: Annotated[str, Field(description="the API key; it is stored only as a hash, so keep it")]


class SenderList(BaseModel):
    """All senders, by name."""

    senders: list[SenderAnswer]


class ClockAnswer(BaseModel):
    """The stack's clock as this replica knows it."""

    mode: Literal["live", "data"]
    now: str = Field(description="this machine's wall clock, RFC 3339 in UTC")
    last_tick: str | None = Field(description="highest tick that went through this replica, RFC 3339 in UTC")
    skew_seconds: float | None = Field(description="this clock minus the broker's; null before the first probe")
    simulated: bool
    zone: str = Field(description="IANA time zone of the stack's day boundaries")


class CheckFault(BaseModel):
    """Why an entry would be refused: a problem's code, and what its texts name."""

    entry: int = Field(description="place among the lines that are not blank, from 0")
    status: int
    code: str
    field: str = Field(description="empty for the whole entry")
    value: Any = None
    parameters: dict[str, Any] = Field(description="what the texts of the problem name")


class CheckAnswer(BaseModel):
    """What would become of reference entries."""

    entries: list[dict[str, Any]] = Field(description="those that are well formed, as they would be kept")
    faults: list[CheckFault] = Field(description="in the order of the entries; empty where all would be accepted")
    more: int = Field(0, description="faults that there are beside those told")


class KnownEntry(BaseModel):
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
    """A page of the reference entries that hold."""

    version: str = Field(description="of the whole set; partitions that have all of it report the same")
    total: int = Field(description="entries asked for, on all pages")
    entries: list[KnownEntry]
    next: str | None = Field(description="give it as `after` for the next page; null on the last")


class WaitingParcel(BaseModel):
    """Reference entries accepted together that some partition does not have yet."""

    number: int = Field(description="place in the order of acceptance")
    entries: int
    accepted_at: str = Field(description="RFC 3339 in UTC")
    missing_partitions: list[int]


class OutboxAnswer(BaseModel):
    """What is not in every partition yet, as this replica knows it."""

    entries: int
    oldest_seconds: float = Field(description="seconds since the oldest was accepted; 0 when nothing waits")
    waiting: list[WaitingParcel]
