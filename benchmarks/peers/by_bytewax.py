"""`python -m benchmarks.peers.by_bytewax KAFKA TOPIC ROWS [validated]`: count with Bytewax; print its cost as JSON."""

from __future__ import annotations

import json
import sys
import time
from typing import Any

import bytewax.operators as op
from bytewax.connectors.kafka import KafkaSource
from bytewax.dataflow import Dataflow
from bytewax.outputs import DynamicSink, StatelessSinkPartition
from bytewax.testing import run_main

from benchmarks.peers.counting import Counts, reader, replaced

_AT_ONCE = 2_000


class _Partition(StatelessSinkPartition[Any]):  # type: ignore[misc]
    def __init__(self, counts: Counts) -> None:
        self._counts = counts

    def write_batch(self, items: list[Any]) -> None:
        for _, deltas in items:
            self._counts.add(deltas)


class _Sink(DynamicSink[Any]):  # type: ignore[misc]
    def __init__(self, counts: Counts) -> None:
        self._counts = counts

    def build(self, _step_id: str, _worker_index: int, _worker_count: int) -> _Partition:
        return _Partition(self._counts)


def main() -> int:
    """Count the topic from its beginning to its end."""
    kafka, topic, events = sys.argv[1], sys.argv[2], int(sys.argv[3])
    counts, read = Counts(), reader(validated="validated" in sys.argv[4:])
    flow = Dataflow("count")
    records = op.input("topic", flow, KafkaSource([kafka], [topic], tail=False, batch_size=_AT_ONCE))
    rows = op.map("read", records, lambda record: read(record.value))
    dossiers = op.filter("dossiers", rows, lambda row: row[0] != "")
    op.output("counts", op.stateful_map("newest", dossiers, replaced), _Sink(counts))
    cpu, wall = time.process_time(), time.perf_counter()
    run_main(flow)
    cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
    print(json.dumps({"cpu": cpu / events * 1e6, "wall": wall / events * 1e6, "counts": counts.told()}))
    return 0


if __name__ == "__main__":
    sys.exit(main())
