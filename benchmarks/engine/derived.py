"""The engine alone over a simulated journal, without broker or database: what it costs, and the records it makes."""

from __future__ import annotations

import statistics
import time
from collections.abc import Sequence
from functools import cache
from itertools import takewhile
from typing import Final, cast

from benchmarks.measuring.report import Line
from benchmarks.measuring.workload import PARTITIONS, ZONE, Journal, Record
from services.processing.cases import case_of
from services.processing.engine import CaseState, Outcome, Reference, apply_clock, apply_entry
from services.processing.record import EntryRecord, read_entry
from services.processing.stream.due import DueHeap
from services.processing.stream.output import Records
from shared.calendar import vn_public
from shared.contract.entries import CLOCK_TYPES
from shared.reference import EMPTY, ReferenceEntry

__all__ = ["engine_costs", "lifecycle_records", "reference", "step"]

_REFERENCE_KEY: Final = b"reference"
#: An outcome with the offset and instant its record carries and the entry that made it, or a partition's new clock.
Step = tuple[int, int, Outcome | None, EntryRecord | None]


@cache
def reference() -> Reference:
    """The reference data of processing."""
    return Reference(vn_public(ZONE), ZONE)


def step(entries: Sequence[EntryRecord | ReferenceEntry]) -> list[Step]:
    """One partition's entries through the engine, ticks included, as processing takes them.

    Reference entries must come before all dossiers.
    """
    states: dict[str, CaseState] = {}
    due = DueHeap()
    clock: int | None = None
    steps: list[Step] = []
    made_known = list(takewhile(lambda entry: isinstance(entry, ReferenceEntry), entries))
    known = reference().with_known(EMPTY.with_entries(cast("list[ReferenceEntry]", made_known)))
    for entry in cast("list[EntryRecord]", entries[len(made_known) :]):
        if entry.type in CLOCK_TYPES:
            clock = entry.time if clock is None else max(clock, entry.time)
            for key in due.take(clock):
                outcome = apply_clock(states[key], entry.offset, clock, known)
                states[key] = outcome.state
                due.set(key, outcome.state.timer)
                if outcome.emit:
                    steps.append((entry.offset, clock, outcome, None))
            steps.append((entry.offset, clock, None, None))
            continue
        key = case_of(entry).key
        outcome = apply_entry(states.get(key), entry, clock, known)
        if outcome.emit:
            states[key] = outcome.state
            due.set(key, outcome.state.timer)
            steps.append((entry.offset, entry.time if clock is None else clock, outcome, entry))
    return steps


def _write(epoch: int, partition: int, steps: Sequence[Step]) -> list[Record]:
    records = Records(epoch, partition)
    return [
        records.clock(offset, time)
        if outcome is None
        else records.case(outcome.state.case, offset, time, outcome.row, outcome.happened, entry=entry)
        for offset, time, outcome, entry in steps
    ]


def _read(records: Sequence[Record]) -> list[EntryRecord | ReferenceEntry]:
    return [
        ReferenceEntry.of(value) if key == _REFERENCE_KEY else read_entry(value, offset)
        for offset, (key, value) in enumerate(records)
    ]


def lifecycle_records(epoch: int, journal: Journal) -> list[list[Record]]:
    """The lifecycle topic of a journal, by partition."""
    return [_write(epoch, place, step(_read(journal.partitions[place]))) for place in range(PARTITIONS)]


def engine_costs(journal: Journal, rounds: int, about: str = "") -> list[Line]:
    """CPU per event of the three pure parts of processing: reading an entry, the engine, building the record.

    Args:
        journal: what they are given.
        rounds: how often; the median counts.
        about: what the journal is, for the lines.
    """
    taken: list[tuple[float, float, float]] = []
    for _ in range(rounds + 1):
        spent = [0.0, 0.0, 0.0]
        for place, records in enumerate(journal.partitions):
            marks = [time.process_time()]
            entries = _read(records)
            marks.append(time.process_time())
            steps = step(entries)
            marks.append(time.process_time())
            _write(1, place, steps)
            marks.append(time.process_time())
            for part in range(3):
                spent[part] += marks[part + 1] - marks[part]
        taken.append((spent[0], spent[1], spent[2]))
    read, engine, write = (
        statistics.median(one[part] for one in taken[1:]) / journal.entries * 1e6 for part in range(3)
    )
    return [
        Line(f"engine alone (state, entry, clock → state, row, events){about}", engine, "µs CPU", aim="50 µs"),
        Line(f"reading and checking an entry, with its content hash{about}", read, "µs CPU"),
        Line(f"building the lifecycle record{about}", write, "µs CPU"),
    ]
