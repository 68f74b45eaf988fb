"""The reference data of one partition: its own set, and what a new entry of it makes of the dossiers it can concern.

A function of the journal: the set as of the entry before and with it, and the states. Nothing depends on how far a
pass came before a restart, nor on whether the labels of the dossiers were at hand.
"""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass
from typing import Final

from services.processing.engine import Reference, apply_reference
from services.processing.runtime import Runtime
from services.processing.states.layers import HeldState
from services.processing.stream.desk import Desk
from services.processing.stream.judge import take_reference
from services.processing.stream.revision.roster import Label, Relations, Roster, label_of
from shared.logging import get_logger
from shared.reference import ReferenceEntry, ReferenceSet
from shared.reference.concern import Concern

__all__ = ["Progress", "Revising"]

#: Seconds after the last reference entry for which the labels stay in memory.
_ROSTER_SECONDS: Final = 10.0
#: Labels read between two turns.
_AT_ONCE: Final = 2_000
_log = get_logger("processing.revising")


@dataclass(slots=True)
class Progress:
    """A pass under way: the entry, its offset, and how many of the dossiers it can concern are behind.

    `of` is 0 until these are known.
    """

    entry: ReferenceEntry
    offset: int
    of: int
    done: int = 0


class Revising:
    """Takes reference entries of one partition.

    Args:
        runtime: what all partitions share.
        partition: the partition.
        desk: its dossiers.
        known: the set as the checkpoint has it.

    Attributes:
        known: the set with all entries taken.
        reference: what the engine is given now.
        progress: the pass under way, None most of the time.
    """

    def __init__(self, runtime: Runtime, partition: int, desk: Desk, known: ReferenceSet) -> None:
        self._runtime = runtime
        self._partition = partition
        self._desk = desk
        self.known = known
        self.reference = runtime.reference.with_known(known)
        self.progress: Progress | None = None
        self._coming: Reference | None = None
        self._relations = Relations(known.entries)
        self._used = 0.0
        self._fresh: list[tuple[int, bytes]] = []
        self._looked_at = runtime.meters.counter("motcua_processing_reprojected_dossiers_total")
        self._seconds = runtime.meters.histogram("motcua_processing_reprojection_seconds")

    def take_fresh(self) -> list[tuple[int, bytes]]:
        """Offset and bytes of the entries taken since the last call, which are to be stored."""
        taken, self._fresh = self._fresh, []
        return taken

    def reference_at(self, position: int) -> Reference:
        """What a state at that position was derived with: within a pass, some already are of the coming set."""
        if self.progress is not None and self._coming is not None and position >= self.progress.offset:
            return self._coming
        return self.reference

    def tidy(self) -> None:
        """Let go of the labels some seconds after the last entry."""
        if self._desk.roster is not None and time.monotonic() - self._used > _ROSTER_SECONDS:
            self._desk.roster = None

    async def take(self, entry: ReferenceEntry, offset: int, clock: int | None) -> None:
        """Take an entry into the set and every dossier it can concern; a report known already changes nothing.

        Args:
            entry: the entry.
            offset: its journal position.
            clock: the partition's clock in UTC microseconds, None before the first tick.

        Raises:
            Rejected: it cannot be taken.
        """
        known, concern = take_reference(self.known, entry)
        if known is self.known:
            return
        self._relations.learn(entry)
        self._coming = self._runtime.reference.with_known(known)
        if entry.type == "calendar.revised":
            # Of thousands of days it takes some tenths of a second, once for all partitions.
            await asyncio.to_thread(self._coming.make_calendars)
        begun = time.monotonic()
        # Reading whom it can concern is part of the pass, and may be what takes long.
        self.progress = Progress(entry, offset, 0)
        try:
            keys = await self._concerned(concern, entry)
            if keys:
                self.progress.of = len(keys)
                await self._pass(self.progress, keys, clock, self._coming)
                self._seconds.observe(time.monotonic() - begun)
            self._desk.references.add(self._desk.records.reference(offset, entry, clock))
            self._fresh.append((offset, entry.value))
            self.known, self.reference = known, self._coming
        finally:
            self.progress = self._coming = None
            self._used = time.monotonic()

    async def _concerned(self, concern: Concern, entry: ReferenceEntry) -> list[str]:
        states = self._desk.states
        if concern.none or (states.complete and not len(states)):
            return []
        if self._desk.roster is None:
            self._desk.roster = await self._call_the_roll()
        return self._desk.roster.concerned(concern, entry.time, self._relations)

    async def _call_the_roll(self) -> Roster:
        """The labels of all dossiers: those in memory, which are newer, over those in the database."""
        # Memory first: what is being stored may have been let go of by the time the database was read.
        lines: dict[str, Label] = {
            held.state.key: label_of(held.state.entries, held.state.finished_at) for held in self._desk.states.newest()
        }
        if not self._desk.states.complete:
            count = 0
            async for key, label in self._runtime.store.labels(self._partition):
                lines.setdefault(key, label)
                count += 1
                if count % _AT_ONCE == 0:
                    await self._desk.turn()
        return Roster(lines.items())

    async def _pass(self, progress: Progress, keys: list[str], clock: int | None, after: Reference) -> None:
        offset, before = progress.offset, self.reference
        changed = same = 0

        def touch(held: HeldState) -> None:
            nonlocal changed, same
            if held.state.position >= offset:
                return  # announced before a restart
            if self._reproject(held, progress, clock, before, after):
                changed += 1
            else:
                same += 1

        def passed(done: int) -> None:
            progress.done = done

        try:
            await self._desk.walk(keys, touch, passed)
        finally:
            label = str(self._partition)
            self._looked_at.labels(label, "changed").inc(changed)
            self._looked_at.labels(label, "same").inc(same)

    def _reproject(
        self, held: HeldState, progress: Progress, clock: int | None, before: Reference, after: Reference
    ) -> bool:
        try:
            outcome = apply_reference(held.state, progress.offset, clock, before, after)
            if outcome.emit:
                at = progress.entry.time if clock is None else clock
                self._desk.put(held, outcome, held.size, progress.offset, at)
        except MemoryError:
            raise
        except Exception:  # noqa: BLE001
            # Decided by state and set alone: every reading fails alike, and the dossier waits for its next entry.
            _log.exception("the engine failed on a revision", offset=progress.offset, partition=self._partition)
            self._runtime.meters.counter("motcua_processing_deadletters_total").labels("engine_error").inc()
            return False
        return outcome.emit
