"""Whether two partitions that took the same in another order ended alike: rows, states, what was told on balance."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import Any

import orjson

from services.processing.engine import CaseState
from tests.unit.processing.driver import Partition, net

__all__ = ["final", "same"]

Json = dict[str, Any]


def final(state: CaseState) -> CaseState:
    """A state without what tells of arrival: its position and the offsets of its entries."""
    return replace(state, position=0, entries=tuple(replace(entry, offset=0) for entry in state.entries))


def _rejected(acts: list[Json]) -> Counter[bytes]:
    """Rejections put out and not taken back; none may be put out twice."""
    counts: Counter[bytes] = Counter()
    for act in acts:
        counts[orjson.dumps(act["rejection"])] += 1 if act["kind"] == "entry.rejected" else -1
        assert set(counts.values()) <= {0, 1}
    return +counts


def same(one: Partition, other: Partition) -> None:
    """Assert that two partitions ended alike, and told the same on balance."""
    assert one.rows == other.rows
    assert {c: final(s) for c, s in one.states.items()} == {c: final(s) for c, s in other.states.items()}
    for code, state in one.states.items():
        announced, rejected = net(one.happened[code]), _rejected(one.acts[code])
        assert announced == net(other.happened[code])
        assert rejected == _rejected(other.acts[code])
        assert (sum(announced.values()), sum(rejected.values())) == (len(state.announced), len(state.rejected))
