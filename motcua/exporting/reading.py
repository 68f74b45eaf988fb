"""The dossiers of a stack with their entries and facts, partition after partition, grouped by sorting on disk.

Reads the journal and the live epoch's lifecycle topic up to the ends they have when reading begins. Writes no output.
"""

from __future__ import annotations

import struct
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import orjson

from deploy.operations.epochs.reading import Record, ends_of, read_topic
from motcua.exporting.dossiers import Dossier, Facts, RawRecord
from motcua.exporting.entries import Entry, Place, Unfit, check, pack, unpack
from motcua.exporting.holding import hold
from motcua.exporting.selection import Selection
from motcua.sorting import Item, Sorter
from shared.populations.dossiers import DOSSIERS
from shared.populations.fact import Population
from shared.populations.keys import dossier_of
from shared.reference import ReferenceEntry

__all__ = ["Reader", "Stack", "Told", "joined"]

#: Told how many records were read, of how many.
Told = Callable[[int, int], None]

_PLACE: Final = struct.Struct(">Q")
_LAST: Final = 2**64 - 1
#: Bytes of newest rows kept in memory before they are sorted on disk.
_ROWS_HELD: Final = 64 * 1_048_576


@dataclass(frozen=True, slots=True)
class Stack:
    """Where a stack's journal and facts are.

    Attributes:
        kafka: bootstrap servers.
        journal: topic of its generation.
        lifecycle: topic of the live epoch.
        partitions: of both.
        simulated: the kind of the stack.
    """

    kafka: str
    journal: str
    lifecycle: str
    partitions: int
    simulated: bool


@dataclass(slots=True)
class Reader:
    """Reads what a selection wants of a stack, once.

    Args:
        stack: where.
        selection: which dossiers.
        folder: for runs on disk; they vanish with the process.
        told: progress.
    """

    stack: Stack
    selection: Selection
    folder: Path
    told: Told
    #: Records that are no entries, by reason.
    unfit: Counter[str] = field(default_factory=Counter)
    #: Reference entries by identity, with the partition and bytes they were first seen at.
    _reference: dict[tuple[str, str, str], tuple[ReferenceEntry, Entry]] = field(default_factory=dict)
    _seen: set[bytes] = field(default_factory=set)
    _ends: dict[str, dict[int, int]] = field(default_factory=dict)
    _done: int = 0

    async def cases(self, population: Population) -> AsyncIterator[Dossier]:
        """The wanted cases of a population by their facts alone, by partition and code."""
        await self._open(self.stack.lifecycle)
        for partition in range(self.stack.partitions):
            for code, own, _ in joined(await self._rows(partition, population), None, partition):
                if own is not None and self.selection.has(own.row):
                    yield Dossier(code, partition, [], own)

    async def dossiers(self, *, facts: bool) -> AsyncIterator[Dossier]:
        """The wanted dossiers with their entries, by partition and code; those of which nothing holds are left out.

        Args:
            facts: read their facts too (read anyway where the selection goes by them).
        """
        facts = facts or self.selection.by_facts
        # Facts first: so no row knows an entry that is behind the journal's end.
        await self._open(*((self.stack.lifecycle,) if facts else ()), self.stack.journal)
        for partition in range(self.stack.partitions):
            rows = await self._rows(partition) if facts else None
            for code, own, held in joined(rows, await self._entries(partition), partition):
                if held and self.selection.has(None if own is None else own.row):
                    yield Dossier(code, partition, held, own)

    def reference(self) -> list[Entry]:
        """The reference entries that hold, in their order; known once all dossiers were read."""
        held = sorted((entry.order, entry.digest, mine) for entry, mine in self._reference.values())
        return [mine for _, _, mine in held if mine.data is not None]

    async def records(self) -> AsyncIterator[RawRecord]:
        """All journal records of the selection as they stand, by partition and offset."""
        codes: set[str] | None = None
        await self._open(*((self.stack.lifecycle,) if self.selection.by_facts else ()), self.stack.journal)
        for partition in range(self.stack.partitions):
            if self.selection.by_facts:
                found = joined(await self._rows(partition), None, partition)
                codes = {code for code, own, _ in found if own is not None and self.selection.has(own.row)}
            async for record, place in self._read(self.stack.journal, partition):
                raw = self._raw(record, place)
                subject = None if raw.value is None else raw.value.get("subject")
                if self.selection.everything or (
                    isinstance(subject, str)
                    and self.selection.may_have(subject)
                    and (codes is None or subject in codes)
                ):
                    yield raw

    def _raw(self, record: Record, place: Place) -> RawRecord:
        try:
            check(record.key, record.value, place, self.stack.partitions, simulated=self.stack.simulated)
            problem = None
        except Unfit as unfit:
            problem = unfit.reason
            self.unfit[problem] += 1
        try:
            value = orjson.loads(record.value or b"")
        except orjson.JSONDecodeError:
            value = None
        return RawRecord(place, value if isinstance(value, dict) else None, problem)

    async def _open(self, *topics: str) -> None:
        for topic in topics:
            self._ends[topic] = await ends_of(self.stack.kafka, topic, self.stack.partitions)

    async def _read(self, topic: str, partition: int) -> AsyncIterator[tuple[Record, Place]]:
        total = sum(sum(ends.values()) for ends in self._ends.values())
        before, end = self._done, self._ends[topic][partition]
        async for record in read_topic(self.stack.kafka, topic, [partition], {partition: end}):
            if record.offset % 512 == 0:
                self.told(before + record.offset, total)
            yield record, Place(partition, record.offset, record.timestamp * 1000)
        self._done = before + end
        self.told(self._done, total)

    async def _rows(self, partition: int, population: Population = DOSSIERS) -> Sorter:
        """Newest rows by code; a row may be told twice, the newest first."""
        sorter = Sorter(self.folder)
        newest: dict[bytes, tuple[int, bytes]] = {}
        held = 0
        async for record, _ in self._read(self.stack.lifecycle, partition):
            code = _code_of((record.key or b"").decode(errors="replace"), population)
            if record.value is None or code is None or not self.selection.may_have(code):
                continue
            event = orjson.loads(record.value)
            if event["type"] != population.event:
                continue
            offset = event["data"]["cause"]["offset"]
            key = code.encode()
            known = newest.get(key)
            if known is None or known[0] < offset:
                held += len(record.value) - (0 if known is None else len(known[1]))
                newest[key] = (offset, record.value)
            if held > _ROWS_HELD:
                _drain(newest, sorter)
                held = 0
        _drain(newest, sorter)
        return sorter

    async def _entries(self, partition: int) -> Sorter:
        """Entries of dossiers by code and offset; reference entries are put aside."""
        sorter = Sorter(self.folder)
        stack = self.stack
        async for record, place in self._read(stack.journal, partition):
            try:
                kind, entry = check(record.key, record.value, place, stack.partitions, simulated=stack.simulated)
            except Unfit as unfit:
                self.unfit[unfit.reason] += 1
                continue
            if kind == "entry" and self.selection.may_have(entry.subject):
                sorter.add(entry.subject.encode() + b"\0" + _PLACE.pack(place.offset), pack(entry, record.value, place))
            elif kind == "reference" and self.selection.everything:
                self._put_aside(record.value, entry, place)
        return sorter

    def _put_aside(self, value: bytes, model: Any, place: Place) -> None:
        if value in self._seen:  # the same in every partition
            return
        self._seen.add(value)
        entry = ReferenceEntry.of(value)
        known = self._reference.get(entry.identity)
        if known is None or entry.beats(known[0]):
            self._reference[entry.identity] = (entry, unpack(pack(model, value, place), place.partition))


