"""Whether a journal's partition is what a backup says, as far as the partition goes. Writes nothing."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from deploy.local.errors import StackError
from deploy.operations.backup.chunks import Digest, Row, read_chunk
from deploy.operations.backup.manifest import Chunk

__all__ = ["PartitionCheck"]


class PartitionCheck:
    """Takes the records of one partition in their order and compares them chunk by chunk.

    Args:
        folder: of the backup.
        partition: which one.
        chunks: of that partition, in offset order.
    """

    def __init__(self, folder: Path, partition: int, chunks: Sequence[Chunk]) -> None:
        self._folder = folder
        self._partition = partition
        self._chunks = list(chunks)
        self._digest = Digest()
        self._at = 0

    def add(self, row: Row) -> None:
        """Take the next record.

        Raises:
            StackError: it, or the chunk that ends with it, is not the backup's.
        """
        if not self._chunks or row.offset != self._at:
            raise self._other(row.offset)
        self._digest.add(row)
        self._at += 1
        chunk = self._chunks[0]
        if self._at == chunk.last + 1:
            if self._digest.hexdigest() != chunk.content:
                raise self._other(chunk.first)
            del self._chunks[0]
            self._digest = Digest()

    def close(self, end: int) -> None:
        """Compare the beginning of a chunk that is there in part.

        Args:
            end: where the partition ends.

        Raises:
            StackError: the records there are others, or not all were seen.
        """
        if self._at != end:
            raise self._other(self._at)
        if not self._chunks or self._at == self._chunks[0].first:
            return
        begun = Digest()
        for row in read_chunk(self._folder, self._chunks[0]):
            if row.offset < self._at:
                begun.add(row)
        if begun.hexdigest() != self._digest.hexdigest():
            raise self._other(self._chunks[0].first)

    def _other(self, offset: int) -> StackError:
        return StackError(
            f"partition {self._partition} of the journal there is not the backup's from record {offset} on: "
            "restore into another empty stack"
        )
