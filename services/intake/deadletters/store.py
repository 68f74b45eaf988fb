"""The register of dead letters in intake's database: one document a letter. Knows no broker and no HTTP.

A copy counts once by its offset on the topic, however often it is delivered. What became of a letter changes only from
the state it is known to be in, so two replicas never settle it twice.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from typing import Any, Final

from services.intake.deadletters.letters import Claim, Kept, Letter, Outcome, State
from services.intake.senders.store import StoreAway
from shared.mongo import (
    BulkWriteError,
    DatabaseError,
    DuplicateKeyError,
    UpdateOne,
    connect,
    majority,
    open_database,
)

__all__ = ["DeadLetterStore", "Group"]

_DUPLICATE: Final = 11_000
#: `$in` is quadratic in some servers.
_IN: Final = 50
#: Changes of one request; several requests at once share the waiting for the disk.
_WRITES: Final = 25
#: A document may have 16 MB, a message 48: so many bytes of letters are stored at once.
_CHUNK_BYTES: Final = 4_000_000
_OF_LETTER: Final = tuple(field.name for field in fields(Letter) if field.name != "seen_at")


@dataclass(frozen=True, slots=True)
class Group:
    """Letters of one service, reason and state: how many, and when the first and the last were seen."""

    service: str
    reason: str
    state: State
    count: int
    first_seen: int
    last_seen: int


class DeadLetterStore:
    """Letters by the position of what could not be understood.

    Every method waits for the database and raises StoreAway when it does not answer.
    """

    def __init__(self, uri: str, database: str) -> None:
        self._client = connect(uri, "motcua-intake-deadletters")
        self._letters = open_database(self._client, database)["deadletters"]
        # What is decided by must not be taken back by a new primary.
        self._readings = majority(self._letters)

    async def add(self, letters: Sequence[Letter]) -> None:
        """Register copies in the order of the topic; those registered already count no second time."""
        try:
            for some in _chunks(letters):
                for place in await self._insert(some):
                    await self._count(some[place])
        except DatabaseError as error:
            raise StoreAway(str(error)) from error

    async def find(self, id_: str) -> Kept | None:
        """A letter; None if there is none."""
        try:
            document = await self._readings.find_one({"_id": id_})
        except DatabaseError as error:
            raise StoreAway(str(error)) from error
        return None if document is None else _kept(document)

    async def find_many(self, ids: Sequence[str]) -> dict[str, Kept]:
        """Those letters of these ids that there are."""
        asked = [list(ids[start : start + _IN]) for start in range(0, len(ids), _IN)]
        try:
            found = await asyncio.gather(*(self._readings.find({"_id": {"$in": some}}).to_list(None) for some in asked))
        except DatabaseError as error:
            raise StoreAway(str(error)) from error
        return {document["_id"]: _kept(document) for some in found for document in some}

    async def page(self, wanted: Mapping[str, str], after: tuple[int, str] | None, limit: int) -> list[Kept]:
        """Letters without their bytes, the one first seen longest ago first.

        Args:
            wanted: state, reason, service, topic they have, as far as given.
            after: `first_seen` and id of the last one of the page before.
            limit: how many at most.
        """
        asked: dict[str, Any] = dict(wanted)
        if after is not None:
            first_seen, id_ = after
            asked["$or"] = [{"first_seen": {"$gt": first_seen}}, {"first_seen": first_seen, "_id": {"$gt": id_}}]
        try:
            found = self._readings.find(asked, {"value": 0, "claim": 0}).sort([("first_seen", 1), ("_id", 1)])
            return [_kept(document) for document in await found.limit(limit).to_list(None)]
        except DatabaseError as error:
            raise StoreAway(str(error)) from error

    async def summary(self) -> list[Group]:
        """How many letters there are of each service, reason and state."""
        group = {
            "_id": {"service": "$service", "reason": "$reason", "state": "$state"},
            "count": {"$sum": 1},
            "first_seen": {"$min": "$first_seen"},
            "last_seen": {"$max": "$last_seen"},
        }
        try:
            found = await self._readings.aggregate([{"$group": group}]).to_list(None)
        except DatabaseError as error:
            raise StoreAway(str(error)) from error
        groups = [
            Group(**one["_id"], count=one["count"], first_seen=one["first_seen"], last_seen=one["last_seen"])
            for one in found
        ]
        return sorted(groups, key=lambda one: (one.service, one.reason, one.state))

    async def claim(self, kept: Kept, claim: Claim) -> bool:
        """Begin to replay a letter; False when its state changed meanwhile."""
        return await self._change(kept, {"state": "replaying", "claim": asdict(claim)})

    async def claim_many(self, claims: Sequence[tuple[Kept, Claim]]) -> bool:
        """Begin to replay letters; False when not all were claimed, which shows by the tokens they have then."""
        changes = [(kept, {"state": "replaying", "claim": asdict(claim)}) for kept, claim in claims]
        return await self._change_many(changes)

    async def settle_many(self, settled: Sequence[tuple[Kept, State, Outcome]]) -> bool:
        """Store what became of letters, each unless its state changed meanwhile; False when one's did."""
        changes = [(kept, {"state": state, "claim": None, "outcome": asdict(how)}) for kept, state, how in settled]
        return await self._change_many(changes)

    async def settle(self, kept: Kept, state: State, outcome: Outcome) -> bool:
        """Store what became of a letter; False when its state changed meanwhile."""
        return await self._change(kept, {"state": state, "claim": None, "outcome": asdict(outcome)})

    async def reopen(self, kept: Kept) -> bool:
        """Give up a claim under which nothing was written; False when the letter's state changed meanwhile."""
        return await self._change(kept, {"state": "open", "claim": None})

    async def sweep(self, before: int) -> dict[State, int]:
        """Delete the letters last seen before an instant; how many there were of each state."""
        deleted: dict[State, int] = {}
        states: tuple[State, ...] = ("open", "replaying", "replayed", "discarded")
        try:
            for state in states:
                done = await self._letters.delete_many({"state": state, "last_seen": {"$lt": before}})
                deleted[state] = int(done.deleted_count)
        except DatabaseError as error:
            raise StoreAway(str(error)) from error
        return deleted

    async def _change_many(self, changes: Sequence[tuple[Kept, dict[str, Any]]]) -> bool:
        writes = [UpdateOne(_guard(kept), {"$set": change}) for kept, change in changes]
        some = [writes[start : start + _WRITES] for start in range(0, len(writes), _WRITES)]
        try:
            done = await asyncio.gather(*(self._letters.bulk_write(one, ordered=False) for one in some))
        except DatabaseError as error:
            raise StoreAway(str(error)) from error
        return sum(one.matched_count for one in done) == len(writes)

    async def _change(self, kept: Kept, change: dict[str, Any]) -> bool:
        try:
            done = await self._letters.update_one(_guard(kept), {"$set": change})
        except DatabaseError as error:
            raise StoreAway(str(error)) from error
        return bool(done.matched_count)

    async def _insert(self, letters: Sequence[Letter]) -> list[int]:
        """Insert letters; which were there already, by index."""
        try:
            await self._letters.insert_many([_document(letter) for letter in letters], ordered=False)
        except BulkWriteError as error:
            errors = (error.details or {}).get("writeErrors", [])
            if not errors or any(one["code"] != _DUPLICATE for one in errors):
                raise
            return sorted(one["index"] for one in errors)
        return []

    async def _count(self, letter: Letter) -> None:
        """Count one more copy, unless it was counted; what the newest one says holds."""
        fresh = _document(letter)
        newest = {name: fresh.pop(name) for name in ("service", "reason", "detail", "at", "last_seen")}
        del fresh["_id"], fresh["seen"]
        change = {"$set": newest, "$inc": {"seen": 1}, "$setOnInsert": fresh}
        try:
            # An upsert: it may have been deleted meanwhile.
            await self._letters.update_one({"_id": letter.id, "at": {"$lt": letter.at}}, change, upsert=True)
        except DuplicateKeyError:
            return  # this copy, or a later one, was counted

    def close(self) -> None:
        """Close the connections."""
        self._client.close()


