"""Runs the product's engine over the lines of a journal as processing's loop does, without broker and database.

Knows the engine's interface only; rows come back in the oracle's form, so that both can be compared.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from services.processing.engine import DossierState, Outcome, Reference, apply_clock, apply_entry
from services.processing.output import Records
from services.processing.record import read_entry
from shared.calendar import vn_public
from shared.instants import parse_instant
from tests.oracle.dossier import Dossier

__all__ = ["EPOCH", "FIELDS", "Run", "facts_form", "row_form", "run"]

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
REFERENCE = Reference(calendar=vn_public(ZONE), zone=ZONE)
EPOCH = 1
FIELDS = [
    "status",
    "unit",
    "channel",
    "procedure",
    "accepted_at",
    "finish",
    "finished_at",
    "judged_at",
    "due",
    "due_original",
    "pauses",
    "waiting_since",
    "second_request_at",
    "extended_at",
    "findings",
    "entries",
]


@dataclass
class Run:
    """What a run over a journal produced: each dossier's newest row, all that happened, and the lifecycle records."""

    rows: dict[str, dict[str, Any]] = field(default_factory=dict)
    happened: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    states: dict[str, DossierState] = field(default_factory=dict)
    clocks: dict[int, int] = field(default_factory=dict)
    records: list[tuple[int, bytes, bytes]] = field(default_factory=list)


def run(lines: Iterable[dict[str, Any]], reference: Reference = REFERENCE) -> Run:
    """Apply the lines of every partition in offset order, ticks to the dossiers of their partition."""
    result = Run()
    owners: dict[str, int] = {}
    for line in sorted(lines, key=lambda line: (line["partition"], line["offset"])):
        partition, offset = line["partition"], line["offset"]
        if line["entry"]["type"].startswith("clock."):
            _tick(result, owners, line, reference)
            continue
        entry = read_entry(json.dumps(line["entry"]).encode(), offset)
        code = entry.subject
        assert owners.setdefault(code, partition) == partition
        outcome = apply_entry(result.states.get(code), entry, result.clocks.get(partition), reference)
        _take(result, code, outcome, partition, offset)
    return result


def _tick(result: Run, owners: dict[str, int], line: dict[str, Any], reference: Reference) -> None:
    partition, offset = line["partition"], line["offset"]
    corrected = line["entry"]["type"] == "clock.corrected"
    time = parse_instant(line["entry"]["time"])
    clock = time if corrected else max(time, result.clocks.get(partition, time))
    result.clocks[partition] = clock
    for code in sorted(result.states):
        timer = result.states[code].timer
        if owners[code] == partition and (corrected or (timer is not None and timer <= clock)):
            outcome = apply_clock(result.states[code], offset, clock, reference)
            _take(result, code, outcome, partition, offset)
    result.records.append((partition, *Records(EPOCH, partition).clock(offset, clock)))


def _take(result: Run, code: str, outcome: Outcome, partition: int, offset: int) -> None:
    result.states[code] = outcome.state
    if outcome.emit:
        result.rows[code] = json.loads(json.dumps(outcome.row))
        result.happened.setdefault(code, []).extend(outcome.happened)
        record = Records(EPOCH, partition).dossier(code, offset, 0, outcome.row, outcome.happened)
        result.records.append((partition, *record))


def _instant(value: str | None) -> datetime | None:
    return None if value is None else datetime.fromisoformat(value)


def row_form(row: dict[str, Any]) -> dict[str, Any]:
    """A row of the product in the form compared."""
    form: dict[str, Any] = {}
    for name in FIELDS:
        value = row.get(name)
        if name == "pauses":
            value = [(_instant(begin), _instant(end)) for begin, end in value or []]
        elif name == "findings":
            value = sorted((finding["code"], finding["source"], finding["id"]) for finding in value or [])
        elif name.startswith("due") or name.endswith(("_at", "_since")):
            value = _instant(value)
        form[name] = value
    return form


def facts_form(facts: Dossier) -> dict[str, Any]:
    """Facts of the oracle in the same form."""
    return {name: getattr(facts, name) for name in FIELDS}
