"""What one more entry of a dossier costs that has 10, 100 or 1,000: deriving it anew is to be linear in its entries.

The engine and the record alone, without broker or database; requests and receipts in turn, the dearest mix there is.
"""

from __future__ import annotations

import statistics
import time
from dataclasses import replace
from typing import Any, Final

from benchmarks.engine.derived import reference
from benchmarks.measuring.report import Line
from services.processing.cases import dossier_case
from services.processing.engine import apply_entry
from services.processing.record import EntryRecord
from services.processing.stream.output import Records
from shared.instants import HOUR, parse_instant

__all__ = ["run"]

_SIZES: Final = (10, 100, 1_000)
_CODE: Final = "H38.01-261116-0001"
_START: Final = parse_instant("2026-11-16T02:00:00Z")
_ACCEPTED: Final = {"unit": "H38.01", "channel": "online", "promised_due": "2027-11-20"}


def _entries(count: int) -> list[EntryRecord]:
    kinds: list[tuple[str, dict[str, Any]]] = [("dossier.accepted", dict(_ACCEPTED))]
    kinds += [(f"dossier.supplement_{('received', 'requested')[number % 2]}", {}) for number in range(1, count)]
    return [
        EntryRecord(kind, "bench", str(n), _CODE, _START + n * HOUR, n, 0, data, f"{n:064d}", "bench", None, True, n)
        for n, (kind, data) in enumerate(kinds)
    ]


def _last_of(count: int, rounds: int) -> tuple[float, int]:
    """CPU in µs of taking the last of so many entries and building its record, and the bytes of that."""
    entries = _entries(count)
    state = apply_entry(None, entries[0], None, reference()).state
    state = replace(state, entries=tuple(entries[:-1]))
    records = Records(1, 0)
    taken, size = [], 0
    for _ in range(rounds + 1):
        begun = time.process_time()
        outcome = apply_entry(state, entries[-1], entries[-1].time, reference())
        _, value = records.case(dossier_case(_CODE), count, _START, outcome.row, outcome.happened, entry=entries[-1])
        taken.append((time.process_time() - begun) * 1e6)
        size = len(value)
    return statistics.median(taken[1:]), size


def run(*, quick: bool) -> list[Line]:
    """CPU of a dossier's next entry by how many it has, and of that what falls to each of them."""
    lines: list[Line] = []
    first = 0.0
    for count in _SIZES:
        cost, size = _last_of(count, 5 if quick else 25)
        first = first or cost / count
        name = f"the last of {count:,} entries of one dossier"
        lines.append(Line(f"{name}, with its record of {size / 1000:,.0f} kB", cost, "µs CPU"))
        lines.append(
            Line(f"{name}, by entry", cost / count, "µs CPU", cost / count / first, "by entry of 10", "ratio below 1")
        )
    return lines
