"""What refusing costs, by kilobyte of what was sent, against taking good entries: nobody is to hold intake by mistakes.

Admission, explanation and answer alone, without broker or database.
"""

from __future__ import annotations

import gzip
import statistics
import time
from collections.abc import Callable
from functools import partial
from typing import Any, Final

import orjson

from benchmarks.measuring.report import Line
from services.intake.admission.admit import StackRules, admit
from services.intake.doors.unpacking import MOST_MEMBERS, unpack
from shared.access.bearer import Bearer
from shared.instants import parse_instant
from shared.problems.problem import Problem, from_field_errors
from shared.reference.checks import check_entry
from shared.reference.entry import ReferenceEntry
from shared.reference.known import ReferenceSet

__all__ = ["run"]

_NOW: Final = parse_instant("2026-11-16T02:00:00Z")
_RULES: Final = StackRules(simulated=False, data_clock=False, future_tolerance=120)
_GRANT: Final = Bearer("bench", ("*",), ("*",), frozenset({"sender", "reference"}))
#: Values of a hostile entry: a tenth of what the parser takes, and nearly all.
_SIZES: Final = (1_900, 19_000)


def _entry(type_: str, data: dict[str, Any]) -> bytes:
    return orjson.dumps(
        {"specversion": "1.0", "type": type_, "source": "bench", "id": "1", "subject": "HS-1"}
        | {"time": "2026-11-16T08:00:00+07:00", "data": data}
    )


def _route(steps: list[Any]) -> bytes:
    return _entry("route.revised", {"procedure": "1.0", "version": "1", "steps": steps})


def _unknown_steps(count: int) -> bytes:
    own = [{"step": f"step {number:05}", "role": "r"} for number in range(count // 9)]
    return _route([step | {"after": [f"not {number}{place}" for place in range(5)]} for number, step in enumerate(own)])


_HOSTILE: Final[dict[str, Callable[[int], bytes]]] = {
    "items that are none": lambda count: _route([1] * count),
    "members nobody knows": lambda count: _route([{f"x{place}": 1 for place in range(450)}] * (count // 451)),
    "signs nobody sees": lambda count: _route([{"step": "a\u200b", "role": "r\u200b"}] * (count // 3)),
    "steps nobody knows": _unknown_steps,
}


def _handle(text: bytes) -> int:
    """Take an entry, or refuse it and make its answer; the bytes of that."""
    try:
        admitted = admit(text, _GRANT, _RULES, _NOW)
        if not admitted.reference:
            return 0
        entry = ReferenceEntry.of(admitted.value)
        faults = check_entry(entry.type, entry.model, ReferenceSet())
        problem = from_field_errors(422, faults)
    except Problem as refused:
        problem = refused
    return len(orjson.dumps(problem.body("vi")))


def _cost(work: Callable[[], Any], rounds: int) -> float:
    """CPU in µs."""
    taken = []
    for _ in range(rounds + 1):
        begun = time.process_time()
        work()
        taken.append((time.process_time() - begun) * 1e6)
    return statistics.median(taken[1:])


def run(*, quick: bool) -> list[Line]:
    """CPU of refusing by kilobyte, beside that of taking; and of unpacking many members beside one."""
    rounds = 3 if quick else 9
    good = _entry("dossier.accepted", {"unit": "H38.01", "channel": "online", "promised_due": "2027-11-20"})
    base = _cost(lambda: [_handle(good) for _ in range(500)], rounds) / (500 * len(good) / 1000)
    lines = [Line("good entries", base, "µs CPU/kB")]
    for name, make in _HOSTILE.items():
        for count in _SIZES:
            text = make(count)
            cost = _cost(partial(_handle, text), rounds) / (len(text) / 1000)
            told = f"{name}: {len(text) / 1000:,.0f} kB, answer {_handle(text) / 1000:,.0f} kB"
            lines.append(Line(told, cost, "µs CPU/kB", cost / base, "good entries", "ratio below 3"))
    content = b"x" * 16_000
    one, many = gzip.compress(content * MOST_MEMBERS), gzip.compress(content) * MOST_MEMBERS
    limit = len(content) * MOST_MEMBERS
    whole = _cost(lambda: unpack(one, "gzip", limit), rounds) / 1000
    parts = _cost(lambda: unpack(many, "gzip", limit), rounds) / 1000
    lines.append(Line("gzip of 16 MB in one member", whole, "ms CPU"))
    lines.append(Line(f"in {MOST_MEMBERS:,} members", parts, "ms CPU", parts / whole, "one member", "ratio below 5"))
    return lines
