"""Prints a digest of all the engine's outcomes over entries made from a fixed seed; run under several hash seeds.

Makes its own entries with `random`, so that the same ones come out in every process.
"""

from __future__ import annotations

import hashlib
import random
from dataclasses import astuple
from typing import Any

import orjson

from services.processing.engine import ENGINE_VERSION, Outcome
from services.processing.record import to_stored
from shared.instants import HOUR, parse_instant, to_rfc3339
from tests.unit.processing.convergence.reference_strategies import POOL
from tests.unit.processing.driver import REFERENCE, Partition

__all__ = ["digest", "random_inputs"]

_START = parse_instant("2026-11-14T00:00:00+07:00")
_TYPES: tuple[tuple[str, dict[str, Any]], ...] = (
    ("dossier.submitted", {"unit": "u", "channel": "online"}),
    ("dossier.accepted", {"unit": "u", "channel": "fax", "promised_due": "2026-11-20"}),
    ("dossier.accepted", {"unit": "H44.01", "channel": "direct", "procedure": "1.000001"}),
    ("dossier.accepted", {"unit": "H44.02", "channel": "online", "procedure": "1.000001"}),
    ("dossier.supplement_requested", {"reason": "papers"}),
    ("dossier.supplement_received", {}),
    ("dossier.supplement_received", {"promised_due": "2026-11-27"}),
    ("dossier.extended", {"promised_due": "2026-11-30", "reason": "r"}),
    ("dossier.handed_over", {"unit": "w"}),
    ("dossier.withdrawn", {}),
    ("dossier.fee_requested", {}),
    ("dossier.fee_paid", {"channel": "national"}),
    ("dossier.resolved", {}),
    ("dossier.returned", {}),
    ("dossier.reopened", {}),
    ("step.assigned", {"step": "a", "unit": "u", "budget": 60}),
    ("step.completed", {"step": "a", "unit": "u"}),
    ("step.sent_back", {"step": "a"}),
    ("step.completed", {"step": "check"}),
    ("step.completed", {"step": "sign", "unit": "H44.01"}),
    ("step.sent_back", {"step": "sign", "to": "check"}),
)


def random_inputs(seed: int, count: int) -> list[dict[str, Any] | int]:
    """Entries of forty dossiers, some ticks and reference entries among them, the same for the same seed."""
    chance = random.Random(seed)
    made: list[dict[str, Any] | int] = []
    for _ in range(count):
        instant = _START + chance.randrange(14 * 24) * HOUR
        if chance.random() < 0.05:
            made.append(instant)
            continue
        if chance.random() < 0.02:
            made.append(chance.choice(POOL))
            continue
        type_, data = chance.choice(_TYPES)
        made.append(
            {
                "specversion": "1.0",
                "type": type_,
                "source": chance.choice(("a", "b")),
                "id": str(chance.randrange(30)),
                "subject": f"H44-{chance.randrange(40)}",
                "time": to_rfc3339(instant),
                "revision": chance.randrange(2),
                "data": data if chance.random() < 0.95 else None,
            }
        )
    return made


def digest(seed: int, count: int) -> str:
    """SHA-256 over versions and, in order, every state, row and happening."""
    partition = Partition().feed(random_inputs(seed, count))
    total = hashlib.sha256(f"{ENGINE_VERSION} {REFERENCE.version} {partition.reference.known.version}".encode())
    for outcome in partition.outcomes:
        total.update(orjson.dumps(_told(outcome)))
    return total.hexdigest()


def _told(outcome: Outcome) -> list[Any]:
    state = outcome.state
    if not outcome.emit:
        return [state.code]
    entries = [to_stored(entry) for entry in state.entries]
    announced = [announcement.to_stored() for announcement in state.announced]
    rejected = [astuple(act) for act in state.rejected]
    kept = [state.code, state.position, entries, announced, state.timer, state.finished_at, state.capped, rejected]
    return [kept, outcome.row, outcome.happened, outcome.acts]


if __name__ == "__main__":
    print(digest(20_261_121, 2_000))
