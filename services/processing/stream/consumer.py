"""The consumer of the journal: membership in the group, a worker per assigned partition, and a watch over them.

Knows when clients have to be made anew; nothing of entries.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Collection
from typing import Final

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, ConsumerRebalanceListener, TopicPartition
from aiokafka.errors import KafkaError

from services.processing.audit.reader import AuditReader
from services.processing.runtime import Runtime
from services.processing.settings import ProcessingSettings
from services.processing.stream.pace.pulse import Pulse
from services.processing.stream.partition import PartitionWorker
from shared.broker.kafka import make_consumer, make_producer, stop_client
from shared.logging import get_logger
from shared.upkeep.loops import Loop, Loops

__all__ = ["Stream"]

#: Sessions of a partition that may fail on the broker's side before all clients are made anew.
_MOST_FAILURES: Final = 5
_START_SECONDS: Final = 30.0
_STOP_SECONDS: Final = 5.0
_HEAR_SECONDS: Final = 0.5
#: A partition that waits for the database polls nothing and must not cost the membership; stuck loops are found by
#: the watch. This stream polls all the while (see `_hear`), so it may be small.
_IDLE_MS: Final = 86_400_000
_BATCH_BYTES: Final = 786_432
_REQUEST_BYTES: Final = 9_000_000
_log = get_logger("processing.stream")


class Stream(ConsumerRebalanceListener):  # type: ignore[misc]  # aiokafka carries no types
    """One generation of clients after the other, until stopped.

    Args:
        settings: the service's settings.
        epoch: the derivation.
        journal: the topic to read.
        make_runtime: completes a generation's clients to what workers need.
        loops: keep the reading back going.
    """

    def __init__(
        self,
        settings: ProcessingSettings,
        epoch: int,
        journal: str,
        make_runtime: Callable[[AIOKafkaConsumer, AIOKafkaProducer, Pulse], Runtime],
        loops: Loops,
    ) -> None:
        self._settings = settings
        self._epoch = epoch
        self._journal = journal
        self._make_runtime = make_runtime
        self._loops = loops
        self._runtime: Runtime | None = None
        self._stopping = False
        self.joined = False
        self.workers: dict[int, PartitionWorker] = {}

    async def run(self) -> None:
        """Serve until cancelled; while the broker is away, or a partition cannot reach it, clients are made anew."""
        while True:
            try:
                await self._serve()
            except (KafkaError, OSError) as error:
                _log.warning("the journal's clients are made anew", error=f"{type(error).__name__}: {error}"[:300])
            await asyncio.sleep(1)

    async def _serve(self) -> None:
        settings = self._settings
        name = f"motcua-processing-e{self._epoch}"
        consumer = make_consumer(
            settings.kafka,
            name,
            group=name,
            session_timeout_ms=int(settings.session_seconds * 1000),
            heartbeat_interval_ms=int(settings.session_seconds * 300),
            rebalance_timeout_ms=30_000,
            max_poll_interval_ms=_IDLE_MS,
        )
        producer = make_producer(settings.kafka, name, max_batch_size=_BATCH_BYTES, max_request_size=_REQUEST_BYTES)
        self._stopping = False
        pulse = Pulse(settings.session_seconds * 0.7)
        beating = asyncio.create_task(pulse.run(), name="pulse")
        audit: Loop | None = None
        try:
            async with asyncio.timeout(_START_SECONDS):
                await producer.start()
                await consumer.start()
            self._runtime = self._make_runtime(consumer, producer, pulse)
            audit = self._loops.start("audit", AuditReader(self._runtime, self.workers_now).run)
            consumer.subscribe([self._journal], listener=self)
            await self._watch()
        finally:
            self._stopping = True
            beating.cancel()
            self.joined = False
            await self._dismiss()
            if audit is not None:
                await audit.stop()
            # Either can hang on a broker that accepts connections and answers nothing.
            for client in (consumer, producer):
                await stop_client(client)

    def workers_now(self) -> Collection[int]:
        """The partitions this process works on."""
        return self.workers.keys()

    async def on_partitions_revoked(self, revoked: Collection[TopicPartition]) -> None:
        """Everything is taken away at each rebalance: finish, store, let go."""
        if revoked:
            _log.info("partitions revoked", partitions=sorted(place.partition for place in revoked))
        await self._dismiss()

    async def on_partitions_assigned(self, assigned: Collection[TopicPartition]) -> None:
        """Start a worker for each and return at once: no heartbeat is sent meanwhile."""
        if self._stopping or self._runtime is None:
            return
        self.joined = True
        partitions = sorted(place.partition for place in assigned)
        _log.info("partitions assigned", partitions=partitions)
        self._runtime.consumer.pause(*assigned)
        for partition in partitions:
            self._hire(partition, len(partitions))

    def _hire(self, partition: int, among: int) -> None:
        assert self._runtime is not None  # noqa: S101 (set before anything is assigned)
        capacity = max(1_000, self._settings.state_cache // max(1, among))
        self.workers[partition] = PartitionWorker(self._runtime, partition, capacity)

    async def _dismiss(self) -> None:
        workers, self.workers = list(self.workers.values()), {}
        for worker in workers:
            worker.stop()
        tasks = {worker.task for worker in workers}
        if not tasks:
            return
        _, late = await asyncio.wait(tasks, timeout=self._settings.revoke_seconds)
        for task in late:
            task.cancel()
        if late:
            await asyncio.wait(late, timeout=1)
        for worker in workers:
            worker.forget()

    async def _watch(self) -> None:
        """Return when the clients have to be made anew.

        Raises:
            KafkaError: the client cannot go on in its group.
        """
        while True:
            await asyncio.sleep(0.5)
            await self._hear()
            for partition, worker in list(self.workers.items()):
                worker.measure()
                stuck = time.monotonic() - worker.beat
                if worker.failures >= _MOST_FAILURES:
                    _log.warning("a partition cannot reach the broker", partition=partition, reason=worker.reason)
                    return
                if worker.task.done():
                    await self._replace(worker, "died")
                elif stuck > self._settings.stall_seconds:
                    worker.task.cancel()
                    await asyncio.wait({worker.task}, timeout=_STOP_SECONDS)
                    if not worker.task.done():
                        _log.error("a partition's loop does not end", partition=partition, seconds=round(stuck))
                        return
                    await self._replace(worker, "stalled")

    async def _hear(self) -> None:
        """Poll nothing, so that the client can say what it met in its group.

        It stays out of the group until somebody polls, and leaves it when nothing was polled for long; a member that
        joins, or whose partitions all stand or are in a long pass over many dossiers, has no worker that does.
        """
        assert self._runtime is not None  # noqa: S101 (set before the watch begins)
        nowhere = TopicPartition(self._journal, -1)
        poll = asyncio.ensure_future(self._runtime.consumer.getmany(nowhere, timeout_ms=0))
        # During a rebalance the client waits for the new assignment inside the poll.
        try:
            await asyncio.wait({poll}, timeout=_HEAR_SECONDS)
            if poll.done():
                poll.result()
        finally:
            poll.cancel()

    async def _replace(self, worker: PartitionWorker, cause: str) -> None:
        if self.workers.get(worker.partition) is not worker:
            return  # taken away meanwhile
        error = None if worker.task.cancelled() else worker.task.exception()
        _log.error("a partition's loop is started again", partition=worker.partition, cause=cause, exc_info=error)
        assert self._runtime is not None  # noqa: S101
        self._runtime.meters.counter("motcua_processing_restarts_total").labels(str(worker.partition), cause).inc()
        self._hire(worker.partition, len(self.workers))
