"""Dossiers with very many entries, of the mixes that are dearest to derive, and how much work deriving is.

Knows the engine's records only; work is counted in steps of the interpreter, which no other process can change.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from types import FrameType
from typing import Any, Final

from services.processing.record import EntryRecord
from shared.instants import HOUR, MINUTE
from tests.unit.processing.story import CODE, at

__all__ = ["MIXES", "steps_of"]

_START: Final = at("11-16 09:00")
_ACCEPTED: Final = {"unit": "H44.01", "channel": "online", "promised_due": "2027-11-20"}
_ROUTE: Final = [{"step": f"s{number}", "unit": "H44.01", "budget": 60} for number in range(60)]

Given = tuple[str, int, dict[str, Any]]


def _sorted(accepted: dict[str, Any], given: list[Given]) -> tuple[EntryRecord, ...]:
    made = [
        EntryRecord(kind, "s", str(n), CODE, _START + since, n, 0, data, f"{n:064d}", "x", _START, False, n)
        for n, (kind, since, data) in enumerate([("dossier.accepted", 0, accepted), *given])
    ]
    return tuple(sorted(made, key=lambda entry: (entry.key, entry.revision, entry.hash)))


def _moves(count: int, *, begin: int = HOUR, gap: int = HOUR, halt: int = HOUR) -> list[Given]:
    """Requests and receipts in turn: so long apart, each answered so much later."""
    given: list[Given] = []
    for number in range(count // 2):
        since = begin + number * (gap + halt)
        given.append(("dossier.supplement_requested", since, {}))
        given.append(("dossier.supplement_received", since + halt, {}))
    return given


def _in_hand(count: int, budget: int) -> list[Given]:
    """A third of it steps given at once and done at the end, two thirds requests and receipts meanwhile."""
    steps = count // 3
    moves = _moves(count - 2 * steps)
    last = moves[-1][1] + HOUR
    given = [
        ("step.assigned", MINUTE, {"step": f"s{n}", "unit": f"H44.{n % 90}", "budget": budget}) for n in range(steps)
    ]
    done = [("step.completed", last + n, {"step": f"s{n}", "unit": f"H44.{n % 90}"}) for n in range(steps)]
    return [*given, *moves, *done]


def _in_turn(count: int, *kinds: tuple[str, dict[str, Any]]) -> list[Given]:
    """These in turn, an hour apart."""
    return [(kinds[number % len(kinds)][0], number * HOUR, kinds[number % len(kinds)][1]) for number in range(1, count)]


def _plain(given: Callable[[int], list[Given]]) -> Callable[[int], tuple[EntryRecord, ...]]:
    return lambda count: _sorted(_ACCEPTED, given(count))


def _routed(given: Callable[[int], list[Given]]) -> Callable[[int], tuple[EntryRecord, ...]]:
    return lambda count: _sorted(_ACCEPTED | {"route": _ROUTE}, given(count))


#: By name, what makes about so many entries of one dossier, in canonical order.
MIXES: Final[dict[str, Callable[[int], tuple[EntryRecord, ...]]]] = {
    "supplements": _plain(_moves),
    "supplements that follow upon one another": _plain(lambda count: _moves(count, gap=0)),
    "supplements of no length": _plain(lambda count: _moves(count, halt=0)),
    "steps over their budgets, with pauses": _plain(lambda count: _in_hand(count, 60)),
    "steps within their budgets, with pauses": _plain(lambda count: _in_hand(count, 200_000)),
    "budgets replaced between pauses": _plain(
        lambda count: _in_turn(
            count,
            ("step.assigned", {"step": "s", "unit": "H44.02", "budget": 6_000}),
            ("dossier.supplement_requested", {}),
            ("dossier.supplement_received", {}),
            ("step.assigned", {"step": "s", "unit": "H44.02", "budget": 9_000}),
        )
    ),
    "a route sent back to its beginning": _routed(
        lambda count: _in_turn(
            count,
            ("step.completed", {"step": "s59", "unit": "H44.01"}),
            ("step.sent_back", {"step": "s59", "unit": "H44.01", "to": "s0"}),
        )
    ),
    "a route handed over": _routed(
        lambda count: _in_turn(
            count, ("dossier.handed_over", {"unit": "H44.02"}), ("dossier.handed_over", {"unit": "H44.03"})
        )
    ),
    "ends": _plain(lambda count: _in_turn(count, ("dossier.returned", {}), ("dossier.stopped", {}))),
    "extensions": _plain(
        lambda count: _in_turn(count, ("dossier.extended", {"promised_due": "2027-12-01", "reason": "papers"}))
    ),
    "fees": _plain(
        lambda count: _in_turn(count, ("dossier.fee_requested", {}), ("dossier.fee_paid", {"channel": "none"}))
    ),
}


def steps_of(work: Callable[[], object]) -> int:
    """How many steps of the interpreter some work is."""
    count = 0

    def local(frame: FrameType, event: str, _argument: object) -> Any:
        nonlocal count
        count += event == "opcode"
        return local

    def begin(frame: FrameType, _event: str, _argument: object) -> Any:
        frame.f_trace_opcodes = True
        return local

    before = sys.gettrace()
    sys.settrace(begin)
    try:
        work()
    finally:
        sys.settrace(before)
    return count
