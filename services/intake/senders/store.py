"""The senders in intake's database: one document each, with the hash of its key. The only module that asks MongoDB."""

from __future__ import annotations

from typing import Any

from services.intake.senders.sender import SenderRecord
from shared.mongo import Client, Database, DatabaseError, DuplicateKeyError, connect, open_database

__all__ = ["SenderStore", "StoreAway"]


class StoreAway(Exception):  # noqa: N818 (a state of the world, said as such)
    """The database did not answer, or refused; what was asked may or may not have been done."""


class SenderStore:
    """Senders by name.

    Every method waits for the database and raises StoreAway when it does not answer.
    """

    def __init__(self, uri: str, database: str) -> None:
        self._client: Client = connect(uri, "motcua-intake")
        self._database: Database = open_database(self._client, database)
        self._senders = self._database["senders"]

    async def all(self) -> list[SenderRecord]:
        """Every sender."""
        try:
            documents = await self._senders.find({}).to_list(None)
        except DatabaseError as error:
            raise StoreAway(str(error)) from error
        return [_record(document) for document in documents]

    async def add(self, record: SenderRecord) -> bool:
        """Add a sender; False when there is one of this name."""
        try:
            await self._senders.insert_one(_document(record))
        except DuplicateKeyError:
            return False
        except DatabaseError as error:
            raise StoreAway(str(error)) from error
        return True

    async def put(self, record: SenderRecord) -> None:
        """Add a sender or replace the one of its name."""
        document = _document(record)
        try:
            await self._senders.replace_one({"_id": document["_id"]}, document, upsert=True)
        except DuplicateKeyError:
            # Two replicas put the same sender at the same moment; both hold the same file.
            await self._put_again(document)
        except DatabaseError as error:
            raise StoreAway(str(error)) from error

    async def _put_again(self, document: dict[str, Any]) -> None:
        try:
            await self._senders.replace_one({"_id": document["_id"]}, document)
        except DatabaseError as error:
            raise StoreAway(str(error)) from error

    async def remove(self, sender: str) -> bool:
        """Remove a sender, and with it its key; False when there was none."""
        try:
            outcome = await self._senders.delete_one({"_id": sender})
        except DatabaseError as error:
            raise StoreAway(str(error)) from error
        return bool(outcome.deleted_count)

    async def disable(self, sender: str, disabled: bool) -> bool:
        """Let a sender send nothing, or again; False when there is none of this name."""
        try:
            outcome = await self._senders.update_one({"_id": sender}, {"$set": {"disabled": disabled}})
        except DatabaseError as error:
            raise StoreAway(str(error)) from error
        return bool(outcome.matched_count)

    def close(self) -> None:
        """Close the connections."""
        self._client.close()


def _document(record: SenderRecord) -> dict[str, Any]:
    document = record.model_dump()
    document["_id"] = document.pop("sender")
    return document


def _record(document: dict[str, Any]) -> SenderRecord:
    return SenderRecord.model_validate({**document, "sender": document["_id"]}, extra="ignore")
