"""Takes a backup while the stack runs: what the journal has gained since the last time, and then the databases.

Knows the order of these steps; files are chunks.py's and manifest.py's, documents store.py's.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from aiokafka import TopicPartition

from deploy.local.errors import StackError
from deploy.operations.backup.chunks import Filling, Row, tail_of
from deploy.operations.backup.manifest import Kind, Manifest, by_partition, load, save
from deploy.operations.backup.store import Databases
from deploy.operations.epochs.reading import ends_of, read_topic, topics_of
from shared.broker.topics import agency_tasks, journal
from shared.broker.transactions import SEEN

__all__ = ["Backup", "Taken", "Told", "check_same"]

#: Told what is being done, how much of it, out of how much.
Told = Callable[[str, int, int], None]
_EVERY: Final = 2_000
_PREFIX, _SUFFIX = agency_tasks("\0").split("\0")


@dataclass(frozen=True, slots=True)
class Taken:
    """What one run added to a backup: the manifest as it is now, records and bytes that are new."""

    manifest: Manifest
    records: int
    bytes: int


class Backup:
    """The backup of a folder, while a run adds to it.

    Args:
        folder: made where missing, for its owner alone.
        kafka: bootstrap servers.
        databases: what else is taken.
        told: progress, by the names of steps: journal, databases.
    """

    def __init__(self, folder: Path, kafka: str, databases: Databases, told: Told) -> None:
        self._folder = folder
        self._kafka = kafka
        self._databases = databases
        self._told = told
        self._bytes = 0

    async def run(self, kind: Kind, product: str, taken_at: str) -> Taken:
        """Add what is new, or begin a backup in an empty folder.

        Args:
            kind: of the stack.
            product: version of motcua.
            taken_at: now, RFC 3339.

        Raises:
            StackError: the folder holds a backup of another journal, or records are gone.
        """
        folder = self._folder
        for each in (folder, folder / "journal", folder / "databases"):
            each.mkdir(mode=0o700, parents=True, exist_ok=True)
        manifest = load(folder) or Manifest(uuid.uuid4().hex, product, taken_at, kind)
        self._check_kind(manifest.kind, kind)
        before = manifest.records
        manifest = replace(manifest, kind=kind, product=product, taken_at=taken_at)
        ends = await ends_of(self._kafka, journal(kind.generation), kind.partitions)
        await check_same(self._kafka, manifest, ends)
        manifest = await self._copy(manifest, ends)
        self._told("databases", 0, 1)
        # After the ends were looked up: intake stores a reference entry before the journal has it, so each is in here.
        dumps = await self._databases.dump(folder)
        agencies = _agencies(await topics_of(self._kafka))
        manifest = replace(manifest, dumps=dumps, agencies=agencies, complete=True)
        save(folder, manifest)
        _clear(folder, manifest)
        self._told("databases", 1, 1)
        return Taken(manifest, manifest.records - before, self._bytes)

    def _check_kind(self, known: Kind, kind: Kind) -> None:
        if replace(known, epoch=kind.epoch) != kind:
            raise StackError(
                f"{self._folder} holds a backup of generation {known.generation} with {known.partitions} partitions "
                f"(clock {known.clock}, simulated {known.simulated}, zone {known.zone}); this stack is of another "
                "kind: choose another folder"
            )

    async def _copy(self, manifest: Manifest, ends: dict[int, int]) -> Manifest:
        topic = journal(manifest.kind.generation)
        begins = {partition: manifest.ends.get(partition, 0) for partition in ends}
        done, total = 0, sum(ends[partition] - begins[partition] for partition in ends)
        self._told("journal", 0, total)
        for partition in sorted(ends):
            filling, expected = Filling(self._folder, partition), begins[partition]
            async for record in read_topic(self._kafka, topic, [partition], ends, begins):
                row = Row.of(record)
                if row.offset != expected:
                    seen = SEEN.get(TopicPartition(topic, partition))
                    if seen is not None and seen.first <= expected:
                        raise StackError(
                            f"partition {partition} has the end of a transaction at {expected}, by producer "
                            f"{seen.producer}: a backup keeps every record's offset and cannot hold it; `motcua grow` "
                            "makes a journal without it, which can be taken"
                        )
                    raise StackError(
                        f"partition {partition} goes on at {row.offset}, not at {expected}: records of the journal "
                        "are gone; keep the backups there are and look at the broker"
                    )
                expected += 1
                filling.add(row)
                self._bytes += row.size
                done += 1
                if done % _EVERY == 0:
                    self._told("journal", done, total)
                if filling.full:
                    manifest = self._keep(manifest, filling)
            manifest = self._keep(manifest, filling)
        self._told("journal", total, total)
        return manifest

    def _keep(self, manifest: Manifest, filling: Filling) -> Manifest:
        """Write a chunk and, in a first run, note it, so that one that is broken off is gone on with."""
        chunk = filling.write()
        if chunk is None:
            return manifest
        grown = manifest.with_chunk(chunk)
        if not manifest.complete:
            save(self._folder, grown)
        # Else the manifest stays that of the run before: its databases belong to its ends.
        return grown


async def check_same(kafka: str, manifest: Manifest, ends: Mapping[int, int]) -> None:
    """Compare the last record kept of each partition with what the journal has there now.

    Args:
        kafka: bootstrap servers.
        manifest: of the backup.
        ends: of the journal.

    Raises:
        StackError: it is another journal, or ends before the backup.
    """
    topic = journal(manifest.kind.generation)
    for partition, chunks in by_partition(manifest).items():
        if not chunks:
            continue
        last = chunks[-1]
        found: str | None = None
        if ends[partition] > last.last:
            until, since = {partition: last.last + 1}, {partition: last.last}
            async for record in read_topic(kafka, topic, [partition], until, since):
                found = tail_of(Row.of(record))
        if found != last.tail:
            raise StackError(
                f"the backup is of another journal: partition {partition} of {topic} has another record at "
                f"{last.last}, or none; choose another folder"
            )


def _agencies(topics: set[str]) -> list[str]:
    return sorted(
        name[len(_PREFIX) : -len(_SUFFIX)] for name in topics if name.startswith(_PREFIX) and name.endswith(_SUFFIX)
    )


def _clear(folder: Path, manifest: Manifest) -> None:
    """Remove what no manifest names: collections of runs before, parts of runs that were broken off."""
    named = {chunk.file for chunk in manifest.chunks} | {dump.file for dump in manifest.dumps}
    for path in [*(folder / "journal").iterdir(), *(folder / "databases").iterdir()]:
        if str(path.relative_to(folder)) not in named:
            path.unlink()