def _code_of(key: str, population: Population) -> str | None:
    """The code of a case of a population by the key of its records; None: it is of another."""
    if population is DOSSIERS:
        return dossier_of(key)
    return key.removeprefix(population.key("")) if key.startswith(population.key("")) else None


def _drain(newest: dict[bytes, tuple[int, bytes]], sorter: Sorter) -> None:
    for code, (offset, value) in newest.items():
        sorter.add(code + b"\0" + _PLACE.pack(_LAST - offset), value)
    newest.clear()


def joined(
    rows: Sorter | None, taken: Sorter | None, partition: int
) -> Iterator[tuple[str, Facts | None, list[Entry]]]:
    """Facts and entries that hold, code by code."""
    facts, groups = _grouped(rows), _grouped(taken)
    own, received = next(facts, None), next(groups, None)
    while own is not None or received is not None:
        code = min(side[0] for side in (own, received) if side is not None)
        found, held = None, []
        if own is not None and own[0] == code:
            found = _facts(own[1][0])
            own = next(facts, None)
        if received is not None and received[0] == code:
            held = hold(unpack(packed, partition) for packed in received[1])
            received = next(groups, None)
        yield code.decode(), found, held


def _grouped(sorter: Sorter | None) -> Iterator[tuple[bytes, list[bytes]]]:
    """Payloads by the code in front of their keys."""
    items: Iterator[Item] = iter(()) if sorter is None else sorter.ordered()
    code, group = b"", list[bytes]()
    for key, payload in items:
        own = key[: -_PLACE.size - 1]
        if own != code and group:
            yield code, group
            group = []
        code = own
        group.append(payload)
    if group:
        yield code, group
    if sorter is not None:
        sorter.close()


def _facts(value: bytes) -> Facts:
    data = orjson.loads(value)["data"]
    return Facts(data["row"], data["cause"]["offset"], data["cause"]["epoch"])
