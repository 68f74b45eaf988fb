"""What one more reference entry costs among few and among many: judged as at a door and taken as by processing."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from typing import Any, Final

import orjson

from benchmarks.measuring.report import Line
from shared.reference import ReferenceEntry, ReferenceSet
from shared.reference.checks import check_entry

__all__ = ["run"]

_FEW: Final = 200
_MANY: Final = 2_000


def _entry(type_: str, id_: str, data: dict[str, Any]) -> ReferenceEntry:
    told = {"specversion": "1.0", "type": type_, "source": "bench", "id": id_, "subject": "reference"}
    return ReferenceEntry.of(orjson.dumps(told | {"time": "2026-01-01T00:00:00Z", "data": data}))


def _version(number: int) -> ReferenceEntry:
    return _entry("procedure.published", f"p{number}", {"procedure": "2.000815", "version": str(number)})


def _unit(number: int) -> ReferenceEntry:
    """Each below the one before, fifty deep."""
    parent = {"parent": f"u{number - 1}"} if number % 50 else {}
    return _entry("unit.revised", f"u{number}", {"unit": f"u{number}"} | parent)


_KINDS: Final[dict[str, Callable[[int], ReferenceEntry]]] = {"version of one procedure": _version, "unit": _unit}


def _cost(entries: list[ReferenceEntry]) -> float:
    begun = time.process_time()
    known = ReferenceSet()
    for entry in entries:
        check_entry(entry.type, entry.model, known)
        known = known.with_entry(entry)
        known.narrow(entry)
    return (time.process_time() - begun) / len(entries) * 1e6


def run(*, quick: bool) -> list[Line]:
    """CPU of one more entry of a kind among few and among many of it."""
    lines: list[Line] = []
    for name, make in _KINDS.items():
        entries = [make(number) for number in range(_MANY)]
        rounds = range(2 if quick else 5)
        few = statistics.median([_cost(entries[:_FEW]) for _ in rounds])
        many = statistics.median([_cost(entries) for _ in rounds])
        lines.append(Line(f"one more {name}, of {_FEW:,}", few, "µs CPU"))
        lines.append(Line(f"one more {name}, of {_MANY:,}", many, "µs CPU", many / few, f"of {_FEW:,}", "ratio near 1"))
    return lines
