"""One partition's worker: sessions one after the other, each begun again from the checkpoint after a failure.

Knows when to retry, when to stand, and what to tell about it; the work itself is the session's.
"""

from __future__ import annotations

import asyncio
import time
from contextlib import suppress
from typing import Final, Literal

from aiokafka import TopicPartition
from aiokafka.errors import KafkaError

from services.processing.engine import Reference
from services.processing.runtime import Runtime
from services.processing.states.layers import HeldState
from services.processing.stream.announced import Announced
from services.processing.stream.checkpoint import DEADLETTER_RUN, Checkpoint, Standstill
from services.processing.stream.revision.revising import Progress
from services.processing.stream.revision.standing import PassWatch
from services.processing.stream.session import Session
from shared.logging import get_logger
from shared.mongo import DatabaseError
from shared.notes import since

__all__ = ["PartitionState", "PartitionWorker"]

PartitionState = Literal["loading", "running", "waiting", "stopped"]
_STATES: Final[tuple[PartitionState, ...]] = ("loading", "running", "waiting", "stopped")
_GAUGES: Final = (
    "lag_entries",
    "clock_seconds",
    "cached_states",
    "waiting_timers",
    "reference_entries",
    "calendar_days_missing",
    "revision_remaining_dossiers",
    "revision_idle_seconds",
)
_FIRST_WAIT: Final = 0.25
_LONGEST_WAIT: Final = 5.0
_STAND_SECONDS: Final = 2.0
_COMMIT_SECONDS: Final = 5.0
_log = get_logger("processing.partition")


