"""The reference entries each partition took, in MongoDB beside the states of the epoch. Knows bytes, not their meaning.

One document for each entry, by its journal offset; the checkpoint tells up to where they count.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final

from services.processing.states.store import database_name, duplicates
from shared.mongo import BulkWriteError, Client, open_database

__all__ = ["ReferenceStore"]

_CHUNK: Final = 1_000
_CHUNK_BYTES: Final = 4_000_000


class ReferenceStore:
    """Reference entries of one epoch. Every method may raise `DatabaseError`.

    Args:
        client: a client of shared.mongo.
        epoch: the derivation.
    """

    def __init__(self, client: Client, epoch: int) -> None:
        self._database = open_database(client, database_name(epoch))

    async def load(self, partition: int, below: int) -> list[bytes]:
        """Bytes of the partition's entries at offsets below `below`, in their order.

        Those at or above it are of a process that ended before its checkpoint; they are read from the journal again.
        """
        found = [
            (document["_id"], document["v"])
            async for document in self._collection(partition).find({"_id": {"$lt": below}}).batch_size(_CHUNK)
        ]
        return [bytes(value) for _, value in sorted(found)]

    async def save(self, partition: int, entries: Sequence[tuple[int, bytes]]) -> None:
        """Store entries by offset; one that is there stays, since an offset has the same bytes for ever."""
        for some in _chunks(entries):
            try:
                await self._collection(partition).insert_many(
                    [{"_id": offset, "v": value} for offset, value in some], ordered=False
                )
            except BulkWriteError as error:
                duplicates(error)

    def _collection(self, partition: int) -> Any:
        return self._database[f"reference_{partition}"]


def _chunks(entries: Sequence[tuple[int, bytes]]) -> Iterator[list[tuple[int, bytes]]]:
    chunk: list[tuple[int, bytes]] = []
    size = 0
    for entry in entries:
        chunk.append(entry)
        size += len(entry[1])
        if len(chunk) == _CHUNK or size > _CHUNK_BYTES:
            yield chunk
            chunk, size = [], 0
    if chunk:
        yield chunk
