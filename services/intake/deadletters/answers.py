"""The forms of intake's answers about dead letters, and how they are made of a letter. Does no I/O."""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from services.intake.deadletters.letters import Kept, State
from services.intake.deadletters.store import Group
from shared.instants import to_rfc3339
from shared.messages import Language
from shared.problems.problem import Problem

__all__ = [
    "DeadLetterAnswer",
    "DeadLetterGroup",
    "DeadLetterList",
    "DeadLetterSummary",
    "DiscardRequest",
    "ReplayAnswer",
    "ReplayRequest",
    "ReplayedLetter",
    "tell_groups",
    "tell_letter",
    "tell_replayed",
]


class DiscardRequest(BaseModel):
    """Why a dead letter is settled without replaying it."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"reason": "test record of a supplier"}]})

    reason: Annotated[
        str,
        StringConstraints(strip_whitespace=True, min_length=1, max_length=200, pattern=r"^[^\x00-\x1f]+$"),
        Field(description="a code or a few words, kept with the letter; nothing that names a person"),
    ]


class ReplayRequest(BaseModel):
    """Dead letters to replay, each as it is."""

    model_config = ConfigDict(extra="forbid")

    letters: Annotated[
        list[Annotated[str, StringConstraints(max_length=300, pattern=r"^[A-Za-z0-9._-]{1,249}:\d{1,10}:\d{1,19}$")]],
        Field(min_length=1, max_length=500, description="their ids, topic:partition:offset"),
    ]


class Place(BaseModel):
    """A position of the journal, of the generation then."""

    topic: str
    partition: int
    offset: int


class Settled(BaseModel):
    """How a letter was settled."""

    at: str
    by: str = Field(description="sender whose key asked")
    positions: list[Place] = Field(description="where its entry stands in the journal now; none where discarded")
    corrected: bool = Field(description="whether a corrected entry went there instead of the letter's bytes")
    reason: str | None = Field(description="of a discarded one")


class DeadLetterAnswer(BaseModel):
    """A dead letter: the position of what could not be understood, why, when, and what became of it."""

    id: str
    topic: str
    partition: int
    offset: int
    service: str
    reason: str
    detail: str
    first_seen: str
    last_seen: str
    seen: int = Field(description="copies: each new derivation of the journal meets the record again")
    state: State
    size: int | None = Field(description="bytes of the record's value; null where it had none")
    cut: bool = Field(description="whether only the beginning of the value is kept: it cannot be replayed as it is")
    sha256: str | None = Field(default=None, description="of the whole value, where only its beginning ever came")
    key: str | None = Field(description="Base64")
    value: str | None = Field(description="Base64; null in lists, and where nothing may be kept")
    settled: Settled | None


class ReplayedLetter(BaseModel):
    """What became of one of many: the letter without its bytes as it is now, or the problem that kept it back."""

    letter: str
    answer: DeadLetterAnswer | None = None
    problem: dict[str, Any] | None = Field(
        default=None, description="as POST …/replay answers; of status 503 the outcome is not known: ask again"
    )


class ReplayAnswer(BaseModel):
    """What became of many letters, in the order asked."""

    letters: list[ReplayedLetter]


class DeadLetterList(BaseModel):
    """A page of the register, the letter first seen longest ago first."""

    letters: list[DeadLetterAnswer]
    next: str | None = Field(description="`after` of the next page, null on the last one")


class DeadLetterGroup(BaseModel):
    """Letters of one service, reason and state."""

    service: str
    reason: str
    state: State
    count: int
    first_seen: str
    last_seen: str


class DeadLetterSummary(BaseModel):
    """The register in numbers."""

    groups: list[DeadLetterGroup]
    open: int
    oldest: str | None = Field(description="when the oldest open letter was first seen")
    newest: str | None = Field(description="when an open letter was last seen")
    days: int = Field(description="days a letter is kept after it was last seen")


def tell_letter(kept: Kept) -> DeadLetterAnswer:
    """A letter as it is answered."""
    letter, outcome = kept.letter, kept.outcome
    settled = None
    if outcome is not None and kept.state in ("replayed", "discarded"):
        settled = Settled(
            at=to_rfc3339(outcome.at),
            by=outcome.by,
            positions=[
                Place(topic=outcome.journal or "", partition=partition, offset=offset)
                for partition, offset in outcome.positions
            ],
            corrected=outcome.corrected is not None,
            reason=outcome.why,
        )
    return DeadLetterAnswer(
        id=letter.id,
        topic=letter.topic,
        partition=letter.partition,
        offset=letter.offset,
        service=letter.service,
        reason=letter.reason,
        detail=letter.detail,
        first_seen=to_rfc3339(kept.first_seen),
        last_seen=to_rfc3339(letter.seen_at),
        seen=kept.seen,
        state=kept.state,
        size=letter.size,
        cut=letter.cut,
        sha256=letter.digest,
        key=_base64(letter.key),
        value=_base64(letter.value),
        settled=settled,
    )


def tell_replayed(ids: Sequence[str], told: Mapping[str, Kept | Problem], language: Language) -> ReplayAnswer:
    """What became of many letters."""
    found = []
    for id_ in ids:
        one = told[id_]
        if isinstance(one, Problem):
            found.append(ReplayedLetter(letter=id_, problem=one.body(language)))
        else:
            bare = replace(one, letter=replace(one.letter, key=None, value=None))
            found.append(ReplayedLetter(letter=id_, answer=tell_letter(bare)))
    return ReplayAnswer(letters=found)


def tell_groups(groups: Sequence[Group], days: int) -> DeadLetterSummary:
    """The register in numbers."""
    waiting = [group for group in groups if group.state in ("open", "replaying")]
    oldest = min((group.first_seen for group in waiting), default=None)
    newest = max((group.last_seen for group in waiting), default=None)
    return DeadLetterSummary(
        groups=[
            DeadLetterGroup(
                service=group.service,
                reason=group.reason,
                state=group.state,
                count=group.count,
                first_seen=to_rfc3339(group.first_seen),
                last_seen=to_rfc3339(group.last_seen),
            )
            for group in groups
        ],
        open=sum(group.count for group in waiting),
        oldest=None if oldest is None else to_rfc3339(oldest),
        newest=None if newest is None else to_rfc3339(newest),
        days=days,
    )


def _base64(content: bytes | None) -> str | None:
    return None if content is None else base64.b64encode(content).decode("ascii")
