"""Metrics' own reading path (reader, decoding, fact table) beside the bare aiokafka and pydantic loop, same records.

The journal's dossiers follow their routes, so their rows carry steps, holders and delays.
"""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from benchmarks.engine.derived import lifecycle_records
from benchmarks.measuring.backends import Backends, bare_loop, fill
from benchmarks.measuring.measure import alternate, steady
from benchmarks.measuring.report import Line
from benchmarks.measuring.workload import PARTITIONS, ZONE, Journal
from benchmarks.processing import new_topic
from services.metrics.follow.reader import Reader
from services.metrics.follow.view import View
from services.metrics.table.decode import STRUCTS
from shared.broker.topics import lifecycle
from shared.catalogue.base import Meters
from shared.catalogue.metrics import SPECS
from shared.contract.lifecycle import LIFECYCLE_ADAPTER

__all__ = ["EPOCH", "replica", "run"]

EPOCH = 1


@asynccontextmanager
async def replica(kafka: str, source: str) -> AsyncIterator[View]:
    """A view that read the topic as a replica does at its start, up to being caught up.

    Args:
        kafka: bootstrap server.
        source: the journal the topic was made of.
    """
    view = View(EPOCH, PARTITIONS, ZONE)

    def refuse(_record: object, unusable: Exception) -> None:
        raise unusable

    reader = Reader(view, kafka, Meters(SPECS), refuse, source)
    task = asyncio.create_task(reader.run())
    caught_up = asyncio.create_task(view.caught_up.wait())
    try:
        await asyncio.wait({task, caught_up}, return_when=asyncio.FIRST_COMPLETED)
        if not caught_up.done():
            task.result()
        yield view
    finally:
        caught_up.cancel()
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
        view.close()


async def _read(kafka: str, source: str) -> int:
    """Read the topic once; how many records there were."""
    async with replica(kafka, source) as view:
        return sum(mark.position for mark in view.marks.values())


async def _compare(backends: Backends, journal: Journal, rounds: int) -> list[Line]:
    topic = lifecycle(EPOCH)
    source = await new_topic(backends, "bench-metrics-journal")
    await fill(backends.kafka, source, journal.partitions)
    await fill(backends.kafka, topic, lifecycle_records(EPOCH, journal))
    steady()
    ours, bare, lean = await alternate(
        rounds,
        lambda: _read(backends.kafka, source),
        lambda: bare_loop(backends.kafka, topic, LIFECYCLE_ADAPTER.validate_json),
        lambda: bare_loop(backends.kafka, topic, STRUCTS.decode),
    )
    name = "the bare loop over the same records"
    return [
        Line("metrics, CPU an event", ours.cpu, "µs CPU", ours.cpu / bare.cpu, name, "ratio ≤ 1"),
        Line("the same", ours.cpu, "µs CPU", ours.cpu / lean.cpu, "a bare loop with the structs of metrics"),
        Line("metrics, wall time an event", ours.wall, "µs wall", ours.wall / bare.wall, name),
        Line("bare loop (getmany, validate_json), CPU an event", bare.cpu, "µs CPU"),
        Line("bare loop, wall time an event", bare.wall, "µs wall"),
    ]


def _memory(dossiers: int, *more: str) -> list[Line]:
    """Measured in a process of its own, so that nothing else's memory is counted."""
    command = [sys.executable, "-m", "benchmarks.counting.memory", str(dossiers), *more]
    about = ", with four steps each" if more else ""
    found = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    return [
        Line(
            f"metrics, memory at {dossiers:,} dossiers{about}", found["a_dossier"], "B a dossier",
            found["a_dossier"] / found["columns"], "columns alone", "",
        ),
        Line(
            f"metrics, memory grown by {found['updates']:,} further updates of the same dossiers{about}",
            found["growth"] / 1e6, "MB", 1 + found["growth"] / found["before"], "memory before them", "ratio ≤ 1.05",
        ),
    ]  # fmt: skip


def run(backends: Backends, journal: Journal, *, quick: bool) -> list[Line]:
    """CPU and wall time per event beside the bare loop; memory per dossier and under endless updates."""
    lines = asyncio.run(_compare(backends, journal, 2 if quick else 5))
    return lines + _memory(100_000) + _memory(100_000, "steps")
