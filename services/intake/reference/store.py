"""The accepted reference entries in intake's database: one document a parcel, kept for ever. Knows no broker.

The documents' ids are 1, 2, 3 … without gaps. Whoever stores takes the next number; two replicas that take the same one
find out, so that each has seen all before what it adds. A document names the partitions still to do: storing it is
the one step by which entries are accepted and their distribution is owed.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from services.intake.reference.parcels import Parcel
from services.intake.senders.store import StoreAway
from shared.mongo import BulkWriteError, DatabaseError, connect, majority, open_database

__all__ = ["ReferenceStore"]

_DUPLICATE: Final = 11_000
#: Ids asked for at once; SecantusDB answers longer lists slowly.
_CHUNK: Final = 50


class ReferenceStore:
    """Parcels by number.

    Every method waits for the database and raises StoreAway when it does not answer.
    """

    def __init__(self, uri: str, database: str) -> None:
        self._client = connect(uri, "motcua-intake-reference")
        self._parcels = open_database(self._client, database)["reference"]
        # What is read here is judged by: it must not be taken back by a new primary.
        self._readings = majority(self._parcels)

    async def after(self, number: int) -> list[Parcel]:
        """The parcels with higher numbers, in order, up to the first gap."""
        try:
            documents = await self._all() if number == 0 else await self._next(number)
        except DatabaseError as error:
            raise StoreAway(str(error)) from error
        found: list[Parcel] = []
        for document in documents:
            if document["_id"] != number + len(found) + 1:
                break
            found.append(_parcel(document))
        return found

    async def add(self, parcels: Sequence[Parcel]) -> int:
        """Store parcels in order; how many were, which are all unless a number was taken already.

        When StoreAway is raised, any number of them may have been stored.
        """
        try:
            await self._parcels.insert_many([_document(parcel) for parcel in parcels], ordered=True)
        except BulkWriteError as error:
            errors = error.details["writeErrors"]
            if not errors or errors[0]["code"] != _DUPLICATE:
                raise StoreAway(str(error)) from error
            return int(errors[0]["index"])
        except DatabaseError as error:
            raise StoreAway(str(error)) from error
        return len(parcels)

    async def note(self, parcel: Parcel) -> None:
        """Store which partitions have a parcel by now; where two replicas sent it, the last note's offsets stay."""
        partitions = sorted(parcel.unrecorded)
        change: dict[str, Any] = {
            "$pullAll": {"todo": partitions},
            "$set": {f"first.{partition}": parcel.first[partition] for partition in partitions},
        }
        try:
            await self._parcels.update_one({"_id": parcel.number}, change)
        except DatabaseError as error:
            raise StoreAway(str(error)) from error
        parcel.unrecorded.difference_update(partitions)

    async def owe(self, parcel: Parcel) -> None:
        """Store anew which partitions are to do, and that none is known to have it."""
        change = {"$set": {"todo": sorted(parcel.todo), "first": {}}}
        try:
            await self._parcels.update_one({"_id": parcel.number}, change)
        except DatabaseError as error:
            raise StoreAway(str(error)) from error

    async def refresh(self, parcels: Sequence[Parcel]) -> None:
        """Learn which partitions have the parcels by now, as other replicas noted it."""
        by_number = {parcel.number: parcel for parcel in parcels}
        numbers = sorted(by_number)
        try:
            for begin in range(0, len(numbers), _CHUNK):
                asked = {"_id": {"$in": numbers[begin : begin + _CHUNK]}}
                for document in await self._readings.find(asked, {"first": 1}).to_list(None):
                    by_number[document["_id"]].learn(_first(document))
        except DatabaseError as error:
            raise StoreAway(str(error)) from error

    async def _all(self) -> list[dict[str, Any]]:
        documents = await self._readings.find({}).to_list(None)
        return sorted(documents, key=lambda document: int(document["_id"]))

    async def _next(self, number: int) -> list[dict[str, Any]]:
        """By id one after the other: SecantusDB reads the whole collection for a range of ids."""
        found: list[dict[str, Any]] = []
        following = await self._readings.find_one({"_id": number + 1})
        while following is not None:
            found.append(following)
            last = number + len(found)
            asked = {"_id": {"$in": list(range(last + 1, last + _CHUNK + 1))}}
            chunk = sorted(await self._readings.find(asked).to_list(None), key=lambda document: int(document["_id"]))
            found += chunk
            if len(chunk) < _CHUNK:
                break
            following = await self._readings.find_one({"_id": number + len(found) + 1})
        return found

    def close(self) -> None:
        """Close the connections."""
        self._client.close()


def _document(parcel: Parcel) -> dict[str, Any]:
    return {
        "_id": parcel.number,
        "values": list(parcel.values),
        "accepted_at": parcel.accepted_at,
        "todo": sorted(parcel.todo),
        "first": {},
    }


def _parcel(document: dict[str, Any]) -> Parcel:
    values = tuple(bytes(value) for value in document["values"])
    return Parcel(document["_id"], values, document["accepted_at"], set(document["todo"]), first=_first(document))


def _first(document: dict[str, Any]) -> dict[int, int]:
    return {int(partition): int(offset) for partition, offset in document["first"].items()}
