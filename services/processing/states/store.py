"""The states and checkpoints of one epoch in MongoDB. The only module of processing that calls it; knows no Kafka.

One collection of states per partition without further indexes, since each index doubles the price of a write; the
due heap is loaded by one scan. A state replaces only one at an older position.
"""

from __future__ import annotations

import hashlib
from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

from services.processing.audit.trail import Place
from services.processing.facts.known import HANGS_ON_NOTHING
from services.processing.states.form import from_document, label_in, to_document
from services.processing.states.layers import HeldState
from services.processing.stream.checkpoint import Checkpoint
from services.processing.stream.revision.roster import Label
from shared.mongo import BulkWriteError, Client, DuplicateKeyError, UpdateOne, linearizable
from shared.mongo import open_database as _open
from shared.notes import Note
from shared.turns import Turns

__all__ = ["MOST_DOSSIERS", "StateStore", "WrongEngineError", "database_name", "duplicates", "identity_hash"]

#: `$in` is quadratic in some servers (2 ms an id at 2,000 ids).
_IN: Final = 50
_CHUNK: Final = 250
#: Documents of a few bytes: larger chunks cost less each.
_SMALL_CHUNK: Final = 1_000
_CHUNK_BYTES: Final = 4_000_000
_DUPLICATE: Final = 11_000
#: Dossiers of one identity that are remembered; who asks for one of more names the dossier.
MOST_DOSSIERS: Final = 100


class WrongEngineError(Exception):
    """The database was derived by another engine version; only a new epoch may go on."""

    def __init__(self, note: Note) -> None:
        super().__init__(str(note))
        self.note = note


def database_name(epoch: int) -> str:
    """Name of the database of an epoch."""
    return f"motcua_processing_e{epoch}"


def identity_hash(source: str, id_: str) -> int:
    """64-bit number by which the dossiers of an entry's identity are found."""
    return int.from_bytes(hashlib.blake2b(f"{source}\0{id_}".encode(), digest_size=8).digest(), "big", signed=True)


