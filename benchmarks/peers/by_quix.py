"""`python -m benchmarks.peers.by_quix KAFKA TOPIC ROWS [validated]`: count with Quix, print its cost as JSON."""

from __future__ import annotations

import json
import logging
import secrets
import sys
import tempfile
import time
from typing import Any

from quixstreams import Application, State

from benchmarks.peers.counting import Counts, reader, replaced


def main() -> int:
    """Count the topic from its beginning, as many records as there are."""
    kafka, topic, events = sys.argv[1], sys.argv[2], int(sys.argv[3])
    logging.disable(logging.INFO)
    counts, read = Counts(), reader(validated="validated" in sys.argv[4:])

    def take(value: bytes, state: State) -> None:
        code, event = read(value)
        if code:
            now, deltas = replaced(state.get("row"), event)
            state.set("row", list(now))
            counts.add(deltas)

    with tempfile.TemporaryDirectory() as folder:
        application: Any = Application(
            broker_address=kafka,
            consumer_group=f"bench-{secrets.token_hex(4)}",
            auto_offset_reset="earliest",
            state_dir=folder,
            use_changelog_topics=False,
            loglevel=None,
        )
        rows = application.dataframe(application.topic(topic, value_deserializer="bytes", key_deserializer="bytes"))
        rows.update(take, stateful=True)
        cpu, wall = time.process_time(), time.perf_counter()
        application.run(count=events, timeout=60)
        cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
    print(json.dumps({"cpu": cpu / events * 1e6, "wall": wall / events * 1e6, "counts": counts.told()}))
    return 0


if __name__ == "__main__":
    sys.exit(main())
