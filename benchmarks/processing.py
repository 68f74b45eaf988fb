"""Processing's real path (group, session, engine, broker, database) beside the bare loop over the same journal.

Over two journals: one of dossiers with promised dates and reported steps only, and one whose dossiers are due by the
terms of their procedures and follow routes, all known from reference entries that come first.
"""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from aiokafka.admin import AIOKafkaAdminClient, NewTopic

from benchmarks.engine.derived import engine_costs
from benchmarks.measuring.backends import Backends, bare_loop, fill
from benchmarks.measuring.measure import alternate, steady
from benchmarks.measuring.report import Line
from benchmarks.measuring.workload import PARTITIONS, Journal
from services.processing.http.keys import Keys
from services.processing.service import Service
from services.processing.settings import ProcessingSettings
from services.processing.states.store import StateStore
from shared.broker.topics import JOURNAL
from shared.clock import SystemClock
from shared.contract.entries import ENTRY_ADAPTER
from shared.mongo import connect

__all__ = ["at", "new_epoch", "new_topic", "run", "running", "until"]

#: Epochs of the bench; each derivation from offset 0 needs one of its own.
_EPOCHS = itertools.count(101)
_POLL_SECONDS = 0.01
_PATIENCE_SECONDS = 240.0
_ROUTED = ", with terms and routes"


def new_epoch() -> int:
    """An epoch nobody derived yet."""
    return next(_EPOCHS)


@asynccontextmanager
async def running(backends: Backends, epoch: int, journal: str = JOURNAL) -> AsyncIterator[Service]:
    """Processing as a replica runs it, in this process; its end stores what is left."""
    settings = ProcessingSettings(
        kafka=backends.kafka,
        mongo=backends.mongo,
        epoch=epoch,
        partitions=PARTITIONS,
        simulated=True,
        revoke_seconds=60,
    )
    service = Service(settings, SystemClock(), Keys(settings.intake), journal)
    await service.start()
    try:
        yield service
    finally:
        await service.stop()


async def until(condition: Callable[[], bool], what: str) -> None:
    """Wait for a condition.

    Raises:
        TimeoutError: it did not come true in four minutes.
    """
    try:
        async with asyncio.timeout(_PATIENCE_SECONDS):
            while not condition():  # noqa: ASYNC110 (another task's state, without an event)
                await asyncio.sleep(_POLL_SECONDS)
    except TimeoutError as error:
        raise TimeoutError(f"processing: {what} did not come about in {_PATIENCE_SECONDS:.0f} s") from error


def at(service: Service) -> dict[int, int | None]:
    """How far each partition is whose worker runs: offset of the first entry whose events are not out."""
    workers = {} if service.stream is None else service.stream.workers
    return {partition: worker.next for partition, worker in workers.items() if worker.state == "running"}


async def _derive(backends: Backends, topic: str, ends: dict[int, int], epoch: int) -> int:
    """Derive a new epoch from the journal's beginning as the service does, and store all of it."""
    async with running(backends, epoch, topic) as service:
        await until(lambda: at(service) == ends, "the end of the journal")
    return sum(ends.values())


async def _is_stored(backends: Backends, ends: dict[int, int], epoch: int) -> bool:
    client = connect(backends.mongo, "bench")
    store = StateStore(client, epoch)
    found = {partition: await store.checkpoint(partition) for partition in ends}
    client.close()
    return all(checkpoint is not None and checkpoint.next == ends[place] for place, checkpoint in found.items())


async def _compare(backends: Backends, topic: str, journal: Journal, rounds: int, about: str) -> list[Line]:
    await fill(backends.kafka, topic, journal.partitions)
    ends = {partition: len(records) for partition, records in enumerate(journal.partitions)}
    steady()
    epochs: list[int] = []

    async def derive() -> int:
        epochs.append(new_epoch())
        return await _derive(backends, topic, ends, epochs[-1])

    ours, bare = await alternate(
        rounds,
        derive,
        lambda: bare_loop(backends.kafka, topic, ENTRY_ADAPTER.validate_json),
    )
    stored = [await _is_stored(backends, ends, epoch) for epoch in epochs]
    name = "the bare loop over the same records"
    return [
        Line(f"processing{about}, CPU an event", ours.cpu, "µs CPU", ours.cpu / bare.cpu, name, "100 µs"),
        Line(f"processing{about}, wall time an event, all stored", ours.wall, "µs wall", ours.wall / bare.wall, name),
        Line("bare loop (getmany, validate_json), CPU an event", bare.cpu, "µs CPU"),
        Line("bare loop, wall time an event", bare.wall, "µs wall"),
        Line("derivations whose stop stored all", sum(stored), f"of {len(stored)}", aim="all"),
    ]


async def new_topic(backends: Backends, name: str) -> str:
    """Make a journal of the bench's own; its name."""
    admin = AIOKafkaAdminClient(bootstrap_servers=backends.kafka)
    await admin.start()
    try:
        await admin.create_topics([NewTopic(name, PARTITIONS, 1)])
    finally:
        await admin.close()
    return name


async def _both(backends: Backends, journal: Journal, routed: Journal, rounds: int) -> list[Line]:
    lines = await _compare(backends, JOURNAL, journal, rounds, "")
    return lines + await _compare(backends, await new_topic(backends, "bench-routed"), routed, rounds, _ROUTED)


def run(backends: Backends, plain: Journal, routed: Journal, *, quick: bool) -> list[Line]:
    """CPU of the client and wall time per event beside the bare loop, and the engine alone.

    Args:
        backends: broker and database.
        plain: a journal without reference entries.
        routed: one that begins with them.
        quick: fewer rounds.
    """
    lines = asyncio.run(_both(backends, plain, routed, 1 if quick else 3))
    for journal, about in ((plain, ""), (routed, _ROUTED)):
        lines += engine_costs(journal, 2 if quick else 5, about)
    return lines