class StateStore:
    """States, checkpoints and identities of one epoch. Every method may raise `DatabaseError`.

    Args:
        client: a client of shared.mongo.
        epoch: the derivation.
    """

    def __init__(self, client: Client, epoch: int) -> None:
        self._client = client
        self._database = _open(client, database_name(epoch))

    async def ping(self) -> None:
        """Ask the server whether it is there."""
        await self._client.admin.command("ping")

    async def check_engine(self, version: str) -> None:
        """Mark a new database with the engine's version, or compare.

        Raises:
            WrongEngineError: another version derived what the database holds.
        """
        meta = self._database["meta"]
        found = await linearizable(meta).find_one({"_id": "engine"}, max_time_ms=5_000)
        if found is None:
            try:
                await meta.insert_one({"_id": "engine", "version": version})
            except DuplicateKeyError:
                found = await meta.find_one({"_id": "engine"})
        if found is not None and found["version"] != version:
            raise WrongEngineError(
                Note(
                    f"database {self._database.name} was derived by engine {found['version']}, this is {version}",
                    "derive a new epoch with `motcua rebuild`, or run the engine it was derived by",
                    vi=f"cơ sở dữ liệu {self._database.name} do bộ suy diễn {found['version']} tạo, bản này là "
                    f"{version}",
                    vi_remedy="suy ra kỷ nguyên mới bằng `motcua rebuild`, hoặc chạy phiên bản đã tạo ra nó",
                )
            )

    async def checkpoint(self, partition: int) -> Checkpoint | None:
        """The partition's checkpoint, never from a deposed primary; None before the first."""
        found = await linearizable(self._database["checkpoints"]).find_one({"_id": partition}, max_time_ms=5_000)
        if found is None:
            return None
        names = ("next", "anchor", "last", "clock", "reference", "partitions", "known", "run")
        return Checkpoint(**{name: found[name] for name in names}, until=found.get("until", -1))

    async def left_at(self, partition: int) -> int:
        """The offset of the partition's checkpoint, whichever engine wrote it; 0 before the first."""
        found = await linearizable(self._database["checkpoints"]).find_one({"_id": partition}, max_time_ms=5_000)
        return 0 if found is None else int(found["next"])

    async def save_checkpoint(self, partition: int, checkpoint: Checkpoint) -> None:
        """Write a checkpoint over an older one; where the database has the same or a newer one, that stays."""
        values = {name: getattr(checkpoint, name) for name in Checkpoint.__slots__}
        collection = self._database["checkpoints"]
        older = {"_id": partition, "next": {"$lt": checkpoint.next}}
        try:
            await collection.update_one(older, {"$set": values}, upsert=True)
        except DuplicateKeyError:
            # Refused, or two first writers raced: repeated once as a plain update.
            await collection.update_one(older, {"$set": values})

    async def clear_run(self, partition: int, run: int = 0, until: int = -1) -> None:
        """Let the partition's next owner begin a new run of dead letters, as a checkpoint has it; its place stays."""
        change = {"$set": {"run": run, "until": until}}
        await self._database["checkpoints"].update_one({"_id": partition}, change)

    async def audit_place(self, partition: int) -> Place:
        """Where the reading back of the partition's lifecycle records stood; the topic's beginning before the first."""
        found = await self._database["audits"].find_one({"_id": partition}, max_time_ms=5_000)
        return Place() if found is None else Place(**{name: found[name] for name in Place.__slots__})

    async def save_audit_place(self, partition: int, place: Place) -> None:
        """Replace the place; one that a process of before writes over it is as true, and only read from again."""
        values = {name: getattr(place, name) for name in Place.__slots__}
        await self._database["audits"].replace_one({"_id": partition}, values, upsert=True)

    async def positions(self, partition: int, keys: Sequence[str]) -> dict[str, int]:
        """The journal positions of the states of those keys that have one."""
        found: dict[str, int] = {}
        states = self._states(partition)
        for start in range(0, len(keys), _IN):
            wanted = {"_id": {"$in": list(keys[start : start + _IN])}}
            found |= {document["_id"]: document["o"] async for document in states.find(wanted, {"o": 1})}
        return found

    async def timers(self, partition: int) -> tuple[list[tuple[str, int]], int]:
        """All (key, timer) with a timer, and the number of states of the partition."""
        found: list[tuple[str, int]] = []
        count = 0
        async for document in self._states(partition).find({}, {"t": 1}).batch_size(5_000):
            count += 1
            timer = document.get("t")
            if timer is not None:
                found.append((document["_id"], timer))
        return found, count

    async def keys(self, partition: int) -> list[str]:
        """Keys of all states of the partition, in no order."""
        return [document["_id"] async for document in self._states(partition).find({}, {"_id": 1}).batch_size(5_000)]

    async def labels(self, partition: int) -> AsyncIterator[tuple[str, Label]]:
        """Key and label of the states of the partition that reference data have a part in, in no order."""
        wanted = {"p": 1, "u": 1, "f": 1, "l": 1}
        # Entered figures may be most of them, and would be read for nothing at each entry of reference data.
        some = {"f": {"$ne": HANGS_ON_NOTHING}}
        async for document in self._states(partition).find(some, wanted).batch_size(2_000):
            yield document["_id"], label_in(document)

    async def count(self, partition: int) -> int:
        """About how many states the partition has."""
        return int(await self._states(partition).estimated_document_count())

    async def scan(self, partition: int, wanted: Callable[[Label], bool]) -> AsyncIterator[HeldState | None]:
        """Every state of the partition, in no order; None for one whose label is not wanted."""
        async for document in self._states(partition).find({}).batch_size(500):
            yield from_document(document) if wanted(label_in(document)) else None

    async def load(self, partition: int, keys: Sequence[str]) -> list[HeldState]:
        """The states of those keys that have one."""
        found: list[HeldState] = []
        states = self._states(partition)
        turns = Turns()
        for start in range(0, len(keys), _IN):
            wanted = list(keys[start : start + _IN])
            async for document in states.find({"_id": {"$in": wanted}}):
                found.append(from_document(document))
                await turns.give()
        return found

    async def save(self, partition: int, states: Iterable[HeldState]) -> int:
        """Store states, each only over an older position.

        Returns:
            How many were refused, since the database has the same or a newer position.
        """
        refused = 0
        fresh: list[HeldState] = []
        known: list[HeldState] = []
        for held in states:
            (known if held.stored else fresh).append(held)
        for some in _chunks(fresh):
            refused += await self._insert(partition, await _documents(some))
        for some in _chunks(known):
            refused += await self._replace(partition, await _documents(some))
        return refused

    async def _insert(self, partition: int, documents: list[dict[str, Any]]) -> int:
        try:
            await self._states(partition).insert_many(documents, ordered=False)
        except BulkWriteError as error:
            # Someone else (a process that was paused, or we before a restart) stored a state meanwhile: compare.
            return await self._replace(partition, [documents[index] for index in duplicates(error)])
        return 0

    async def _replace(self, partition: int, documents: list[dict[str, Any]]) -> int:
        """Replace states that are there, each only if it is at an older position; how many were refused.

        One update with the documents as literals: half the price of a replacement each, and unlike a transaction it
        leaves nothing locked when this process is killed.
        """
        refused = 0
        for start in range(0, len(documents), _IN):
            some = documents[start : start + _IN]
            codes = [document["_id"] for document in some]
            newer = {"$arrayElemAt": [{"$literal": some}, {"$indexOfArray": [{"$literal": codes}, "$_id"]}]}
            if_newer = {"$cond": [{"$lt": ["$o", "$$newer.o"]}, "$$newer", "$$ROOT"]}
            done = await self._states(partition).update_many(
                {"_id": {"$in": codes}}, [{"$replaceWith": {"$let": {"vars": {"newer": newer}, "in": if_newer}}}]
            )
            refused += len(some) - int(done.modified_count)
        return refused

    async def save_identities(self, identities: Mapping[int, set[str]]) -> None:
        """Remember which dossiers have an entry of an identity; repeating it does no harm.

        A sender may use one id for every dossier (an entry is told apart by its subject too), so that only some are
        remembered: the first `MOST_DOSSIERS`, and one more that tells that there are.
        """
        collection = self._database["identities"]
        hashes = sorted(identities)
        for start in range(0, len(hashes), _SMALL_CHUNK):
            some = hashes[start : start + _SMALL_CHUNK]
            fresh = [{"_id": h, "c": sorted(identities[h])[: MOST_DOSSIERS + 1]} for h in some]
            try:
                await collection.insert_many(fresh, ordered=False)
            except BulkWriteError as error:
                there = [some[index] for index in duplicates(error)]
                known = await self._dossiers_of(there)
                updates = []
                for h in there:
                    before = known.get(h, set())
                    more = sorted(identities[h] - before)[: max(MOST_DOSSIERS + 1 - len(before), 0)]
                    if more:
                        updates.append(UpdateOne({"_id": h}, {"$addToSet": {"c": {"$each": more}}}))
                if updates:
                    await collection.bulk_write(updates, ordered=False)

    async def _dossiers_of(self, hashes: Sequence[int]) -> dict[int, set[str]]:
        found: dict[int, set[str]] = {}
        for start in range(0, len(hashes), _IN):
            wanted = list(hashes[start : start + _IN])
            async for document in self._database["identities"].find({"_id": {"$in": wanted}}):
                found[document["_id"]] = set(document["c"])
        return found

    async def dossiers_with(self, source: str, id_: str) -> list[str]:
        """Codes of the dossiers that may have an entry of this identity (hashes may collide).

        More than `MOST_DOSSIERS`: there are more than are told.
        """
        found = await self._database["identities"].find_one({"_id": identity_hash(source, id_)})
        return [] if found is None else sorted(found["c"])

    def _states(self, partition: int) -> Any:
        return self._database[f"states_{partition}"]


def _chunks(states: list[HeldState]) -> Iterator[list[HeldState]]:
    """Modest chunks: a message has a size limit, and other work wants its turn between two."""
    chunk: list[HeldState] = []
    size = 0
    for held in states:
        chunk.append(held)
        size += held.size
        if len(chunk) == _CHUNK or size > _CHUNK_BYTES:
            yield chunk
            chunk, size = [], 0
    if chunk:
        yield chunk


async def _documents(states: list[HeldState]) -> list[dict[str, Any]]:
    return [to_document(held) async for held in Turns().each(states)]


def duplicates(error: BulkWriteError) -> list[int]:
    """Indexes of the writes refused by E11000; any other write error is raised."""
    details: Mapping[str, Any] = error.details or {}
    errors = details.get("writeErrors", [])
    if details.get("writeConcernErrors") or any(one["code"] != _DUPLICATE for one in errors):
        raise error
    return [one["index"] for one in errors]
