"""Takes journal records of one partition through the engine, in offset order, and collects what goes out.

Knows the engine and the cases at hand; what moves the position forward is `flush`, after the broker's
acknowledgements. No coalescing: each entry and each tick makes its own events (outputs must not depend on batches).
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from typing import Any

from services.processing.cases import case_of, may_be_due
from services.processing.engine import apply_clock
from services.processing.record import EntryRecord
from services.processing.runtime import Runtime
from services.processing.states.layers import HeldState
from services.processing.states.store import identity_hash
from services.processing.stream.checkpoint import Checkpoint, fingerprint, run_of_dead_letters
from services.processing.stream.deadletters import Refusal
from services.processing.stream.desk import FLUSH_BYTES, Desk
from services.processing.stream.judge import Rejected, read_record, take_entry
from services.processing.stream.revision.revising import Revising
from services.processing.stream.saver import Fresh
from shared.contract.entries import CLOCK_TYPES
from shared.costs import CostWatch
from shared.instants import SECOND
from shared.logging import get_logger
from shared.reference import ReferenceEntry, ReferenceSet
from shared.turns import Turns

__all__ = ["Handling"]

_log = get_logger("processing.handling")


class Handling:
    """The work on one partition.

    Args:
        runtime: what all partitions share.
        partition: the partition.
        checkpoint: where it begins.
        known: its reference entries as of the checkpoint.
        desk: its cases.
    """

    def __init__(
        self, runtime: Runtime, partition: int, checkpoint: Checkpoint, known: ReferenceSet, desk: Desk
    ) -> None:
        self._runtime = runtime
        self._partition = partition
        self.desk = desk
        self.revising = Revising(runtime, partition, desk, known)
        self._costs = CostWatch(runtime.settings.costly_ms / 1_000, "an entry costs much to derive")
        self._costly = runtime.meters.counter("motcua_processing_costly_entries_total").labels(str(partition))
        self._base = checkpoint
        self._next = self.next = checkpoint.next
        self._clock = self.clock = checkpoint.clock
        #: Version of the reference entries before `next`.
        self.known = known.version
        self._run = self._acknowledged_run = checkpoint.run
        self._last: tuple[Any, str | None] | None = None
        self._acknowledged_last: tuple[Any, str | None] | None = None
        self._refusals: list[Refusal] = []
        self._identities: dict[int, set[str]] = {}
        self._entries = runtime.meters.counter("motcua_processing_entries_total").labels(str(partition))

    @property
    def taken(self) -> int:
        """Offset after the last record taken, whether its events are out or not."""
        return self._next

    async def handle(self, records: Sequence[Any]) -> None:
        """Take records in offset order; afterwards events may still wait for the next turn.

        Raises:
            Standstill: too many dead letters in a row; everything before is out.
        """
        settings = self._runtime.settings
        turns = Turns()
        judged = [(record, self._read(record)) async for record in turns.each(records)]
        keys = [case_of(entry).key for _, entry in judged if isinstance(entry, EntryRecord) and not _is_clock(entry)]
        await self.desk.load(keys)
        for record, entry in judged:
            if isinstance(entry, Rejected):
                self._refuse(record, entry)
            elif entry is None:
                self._run = 0
            elif isinstance(entry, ReferenceEntry):
                await self._take_reference(record, entry)
            elif _is_clock(entry):
                await self._take_clock(entry)
            else:
                await self._take(record, entry)
            self._next = record.offset + 1
            told = None if entry is None or isinstance(entry, Rejected) else f"{entry.source} {entry.id}"
            self._last = (record, told)
            if self._run >= settings.deadletter_run:
                await self.flush()
                raise run_of_dead_letters(self._run, self._partition, record.offset)
            if self.desk.writer.waiting_bytes + self.desk.references.waiting_bytes > FLUSH_BYTES:
                await self.desk.turn()
            await turns.give()
        self.desk.absent.clear()
        self._entries.inc(len(records))

    async def flush(self) -> None:
        """Send what waits and await the acknowledgements; then its states may be stored and the position moves."""
        await self.desk.flush()
        if self._refusals:
            await self._runtime.deadletters.send(self._refusals)
            counter = self._runtime.meters.counter("motcua_processing_deadletters_total")
            for refusal in self._refusals:
                counter.labels(refusal.reason).inc()
            self._refusals = []
        self.next, self.clock = self._next, self._clock
        self.known = self.revising.known.version
        self._acknowledged_run, self._acknowledged_last = self._run, self._last

    def checkpoint(self) -> Checkpoint:
        """Where the partition is, counting only what is acknowledged."""
        base = self._base
        anchor, last = base.anchor, base.last
        if self._acknowledged_last is not None:
            record, last = self._acknowledged_last
            anchor = fingerprint(record.value)
        return Checkpoint(
            self.next,
            anchor,
            last,
            self.clock,
            base.reference,
            base.partitions,
            self.known,
            self._acknowledged_run,
            base.until,
        )

    def take_fresh(self) -> Fresh:
        """What entries brought beside states since the last call."""
        identities, self._identities = self._identities, {}
        return Fresh(identities, self.revising.take_fresh())

    def _read(self, record: Any) -> EntryRecord | ReferenceEntry | Rejected | None:
        runtime = self._runtime
        try:
            return read_record(record, runtime.partitions, simulated=runtime.settings.simulated)
        except Rejected as rejected:
            return rejected

    async def _take(self, record: Any, entry: EntryRecord) -> None:
        held = await self.desk.find(case_of(entry).key)
        if held is not None and held.state.position >= entry.offset:
            self._run = 0
            return  # taken and announced before a restart
        size = 0 if held is None else held.size
        with self._costs.of(
            self._partition, self._costly.inc, partition=self._partition, offset=entry.offset, case_bytes=size
        ):
            self._derive(record, entry, held)

    def _derive(self, record: Any, entry: EntryRecord, held: HeldState | None) -> None:
        time = entry.time if self._clock is None else self._clock
        try:
            taken = take_entry(held, entry, len(record.value), self._clock, self.revising.reference)
            if taken.outcome.emit:
                self.desk.put(held, taken.outcome, taken.size, entry.offset, time, entry=entry)
                self._identities.setdefault(identity_hash(entry.source, entry.id), set()).add(entry.subject)
        except Rejected as rejected:
            self._refuse(record, rejected)
            if rejected.outcome is not None and held is not None:
                with suppress(Rejected):  # a row too big for one mark more stays unmarked
                    self.desk.put(held, rejected.outcome, held.size, entry.offset, time)
        else:
            self._run = 0

    async def _take_clock(self, entry: EntryRecord) -> None:
        """A tick touches the cases that are due; a correction all that ever may be. In the order of keys, in pieces."""
        offset = entry.offset
        if entry.type == "clock.corrected":
            clock = entry.time
            # Memory first: what is being stored may have been let go of by the time the database was read.
            keys = set(self.desk.states.keys())
            keys.update(await self._runtime.store.keys(self._partition))
            due = sorted(filter(may_be_due, keys))
        else:
            clock = entry.time if self._clock is None else max(self._clock, entry.time)
            due = self.desk.due.take(clock)
            late = self._runtime.clock.now() - entry.time
            self._runtime.meters.histogram("motcua_processing_tick_lateness_seconds").observe(max(late, 0) / SECOND)
        await self.desk.walk(due, lambda held: self._fire(held, offset, clock))
        self._clock = clock
        self.desk.writer.add(self.desk.records.clock(offset, clock))

    async def _take_reference(self, record: Any, entry: ReferenceEntry) -> None:
        try:
            await self.revising.take(entry, record.offset, self._clock)
        except Rejected as rejected:
            self._refuse(record, rejected)

    def _fire(self, held: HeldState, offset: int, clock: int) -> None:
        state = held.state
        if state.position < offset:
            try:
                outcome = apply_clock(state, offset, clock, self.revising.reference)
                if outcome.emit:
                    self.desk.put(held, outcome, held.size, offset, clock)
                    return
            except MemoryError:
                raise
            except Exception:  # noqa: BLE001
                # Decided by the state alone: every reading fails alike, and the case waits for its next entry.
                _log.exception("the engine failed on a tick", offset=offset, partition=self._partition)
                self._runtime.meters.counter("motcua_processing_deadletters_total").labels("engine_error").inc()
                return
        self.desk.due.set(state.key, state.timer)

    def _refuse(self, record: Any, rejected: Rejected) -> None:
        self._run += record.offset > self._base.until
        self._refusals.append(Refusal(record, rejected.reason, rejected.detail))
        _log.warning(
            "dead letter", reason=rejected.reason, partition=self._partition, offset=record.offset, why=rejected.detail
        )


def _is_clock(entry: EntryRecord) -> bool:
    return entry.type in CLOCK_TYPES