def _guard(kept: Kept) -> dict[str, Any]:
    """Matches a letter in the state it is known to be in."""
    guard: dict[str, Any] = {"_id": kept.letter.id, "state": kept.state}
    if kept.claim is not None:
        guard["claim.token"] = kept.claim.token
    return guard


def _chunks(letters: Sequence[Letter]) -> list[list[Letter]]:
    chunks: list[list[Letter]] = [[]]
    size = 0
    for letter in letters:
        size += len(letter.value or b"")
        if size > _CHUNK_BYTES and chunks[-1]:
            chunks.append([])
            size = len(letter.value or b"")
        chunks[-1].append(letter)
    return [chunk for chunk in chunks if chunk]


def _document(letter: Letter) -> dict[str, Any]:
    return {
        "_id": letter.id,
        **{name: getattr(letter, name) for name in _OF_LETTER},
        "first_seen": letter.seen_at,
        "last_seen": letter.seen_at,
        "seen": 1,
        "state": "open",
        "claim": None,
        "outcome": None,
    }


def _kept(document: dict[str, Any]) -> Kept:
    letter: dict[str, Any] = {name: document.get(name) for name in _OF_LETTER}
    for name in ("key", "value"):
        letter[name] = None if letter[name] is None else bytes(letter[name])
    claim, outcome = document.get("claim"), document["outcome"]
    return Kept(
        Letter(**letter, seen_at=document["last_seen"]),
        document["first_seen"],
        document["seen"],
        document["state"],
        None if claim is None else Claim(**claim | {"key": bytes(claim["key"]), "value": bytes(claim["value"])}),
        None if outcome is None else Outcome(**outcome | {"positions": tuple(map(tuple, outcome["positions"]))}),
    )
