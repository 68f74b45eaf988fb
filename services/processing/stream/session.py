"""One assignment of a partition, from its checkpoint until it is taken away or something fails.

Everything in memory belongs to it and dies with it. The order is: events out, acknowledged, states stored, checkpoint.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any, Final

from aiokafka import TopicPartition
from aiokafka.errors import IllegalStateError, NoOffsetForPartitionError, OffsetOutOfRangeError

from services.processing.audit.mending import Mender
from services.processing.runtime import Runtime
from services.processing.states.layers import States
from services.processing.stream.checkpoint import Checkpoint, Standstill, fingerprint, run_of_dead_letters
from services.processing.stream.desk import Desk
from services.processing.stream.due import DueHeap
from services.processing.stream.halting.reasons import another_entry, another_reference, offsets_gone, other_partitions
from services.processing.stream.handling import Handling
from services.processing.stream.output import LifecycleWriter, Records
from services.processing.stream.pace.membership import Membership
from services.processing.stream.revision.taken import load_known
from services.processing.stream.saver import Saver
from shared.broker.topics import lifecycle, reference
from shared.reference import EMPTY

__all__ = ["LeftOffError", "Session", "StoodStillError"]

_POLL_MS: Final = 500
#: A new leader may take a moment to know how far its followers are, and seem to have less than it has.
_SHORT_JOURNAL_SECONDS: Final = 10.0
_ANCHOR_SECONDS: Final = 30.0
#: Unsaved states, in multiples of the storing interval, at which a partition waits for the database.
_BACKLOG: Final = 4


class StoodStillError(Exception):
    """The process stood still and the partition may be another's since: nothing more may be sent from memory."""


class LeftOffError(Exception):
    """The partition is taken away in the middle of an entry that touches many dossiers: the next owner goes on."""


