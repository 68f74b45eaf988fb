"""What an agency reads on its answers topic: what became of each entry it sent, whichever door it came by.

One CloudEvent a message, key = dossier code (the outbox position where that is not known). `id` is the same however
often a message is sent; an agency that has seen an id ignores the repeat. Holds no personal data.
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Final, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from shared.contract.lifecycle import DueBasis, EndKind, Rejection

__all__ = [
    "ANSWER_ADAPTER",
    "Accepted",
    "Answer",
    "AnswerAccepted",
    "AnswerJudged",
    "AnswerRefused",
    "Fate",
    "Judged",
    "Refused",
]

#: counted: it has its effect; finding: it counts, and something about it is odd; rejected: it has no effect, since its
#: unit may not do this. Each may change when a late or corrected entry comes.
Fate = Literal["counted", "finding", "rejected"]


class _Frozen(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)


class _OfEntry(_Frozen):
    """The entry an answer is about, by its identity and revision."""

    source: str | None = Field(default=None, description="absent where the message was not readable")
    id: str | None = None
    revision: int = 0


class Accepted(_OfEntry):
    """The journal has the entry on all in-sync replicas.

    Reference entries go to every partition by way of an outbox: they have no partition and offset.
    """

    outbox_offset: int | None = Field(default=None, description="where it stood in the unit's outbox")
    partition: int | None = None
    offset: int | None = None
    subject_sent: str | None = Field(
        default=None, description="the subject as sent, where it is kept in another form (Unicode NFC, single blanks)"
    )


class Refused(_OfEntry):
    """Intake refused the message: it is not in the journal. The same words as the problem details of HTTP."""

    outbox_offset: int
    status: int = Field(description="the status the same entry would have got by HTTP")
    code: str
    field: str | None = None
    detail_vi: str
    detail_en: str
    remedy_vi: str
    remedy_en: str


class Judged(_OfEntry):
    """What processing made of an entry, and where its dossier stands with all entries known by then."""

    type: str = Field(description="of the entry")
    dossier: str = Field(
        description="its code; of a petition the dossier it names, else the petition's code; of an entered figure its "
        "subject"
    )
    petition: str | None = Field(default=None, description="of a petition: its code")
    version: int = Field(default=1, description="counts the answers about this entry: a higher one replaces")
    fate: Fate
    findings: list[str] = Field(default_factory=list, description="codes of what is odd about this entry")
    rejection: Rejection | None = None
    status: int = Field(
        description="national status code of the dossier, 1-10; of a petition 1 not received, 4 open, 5 more asked "
        "for, 9 answered, 3 refused; of an entered figure 9"
    )
    unit: str | None = Field(default=None, description="the accountable unit")
    due: datetime | None = Field(default=None, description="the dossier's due instant, pauses and extension included")
    due_basis: DueBasis | None = None
    waiting_since: datetime | None = None
    finished_at: datetime | None = None
    finish: EndKind | None = None


class _Envelope(_Frozen):
    specversion: Literal["1.0"]
    id: str
    source: str
    subject: str = Field(description="dossier code; of an unreadable message its position in the outbox")
    time: datetime
    simulated: bool | None = None


class AnswerAccepted(_Envelope):
    """An entry is in the journal."""

    type: Literal["answer.accepted"]
    data: Accepted


class AnswerRefused(_Envelope):
    """A message of the outbox was refused."""

    type: Literal["answer.refused"]
    data: Refused


class AnswerJudged(_Envelope):
    """An entry has its effect, or has none."""

    type: Literal["answer.judged"]
    data: Judged


Answer = Annotated[AnswerAccepted | AnswerRefused | AnswerJudged, Field(discriminator="type")]
ANSWER_ADAPTER: Final[TypeAdapter[Answer]] = TypeAdapter(Answer)
