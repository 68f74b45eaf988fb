"""Memory of metrics' table: per dossier, and after updating the same dossiers again and again. Run as a process."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from typing import Any

import orjson

from benchmarks.measuring.measure import memory, steady
from benchmarks.measuring.workload import ZONE
from services.metrics.table.decode import Decoder
from services.metrics.table.facts import Fact, FactTable
from shared.instants import DAY, HOUR, parse_instant, to_rfc3339

__all__ = ["main"]

_START = parse_instant("2026-01-01T00:00:00+07:00")
_BATCH = 2_000
_ROUNDS = 5


_STEPS = ("Tiếp nhận", "Thẩm định", "Trình ký", "Trả kết quả")


def _steps(number: int, accepted: int, turn: int) -> list[dict[str, Any]]:
    """Four steps one after the other, the last under way at first; one in ten took twice its budget."""
    found: list[dict[str, Any]] = []
    for place, name in enumerate(_STEPS):
        began = accepted + place * DAY
        step = {
            "step": name,
            "unit": f"H99.{(number + place) % 165:03d}",
            "occurrence": 1,
            "planned": True,
            "assigned_at": to_rfc3339(began),
            "budget": 240,
            "due": to_rfc3339(began + 4 * HOUR),
        }
        if turn or place < len(_STEPS) - 1:
            over = (number + place) % 10 == 0
            used = (8 if over else 3) * HOUR
            step |= {"ended_at": to_rfc3339(began + DAY), "outcome": "completed", "used_us": used}
            step |= {"over_us": 4 * HOUR} if over else {}
        found.append(step)
    return found


def _record(number: int, offset: int, turn: int, *, steps: bool) -> bytes:
    accepted = _START + number * 1_700_003 % (365 * DAY)
    due = accepted + (5 + number % 10) * DAY
    row: dict[str, Any] = {
        "code": f"H99.{number % 165:03d}-260101-{number:07d}",
        "status": 4 if turn == 0 else 9,
        "unit": f"H99.{number % 165:03d}",
        "procedure": f"2.{number % 300:06d}",
        "channel": "online",
        "accepted_at": to_rfc3339(accepted),
        "due": to_rfc3339(due),
        "due_original": to_rfc3339(due),
        "entries": turn + 1,
        "findings": [],
        "simulated": True,
    }
    if turn:
        row |= {"finished_at": to_rfc3339(due + turn * HOUR), "judged_at": to_rfc3339(due + turn * HOUR)}
        row["finish"] = "resolved"
    if number % 20 == 0:
        row["pauses"] = [[to_rfc3339(accepted + HOUR), to_rfc3339(accepted + HOUR + turn * DAY + DAY)]]
    if steps:
        row["steps"] = _steps(number, accepted, turn)
        if turn:
            row["blame"] = [{"unit": f"H99.{number % 165:03d}", "delay_us": turn * HOUR}]
        else:
            row["holders"] = [f"H99.{(number + 3) % 165:03d}"]
    cause = {"epoch": 1, "partition": 0, "offset": offset, "index": 0}
    return orjson.dumps({"type": "dossier.changed", "data": {"cause": cause, "row": row, "happened": []}})


def _facts(dossiers: int, turn: int, decode: Decoder, *, steps: bool) -> Iterator[list[Fact]]:
    for first in range(0, dossiers, _BATCH):
        batch: list[Fact] = []
        for number in range(first, min(first + _BATCH, dossiers)):
            found = decode(0, f"H99.{number % 165:03d}-260101-{number:07d}".encode(),
                           _record(number, turn * dossiers + number, turn, steps=steps))  # fmt: skip
            if isinstance(found, Fact):
                batch.append(found)
        yield batch


def main() -> int:
    """Print what was measured as JSON: so many dossiers, with four steps each if a word says so."""
    dossiers, steps = int(sys.argv[1]), "steps" in sys.argv[2:]
    decode = Decoder(1)
    table = FactTable(ZONE)
    for batch in _facts(_BATCH, 0, decode, steps=steps):
        table.apply(batch)
    steady()
    table = FactTable(ZONE)
    empty = memory()
    for batch in _facts(dossiers, 0, decode, steps=steps):
        table.apply(batch)
    full = memory()
    # The first further round fills what an update needs; growth after it is what would go on for ever.
    after = []
    for turn in range(1, _ROUNDS + 1):
        for batch in _facts(dossiers, turn, decode, steps=steps):
            table.apply(batch)
        after.append(memory())
    print(
        json.dumps(
            {
                "a_dossier": (full - empty) / dossiers,
                "columns": table.nbytes / dossiers,
                "before": after[0],
                "growth": after[-1] - after[0],
                "updates": (_ROUNDS - 1) * dossiers,
            }
        )
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
