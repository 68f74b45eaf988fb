"""Runs entries, reference entries and ticks through the engine as the loop does: one clock, timers, positions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Any
from zoneinfo import ZoneInfo

import orjson

from services.processing.cases import case_of
from services.processing.engine import (
    CaseState,
    Outcome,
    Reference,
    apply_clock,
    apply_entry,
    apply_reference,
)
from services.processing.record import read_entry
from shared.calendar import vn_public
from shared.populations.steps import REJECTION
from shared.reference import ReferenceEntry
from shared.reference.entry import REVISABLE_TYPES
from tests.whole_rows import DECLARED, whole

__all__ = ["REFERENCE", "ZONE", "Partition", "net"]

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
REFERENCE = Reference(vn_public(ZONE), ZONE)


class Partition:
    """A partition in memory. An input is an entry of a dossier or of reference data as a dict, or a tick's instant."""

    def __init__(self, reference: Reference = REFERENCE) -> None:
        self.reference = reference
        self.clock: int | None = None
        self.position = -1
        self.states: dict[str, CaseState] = {}
        self.rows: dict[str, dict[str, Any]] = {}
        self.happened: dict[str, list[dict[str, Any]]] = {}
        self.acts: dict[str, list[dict[str, Any]]] = {}
        self.outcomes: list[Outcome] = []

    def feed(self, inputs: Iterable[dict[str, Any] | int]) -> Partition:
        """Take inputs in order."""
        for given in inputs:
            self.position += 1
            if isinstance(given, int):
                self.clock = given if self.clock is None else max(self.clock, given)
                self._fire(lambda state: state.timer is not None and state.timer <= (self.clock or 0))
            elif given["type"] in REVISABLE_TYPES:
                self._revise(ReferenceEntry.of(orjson.dumps(given)))
            else:
                entry = read_entry(orjson.dumps(given), self.position)
                key = case_of(entry).key
                self._keep(key, apply_entry(self.states.get(key), entry, self.clock, self.reference))
        return self

    def _revise(self, entry: ReferenceEntry) -> None:
        after = self.reference.with_known(self.reference.known.with_entry(entry))
        for code in sorted(self.states):
            outcome = apply_reference(self.states[code], self.position, self.clock, self.reference, after)
            self._keep(code, outcome)
        self.reference = after

    def correct(self, clock: int) -> Partition:
        """A clock correction: the clock is set, whatever it was, and every dossier looked at again."""
        self.position += 1
        self.clock = clock
        self._fire(lambda _state: True)
        return self

    def _fire(self, touched: Any) -> None:
        assert self.clock is not None
        for code in sorted(self.states):
            if touched(self.states[code]):
                self._keep(code, apply_clock(self.states[code], self.position, self.clock, self.reference))

    def _keep(self, code: str, outcome: Outcome) -> None:
        before = self.states.get(code)
        if not outcome.emit:
            assert before is outcome.state
            assert not outcome.happened
            assert not outcome.acts
        else:
            assert outcome.state.position == self.position
        self.states[code] = outcome.state
        self.rows[code] = whole(outcome.row, DECLARED[outcome.state.case.population])
        self.happened.setdefault(code, []).extend(outcome.happened)
        self.acts.setdefault(code, []).extend(
            act | {"rejection": whole(act["rejection"], REJECTION.facts)} for act in outcome.acts
        )
        self.outcomes.append(outcome)


def net(happened: Iterable[dict[str, Any]]) -> Counter[tuple[Any, ...]]:
    """Announced minus retracted; no count may be other than 0 or 1."""
    counts: Counter[tuple[Any, ...]] = Counter()
    for one in happened:
        whose = tuple(one.get(name) for name in ("due", "at", "of", "step", "occurrence", "unit", "rung_us"))
        if one["kind"] == "retracted":
            counts[one["retracts"], *whose] -= 1
        else:
            counts[one["kind"], *whose] += 1
        assert set(counts.values()) <= {0, 1}, "announced twice, or retracted what was not announced"
    return +counts
