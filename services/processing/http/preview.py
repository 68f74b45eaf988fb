"""What a revision would do, counted dossier by dossier: how far due dates move, who becomes late or ceases to be.

Pure. Facts before and after go in, one answer comes out; memory does not grow with the dossiers.
"""

from __future__ import annotations

import heapq
from collections import Counter
from collections.abc import Callable
from typing import Any, Final

from services.processing.facts import Facts, row_of
from shared.instants import MINUTE, to_rfc3339
from shared.judging import by_instant
from shared.judging.instants import known

__all__ = ["Tally", "is_late", "is_overdue"]

#: Dossiers shown.
_EXAMPLES: Final = 20
#: Different moves told one by one; the rest is told together.
_MOVES: Final = 100
_COUNTS: Final = (
    "looked_at",
    "dossiers",
    "open",
    "due_moved",
    "due_gained",
    "due_lost",
    "become_late",
    "cease_late",
    "become_overdue",
    "cease_overdue",
)
#: What a due date rests on, as told in the row.
_BASES: Final = ("calendar", "procedure_version", "rule_version", "route_version", "due_basis")


def _due(facts: Facts) -> int | None:
    return facts.dues.limit if facts.due is None else facts.due


def _by(facts: Facts) -> tuple[int, int]:
    """By when it is to end, and since when a second request makes it late: none is after everything."""
    return by_instant.deadline(facts.due, facts.dues.limit), known(facts.second_request_at)


def is_late(facts: Facts) -> bool:
    """Whether a finished dossier is late by the instant test of index 766 (docs/rules.md, "Figures")."""
    if facts.accepted_at is None or facts.finished_at is None or facts.judged_at is None:
        return False
    return not by_instant.on_time(facts.judged_at, *_by(facts), facts.finished_at)


def is_overdue(facts: Facts, as_of: int | None) -> bool:
    """Whether an open dossier is past its due date, or late by a second request, at an instant in UTC µs."""
    if facts.accepted_at is None or facts.finished_at is not None or as_of is None:
        return False
    by, second = _by(facts)
    stopped = any(begin <= as_of < known(end) for begin, end in facts.pauses)
    return not by_instant.within_term_asked_once(by, as_of, stopped, second)


class Tally:
    """Adds up what changes.

    Args:
        as_of: T: the lowest clock of the partitions in UTC µs, None before the first tick.
        shown: whether a dossier may be an example; all are counted.
    """

    def __init__(self, as_of: int | None, shown: Callable[[Facts], bool] = lambda _: True) -> None:
        self._as_of = as_of
        self._shown = shown
        self._counts: Counter[str] = Counter()
        self._moves: Counter[tuple[int, int]] = Counter()
        self._more: Counter[str] = Counter()
        self._fewer: Counter[str] = Counter()
        self._examples: list[tuple[_Last, dict[str, Any]]] = []

    def add(self, before: Facts, after: Facts) -> None:
        """Count one dossier.

        Args:
            before: its facts as they are.
            after: its facts as they would be.
        """
        counts = self._counts
        counts["looked_at"] += 1
        rows = (row_of(before), row_of(after))
        if rows[0] == rows[1]:
            return
        counts["dossiers"] += 1
        counts["open"] += after.finished_at is None
        was, would = (
            (is_late(before), is_overdue(before, self._as_of)),
            (is_late(after), is_overdue(after, self._as_of)),
        )
        for place, name in enumerate(("late", "overdue")):
            counts[f"become_{name}"] += would[place] and not was[place]
            counts[f"cease_{name}"] += was[place] and not would[place]
        old, new = Counter(code for code, _, _ in before.findings), Counter(code for code, _, _ in after.findings)
        self._more += new - old
        self._fewer += old - new
        if _due(before) != _due(after):
            self._moved(before, after)
            if not self._shown(before):
                return
            heapq.heappush(self._examples, (_Last(after.code), _example(before, after, rows)))
            if len(self._examples) > _EXAMPLES:
                heapq.heappop(self._examples)

    def _moved(self, before: Facts, after: Facts) -> None:
        old, new = _due(before), _due(after)
        if old is None or new is None:
            self._counts["due_gained" if old is None else "due_lost"] += 1
        elif after.force is not None:
            calendar = after.force.calendar
            self._counts["due_moved"] += 1
            days = (calendar.local_date(new) - calendar.local_date(old)).days
            working = calendar.working_between(min(old, new), max(old, new)) // MINUTE
            self._moves[days, working if new > old else -working] += 1

    def told(self) -> dict[str, Any]:
        """The answer, JSON-able; moves by size, the examples by code."""
        told: dict[str, Any] = {name: self._counts[name] for name in _COUNTS}
        often = sorted(self._moves, key=lambda move: (-self._moves[move], move))
        told["as_of"] = None if self._as_of is None else to_rfc3339(self._as_of)
        told["moves"] = [
            {"days": days, "working_minutes": minutes, "count": self._moves[days, minutes]}
            for days, minutes in sorted(often[:_MOVES])
        ]
        told["other_moves"] = sum(self._moves[move] for move in often[_MOVES:])
        told["findings"] = [
            {"code": code, "more": self._more[code], "fewer": self._fewer[code]}
            for code in sorted({*self._more, *self._fewer})
        ]
        told["examples"] = [example for _, example in sorted(self._examples, reverse=True)]
        return told


class _Last(str):
    """A code that sorts backwards: the heap lets go of the last code first."""

    __slots__ = ()

    def __lt__(self, other: str) -> bool:
        return str.__gt__(self, other)


def _example(before: Facts, after: Facts, rows: tuple[dict[str, Any], dict[str, Any]]) -> dict[str, Any]:
    old, new = _due(before), _due(after)
    return {
        "code": after.code,
        "due_before": None if old is None else to_rfc3339(old),
        "due_after": None if new is None else to_rfc3339(new),
        "why": {
            name: {"before": rows[0].get(name), "after": rows[1].get(name)}
            for name in _BASES
            if rows[0].get(name) != rows[1].get(name)
        },
    }
