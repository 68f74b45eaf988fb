"""The cases of one partition at hand, and what waits to go out about them. Knows memory, database and timers.

Decides nothing: what becomes of a case comes from the engine, and what moves the position is the caller's.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import Final

from services.processing.engine import Outcome
from services.processing.record import EntryRecord
from services.processing.runtime import Runtime
from services.processing.states.layers import HeldState, States
from services.processing.stream.due import DueHeap
from services.processing.stream.judge import Rejected
from services.processing.stream.output import LARGEST_RECORD, LifecycleWriter, Records
from services.processing.stream.revision.roster import Roster, label_of
from shared.turns import Turns

__all__ = ["FLUSH_BYTES", "Desk"]

#: Bytes of events at which they are sent before more are made.
FLUSH_BYTES: Final = 2_000_000


class Desk:
    """States, timers and waiting events of one partition.

    Args:
        runtime: what all partitions share.
        partition: the partition.
        states: its states in memory.
        due: its timers.
        records: builds its lifecycle records.
        writer: sends them.
        references: sends its records of the reference topic.
        turn: awaited between two pieces of work, when events wait: sends them and stores when it is time.
    """

    def __init__(
        self,
        runtime: Runtime,
        partition: int,
        *,
        states: States,
        due: DueHeap,
        records: Records,
        writer: LifecycleWriter,
        references: LifecycleWriter,
        turn: Callable[[], Awaitable[None]],
    ) -> None:
        self._runtime = runtime
        self._partition = partition
        self.states = states
        self.due = due
        self.records = records
        self.writer = writer
        self.references = references
        self.turn = turn
        #: Labels of all cases, while reference entries keep coming.
        self.roster: Roster | None = None
        #: Keys known to have no state in the database nor in memory, within one batch of records.
        self.absent: set[str] = set()
        self._events = runtime.meters.counter("motcua_processing_events_total").labels(str(partition))

    async def load(self, keys: Sequence[str]) -> None:
        """Read those states from the database that memory lacks."""
        missing = self.states.missing(keys)
        if missing:
            found = await self._runtime.store.load(self._partition, missing)
            self.absent.update(missing)
            for held in found:
                self.absent.discard(held.state.key)
                self.states.loaded(held)

    async def find(self, key: str) -> HeldState | None:
        """The newest state of a case, None if it has none."""
        held = self.states.get(key)
        if held is None and key not in self.absent and not self.states.complete:
            await self.load([key])  # it was thrown out of memory since the batch began
            held = self.states.get(key)
        return held

    async def walk(
        self, keys: Sequence[str], touch: Callable[[HeldState], None], passed: Callable[[int], None] | None = None
    ) -> None:
        """Touch many cases in the order given, in pieces, between which events go out and states are stored.

        The position stays before the entry that causes it, the states go after it: what is stored is not announced
        again after a restart.

        Args:
            keys: the cases.
            touch: what is done with each; must do nothing where the state's position says it was done.
            passed: told how many are behind.
        """
        size = self._runtime.settings.tick_chunk
        turns = Turns()
        for start in range(0, len(keys), size):
            some = keys[start : start + size]
            await self.load(some)
            for key in some:
                held = await self.find(key)
                if held is not None:
                    touch(held)
                if self.writer.waiting_bytes > FLUSH_BYTES:
                    await self.turn()
                await turns.give()
            if passed is not None:
                passed(start + len(some))
            if start + size < len(keys):
                await self.turn()
                self.states.trim()

    def put(
        self,
        held: HeldState | None,
        outcome: Outcome,
        size: int,
        offset: int,
        time: int,
        *,
        entry: EntryRecord | None = None,
    ) -> None:
        """Take in what the engine made of a case: its new state, its row and what happened.

        Args:
            held: the state before, None if there was none.
            outcome: what the engine made.
            size: bytes of all journal records the case has taken in.
            offset: the journal position that caused it.
            time: UTC microseconds of the event.
            entry: the case's entry that was taken in, None where a tick, reference data or a refusal caused it.

        Raises:
            Rejected: the row is too big to be sent; nothing was taken in.
        """
        state = outcome.state
        record = self.records.case(
            state.case, offset, time, outcome.row, outcome.happened, acts=outcome.acts, entry=entry
        )
        if len(record[1]) > LARGEST_RECORD:
            raise Rejected("row_too_big", f"the case's row has more than {LARGEST_RECORD} bytes")
        self.writer.add(record)
        self.states.put(HeldState(state, size, stored=held is not None and held.stored))
        self.absent.discard(state.key)
        self.due.set(state.key, state.timer)
        if self.roster is not None:
            self.roster.put(state.key, label_of(state.entries, state.finished_at))
        self._runtime.counts.tell(None if held is None else held.state, state)
        counter = self._runtime.meters.counter("motcua_processing_announcements_total")
        for one in (*outcome.happened, *outcome.acts):
            counter.labels(one["kind"]).inc()

    async def flush(self) -> None:
        """Send what waits and await the acknowledgements; then its states may be stored."""
        if len(self.references):
            await self.references.flush()
        if len(self.writer):
            self._events.inc(await self.writer.flush())
        self.states.acknowledge()
