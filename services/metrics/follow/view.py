"""One epoch as this replica sees it: the fact tables, how far each partition was read, and the partitions' clocks.

A table is read and changed by one at a time. Whoever looks at it does so in a thread while it holds the lock, so that
the event loop serves on and only the next batch of updates waits (some 20 ms at a million rows): a look takes what an
answer is made of, and the answer is made without the table. The table is never copied to be looked at.
"""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, TypeVar
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from services.metrics.counting.question import NOW, Moment
from services.metrics.entered.settled import Entered, of_period
from services.metrics.sight.seen import Sights
from services.metrics.table.columns import SEPARATOR
from services.metrics.table.decode import PartitionClock
from services.metrics.table.facts import FactTable, Table, tables
from services.metrics.table.periods import NEVER, Period
from services.metrics.units.registry import Registry
from services.metrics.units.tree import UnitTree
from shared.instants import local_date
from shared.populations.dossiers import DOSSIERS
from shared.populations.indicators import INDICATORS
from shared.reference.known import ReferenceSet

__all__ = ["View", "Watermark"]

T = TypeVar("T")

_NUMBERS: Final = itertools.count(1)
#: Trees kept, one for each date units are asked on.
_KEPT_TREES: Final = 16

#: Units named, reference data and day: what a tree is made of.
_TreeKey = tuple[bytes, Registry, date | None]


@dataclass(slots=True)
class Watermark:
    """How far one lifecycle partition was read.

    Attributes:
        position: next lifecycle offset to read.
        end: highest known end of the partition.
        cause_offset: highest journal offset named as a cause, -1 if none was.
        clock: the partition's clock and the journal offset that set it; None before any tick.
        anchor: CRC-32 of the last record read, to tell a recreated topic from the old one; None if none was read.
    """

    position: int = 0
    end: int = 0
    cause_offset: int = -1
    clock: PartitionClock | None = None
    anchor: int | None = None


