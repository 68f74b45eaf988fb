"""The reference entries a partition has taken, as stored: for the next owner of the partition, and for those who ask.

Reads only. Knows checkpoints and the store; nothing of what an entry means.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Final

from services.processing.engine import Reference
from services.processing.states.store import StateStore
from services.processing.states.store_reference import ReferenceStore
from services.processing.stream.checkpoint import Checkpoint
from services.processing.stream.halting.reasons import another_reference_set
from services.processing.stream.judge import read_reference
from shared.reference import EMPTY, ReferenceSet

__all__ = ["Library", "Stored", "load_known"]

#: Entries read before other work of the process gets a turn.
_BREATH: Final = 50
#: Sets kept for reading; mostly all partitions have the same.
_KEPT: Final = 4


async def load_known(store: ReferenceStore, partition: int, checkpoint: Checkpoint) -> ReferenceSet:
    """The partition's set of reference entries as of its checkpoint.

    Raises:
        DatabaseError: the database does not answer.
        Standstill: what is stored is not the set the checkpoint speaks of.
    """
    known = EMPTY
    for number, value in enumerate(await store.load(partition, checkpoint.next), 1):
        known = known.with_entry(read_reference(value))
        if number % _BREATH == 0:
            await asyncio.sleep(0)
    if known.version != checkpoint.known:
        raise another_reference_set(checkpoint, known.version)
    return known


class Library:
    """What each partition was derived with as of its checkpoint, for readers. Every method may raise `DatabaseError`.

    Args:
        store: the epoch's checkpoints.
        references: the epoch's reference entries.
        base: the built-in reference data.
    """

    def __init__(self, store: StateStore, references: ReferenceStore, base: Reference) -> None:
        self._store = store
        self._references = references
        self._base = base
        self._empty = base.with_known(EMPTY)
        self._kept: dict[str, Reference] = {}

    async def open(self, partition: int) -> tuple[Checkpoint | None, Reference]:
        """The partition's checkpoint, None before its first, and its reference data.

        Raises:
            Standstill: what is stored is not what the checkpoint speaks of.
        """
        checkpoint = await self._store.checkpoint(partition)
        if checkpoint is None:
            return None, self._empty
        kept = self._kept.pop(checkpoint.known, None)
        if kept is None:
            kept = self._base.with_known(await load_known(self._references, partition, checkpoint))
        self._kept[checkpoint.known] = kept  # now the most recently used
        while len(self._kept) > _KEPT:
            del self._kept[next(iter(self._kept))]
        return checkpoint, kept


@dataclass(frozen=True)
class Stored:
    """What an epoch stored: states and checkpoints, reference entries, and the sets they make."""

    store: StateStore
    references: ReferenceStore
    library: Library