class PartitionWorker:
    """Works on one assigned partition until it is told to stop.

    Attributes:
        state: loading, running, waiting (broker or database is away, it tries again) or stopped (needs people).
        reason: why it waits or stands.
        failures: sessions that failed on the broker's side since the last stored checkpoint.
        beat: when it last got anywhere, by time.monotonic().
    """

    def __init__(self, runtime: Runtime, partition: int, capacity: int) -> None:
        self._runtime = runtime
        self._place = TopicPartition(runtime.journal, partition)
        self._capacity = capacity
        self._stop = asyncio.Event()
        #: Wakes a worker that stands: told to stop, or to go on.
        self._wake = asyncio.Event()
        self._standing: Standstill | None = None
        self._session: Session | None = None
        self._end: int | None = None
        self._announced = Announced(partition)
        self._committed_at = 0.0
        self._commit: asyncio.Task[None] | None = None
        self._watch = PassWatch()
        self.partition = partition
        self.stored: int | None = None
        self.failures = 0
        self.reason: str | None = None
        self.state: PartitionState = "loading"
        self._tell("loading")
        self.task = asyncio.create_task(self._run(), name=f"partition-{partition}")

    @property
    def beat(self) -> float:
        """When the worker last got anywhere; one that waits, stands, or loads (in bounded steps) is not stuck."""
        if self.state != "running" or self._session is None:
            return time.monotonic()
        return self._session.beat

    @property
    def next(self) -> int | None:
        """Offset of the first entry whose events are not out, None before the checkpoint is read."""
        handling = None if self._session is None else self._session.handling
        return self.stored if handling is None else handling.next

    @property
    def clock(self) -> int | None:
        """The partition's clock, None before the first tick or while loading."""
        handling = None if self._session is None else self._session.handling
        return None if handling is None else handling.clock

    @property
    def known(self) -> str | None:
        """Version of the reference entries before `next`, None while loading."""
        handling = None if self._session is None else self._session.handling
        return None if handling is None else handling.known

    @property
    def progress(self) -> Progress | None:
        """The reference entry that goes through the dossiers now, if one does."""
        handling = None if self._session is None else self._session.handling
        return None if handling is None else handling.revising.progress

    @property
    def reference(self) -> Reference | None:
        """What the engine is given now, None while loading."""
        handling = None if self._session is None else self._session.handling
        return None if handling is None else handling.revising.reference

    def reference_at(self, position: int) -> Reference | None:
        """What a state at a position was derived with, None while loading."""
        handling = None if self._session is None else self._session.handling
        return None if handling is None else handling.revising.reference_at(position)

    @property
    def end(self) -> int | None:
        """End of the journal partition as last heard; what is no record does not count when all before it is taken."""
        session = self._session
        with suppress(KafkaError, KeyError, AssertionError):
            high = self._runtime.consumer.highwater(self._place)
            if high is not None:
                self._end = max(high, self.next or 0)
            handling = None if session is None else session.handling
            if session is not None and handling is not None and self._end is not None and self._end <= session.passed:
                self._end = handling.taken
        return self._end

    def find(self, key: str) -> HeldState | None:
        """The case's state in memory whose events are out, if this worker has one."""
        handling = None if self._session is None else self._session.handling
        return None if handling is None else handling.desk.states.acknowledged(key)

    def stop(self) -> None:
        """Ask the worker to finish the batch in hand, store and end."""
        self._stop.set()
        self._wake.set()

    async def resume(self, count: int | None = None, to: int | None = None) -> bool:
        """Go on after a run of dead letters, behind them; False where the worker does not stand for one.

        The run is forgotten in the database first, so that it goes on whoever owns the partition then; may raise
        `DatabaseError`.

        Args:
            count: how many more in a row it stands for; None for as many as ever.
            to: offset up to which none counts; None for none.
        """
        if self._standing is None or self._standing.reason != DEADLETTER_RUN:
            return False
        run = 0 if count is None else self._runtime.settings.deadletter_run - count
        await self._runtime.store.clear_run(self.partition, run, -1 if to is None else to)
        _log.info("the partition goes on after a run of dead letters", partition=self.partition)
        self._tell("loading")
        self._wake.set()
        return True

    def measure(self) -> None:
        """Bring the gauges up to date."""
        meters, label = self._runtime.meters, str(self.partition)
        if self.next is not None and self.end is not None:
            meters.gauge("motcua_processing_lag_entries").labels(label).set(max(self.end - self.next, 0))
        if self.clock is not None:
            meters.gauge("motcua_processing_clock_seconds").labels(label).set(self.clock / 1_000_000)
        self._watch.look(self.progress, self.next, time.monotonic())
        meters.gauge("motcua_processing_revision_remaining_dossiers").labels(label).set(self._watch.remaining)
        meters.gauge("motcua_processing_revision_idle_seconds").labels(label).set(self._watch.idle)
        handling = None if self._session is None else self._session.handling
        if handling is not None:
            meters.gauge("motcua_processing_cached_states").labels(label).set(len(handling.desk.states))
            meters.gauge("motcua_processing_waiting_timers").labels(label).set(len(handling.desk.due))
            meters.gauge("motcua_processing_reference_entries").labels(label).set(len(handling.revising.known))
            if handling.clock is not None:
                missing = self._announced.missing(handling.revising.reference, handling.clock)
                meters.gauge("motcua_processing_calendar_days_missing").labels(label).set(missing)

    def forget(self) -> None:
        """Take the partition out of the gauges: it is another's now."""
        label = str(self.partition)
        for name in _GAUGES:
            with suppress(KeyError):
                self._runtime.meters.gauge(f"motcua_processing_{name}").remove(label)
        for state in _STATES:
            with suppress(KeyError):
                self._runtime.meters.gauge("motcua_processing_partition_state").remove(label, state)

    async def _run(self) -> None:
        wait = _FIRST_WAIT
        while not self._stop.is_set():
            session = Session(self._runtime, self.partition, self._capacity, self._stop, self._saved)
            self._session = session
            begun = time.monotonic()
            try:
                self._tell("loading")
                self.stored = await session.open()
                self._tell("running")
                await session.run()
            except Standstill as standstill:
                await session.close()
                await self._stand(standstill)
            except Exception as error:  # noqa: BLE001
                # Whatever it was, time-outs and I/O are never the entry's fault: memory is dropped and all is
                # read again from the checkpoint.
                await session.close()
                if time.monotonic() - begun > 2 * _LONGEST_WAIT:
                    wait = _FIRST_WAIT
                self._count(session.doing, error)
                self._pause()
                self._tell("waiting", f"{session.doing}: {_words(error)}")
                with suppress(TimeoutError):
                    async with asyncio.timeout(wait):
                        await self._stop.wait()
                wait = min(wait * 2, _LONGEST_WAIT)
            except asyncio.CancelledError:
                await session.close()
                raise

    async def _stand(self, standstill: Standstill) -> None:
        _log.error("the partition stands", partition=self.partition, reason=standstill.reason, remedy=standstill.remedy)
        self._runtime.meters.counter("motcua_processing_restarts_total").labels(
            str(self.partition), standstill.reason
        ).inc()
        self._pause()
        self._wake.clear()
        self._standing = standstill
        self._tell("stopped", since(standstill.reason, standstill.remedy))
        while not self._stop.is_set() and not self._wake.is_set():
            with suppress(KafkaError, OSError, TimeoutError, AssertionError):
                # The lag goes on growing, which an alarm may look at.
                self._end = (await self._runtime.consumer.end_offsets([self._place]))[self._place]
            with suppress(TimeoutError):
                async with asyncio.timeout(_STAND_SECONDS):
                    await self._wake.wait()
        self._standing = None

    def _pause(self) -> None:
        with suppress(KafkaError, AssertionError, ValueError):
            self._runtime.consumer.pause(self._place)

    def _count(self, doing: str, error: Exception) -> None:
        if isinstance(error, DatabaseError):
            cause = "load" if doing in ("load", "handle") else "store"
        elif doing in ("fetch", "produce", "load", "store"):
            cause = doing
            self.failures += isinstance(error, KafkaError | TimeoutError)
        else:
            cause = "other"
        self._runtime.meters.counter("motcua_processing_restarts_total").labels(str(self.partition), cause).inc()
        if cause == "other":
            _log.error("the partition begins again", partition=self.partition, exc_info=error)
        else:
            _log.warning("the partition begins again", partition=self.partition, cause=cause, error=_words(error))

    def _tell(self, state: PartitionState, reason: str | None = None) -> None:
        self.state = state
        self.reason = reason
        gauge = self._runtime.meters.gauge("motcua_processing_partition_state")
        for one in _STATES:
            gauge.labels(str(self.partition), one).set(one == state)

    def _saved(self, checkpoint: Checkpoint) -> None:
        """Tell the group's coordinator how far we are, for displays of lag only; nobody starts from it."""
        self.stored = checkpoint.next
        self.failures = 0
        now = time.monotonic()
        if now - self._committed_at > _COMMIT_SECONDS and (self._commit is None or self._commit.done()):
            self._committed_at = now
            self._commit = asyncio.create_task(self._commit_offset(checkpoint.next))

    async def _commit_offset(self, offset: int) -> None:
        with suppress(KafkaError, TimeoutError, AssertionError, ValueError):
            async with asyncio.timeout(2):
                await self._runtime.consumer.commit({self._place: offset})


def _words(error: Exception) -> str:
    text = str(error).split(", Timeout:", maxsplit=1)[0]
    return f"{type(error).__name__}: {text[:200]}" if text else type(error).__name__
