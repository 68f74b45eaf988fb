"""A register in memory, a reader of the memory journal, and letters for them."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from services.intake.admission.admit import Admitted
from services.intake.deadletters.letters import Claim, Kept, Letter, Outcome, State, read_letter
from services.intake.deadletters.store import Group
from shared.broker.topics import DEADLETTER, JOURNAL

__all__ = ["MemoryLetters", "MemoryReader", "Record", "letter_record", "make_letter"]

SEEN_AT = "2026-08-25T01:00:00Z"


@dataclass(frozen=True)
class Record:
    """A consumed record of the dead letters' topic."""

    value: bytes | None
    key: bytes | None = None
    topic: str = DEADLETTER
    partition: int = 0
    offset: int = 0


def letter_record(value: bytes | None, at: int = 0, **changes: Any) -> Record:
    """The record of a letter about a journal record with this value."""
    letter = {
        "service": "processing",
        "topic": JOURNAL,
        "partition": 1,
        "offset": 7,
        "reason": "wrong_key",
        "detail": "the record's key is not the entry's subject",
        "key": base64.b64encode(b"another").decode(),
        "value": None if value is None else base64.b64encode(value).decode(),
        "seen_at": SEEN_AT,
    } | changes
    return Record(json.dumps(letter).encode(), offset=at)


def make_letter(value: bytes | None, **changes: Any) -> Letter:
    """The letter about a journal record with this value."""
    return read_letter(letter_record(value, **changes), 2**60, 0)


class MemoryLetters:
    """The register as a dictionary."""

    def __init__(self, *letters: Letter) -> None:
        self.kept = {letter.id: Kept(letter, letter.seen_at, 1, "open") for letter in letters}

    async def find(self, id_: str) -> Kept | None:
        return self.kept.get(id_)

    async def page(self, wanted: Mapping[str, str], after: tuple[int, str] | None, limit: int) -> list[Kept]:
        found = sorted(
            (kept for kept in self.kept.values() if _is(kept, wanted)),
            key=lambda kept: (kept.first_seen, kept.letter.id),
        )
        rest = [kept for kept in found if after is None or (kept.first_seen, kept.letter.id) > after]
        return [replace(kept, letter=replace(kept.letter, value=None)) for kept in rest[:limit]]

    async def summary(self) -> list[Group]:
        groups: dict[tuple[str, str, State], list[Kept]] = {}
        for kept in self.kept.values():
            groups.setdefault((kept.letter.service, kept.letter.reason, kept.state), []).append(kept)
        return [
            Group(*key, len(some), min(one.first_seen for one in some), max(one.letter.seen_at for one in some))
            for key, some in sorted(groups.items())
        ]

    async def claim(self, kept: Kept, claim: Claim) -> bool:
        return self._change(kept, replace(kept, state="replaying", claim=claim))

    async def settle(self, kept: Kept, state: State, outcome: Outcome) -> bool:
        return self._change(kept, replace(kept, state=state, claim=None, outcome=outcome))

    async def find_many(self, ids: Sequence[str]) -> dict[str, Kept]:
        return {id_: self.kept[id_] for id_ in ids if id_ in self.kept}

    async def claim_many(self, claims: Sequence[tuple[Kept, Claim]]) -> bool:
        return all([await self.claim(kept, claim) for kept, claim in claims])

    async def settle_many(self, settled: Sequence[tuple[Kept, State, Outcome]]) -> bool:
        return all([await self.settle(kept, state, outcome) for kept, state, outcome in settled])

    async def reopen(self, kept: Kept) -> bool:
        return self._change(kept, replace(kept, state="open", claim=None))

    def _change(self, before: Kept, after: Kept) -> bool:
        now = self.kept.get(before.letter.id)
        if now is None or (now.state, now.claim) != (before.state, before.claim):
            return False
        self.kept[before.letter.id] = after
        return True


class MemoryReader:
    """Reads records in memory, by partition."""

    topic = JOURNAL

    def __init__(self, records: Mapping[int, Sequence[Admitted]]) -> None:
        self._records = records

    async def end(self, partition: int) -> int:
        return len(self._records[partition])

    async def find(self, partition: int, begin: int, key: bytes, value: bytes) -> int | None:
        for offset, record in enumerate(self._records[partition]):
            if offset >= begin and (record.key, record.value) == (key, value):
                return offset
        return None


def _is(kept: Kept, wanted: Mapping[str, str]) -> bool:
    letter = kept.letter
    found = {"state": kept.state, "reason": letter.reason, "service": letter.service, "topic": letter.topic}
    return all(found[name] == value for name, value in wanted.items())