class View:
    """The materialised view of one epoch; see the module about who may look at it when.

    Args:
        epoch: whose facts these are.
        partitions: how many the journal generation has.
        zone: of day boundaries.
    """

    def __init__(self, epoch: int, partitions: int, zone: ZoneInfo) -> None:
        self.epoch = epoch
        #: Different for every view of this process.
        self.number = next(_NUMBERS)
        #: Another one whenever an answer may be another.
        self.revision = 0
        self.zone = zone
        self.changed = asyncio.Event()
        self.caught_up = asyncio.Event()
        self._lock = asyncio.Lock()
        self._thread = ThreadPoolExecutor(1, thread_name_prefix=f"figures-e{epoch}")
        self._closed = False
        self._partitions = partitions
        #: What the reference data say; nothing until they were read.
        self.registry = Registry(zone)
        #: What bearers of keys see of it.
        self.sights = Sights()
        self._reset()

    def _reset(self) -> None:
        self.tables: dict[str, Table] = tables(self.zone)
        self.marks = {partition: Watermark() for partition in range(self._partitions)}
        self.revision += 1
        self._named: NDArray[np.bool_] | None = None
        self._trees: dict[date | None, tuple[_TreeKey, UnitTree]] = {}
        #: Rows and clocks changed since the image was written.
        self.since_image = 0
        self.caught_up.clear()

    @property
    def table(self) -> FactTable:
        """The dossiers."""
        dossiers = self.tables[DOSSIERS.name]
        assert isinstance(dossiers, FactTable)  # noqa: S101 - by its population
        return dossiers

    @table.setter
    def table(self, dossiers: FactTable) -> None:
        self.tables[DOSSIERS.name] = dossiers

    def take(self, held: Mapping[str, Table], marks: dict[int, Watermark]) -> None:
        """Begin with what a table image held, by the names of the tables; before anything was read."""
        self._reset()
        self.tables, self.marks = dict(held), marks

    async def exclusive(self, work: Callable[[], T]) -> T:
        """Run something that reads the table, alone, in a thread."""
        async with self._lock:
            # Another view may have become the live one since this was asked; it is answered all the same.
            thread = None if self._closed else self._thread
            running = asyncio.get_running_loop().run_in_executor(thread, work)
            try:
                return await asyncio.shield(running)
            except asyncio.CancelledError:
                # The thread cannot be stopped: keep the table to it until it is done.
                await asyncio.wait([running])
                raise

    async def start_over(self) -> None:
        """Forget everything, as when the topic turned out to be another one."""
        async with self._lock:
            self._reset()

    async def apply(
        self,
        facts: Sequence[Any],
        clocks: Iterable[tuple[int, PartitionClock]],
        read: Iterable[tuple[int, int, int]],
    ) -> int:
        """Take over a batch of rows and clocks; each replaces an older one only, decided by its cause.

        Args:
            facts: of any population, as the shapes of their tables have them.
            clocks: of partitions.
            read: partition, next position and anchor after this batch, so that no evaluation ever sees a position
                without its rows.

        Returns:
            How many rows changed.
        """
        async with self._lock:
            for partition, position, anchor in read:
                self.marks[partition].position, self.marks[partition].anchor = position, anchor
            rows = sum(table.apply(some) for table, some in self._by_table(facts))
            if rows:
                self._named = None
            moved = rows
            for fact in facts:
                mark = self.marks[fact.partition]
                mark.cause_offset = max(mark.cause_offset, fact.offset)
            for partition, clock in clocks:
                mark = self.marks[partition]
                mark.cause_offset = max(mark.cause_offset, clock.offset)
                if mark.clock is None or clock.offset > mark.clock.offset:
                    mark.clock = clock
                    moved += 1
            if moved:
                self.revision += 1
        if moved:
            self.since_image += moved
            self.changed.set()
        return rows

    def _by_table(self, facts: Sequence[Any]) -> Iterable[tuple[Table, Sequence[Any]]]:
        """Facts by the table they belong to."""
        for table in self.tables.values():
            some = [fact for fact in facts if isinstance(fact, table.fact)]
            if some:
                yield table, some

    async def refer(self, known: ReferenceSet) -> None:
        """Take over another set of reference entries."""
        registry = await asyncio.to_thread(Registry, self.zone, known)
        async with self._lock:
            self.registry = registry
            self.revision += 1
        self.changed.set()

    @property
    def clock(self) -> int | None:
        """The lowest partition clock; a partition that has seen no tick is left out; None before any tick."""
        return min((mark.clock.clock for mark in self.marks.values() if mark.clock), default=None)

    @property
    def positions(self) -> dict[str, int]:
        """Next lifecycle offset by partition, as stored beside results."""
        return {str(partition): mark.position for partition, mark in self.marks.items()}

    def moment(self, period: Period) -> Moment:
        """A period with its T = min(end, clock), docs/rules.md, Clock."""
        clock = self.clock
        if clock is None:
            return Moment(period.start, period.end, period.end)
        return Moment(period.start, period.end, min(period.end, clock), future=period.start > clock)

    def now(self) -> Moment:
        """The moment of the states. Before any tick nothing is overdue, since no time is known."""
        clock = self.clock
        return NOW(-NEVER if clock is None else clock)

    @property
    def today(self) -> date | None:
        """The clock's local date; None before any tick."""
        clock = self.clock
        return None if clock is None else local_date(clock, self.zone)

    def entered(self, period: Period, codes: Collection[str] | None = None) -> dict[tuple[str, str | None], Entered]:
        """What was entered of exactly a period under some codes, or any, by indicator and unit; inside `exclusive`."""
        return of_period(self.tables[INDICATORS.name], period.first, period.last, codes)

    def tree(self, units_on: date | None = None) -> UnitTree:
        """The units that accepted dossiers, submissions, steps, holders, petitions name, those above, registered ones.

        Call it inside `exclusive`.

        Args:
            units_on: a unit that another took over by this day counts as that one; None: as recorded.
        """
        if self._named is None:
            self._named = _named(self.table)
            for name, table in self.tables.items():
                if name != DOSSIERS.name and len(table):
                    self._named[np.unique(table["unit"])] = True
            # Number 0 is none.
            self._named[0] = False
        day = units_on or self.today
        key = (self._named.tobytes(), self.registry, day)
        kept = self._trees.get(units_on)
        if kept is not None and kept[0] == key:
            return kept[1]
        units = self.registry.units
        present = zip(self.table.units.values, self._named.tolist(), strict=True)
        codes = [code if there else None for code, there in present]
        if units_on is not None:
            codes = [None if code is None else units.heir(code, units_on) for code in codes]
        tree = UnitTree(codes, lambda code: units.parent_of(code, day), units.codes)
        if len(self._trees) >= _KEPT_TREES:
            self._trees.clear()
        self._trees[units_on] = key, tree
        return tree

    def close(self) -> None:
        """Let the thread end; only what was asked before is still answered."""
        self._closed = True
        self._thread.shutdown(wait=False)


def _named(table: FactTable) -> NDArray[np.bool_]:
    """Which units, by their number, figures can be of."""
    size = len(table.units)
    asked = (table["accepted"] < NEVER) | (table["intake_due"] < NEVER)
    found = np.bincount(table["unit"][asked], minlength=size) > 0
    found |= np.bincount(table.steps["unit"][table.steps["alive"]], minlength=size) > 0
    found |= np.bincount(table.blame["unit"][table.blame["alive"]], minlength=size) > 0
    for number in np.flatnonzero(np.bincount(table["holders"])).tolist():
        for code in (table.holders.values[number] or "").split(SEPARATOR):
            known = table.units.known(code)
            if known is not None:
                found[known] = True
    return found
