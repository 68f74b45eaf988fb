"""Dead letters as intake keeps them: read from their topic within bounds, and what became of each. Pure; no I/O.

A record of the topic that is no letter is kept as a letter about itself, so that nothing is lost unseen.
"""

from __future__ import annotations

import base64
import binascii
import re
from dataclasses import dataclass, replace
from typing import Any, Final, Literal

from pydantic import ValidationError

from shared.contract.housekeeping import BEGINNING, LARGEST_WHOLE, DeadLetter
from shared.instants import from_datetime

__all__ = [
    "UNREADABLE",
    "Claim",
    "Kept",
    "Letter",
    "Outcome",
    "State",
    "is_name",
    "letter_id",
    "read_letter",
]

_LONGEST_KEY: Final = 1_024
_LONGEST_DETAIL: Final = 2_000
#: Reason of a record on the dead letters' own topic that is no letter.
UNREADABLE: Final = "unreadable_letter"
#: Reasons that say the content may name a person: its bytes are not kept, whoever sent them.
_PERSONAL: Final = frozenset({"personal_field"})
_TOPIC: Final = re.compile(r"[A-Za-z0-9._-]{1,249}", re.ASCII)
_CODE: Final = re.compile(r"[a-z0-9_-]{1,64}", re.ASCII)
_MOST: Final = 2**63

State = Literal["open", "replaying", "replayed", "discarded"]


@dataclass(frozen=True, slots=True)
class Letter:
    """One copy of a dead letter.

    Attributes:
        service: whose letter it is.
        topic: with partition and offset the position of what could not be understood.
        reason: a code.
        detail: what is wrong, without values.
        key: the record's key, its beginning where it is long.
        value: the record's value, its beginning where `cut`; None where there was none, or none may be kept.
        size: bytes the value had, None without one.
        seen_at: when the service met it, in UTC microseconds.
        at: offset of this copy on the dead letters' topic.
        digest: SHA-256 of the whole value where only its beginning came; it cannot be replayed from here.
    """

    service: str
    topic: str
    partition: int
    offset: int
    reason: str
    detail: str
    key: bytes | None
    value: bytes | None
    size: int | None
    cut: bool
    seen_at: int
    at: int
    digest: str | None = None

    @property
    def id(self) -> str:
        """The position of what could not be understood: the same for every copy."""
        return letter_id(self.topic, self.partition, self.offset)


@dataclass(frozen=True, slots=True)
class Claim:
    """A replay that was begun: what goes where, so that whoever goes on finds out whether it is there already.

    Attributes:
        token: whose turn it is.
        until: UTC microseconds until which the claimant may write.
        journal: topic of the journal, of the generation then.
        partition: of it.
        begin: end of that partition before anything was written.
        key: the record's key.
        value: its exact bytes.
        by: sender whose key asked.
        corrected: SHA-256 of the corrected entry, None where the letter's own bytes go.
    """

    token: str
    until: int
    journal: str
    partition: int
    begin: int
    key: bytes
    value: bytes
    by: str
    corrected: str | None


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a letter was settled: `positions` of the `journal` where it was replayed, else why it was discarded."""

    at: int
    by: str
    journal: str | None = None
    positions: tuple[tuple[int, int], ...] = ()
    corrected: str | None = None
    why: str | None = None


@dataclass(frozen=True, slots=True)
class Kept:
    """A letter in the register: its newest copy, how often and when it was seen, and what became of it."""

    letter: Letter
    first_seen: int
    seen: int
    state: State
    claim: Claim | None = None
    outcome: Outcome | None = None


def letter_id(topic: str, partition: int, offset: int) -> str:
    """Key of a letter in the register, as on the topic."""
    return f"{topic}:{partition}:{offset}"


def is_name(text: str) -> bool:
    """Whether a text can be the name of a service or a reason: of few letters, so that metrics stay small."""
    return _CODE.fullmatch(text) is not None


def read_letter(record: Any, now: int, oldest: int) -> Letter:
    """The letter in a record of the dead letters' topic.

    Args:
        record: a consumed record.
        now: the present instant in UTC microseconds.
        oldest: the instant before which letters are deleted. One that says it was seen before that, or in the future,
            was written by a clock that is off: it counts as seen now.
    """
    try:
        found = _read(record)
    except ValueError as error:
        found = Letter(
            "unknown",
            record.topic,
            record.partition,
            record.offset,
            UNREADABLE,
            f"a record of {record.topic} that is no dead letter: {_words(error)}",
            record.key,
            record.value,
            None,
            cut=False,
            seen_at=now,
            at=record.offset,
        )
    return _bounded(found if oldest <= found.seen_at <= now else replace(found, seen_at=now))


def _read(record: Any) -> Letter:
    if record.value is None:
        raise ValueError("it has no value")
    letter = DeadLetter.model_validate_json(record.value)
    if _TOPIC.fullmatch(letter.topic) is None or not (0 <= letter.partition < 2**31 and 0 <= letter.offset < _MOST):
        raise ValueError("its position is none of a topic")
    if not is_name(letter.service) or not is_name(letter.reason):
        raise ValueError("its service or reason is no code")
    return Letter(
        letter.service,
        letter.topic,
        letter.partition,
        letter.offset,
        letter.reason,
        letter.detail,
        _bytes(letter.key),
        _bytes(letter.value),
        letter.size,
        cut=letter.sha256 is not None,
        seen_at=from_datetime(letter.seen_at),
        at=record.offset,
        digest=letter.sha256,
    )


def _bounded(letter: Letter) -> Letter:
    key = None if letter.key is None else letter.key[:_LONGEST_KEY]
    value, size, cut = letter.value, letter.size, letter.cut
    if not cut:
        size = None if value is None else len(value)
    if letter.reason in _PERSONAL:
        key = value = None
    if value is not None and len(value) > (BEGINNING if cut else LARGEST_WHOLE):
        value, cut = value[:BEGINNING], True
    return replace(
        letter, key=key, value=value, size=size, cut=cut and value is not None, detail=letter.detail[:_LONGEST_DETAIL]
    )


def _bytes(text: str | None) -> bytes | None:
    try:
        return None if text is None else base64.b64decode(text, validate=True)
    except binascii.Error as error:
        raise ValueError("its bytes are no Base64") from error


def _words(error: ValueError) -> str:
    """What is wrong, without what was written: it could be personal."""
    if isinstance(error, ValidationError):
        found = error.errors(include_url=False, include_context=False, include_input=False)[0]
        return f"{'.'.join(map(str, found['loc'])) or 'letter'}: {found['type']}"
    return str(error)
