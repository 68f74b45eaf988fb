"""Chunks of a partition as Parquet files: records with their exact bytes, written whole or not at all.

Knows files and hashes; asks no broker.
"""

from __future__ import annotations

import base64
import hashlib
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import orjson
import polars as pl

from deploy.local.errors import StackError
from deploy.operations.backup.manifest import Chunk, file_hash

__all__ = ["Digest", "Filling", "Row", "read_chunk", "tail_of"]

#: Bytes of keys and values after which a chunk is full: some 40 MB in memory, a tenth of it on disk.
_MOST_BYTES: Final = 32 * 1024 * 1024
_MOST_RECORDS: Final = 100_000
_SCHEMA: Final = {
    "offset": pl.Int64,
    "written_at": pl.Int64,
    "key": pl.Binary,
    "value": pl.Binary,
    "headers": pl.Binary,
}
_SLICE: Final = 10_000


@dataclass(frozen=True, slots=True)
class Row:
    """One record as the broker has it.

    Args:
        offset: its place.
        written_at: append time, milliseconds since 1970.
        key: its key.
        value: its value.
        headers: its headers, None where it has none.
    """

    offset: int
    written_at: int
    key: bytes | None
    value: bytes | None
    headers: tuple[tuple[str, bytes], ...] = ()

    @classmethod
    def of(cls, record: Any) -> Row:
        """A record as a consumer gives it."""
        return cls(
            record.offset,
            record.timestamp,
            record.key,
            record.value,
            tuple((name, part or b"") for name, part in record.headers),
        )

    @property
    def size(self) -> int:
        """Bytes of key and value."""
        return len(self.key or b"") + len(self.value or b"")


class Digest:
    """Hash of records' offsets and bytes; append times are left out, since no broker takes them back."""

    def __init__(self) -> None:
        self._hash = hashlib.sha256()

    def add(self, row: Row) -> None:
        """Take one record, in offset order."""
        parts = [_length(row.key), row.key or b"", _length(row.value), row.value or b"", _packed(row.headers) or b""]
        self._hash.update(b"".join([row.offset.to_bytes(8, "big"), *parts]))

    def hexdigest(self) -> str:
        """The hash of what was taken."""
        return self._hash.hexdigest()


def _length(part: bytes | None) -> bytes:
    return (-1 if part is None else len(part)).to_bytes(4, "big", signed=True)


def _digest_of(rows: Sequence[Row]) -> str:
    digest = Digest()
    for row in rows:
        digest.add(row)
    return digest.hexdigest()


def tail_of(row: Row) -> str:
    """Hash of one record."""
    return _digest_of([row])


class Filling:
    """The chunk of a partition that is being filled.

    Args:
        folder: of the backup.
        partition: whose records these are.
    """

    def __init__(self, folder: Path, partition: int) -> None:
        self._folder = folder
        self._partition = partition
        self._rows: list[Row] = []
        self._bytes = 0

    @property
    def full(self) -> bool:
        """Whether it is time to write it."""
        return len(self._rows) >= _MOST_RECORDS or self._bytes >= _MOST_BYTES

    def add(self, row: Row) -> None:
        """Take one record, the one after the one before it."""
        self._rows.append(row)
        self._bytes += row.size

    def write(self) -> Chunk | None:
        """Write what was taken and begin anew; None where nothing was."""
        rows, self._rows, self._bytes = self._rows, [], 0
        if not rows:
            return None
        first, last = rows[0], rows[-1]
        name = f"journal/p{self._partition:04d}-{first.offset:020d}-{last.offset:020d}.parquet"
        path = self._folder / name
        _write(path, rows)
        return Chunk(
            file=name,
            partition=self._partition,
            first=first.offset,
            last=last.offset,
            records=len(rows),
            written_at=first.written_at,
            sha256=file_hash(path),
            content=_digest_of(rows),
            tail=tail_of(last),
        )


def _write(path: Path, rows: Sequence[Row]) -> None:
    frame = pl.DataFrame(
        {
            "offset": [row.offset for row in rows],
            "written_at": [row.written_at for row in rows],
            "key": [row.key for row in rows],
            "value": [row.value for row in rows],
            "headers": [_packed(row.headers) for row in rows],
        },
        schema=_SCHEMA,
    )
    temporary = path.with_suffix(".part")
    with os.fdopen(os.open(temporary, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600), "wb") as file:
        frame.write_parquet(file, compression="zstd", compression_level=6)
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(path)


def read_chunk(folder: Path, chunk: Chunk) -> Iterator[Row]:
    """The records of a chunk, checked against its hash first.

    Raises:
        StackError: the file is missing, or its bytes are not those that were written.
    """
    path = folder / chunk.file
    try:
        found = file_hash(path)
    except OSError as error:
        raise StackError(f"{path} cannot be read ({error.strerror}): take it from another copy") from error
    if found != chunk.sha256:
        raise StackError(f"{path} is damaged (its SHA-256 differs): take it from another copy of the backup")
    frame = pl.read_parquet(path, memory_map=False)
    if frame.height != chunk.records or frame.schema != pl.Schema(_SCHEMA):
        raise StackError(f"{path} does not hold what the manifest says: take it from another copy of the backup")
    for part in frame.iter_slices(_SLICE):
        for offset, written_at, key, value, headers in part.iter_rows():
            yield Row(offset, written_at, key, value, _unpacked(headers))


def _packed(headers: tuple[tuple[str, bytes], ...]) -> bytes | None:
    if not headers:
        return None
    return orjson.dumps([[name, base64.b64encode(part).decode()] for name, part in headers])


def _unpacked(packed: bytes | None) -> tuple[tuple[str, bytes], ...]:
    if packed is None:
        return ()
    return tuple((name, base64.b64decode(part)) for name, part in orjson.loads(packed))
