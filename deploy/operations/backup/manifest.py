"""What a backup says of itself: of which stack it is, which chunks and collections it has, and their hashes.

Knows the manifest's form and its file; reads no chunk, no topic and no database.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any, Final

from deploy.local.errors import StackError
from deploy.local.home import ALL_CODE_FORMS, CAP_OF_BEFORE, write_atomically

__all__ = ["FORMAT", "MANIFEST", "Chunk", "Dump", "Kind", "Manifest", "by_partition", "file_hash", "load", "save"]

FORMAT: Final = 1
MANIFEST: Final = "manifest.json"
_BLOCK: Final = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Kind:
    """What a stack must be to take a backup back.

    Args:
        clock: live or data.
        simulated: whether its entries are invented.
        zone: of day boundaries.
        partitions: of the journal.
        generation: of the journal.
        epoch: the live derivation when the backup was taken.
        entry_cap: entries a dossier may have; a backup of before it was told is of a stack with the cap of then.
        code_forms: forms of dossier codes that name a unit.
    """

    clock: str
    simulated: bool
    zone: str
    partitions: int
    generation: int
    epoch: int
    entry_cap: int = CAP_OF_BEFORE
    code_forms: str = ALL_CODE_FORMS


@dataclass(frozen=True, slots=True)
class Chunk:
    """Records of one partition that follow one another, in a file of their own.

    Args:
        file: path inside the backup.
        partition: journal partition.
        first: offset of the first record.
        last: offset of the last record.
        records: how many there are.
        written_at: append time of the first record, milliseconds since 1970.
        sha256: of the file.
        content: hash of the records' offsets and bytes, the same however they are packed.
        tail: hash of the last record, to tell that a journal is still the same one.
    """

    file: str
    partition: int
    first: int
    last: int
    records: int
    written_at: int
    sha256: str
    content: str
    tail: str


@dataclass(frozen=True, slots=True)
class Dump:
    """The documents of one collection, as packed lines of extended JSON."""

    file: str
    database: str
    collection: str
    documents: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """A whole backup.

    Args:
        identity: made at the first run into a folder; tells one backup from another.
        product: version that took it.
        taken_at: when the last run began, RFC 3339.
        kind: of which kind of stack.
        ends: by partition, the offset after the last record.
        agencies: units that had topics of their own.
        chunks: in the order of partitions and offsets.
        dumps: the collections.
        complete: whether a run came to its end; one that was broken off is gone on with by the next.
        format: version of this form.
    """

    identity: str
    product: str
    taken_at: str
    kind: Kind
    ends: dict[int, int] = field(default_factory=dict)
    agencies: list[str] = field(default_factory=list)
    chunks: list[Chunk] = field(default_factory=list)
    dumps: list[Dump] = field(default_factory=list)
    complete: bool = False
    format: int = FORMAT

    @property
    def records(self) -> int:
        """Records of all chunks."""
        return sum(chunk.records for chunk in self.chunks)

    def with_chunk(self, chunk: Chunk) -> Manifest:
        """The same with one chunk more."""
        chunks = sorted([*self.chunks, chunk], key=lambda one: (one.partition, one.first))
        return replace(self, chunks=chunks, ends=self.ends | {chunk.partition: chunk.last + 1})


def by_partition(manifest: Manifest) -> dict[int, list[Chunk]]:
    """The chunks of every partition, in offset order.

    Raises:
        StackError: a partition's chunks leave a gap, overlap, or do not begin at 0.
    """
    found: dict[int, list[Chunk]] = {number: [] for number in range(manifest.kind.partitions)}
    for chunk in manifest.chunks:
        known = found.get(chunk.partition)
        expected = 0 if not known else known[-1].last + 1
        if known is None or chunk.first != expected or chunk.last - chunk.first + 1 != chunk.records:
            raise StackError(
                f"{chunk.file}: partition {chunk.partition} goes on at {chunk.first}, not at {expected}: "
                "the manifest is damaged; take the backup from another copy"
            )
        known.append(chunk)
    for number, chunks in found.items():
        end = chunks[-1].last + 1 if chunks else 0
        if manifest.ends.get(number, 0) != end:
            raise StackError(f"partition {number} ends at {end}, the manifest says {manifest.ends.get(number, 0)}")
    return found


def load(folder: Path) -> Manifest | None:
    """The manifest of a folder; None where no backup was ever finished there.

    Raises:
        StackError: it is damaged, or was written by a later version.
    """
    path = folder / MANIFEST
    try:
        content: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    except (OSError, ValueError) as error:
        raise StackError(f"{path} cannot be read ({error}): take the backup from another copy") from error
    if not isinstance(content, dict) or content.get("format") != FORMAT:
        raise StackError(f"{path} has another form than {FORMAT}: use the version of motcua that wrote it")
    try:
        return Manifest(
            **content
            | {
                "kind": Kind(**content["kind"]),
                "ends": {int(number): int(end) for number, end in content["ends"].items()},
                "chunks": [Chunk(**chunk) for chunk in content["chunks"]],
                "dumps": [Dump(**dump) for dump in content["dumps"]],
            }
        )
    except (KeyError, TypeError, ValueError) as error:
        raise StackError(f"{path} is damaged ({error!r}): take the backup from another copy") from error


def save(folder: Path, manifest: Manifest) -> None:
    """Write the manifest atomically, for its owner alone."""
    write_atomically(folder / MANIFEST, json.dumps(asdict(manifest), indent=1) + "\n", mode=0o600)


def file_hash(path: Path) -> str:
    """SHA-256 of a file's bytes."""
    found = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            found.update(block)
    return found.hexdigest()
