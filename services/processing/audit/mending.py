"""Judges the suspects of a partition by its cases' states, and has rows written again that stale ones lie behind.

A row is written by the partition's own writer, in order, with its own cause and with nothing that happened: it says
what stands, not that anything came about. Only what is acknowledged is written, between two batches, when nothing else
waits.
"""

from __future__ import annotations

from typing import Final

from services.processing.audit.trail import NO_CAUSE, Barrier, Trail
from services.processing.engine import row_at
from services.processing.runtime import Runtime
from services.processing.states.layers import HeldState
from services.processing.stream.desk import FLUSH_BYTES
from services.processing.stream.handling import Handling
from services.processing.stream.output import LARGEST_RECORD
from shared.logging import get_logger

__all__ = ["Mender"]

#: Suspects judged between two batches of entries: after a restart there are as many as rows were repeated.
_AT_ONCE: Final = 500
_log = get_logger("processing.audit")


class Mender:
    """What a session does about the suspects of its partition.

    Args:
        runtime: what all partitions share.
        partition: the partition.
        handling: its work; its events must all be out whenever `mend` is called.
    """

    def __init__(self, runtime: Runtime, partition: int, handling: Handling) -> None:
        self._runtime = runtime
        self._partition = partition
        self._handling = handling
        #: Suspects up to a barrier that was passed, and that barrier.
        self._due: list[tuple[bytes, int]] = []
        self._below = 0
        self._healed = runtime.meters.counter("motcua_processing_healed_rows_total").labels(str(partition))

    async def mend(self) -> int:
        """Judge some suspects, if everything that was written when they were looked at is read back.

        May raise `DatabaseError`.

        Returns:
            How many records wait to be written again.
        """
        trail = self._runtime.trails.get(self._partition)
        if trail is None:
            return 0
        if not self._due and trail.suspects:
            if trail.barrier is None:
                trail.barrier = Barrier(self._handling.next)
            elif trail.passed:
                self._below, trail.barrier = trail.barrier.next, None
                self._due = list(trail.suspects.items())
        if self._due:
            some, self._due = self._due[:_AT_ONCE], self._due[_AT_ONCE:]
            return await self._judge(trail, some)
        return 0

    async def _judge(self, trail: Trail, some: list[tuple[bytes, int]]) -> int:
        texts = {key: text for key, _ in some if key != trail.clock_key and (text := _text(key)) is not None}
        positions = await self._positions(list(texts.values()))
        stale: list[str] = []
        clock = False
        for key, cause in some:
            if trail.suspects.get(key) != cause:
                continue  # a later record was read meanwhile
            if key == trail.clock_key:
                clock = self._is_behind(trail, cause)
                continue
            position = positions.get(texts.get(key, ""))
            if position is None or cause >= position:
                # No case's, its newest, or one that is derived again and will be written again.
                trail.clear(key)
            elif position < self._below:
                stale.append(texts[key])
            # Else its newest row was written behind the barrier; it may lie behind this record.
        healed = await self._heal(trail, stale) if stale else 0
        if clock:
            self._write_clock()
            healed += 1
        if healed:
            self._healed.inc(healed)
            _log.warning(
                "records behind newer ones of their keys: the newest are written again",
                partition=self._partition,
                records=healed,
                below=self._below,
            )
        return healed

    async def _positions(self, keys: list[str]) -> dict[str, int]:
        states = self._handling.desk.states
        found = {key: held.state.position for key in keys if (held := states.acknowledged(key)) is not None}
        if not states.complete:
            missing = [key for key in keys if key not in found]
            found |= await self._runtime.store.positions(self._partition, missing)
        return found

    async def _heal(self, trail: Trail, keys: list[str]) -> int:
        """Put the rows of these cases behind what is on the topic; how many."""
        desk = self._handling.desk
        known = {key: held for key in keys if (held := desk.states.acknowledged(key)) is not None}
        missing = [key for key in keys if key not in known]
        if missing:
            known |= {held.state.key: held for held in await self._runtime.store.load(self._partition, missing)}
        healed = 0
        for held in sorted(known.values(), key=lambda one: one.state.position):
            if desk.writer.waiting_bytes > FLUSH_BYTES:
                break  # the others are judged again
            if self._write(held):
                healed += 1
            else:
                trail.clear(held.state.key.encode())  # it would fail again and again
        return healed

    def _write(self, held: HeldState) -> bool:
        state, desk = held.state, self._handling.desk
        try:
            row = row_at(state, self._handling.revising.reference_at(state.position))
        except MemoryError:
            raise
        except Exception:  # noqa: BLE001
            # As on a tick: it fails alike on every reading, and the case waits for its next entry.
            _log.exception("the engine failed on a row to be written again", partition=self._partition)
            return False
        time = max((entry.time for entry in state.entries), default=0)
        record = desk.records.case(state.case, state.position, time, row, [], index=1)
        if len(record[1]) > LARGEST_RECORD:
            return False
        desk.writer.add(record)
        return True

    def _is_behind(self, trail: Trail, cause: int) -> bool:
        """Whether the last record of the partition's clock is an older one than another of them, or none at all."""
        handling = self._handling
        if cause >= trail.clock and cause != NO_CAUSE:
            trail.clear(trail.clock_key)
        elif handling.clock is None and trail.clock == NO_CAUSE:
            trail.clear(trail.clock_key)  # somebody else's: there was no tick
        else:
            # One behind the barrier may lie behind this record.
            return handling.clock is not None and trail.clock < self._below
        return False

    def _write_clock(self) -> None:
        """What the clock is now, it was after the entry before: newer than any record of it, and as true."""
        handling = self._handling
        assert handling.clock is not None  # noqa: S101 (see _is_behind)
        handling.desk.writer.add(handling.desk.records.clock(handling.next - 1, handling.clock, index=1))


def _text(key: bytes) -> str | None:
    try:
        return key.decode()
    except UnicodeDecodeError:
        return None
