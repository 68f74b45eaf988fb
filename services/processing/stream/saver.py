"""Stores a partition's states, then its reference entries, then its checkpoint, in the background. Knows no Kafka.

One storing at a time, from what was taken out of memory; the partition goes on meanwhile. A failure is kept and raised
to the partition's loop, which then begins again from the last checkpoint.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from services.processing.states.layers import States
from services.processing.states.store import StateStore
from services.processing.states.store_reference import ReferenceStore
from services.processing.stream.checkpoint import Checkpoint
from shared.catalogue.base import Meters

__all__ = ["Fresh", "Saver"]


@dataclass(frozen=True, slots=True)
class Fresh:
    """What entries brought beside states since the last storing.

    Attributes:
        identities: hashes of identities with their dossiers.
        reference: offset and bytes of reference entries.
    """

    identities: dict[int, set[str]] = field(default_factory=dict)
    reference: list[tuple[int, bytes]] = field(default_factory=list)


class Saver:
    """Background storing of one assignment.

    Args:
        store: the database's states and checkpoints.
        references: its reference entries.
        partition: the partition.
        states: the states in memory.
        next_offset: offset of the checkpoint the database has.
        meters: the service's metrics.
        on_saved: told of every checkpoint that is in the database.
    """

    def __init__(
        self,
        store: StateStore,
        references: ReferenceStore,
        partition: int,
        states: States,
        *,
        next_offset: int,
        meters: Meters,
        on_saved: Callable[[Checkpoint], None],
    ) -> None:
        self._store = store
        self._references = references
        self._partition = partition
        self._states = states
        self._meters = meters
        self._on_saved = on_saved
        self._task: asyncio.Task[None] | None = None
        self.saved_next = next_offset
        self.begun_at = time.monotonic()
        self.taken_next = next_offset

    @property
    def busy(self) -> bool:
        """Whether a storing is under way."""
        return self._task is not None and not self._task.done()

    def check(self) -> None:
        """Raise what the last storing failed with, if it did."""
        if self._task is not None and self._task.done():
            task, self._task = self._task, None
            task.result()

    def start(self, fresh: Fresh, checkpoint: Checkpoint) -> None:
        """Begin to store all states whose events are out, then the checkpoint; must not be called while busy."""
        self.check()
        self.begun_at = time.monotonic()
        self.taken_next = checkpoint.next
        self._states.take()
        self._task = asyncio.create_task(self._save(fresh, checkpoint), name=f"store-{self._partition}")

    async def wait(self) -> None:
        """Wait for the storing under way and raise what it failed with."""
        if self._task is not None:
            await asyncio.wait({self._task})
            self.check()

    async def abandon(self) -> None:
        """Give up the storing under way. What it still writes is harmless: its events are out, positions guard it."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
            self._task = None

    async def _save(self, fresh: Fresh, checkpoint: Checkpoint) -> None:
        begun = time.monotonic()
        taken = list(self._states.storing.values())
        if fresh.identities:
            # Before the states: an entry whose state is stored is not taken again after a restart.
            await self._store.save_identities(fresh.identities)
        refused = await self._store.save(self._partition, taken)
        if fresh.reference:
            # Before the checkpoint that covers them; those a checkpoint does not cover are read again.
            await self._references.save(self._partition, fresh.reference)
        if checkpoint.next > self.saved_next:
            await self._store.save_checkpoint(self._partition, checkpoint)
            self.saved_next = checkpoint.next
        self._states.saved()
        label = str(self._partition)
        self._meters.counter("motcua_processing_stored_states_total").labels(label).inc(len(taken) - refused)
        self._meters.counter("motcua_processing_refused_states_total").labels(label).inc(refused)
        self._meters.histogram("motcua_processing_store_seconds").observe(time.monotonic() - begun)
        self._on_saved(checkpoint)
