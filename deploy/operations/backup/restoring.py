"""Takes a backup back into an empty broker and database: exact bytes at the offsets they had, checked at the end.

Knows no home folder and starts no service. What was broken off is gone on with after comparing what is there.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from aiokafka.errors import KafkaError

from deploy.local.errors import StackError
from deploy.operations.backup.chunks import Row, read_chunk
from deploy.operations.backup.comparing import PartitionCheck
from deploy.operations.backup.manifest import Chunk, Manifest, by_partition, load
from deploy.operations.backup.mending import mended_to
from deploy.operations.backup.store import Databases
from deploy.operations.backup.taking import Told, check_same
from deploy.operations.epochs.reading import ends_of, read_topic
from deploy.operations.epochs.writing import BATCH_BYTES, PartitionWriter
from shared.broker.kafka import make_producer
from shared.broker.topics import journal

__all__ = ["Restore", "readable"]

_EVERY: Final = 2_000


def readable(folder: Path) -> Manifest:
    """The manifest of a backup that can be taken back.

    Raises:
        StackError: there is none, it was never finished, or it is damaged.
    """
    manifest = load(folder)
    if manifest is None:
        raise StackError(f"there is no backup in {folder}: name the folder that `motcua backup` wrote")
    if not manifest.complete:
        raise StackError(f"the backup in {folder} was broken off: run `motcua backup {folder}` again")
    by_partition(manifest)
    return manifest


class Restore:
    """One backup being taken back.

    Args:
        folder: of the backup.
        manifest: what `readable` gave.
        kafka: bootstrap servers; the journal's topic must be there, with the manifest's partitions.
        databases: where the collections go.
        told: progress, by the names of steps: compare, write, verify, databases.
    """

    def __init__(self, folder: Path, manifest: Manifest, kafka: str, databases: Databases, told: Told) -> None:
        self._folder = folder
        self._manifest = manifest
        self._kafka = kafka
        self._databases = databases
        self._told = told
        self._topic = journal(manifest.kind.generation)
        self._chunks = by_partition(manifest)

    async def run(self) -> None:
        """Take everything back; services may start afterwards.

        Raises:
            StackError: something is there already that is not of this backup, a chunk is damaged, or broker or
                database failed; then it can be begun again.
        """
        ends = await self._begin()
        try:
            await self._write(ends)
        except (KafkaError, TimeoutError) as error:
            raise StackError(
                f"the broker failed ({type(error).__name__}: {error}); begin the restore again: it goes on"
            ) from error
        await self._verify()
        await self._put_back(self._manifest.ends)

    async def run_databases(self) -> None:
        """Put back the databases alone, to a journal that has what the backup has, and perhaps went on since.

        Raises:
            StackError: the journal is another one, or the databases hold something.
        """
        ends = await ends_of(self._kafka, self._topic, self._manifest.kind.partitions)
        await check_same(self._kafka, self._manifest, ends)
        if await self._databases.marked() != self._manifest.identity:
            await self._refuse_filled()
            await self._databases.mark(self._manifest.identity)
        await self._put_back(ends)

    async def _put_back(self, ends: dict[int, int]) -> None:
        total = len(self._manifest.dumps)
        mend = mended_to(self._topic, ends)
        for done, dump in enumerate(self._manifest.dumps):
            self._told("databases", done, total)
            await self._databases.put_back(self._folder, dump, mend)
        self._told("databases", total, total)
        await self._databases.mark(None)

    async def _begin(self) -> dict[int, int]:
        """Refuse what is not empty, unless it is this restore, broken off; the journal's ends."""
        ends = await ends_of(self._kafka, self._topic, self._manifest.kind.partitions)
        marked = await self._databases.marked()
        if marked not in (None, self._manifest.identity):
            raise StackError("another backup is being taken back here: choose an empty stack")
        if marked is None:
            if any(ends.values()):
                raise StackError(
                    f"the journal {self._topic} holds {sum(ends.values())} records: restore into an empty stack only"
                )
            await self._refuse_filled()
            await self._databases.mark(self._manifest.identity)
        await self._compare("compare", ends)
        return ends

    async def _refuse_filled(self) -> None:
        if filled := await self._databases.filled():
            raise StackError(f"the database holds {', '.join(filled)}: restore into an empty one only")

    async def _verify(self) -> None:
        ends = await ends_of(self._kafka, self._topic, self._manifest.kind.partitions)
        wanted = {partition: self._manifest.ends.get(partition, 0) for partition in ends}
        if ends != wanted:
            raise StackError(f"the journal ends at {ends}, the backup at {wanted}: restore into another empty stack")
        await self._compare("verify", ends)

    async def _compare(self, step: str, ends: dict[int, int]) -> None:
        """Compare what the journal holds with the backup, chunk by chunk."""
        done, total = 0, sum(ends.values())
        for partition, end in sorted(ends.items()):
            comparing = PartitionCheck(self._folder, partition, self._chunks[partition])
            async for record in read_topic(self._kafka, self._topic, [partition], ends):
                comparing.add(Row.of(record))
                done += 1
                if done % _EVERY == 0:
                    self._told(step, done, total)
            comparing.close(end)
        self._told(step, total, total)

    async def _write(self, ends: dict[int, int]) -> None:
        total = self._manifest.records
        done = sum(ends.values())
        producer = make_producer(self._kafka, "motcua-restore", max_batch_size=BATCH_BYTES)
        await producer.start()
        try:
            for chunk in _in_order(self._chunks):
                if chunk.last < ends[chunk.partition]:
                    continue
                writer = PartitionWriter(producer, self._topic, chunk.partition, ends[chunk.partition])
                for row in read_chunk(self._folder, chunk):
                    if row.offset < writer.next:
                        continue
                    await writer.add(row.key, row.value, row.headers)
                    done += 1
                    if done % _EVERY == 0:
                        self._told("write", done, total)
                await writer.flush()
                ends[chunk.partition] = chunk.last + 1
        finally:
            await producer.stop()
        self._told("write", total, total)


def _in_order(chunks: dict[int, list[Chunk]]) -> Sequence[Chunk]:
    """Roughly as the records were written, so that partitions grow side by side; each partition in its own order."""
    found: list[tuple[int, int, int, Chunk]] = []
    for partition, own in chunks.items():
        latest = 0
        for chunk in own:
            latest = max(latest, chunk.written_at)
            found.append((latest, partition, chunk.first, chunk))
    return [chunk for *_, chunk in sorted(found, key=lambda one: one[:3])]
