"""Checks a backup by its hashes, without any broker. Reads files only."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from deploy.local.errors import StackError
from deploy.operations.backup.chunks import Digest, read_chunk, tail_of
from deploy.operations.backup.manifest import by_partition, file_hash
from deploy.operations.backup.restoring import readable
from deploy.operations.backup.taking import Told

__all__ = ["Checked", "check"]


@dataclass(frozen=True, slots=True)
class Checked:
    """What a check went through."""

    records: int
    chunks: int
    documents: int


def check(folder: Path, told: Told) -> Checked:
    """Go through every file of a backup.

    Raises:
        StackError: a file is missing or damaged, or offsets leave a gap; names the file.
    """
    manifest = readable(folder)
    done = 0
    told("check", 0, manifest.records)
    for chunks in by_partition(manifest).values():
        for chunk in chunks:
            digest, expected, row = Digest(), chunk.first, None
            for row in read_chunk(folder, chunk):
                if row.offset != expected:
                    raise StackError(f"{chunk.file}: record {row.offset} stands where {expected} should")
                expected += 1
                digest.add(row)
            if digest.hexdigest() != chunk.content or row is None or tail_of(row) != chunk.tail:
                raise StackError(f"{chunk.file}: its records are not those of the manifest: take another copy")
            done += chunk.records
            told("check", done, manifest.records)
    for dump in manifest.dumps:
        path = folder / dump.file
        if not path.exists() or file_hash(path) != dump.sha256:
            raise StackError(f"{path} is missing or damaged (its SHA-256 differs): take it from another copy")
    return Checked(manifest.records, len(manifest.chunks), sum(dump.documents for dump in manifest.dumps))
