"""The collections that cannot be derived, out of the database into packed lines of extended JSON and back.

The only module of backups that asks the database. Knows no document's meaning.
"""

from __future__ import annotations

import gzip
import os
from collections.abc import Collection
from pathlib import Path
from typing import Any, Final

from deploy.local.errors import StackError
from deploy.operations.backup.manifest import Dump, file_hash
from deploy.operations.backup.mending import Mended
from shared.mongo import (
    BulkWriteError,
    DatabaseError,
    ReplaceOne,
    connect,
    from_extended_json,
    majority,
    open_database,
    to_extended_json,
)

__all__ = ["DISPATCH", "METRICS", "Databases"]

#: What the dispatcher told agencies, which no epoch owns.
DISPATCH: Final = "motcua_dispatch"
#: What metrics published. Of it are taken the days' copies, heads first and then their rows; the newest results are
#: derived again.
METRICS: Final = "motcua_metrics"
_COPIES: Final = ("frozen", "frozen_rows")
_MARK: Final = "motcua_restore"
_AT_ONCE: Final = 200
_TRIES: Final = 5


class Databases:
    """Intake's database, the dispatcher's and what metrics published.

    Args:
        mongo: connection string.
        names: databases to take, intake's first.

    Every method raises StackError when the database does not answer.
    """

    def __init__(self, mongo: str, names: Collection[str]) -> None:
        self._client = connect(mongo, "motcua-backup")
        self._names = list(names)

    def close(self) -> None:
        """Close the connections."""
        self._client.close()

    async def dump(self, folder: Path) -> list[Dump]:
        """Write every collection to a file named by its content; files of an earlier run stay."""
        try:
            return [
                dump
                for database in self._names
                for dump in (
                    await self._copies(folder)
                    if database == METRICS
                    else [await self._dump(folder, database, name) for name in await self._collections(database)]
                )
            ]
        except DatabaseError as error:
            raise _away(error) from error

    async def filled(self) -> list[str]:
        """Names of the collections that hold documents."""
        try:
            return [
                f"{database}.{collection}"
                for database in self._names
                for collection in await self._collections(database)
                if await open_database(self._client, database)[collection].find_one({}) is not None
            ]
        except DatabaseError as error:
            raise _away(error) from error

    async def marked(self) -> str | None:
        """Identity of the backup that is being taken back here; None where none is."""
        try:
            found = await open_database(self._client, _MARK)["mark"].find_one({"_id": "backup"})
        except DatabaseError as error:
            raise _away(error) from error
        return None if found is None else str(found["identity"])

    async def mark(self, identity: str | None) -> None:
        """Note which backup is being taken back; None when it is done."""
        try:
            if identity is None:
                await self._client.drop_database(_MARK)
            else:
                kept = {"_id": "backup", "identity": identity}
                await open_database(self._client, _MARK)["mark"].replace_one({"_id": "backup"}, kept, upsert=True)
        except DatabaseError as error:
            raise _away(error) from error

    async def put_back(self, folder: Path, dump: Dump, mended: Mended) -> None:
        """Write a collection's documents; harmless to repeat.

        Raises:
            StackError: the file is damaged, or the database refuses.
        """
        path = folder / dump.file
        if file_hash(path) != dump.sha256:
            raise StackError(f"{path} is damaged (its SHA-256 differs): take it from another copy of the backup")
        collection = open_database(self._client, dump.database)[dump.collection]
        writes: list[ReplaceOne[dict[str, Any]]] = []
        try:
            with gzip.open(path, "rb") as lines:
                for line in lines:
                    document = mended(dump.collection, from_extended_json(line))
                    if document is not None:
                        writes.append(ReplaceOne({"_id": document["_id"]}, document, upsert=True))
                    if len(writes) == _AT_ONCE:
                        await collection.bulk_write(writes, ordered=False)
                        writes = []
            if writes:
                await collection.bulk_write(writes, ordered=False)
        except BulkWriteError as error:
            raise StackError(f"{dump.database}.{dump.collection}: {str(error.details)[:200]}") from error
        except DatabaseError as error:
            raise _away(error) from error

    async def _collections(self, database: str) -> list[str]:
        names = await open_database(self._client, database).list_collection_names()
        return sorted(name for name in names if not name.startswith("system."))

    async def _copies(self, folder: Path) -> list[Dump]:
        """Heads and their rows: where no head has changed when the rows were read, all of them are there."""
        heads, rows = _COPIES
        for _ in range(_TRIES):
            before = await self._dump(folder, METRICS, heads)
            found = await self._dump(folder, METRICS, rows)
            if await self._dump(folder, METRICS, heads) == before:
                return [before, found]
        raise StackError(f"the days' copies in {METRICS} changed {_TRIES} times while they were read; try again")

    async def _dump(self, folder: Path, database: str, collection: str) -> Dump:
        temporary = folder / "databases" / f"{database}.{collection}.part"
        documents = 0
        with os.fdopen(os.open(temporary, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600), "wb") as file:
            with gzip.GzipFile("", "wb", fileobj=file, mtime=0) as packed:
                # What a majority has: a new primary does not take it back.
                async for document in majority(open_database(self._client, database)[collection]).find({}):
                    packed.write(to_extended_json(document).encode() + b"\n")
                    documents += 1
            file.flush()
            os.fsync(file.fileno())
        sha256 = file_hash(temporary)
        name = f"databases/{database}.{collection}.{sha256[:16]}.ndjson.gz"
        temporary.replace(folder / name)
        return Dump(name, database, collection, documents, sha256)


def _away(error: Exception) -> StackError:
    return StackError(f"the database does not answer ({type(error).__name__}: {str(error)[:120]}); try again")
