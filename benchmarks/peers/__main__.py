"""`python -m benchmarks.peers PYTHON [events]`: metrics beside its peers over the same topic. Simulated rows.

Args are the interpreter of the environment that has the peers, and how many journal records the rows are made of.
"""

from __future__ import annotations

import asyncio
import json
import statistics
import subprocess
import sys
from collections import Counter
from functools import partial
from typing import Any, Final

from rich.console import Console

from benchmarks.engine.derived import lifecycle_records
from benchmarks.measuring.backends import Backends, bare_loop, fill, started
from benchmarks.measuring.measure import alternate, steady
from benchmarks.measuring.report import Line, show
from benchmarks.measuring.workload import Journal, journal
from benchmarks.metrics import EPOCH, replica
from benchmarks.processing import new_topic
from services.metrics.follow.view import View
from services.metrics.table.decode import STRUCTS
from services.metrics.table.periods import NEVER
from shared.broker.topics import lifecycle
from shared.contract.lifecycle import LIFECYCLE_ADAPTER
from shared.logging import configure_logging

__all__ = ["main"]

_ENTRIES: Final = 24_000
_ROUNDS: Final = 3
_PEERS: Final = {"Bytewax": "benchmarks.peers.by_bytewax", "Quix Streams": "benchmarks.peers.by_quix"}

#: How a peer reads a row; metrics looks at every row.
_WAYS: Final[dict[str, tuple[str, ...]]] = {"rows as they stand": (), "rows validated": ("validated",)}


def _peer(python: str, module: str, kafka: str, topic: str, events: int, *more: str) -> dict[str, Any]:
    command = [python, "-m", module, kafka, topic, str(events), *more]
    told = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    found: dict[str, Any] = json.loads(told.splitlines()[-1])
    return found


def _counts(view: View) -> dict[str, int]:
    table = view.table
    accepted = table["unit"][table["accepted"] < NEVER].tolist()
    return dict(sorted(Counter(table.units.values[number] or "" for number in accepted).items()))


async def _measure(backends: Backends, made: Journal, python: str) -> list[Line]:
    kafka, topic = backends.kafka, lifecycle(EPOCH)
    source = await new_topic(backends, "bench-metrics-journal")
    await fill(kafka, source, made.partitions)
    records = lifecycle_records(EPOCH, made)
    events = sum(map(len, records))
    await fill(kafka, topic, records)
    steady()
    views: list[View] = []

    async def ours() -> int:
        async with replica(kafka, source) as view:
            views[:] = [view]
            return sum(mark.position for mark in view.marks.values())

    own, bare, lean = await alternate(
        _ROUNDS,
        ours,
        lambda: bare_loop(kafka, topic, LIFECYCLE_ADAPTER.validate_json),
        lambda: bare_loop(kafka, topic, STRUCTS.decode),
    )
    lines = [
        Line(
            "metrics, CPU an event", own.cpu, "µs CPU", own.cpu / bare.cpu, "a bare loop of the contract's model", "≤ 1"
        ),
        Line("metrics, CPU an event", own.cpu, "µs CPU", own.cpu / lean.cpu, "a bare loop with the structs of metrics"),
    ]
    wanted = _counts(views[0])
    for name, module in _PEERS.items():
        for how, more in _WAYS.items():
            peer = partial(_peer, python, module, kafka, topic, events, *more)
            found = [await asyncio.to_thread(peer) for _ in range(_ROUNDS)]
            for one in found:
                if one["counts"] != wanted:
                    raise SystemExit(f"{name} counted {one['counts']}, metrics {wanted}")
            cpu = statistics.median(one["cpu"] for one in found)
            lines.append(Line(f"{name}, {how}", cpu, "µs CPU", cpu / own.cpu, "metrics", "≥ 3"))
    return lines


def main() -> int:
    """Measure and print; who counts otherwise than metrics ends it."""
    python, entries = sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else _ENTRIES
    configure_logging("benchmarks", "warning")
    made = journal(entries, introduced=True)
    with started() as backends:
        lines = asyncio.run(_measure(backends, made, python))
    show(f"the rows of {made.entries:,} simulated journal records, counted exactly", lines, Console())
    return 0


if __name__ == "__main__":
    sys.exit(main())
