"""Takes journal records of one partition through the engine, in offset order, and collects what goes out.

Knows the engine, memory and the database's states; what moves the position forward is `flush`, after the broker's
acknowledgements. No coalescing: each entry and each tick makes its own events (outputs must not depend on batches).
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from typing import Any, Final

from services.processing.checkpoint import Checkpoint, Standstill, fingerprint
from services.processing.deadletters import Refusal
from services.processing.due import DueHeap
from services.processing.engine import Outcome, apply_clock
from services.processing.judge import Rejected, read_record, take_entry
from services.processing.output import LARGEST_RECORD, LifecycleWriter, Records
from services.processing.record import EntryRecord
from services.processing.runtime import Runtime
from services.processing.states import Held, States
from services.processing.store import identity_hash
from shared.contract.entries import CLOCK_TYPES
from shared.instants import SECOND
from shared.logging import get_logger

__all__ = ["Handling"]

#: Bytes of events at which they are sent before more are made.
_FLUSH_BYTES: Final = 2_000_000
_log = get_logger("processing.handling")


class Handling:
    """The work on one partition.

    Args:
        runtime: what all partitions share.
        partition: the partition.
        checkpoint: where it begins.
        states: its states in memory.
        due: its timers.
        records: builds its lifecycle records.
        writer: sends them.
        turn: awaited between two pieces of work, when events wait: sends them (`flush`) and stores when it is time.
    """

    def __init__(
        self,
        runtime: Runtime,
        partition: int,
        checkpoint: Checkpoint,
        *,
        states: States,
        due: DueHeap,
        records: Records,
        writer: LifecycleWriter,
        turn: Callable[[], Awaitable[None]],
    ) -> None:
        self._runtime = runtime
        self._partition = partition
        self.states = states
        self.due = due
        self._records = records
        self.writer = writer
        self._turn = turn
        self._base = checkpoint
        self._next = self.next = checkpoint.next
        self._clock = self.clock = checkpoint.clock
        self._run = self._acknowledged_run = checkpoint.run
        self._last: tuple[Any, str | None] | None = None
        self._acknowledged_last: tuple[Any, str | None] | None = None
        self._refusals: list[Refusal] = []
        self._identities: dict[int, set[str]] = {}
        #: Codes known to have no state in the database nor in memory, within one batch of records.
        self._absent: set[str] = set()
        label = str(partition)
        self._entries = runtime.meters.counter("motcua_processing_entries_total").labels(label)
        self._events = runtime.meters.counter("motcua_processing_events_total").labels(label)

    async def handle(self, records: Sequence[Any]) -> None:
        """Take records in offset order; afterwards events may still wait for the next turn.

        Raises:
            Standstill: too many dead letters in a row; everything before is out.
        """
        settings = self._runtime.settings
        judged = [(record, self._read(record)) for record in records]
        subjects = [entry.subject for _, entry in judged if isinstance(entry, EntryRecord) and not _is_clock(entry)]
        await self._load(subjects)
        for record, entry in judged:
            if isinstance(entry, Rejected):
                self._refuse(record, entry)
            elif _is_clock(entry):
                await self._take_clock(entry)
            else:
                await self._take(record, entry)
            self._next = record.offset + 1
            self._last = (record, None if isinstance(entry, Rejected) else f"{entry.source} {entry.id}")
            if self._run >= settings.deadletter_run:
                await self.flush()
                raise Standstill(
                    "deadletter_run",
                    f"{self._run} dead letters without a good entry between them, up to offset {record.offset}; "
                    f"look at motcua.deadletter.v1, then restart with MOTCUA_DEADLETTER_RUN above {self._run}",
                )
            if self.writer.waiting_bytes > _FLUSH_BYTES:
                await self._turn()
        self._absent.clear()
        self._entries.inc(len(records))

    async def flush(self) -> None:
        """Send what waits and await the acknowledgements; then its states may be stored and the position moves."""
        if len(self.writer):
            self._events.inc(await self.writer.flush())
        if self._refusals:
            await self._runtime.deadletters.send(self._refusals)
            counter = self._runtime.meters.counter("motcua_processing_deadletters_total")
            for refusal in self._refusals:
                counter.labels(refusal.reason).inc()
            self._refusals = []
        self.states.acknowledge()
        self.next, self.clock = self._next, self._clock
        self._acknowledged_run, self._acknowledged_last = self._run, self._last

    def checkpoint(self) -> Checkpoint:
        """Where the partition is, counting only what is acknowledged."""
        base = self._base
        anchor, last = base.anchor, base.last
        if self._acknowledged_last is not None:
            record, last = self._acknowledged_last
            anchor = fingerprint(record.value)
        return Checkpoint(self.next, anchor, last, self.clock, base.reference, base.partitions, self._acknowledged_run)

    def take_identities(self) -> dict[int, set[str]]:
        """Identities of entries taken since the last call, with their dossiers."""
        taken, self._identities = self._identities, {}
        return taken

    def _read(self, record: Any) -> EntryRecord | Rejected:
        runtime = self._runtime
        try:
            return read_record(record, runtime.partitions, simulated=runtime.settings.simulated)
        except Rejected as rejected:
            return rejected

    async def _load(self, codes: Sequence[str]) -> None:
        missing = self.states.missing(codes)
        if missing:
            found = await self._runtime.store.load(self._partition, missing)
            self._absent.update(missing)
            for held in found:
                self._absent.discard(held.state.code)
                self.states.loaded(held)

    async def _find(self, code: str) -> Held | None:
        held = self.states.get(code)
        if held is None and code not in self._absent and not self.states.complete:
            await self._load([code])  # it was thrown out of memory since the batch began
            held = self.states.get(code)
        return held

    async def _take(self, record: Any, entry: EntryRecord) -> None:
        held = await self._find(entry.subject)
        if held is not None and held.state.position >= entry.offset:
            self._run = 0
            return  # taken and announced before a restart
        time = entry.time if self._clock is None else self._clock
        try:
            taken = take_entry(held, entry, len(record.value), self._clock, self._runtime.reference)
            if taken.outcome.emit:
                self._put(held, taken.outcome, taken.size, entry.offset, time)
                self._identities.setdefault(identity_hash(entry.source, entry.id), set()).add(entry.subject)
        except Rejected as rejected:
            self._refuse(record, rejected)
            if rejected.outcome is not None and held is not None:
                with suppress(Rejected):  # a row too big for one mark more stays unmarked
                    self._put(held, rejected.outcome, held.size, entry.offset, time)
        else:
            self._run = 0

    async def _take_clock(self, entry: EntryRecord) -> None:
        """A tick touches the dossiers that are due; a correction all of them. In code order, in pieces."""
        offset = entry.offset
        if entry.type == "clock.corrected":
            clock = entry.time
            stored = await self._runtime.store.codes(self._partition)
            codes = sorted({*stored, *self.states.codes()})
        else:
            clock = entry.time if self._clock is None else max(self._clock, entry.time)
            codes = self.due.take(clock)
            late = self._runtime.clock.now() - entry.time
            self._runtime.meters.histogram("motcua_processing_tick_lateness_seconds").observe(max(late, 0) / SECOND)
        size = self._runtime.settings.tick_chunk
        for start in range(0, len(codes), size):
            some = codes[start : start + size]
            await self._load(some)
            for code in some:
                held = await self._find(code)
                if held is not None:
                    self._fire(held, offset, clock)
            if start + size < len(codes):
                # The position stays before this entry, the states after it: what is stored is not announced again.
                await self._turn()
                self.states.trim()
        self._clock = clock
        self.writer.add(self._records.clock(offset, clock))

    def _fire(self, held: Held, offset: int, clock: int) -> None:
        state = held.state
        if state.position < offset:
            try:
                outcome = apply_clock(state, offset, clock, self._runtime.reference)
                if outcome.emit:
                    self._put(held, outcome, held.size, offset, clock)
                    return
            except MemoryError:
                raise
            except Exception:  # noqa: BLE001
                # Decided by the state alone: every reading fails alike, and the dossier waits for its next entry.
                _log.exception("the engine failed on a tick", offset=offset, partition=self._partition)
                self._runtime.meters.counter("motcua_processing_deadletters_total").labels("engine_error").inc()
                return
        self.due.set(state.code, state.timer)

    def _put(self, held: Held | None, outcome: Outcome, size: int, offset: int, time: int) -> None:
        state = outcome.state
        record = self._records.dossier(state.code, offset, time, outcome.row, outcome.happened)
        if len(record[1]) > LARGEST_RECORD:
            raise Rejected("row_too_big", f"the dossier's row has more than {LARGEST_RECORD} bytes")
        self.writer.add(record)
        self.states.put(Held(state, size, stored=held is not None and held.stored))
        self._absent.discard(state.code)
        self.due.set(state.code, state.timer)
        if outcome.happened:
            counter = self._runtime.meters.counter("motcua_processing_announcements_total")
            for one in outcome.happened:
                counter.labels(one["kind"]).inc()

    def _refuse(self, record: Any, rejected: Rejected) -> None:
        self._run += 1
        self._refusals.append(Refusal(record, rejected.reason, rejected.detail))
        _log.warning(
            "dead letter", reason=rejected.reason, partition=self._partition, offset=record.offset, why=rejected.detail
        )


def _is_clock(entry: EntryRecord) -> bool:
    return entry.type in CLOCK_TYPES
