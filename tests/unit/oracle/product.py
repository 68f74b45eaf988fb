"""Runs the product's engine over the lines of a journal as processing's loop does, without broker and database.

Knows the engine's interface only; its rows are compared in the oracle's form (tests/unit/oracle/forms.py).
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any
from zoneinfo import ZoneInfo

from services.processing.cases import case_of
from services.processing.engine import CaseState, Outcome, Reference, apply_clock, apply_entry, apply_reference
from services.processing.record import read_entry
from services.processing.stream.output import Records
from shared.calendar import vn_public
from shared.instants import parse_instant
from shared.populations.steps import REJECTION
from shared.reference import ReferenceEntry
from tests.oracle.journal import REFERENCE_TYPES
from tests.whole_rows import DECLARED, whole

__all__ = ["EPOCH", "REFERENCE", "ZONE", "Run", "run"]

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
REFERENCE = Reference(calendar=vn_public(ZONE), zone=ZONE)
EPOCH = 1


@dataclass
class Run:
    """What a run over a journal produced: each dossier's newest row, all that happened, and the lifecycle records."""

    rows: dict[str, dict[str, Any]] = field(default_factory=dict)
    happened: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    acts: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    states: dict[str, CaseState] = field(default_factory=dict)
    owners: dict[str, int] = field(default_factory=dict)
    clocks: dict[int, int] = field(default_factory=dict)
    references: dict[int, Reference] = field(default_factory=dict)
    records: list[tuple[int, bytes, bytes]] = field(default_factory=list)

    def take(self, line: dict[str, Any]) -> None:
        """One line of the journal."""
        kind = line["entry"]["type"]
        if kind.startswith("clock."):
            self._tick(line)
        elif kind in REFERENCE_TYPES:
            self._revise(line)
        else:
            self._enter(line)

    def reference(self, partition: int) -> Reference:
        """What the partition knows."""
        return self.references.get(partition, REFERENCE)

    def _enter(self, line: dict[str, Any]) -> None:
        partition, offset = line["partition"], line["offset"]
        entry = read_entry(json.dumps(line["entry"]).encode(), offset)
        code = case_of(entry).key
        assert self.owners.setdefault(code, partition) == partition
        clock = self.clocks.get(partition)
        outcome = apply_entry(self.states.get(code), entry, clock, self.reference(partition))
        self._keep(code, outcome, partition, offset)

    def _tick(self, line: dict[str, Any]) -> None:
        partition, offset = line["partition"], line["offset"]
        corrected = line["entry"]["type"] == "clock.corrected"
        time = parse_instant(line["entry"]["time"])
        clock = time if corrected else max(time, self.clocks.get(partition, time))
        self.clocks[partition] = clock
        for code in sorted(self.states):
            timer = self.states[code].timer
            if self.owners[code] == partition and (corrected or (timer is not None and timer <= clock)):
                outcome = apply_clock(self.states[code], offset, clock, self.reference(partition))
                self._keep(code, outcome, partition, offset)
        self.records.append((partition, *Records(EPOCH, partition).clock(offset, clock)))

    def _revise(self, line: dict[str, Any]) -> None:
        partition, offset = line["partition"], line["offset"]
        before = self.reference(partition)
        known = before.known.with_entry(ReferenceEntry.of(json.dumps(line["entry"]).encode()))
        self.references[partition] = after = before.with_known(known)
        if known is before.known:
            return
        for code in sorted(self.states):
            if self.owners[code] == partition:
                outcome = apply_reference(self.states[code], offset, self.clocks.get(partition), before, after)
                self._keep(code, outcome, partition, offset)

    def _keep(self, code: str, outcome: Outcome, partition: int, offset: int) -> None:
        self.states[code] = outcome.state
        if outcome.emit:
            self.rows[code] = whole(json.loads(json.dumps(outcome.row)), DECLARED[outcome.state.case.population])
            self.happened.setdefault(code, []).extend(outcome.happened)
            told = [act | {"rejection": whole(act["rejection"], REJECTION.facts)} for act in outcome.acts]
            self.acts.setdefault(code, []).extend(told)
            record = Records(EPOCH, partition).case(
                outcome.state.case, offset, 0, outcome.row, outcome.happened, acts=outcome.acts
            )
            self.records.append((partition, *record))


def run(lines: Iterable[dict[str, Any]]) -> Run:
    """Apply the lines of every partition in offset order, ticks and reference entries to the dossiers they concern."""
    result = Run()
    for line in sorted(lines, key=lambda line: (line["partition"], line["offset"])):
        result.take(line)
    return result
