"""The one module that knows which MongoDB driver is used; the swap to another stays in this file.

Writes count only when a majority has them on disk (w:majority, journal).
"""

from __future__ import annotations

from typing import Any

from bson.json_util import CANONICAL_JSON_OPTIONS, dumps, loads
from motor.motor_asyncio import AsyncIOMotorClient, AsyncIOMotorCollection, AsyncIOMotorDatabase
from pymongo import ReadPreference, ReplaceOne, UpdateOne, WriteConcern
from pymongo.errors import BulkWriteError, DuplicateKeyError, PyMongoError
from pymongo.read_concern import ReadConcern

__all__ = [
    "BulkWriteError",
    "Client",
    "Collection",
    "Database",
    "DatabaseError",
    "DuplicateKeyError",
    "ReplaceOne",
    "UpdateOne",
    "connect",
    "from_extended_json",
    "linearizable",
    "majority",
    "open_database",
    "to_extended_json",
]

Client = AsyncIOMotorClient[dict[str, Any]]
Database = AsyncIOMotorDatabase[dict[str, Any]]
Collection = AsyncIOMotorCollection[dict[str, Any]]
DatabaseError = PyMongoError


def connect(uri: str, application: str) -> Client:
    """A client that fails within seconds when the database is away, so that callers can wait and say so."""
    return AsyncIOMotorClient(
        uri,
        appname=application,
        serverSelectionTimeoutMS=3000,
        connectTimeoutMS=3000,
        socketTimeoutMS=20_000,
        retryWrites=False,
        tz_aware=True,
    )


def open_database(client: Client, name: str) -> Database:
    """A database whose writes are acknowledged by a majority and journalled, and whose reads go to the primary."""
    return client.get_database(
        name, write_concern=WriteConcern(w="majority", j=True), read_preference=ReadPreference.PRIMARY
    )


def linearizable(collection: Collection) -> Collection:
    """The collection with reads that never come from a deposed primary: a stale checkpoint gave wrong figures."""
    return collection.with_options(read_concern=ReadConcern("linearizable"))


def majority(collection: Collection) -> Collection:
    """The collection with reads of what a majority has on disk, which no change of the primary takes back."""
    return collection.with_options(read_concern=ReadConcern("majority"))


def to_extended_json(document: dict[str, Any]) -> str:
    """A document as one line of MongoDB's canonical extended JSON, which loses no type."""
    return dumps(document, json_options=CANONICAL_JSON_OPTIONS)


def from_extended_json(line: str | bytes) -> dict[str, Any]:
    """The document of a line. Raises ValueError where it is none."""
    found = loads(line, json_options=CANONICAL_JSON_OPTIONS)
    if not isinstance(found, dict):
        raise ValueError("a line of a collection is no document")  # noqa: TRY004 - the file's fault, not the caller's
    return found
