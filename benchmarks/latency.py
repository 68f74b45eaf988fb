"""Event to figure at 500 events a second through a whole stack: intake, broker, processing, metrics, database.

From the start of an entry's POST to the answer of metrics' /v1/status that says its row is in the table every question
is answered from (asked every 20 ms), and to the evaluation whose figures Prometheus and the database get.
"""

from __future__ import annotations

import asyncio
import itertools
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import httpx
import numpy as np
import orjson

from benchmarks.measuring.backends import Backends, started
from benchmarks.measuring.report import Line
from benchmarks.measuring.workload import sent
from shared.clock import SystemClock
from shared.instants import parse_instant

__all__ = ["run"]

_RATE: Final = 500
_BATCH: Final = 50
_POLL_SECONDS: Final = 0.02
_WARM_UP_SECONDS: Final = 4
_PATIENCE_SECONDS: Final = 60
_CLOCK: Final = SystemClock()

Place = tuple[int, int]


@dataclass(slots=True)
class Seen:
    """What is waited for, by partition in offset order, and what was measured, all in seconds.

    `shown` waits for the evaluation after the row: (instant of the row's sighting, start of the POST).
    """

    waiting: dict[int, deque[tuple[int, int]]] = field(default_factory=dict)
    shown: deque[tuple[int, int]] = field(default_factory=deque)
    accepted: list[float] = field(default_factory=list)
    table: list[float] = field(default_factory=list)
    figures: list[float] = field(default_factory=list)
    posted: int = 0
    counted: int = 0
    late: float = 0.0


async def _post(client: httpx.AsyncClient, url: str, entries: Sequence[bytes], seen: Seen, *, count: bool) -> None:
    begun = _CLOCK.now()
    answer = await client.post(url, content=b"\n".join(entries))
    answer.raise_for_status()
    took = (_CLOCK.now() - begun) / 1e6
    for result in answer.json()["results"]:
        if result["status"] != httpx.codes.ACCEPTED:
            continue
        seen.posted += 1
        if count and result.get("partition") is not None:
            seen.counted += 1
            seen.accepted.append(took)
            seen.waiting.setdefault(result["partition"], deque()).append((result["offset"], begun))


async def _watch(client: httpx.AsyncClient, url: str, seen: Seen) -> None:
    while True:
        status: dict[str, Any] = (await client.get(url)).json()
        now = _CLOCK.now()
        evaluated = parse_instant(status["figures_at"]) if status["figures_at"] else 0
        while seen.shown and seen.shown[0][0] < evaluated:
            _, begun = seen.shown.popleft()
            seen.figures.append((evaluated - begun) / 1e6)
        for partition, mark in status["partitions"].items():
            queue = seen.waiting.get(int(partition), deque())
            for pair in sorted(queue):
                if pair[0] <= mark["cause_offset"]:
                    queue.remove(pair)
                    seen.table.append((now - pair[1]) / 1e6)
                    seen.shown.append((now, pair[1]))
        await asyncio.sleep(_POLL_SECONDS)


async def _load(backends: Backends, seconds: int) -> Seen:
    addresses = backends.stack.addresses()
    seen = Seen()
    entries = map(orjson.dumps, sent())
    key = {"Authorization": f"Bearer {backends.stack.admin_key()}"}
    async with (
        httpx.AsyncClient(
            headers=key | {"Content-Type": "application/x-ndjson"}, trust_env=False, timeout=30
        ) as intake,
        httpx.AsyncClient(headers=key, trust_env=False, timeout=30) as metrics,
        asyncio.TaskGroup() as tasks,
    ):
        watch = tasks.create_task(_watch(metrics, f"{addresses['metrics']}/v1/status", seen))
        loop = asyncio.get_running_loop()
        begin = loop.time()
        posts = []
        for number in range((_WARM_UP_SECONDS + seconds) * _RATE // _BATCH):
            due = begin + number * _BATCH / _RATE
            await asyncio.sleep(max(0.0, due - loop.time()))
            seen.late = max(seen.late, loop.time() - due)
            batch = list(itertools.islice(entries, _BATCH))
            count = due - begin >= _WARM_UP_SECONDS
            posts.append(
                tasks.create_task(_post(intake, f"{addresses['intake']}/v1/entries:batch", batch, seen, count=count))
            )
        await asyncio.gather(*posts)
        async with asyncio.timeout(_PATIENCE_SECONDS):
            while len(seen.figures) < seen.counted:  # noqa: ASYNC110 (as the watch asks)
                await asyncio.sleep(_POLL_SECONDS)
        watch.cancel()
    return seen


def _line(name: str, values: Sequence[float], accepted: Sequence[float], share: int) -> Line:
    value, base = (float(np.percentile(some, share)) * 1e3 for some in (values, accepted))
    if values is accepted:
        return Line(f"{name}, p{share}", value, "ms wall")
    return Line(f"{name}, p{share}", value, "ms wall", value / base, f"POST answered, p{share}")


def run(*, quick: bool) -> list[Line]:
    """Latencies of the simulated province's entries, sent in batches of 50, ten a second."""
    with started(("intake", "processing", "metrics")) as backends:
        seen = asyncio.run(_load(backends, 5 if quick else 20))
    lines = []
    for name, values in (
        ("accepted by all in-sync replicas (POST answered)", seen.accepted),
        ("in the table that questions are answered from", seen.table),
        ("in the exported figures (evaluated at most once a second)", seen.figures),
    ):
        lines += [_line(name, values, seen.accepted, share) for share in (50, 99)]
    lines.append(Line("entries measured", len(seen.figures), "entries"))
    lines.append(Line("the load itself was late by at most", seen.late * 1e3, "ms", aim="far below 1,000"))
    return lines