class Session:
    """A partition in work.

    Args:
        runtime: what all partitions share.
        partition: the partition, assigned to the runtime's consumer and paused.
        capacity: states it may keep in memory beside unsaved ones.
        stop: set when the partition is taken away.
        on_saved: told of every stored checkpoint.
    """

    def __init__(
        self,
        runtime: Runtime,
        partition: int,
        capacity: int,
        stop: asyncio.Event,
        on_saved: Callable[[Checkpoint], None],
    ) -> None:
        self._runtime = runtime
        self._topic_partition = TopicPartition(runtime.journal, partition)
        self.partition = partition
        self._capacity = capacity
        self._stop = stop
        self._on_saved = on_saved
        self.beat = time.monotonic()
        self._standstills = runtime.pulse.standstills()
        self._membership = Membership(runtime.consumer, self._topic_partition)
        #: What is being done now, for telling apart what failed.
        self.doing = "load"
        self.handling: Handling | None = None
        #: Up to where the journal was read: behind the last record may be the end of a transaction, which is none.
        self.passed = 0
        self._saver: Saver | None = None

    async def open(self) -> int:
        """Read checkpoint and timers, go to the checkpoint's place in the journal and compare what lies before it.

        Returns:
            The checkpoint's offset.

        Raises:
            Standstill: the partition must not be worked on.
        """
        runtime, partition = self._runtime, self.partition
        checkpoint = await runtime.store.checkpoint(partition)
        if checkpoint is None:
            checkpoint = Checkpoint(0, None, None, None, runtime.reference.version, runtime.partitions, EMPTY.version)
        self._check(checkpoint)
        known = await load_known(runtime.references, partition, checkpoint)
        timers, count = await runtime.store.timers(partition)
        self.doing = "fetch"
        await self._go_to(checkpoint)
        states = States(self._capacity, empty=count == 0)
        desk = Desk(
            runtime,
            partition,
            states=states,
            due=DueHeap(timers),
            records=Records(runtime.epoch, partition),
            writer=LifecycleWriter(runtime.producer, lifecycle(runtime.epoch), partition),
            references=LifecycleWriter(runtime.producer, reference(runtime.epoch), partition),
            turn=self._turn_or_leave,
        )
        self.handling = Handling(runtime, partition, checkpoint, known, desk)
        self._saver = Saver(
            runtime.store,
            runtime.references,
            partition,
            states,
            next_offset=checkpoint.next,
            meters=runtime.meters,
            on_saved=self._on_saved,
        )
        return checkpoint.next

    def _check(self, checkpoint: Checkpoint) -> None:
        runtime = self._runtime
        if checkpoint.partitions != runtime.partitions:
            raise other_partitions(checkpoint, runtime.partitions)
        if checkpoint.reference != runtime.reference.version:
            raise another_reference(checkpoint, runtime.reference.version)
        if checkpoint.run >= runtime.settings.deadletter_run:
            raise run_of_dead_letters(checkpoint.run, self.partition, checkpoint.next - 1)

    async def _go_to(self, checkpoint: Checkpoint) -> None:
        consumer, place = self._runtime.consumer, self._topic_partition
        begin = (await consumer.beginning_offsets([place]))[place]
        deadline = time.monotonic() + _SHORT_JOURNAL_SECONDS
        while (end := (await consumer.end_offsets([place]))[place]) < checkpoint.next:
            if time.monotonic() > deadline:
                raise offsets_gone(f"the journal ends at offset {end}, the checkpoint is at {checkpoint.next}")
            await asyncio.sleep(0.5)
        if begin > max(checkpoint.next - 1, 0):
            raise offsets_gone(f"the journal begins at offset {begin}, the checkpoint is at {checkpoint.next}")
        if checkpoint.next == 0:
            consumer.seek(place, 0)
            consumer.resume(place)
            return
        consumer.seek(place, checkpoint.next - 1)
        consumer.resume(place)
        deadline = time.monotonic() + _ANCHOR_SECONDS
        while not (records := await self._fetch(1)):
            if time.monotonic() > deadline:
                raise TimeoutError(f"entry {checkpoint.next - 1} could not be read again in {_ANCHOR_SECONDS:.0f} s")
        if records[0].offset != checkpoint.next - 1 or fingerprint(records[0].value) != checkpoint.anchor:
            raise another_entry(checkpoint)

    async def run(self) -> None:
        """Handle entries until stopped, then store what is left.

        Raises:
            Standstill: the partition must not go on.
        """
        handling, saver, settings = self.handling, self._saver, self._runtime.settings
        assert handling is not None and saver is not None  # noqa: S101, PT018 (opened before)
        mender = Mender(self._runtime, self.partition, handling)
        while not self._stop.is_set():
            self.beat = time.monotonic()
            self.doing = "fetch"
            records = await self._fetch(settings.poll_records)
            if records and not self._stop.is_set():
                self.doing = "handle"
                try:
                    await handling.handle(records)
                except Standstill:
                    await self._store_all()
                    raise
                except LeftOffError:
                    break
            else:
                await self._note_passed()
            await self._turn()
            # Nothing waits now: whatever is written again comes behind all that is out.
            if await mender.mend():
                await self._turn()
            handling.desk.states.trim()
            handling.revising.tidy()
        await self._store_all()

    async def _note_passed(self) -> None:
        with suppress(IllegalStateError):  # it is another replica's by now
            self.passed = await self._runtime.consumer.position(self._topic_partition)

    async def _fetch(self, limit: int) -> list[Any]:
        """Records of the partition, if any come soon; in long work between two polls the stream polls (see `_hear`)."""
        place, consumer = self._topic_partition, self._runtime.consumer
        poll = asyncio.ensure_future(consumer.getmany(place, timeout_ms=_POLL_MS, max_records=limit))
        stop = asyncio.ensure_future(self._stop.wait())
        try:
            # During a rebalance the client waits for the new assignment inside the poll.
            await asyncio.wait({poll, stop}, return_when=asyncio.FIRST_COMPLETED)
            if not poll.done():
                return []
            return list(poll.result().get(place, ()))
        except NoOffsetForPartitionError:
            return []  # told once after the assignment, as nothing is committed; the place is set by the checkpoint
        except OffsetOutOfRangeError as error:
            raise offsets_gone(f"the journal has no offset {next(iter(error.args[0].values()), '?')}") from error
        finally:
            stop.cancel()
            poll.cancel()

    async def _turn_or_leave(self) -> None:
        """In the middle of an entry: as between two, and leave off where the partition is taken away."""
        await self._turn()
        if self._stop.is_set():
            raise LeftOffError

    async def _turn(self) -> None:
        """Between two pieces of work: still ours? Store when it is time, and wait when the database falls behind."""
        handling, saver, settings = self.handling, self._saver, self._runtime.settings
        assert handling is not None and saver is not None  # noqa: S101, PT018
        if (standstills := self._runtime.pulse.standstills()) != self._standstills:
            # Frozen or only busy: what counts is whether others were given its partitions meanwhile.
            if not await self._membership.holds(saver.saved_next):
                raise StoodStillError("the process stood still; what it has in memory may be another's by now")
            self._standstills = standstills
        before, self.doing = self.doing, "produce"
        await handling.flush()
        self.beat = time.monotonic()
        self.doing = "store"
        saver.check()
        if saver.busy and handling.desk.states.unsaved > _BACKLOG * settings.store_entries:
            await saver.wait()
        if not saver.busy:
            waiting = handling.next - saver.taken_next
            late = time.monotonic() - saver.begun_at >= settings.store_seconds
            if (
                waiting >= settings.store_entries
                or handling.desk.states.unsaved >= settings.store_entries
                or (late and (waiting or handling.desk.states.unsaved))
            ):
                saver.start(handling.take_fresh(), handling.checkpoint())
        self.doing = before

    async def _store_all(self) -> None:
        handling, saver = self.handling, self._saver
        assert handling is not None and saver is not None  # noqa: S101, PT018
        self.doing = "store"
        await saver.wait()
        if handling.desk.states.unsaved or handling.next > saver.saved_next:
            saver.start(handling.take_fresh(), handling.checkpoint())
            await saver.wait()

    async def close(self) -> None:
        """Let go of everything; what is not stored is derived again from the checkpoint."""
        if self._saver is not None:
            await self._saver.abandon()
