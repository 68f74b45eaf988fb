"""Gives a running stack a journal with more partitions: the next generation, and an epoch derived from it.

Knows the order of these steps. Until the switch nothing has changed but a fence, which comes down on any failure.
"""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass
from typing import Final

from aiokafka.errors import KafkaError

from deploy.local.errors import StackError
from deploy.operations.epochs.compare import Comparison, compare
from deploy.operations.epochs.facts import complete_from, facts_of
from deploy.operations.epochs.reading import ends_of, topics_of
from deploy.operations.epochs.site import Site
from deploy.operations.epochs.watching import Places, Told, Watch, free_epoch
from deploy.operations.growth.copying import Copy
from shared.broker.partition import partition_of
from shared.broker.topics import generation_of, journal
from shared.clock import Clock

__all__ = ["MOST_PARTITIONS", "Grown", "Growth"]

MOST_PARTITIONS: Final = 1024
_POLL: Final = 0.2
#: How long the reference outbox and the clocks are waited for before each fence.
_QUIET_SECONDS: Final = 90.0
_FENCES: Final = 5
_COPIES: Final = 5


@dataclass(frozen=True, slots=True)
class Grown:
    """What a growth did.

    Args:
        generation: of the journal now, if it was switched.
        partitions: of that generation.
        epoch: derived from it.
        records: read from the journal before.
        comparison: of that epoch with the one before.
        switched: whether it is live.
    """

    generation: int
    partitions: int
    epoch: int
    records: int
    comparison: Comparison
    switched: bool


class Growth:
    """One growth of a running stack.

    Args:
        site: the stack.
        clock: the wall clock, to tell which records can have been compacted.
        told: progress, by the names of steps: quiet, copy, derive, compare, switch.
    """

    def __init__(self, site: Site, clock: Clock, told: Told) -> None:
        self._site = site
        self._clock = clock
        self._told = told
        self._watch = Watch(site.live, site.key, site.log, told)
        self._topic = journal(site.generation)

    def run(self, partitions: int, *, accept_differences: bool) -> Grown:
        """Fence, copy, derive, compare and, where nothing differs or differences are accepted, switch.

        Args:
            partitions: of the next generation; more than there are.
            accept_differences: switch all the same.

        Raises:
            StackError: it cannot be done; nothing has changed then, and entries are taken again.
        """
        site = self._site
        if not site.partitions < partitions <= MOST_PARTITIONS:
            raise StackError(
                f"partitions: {partitions} is not more than the {site.partitions} there are, up to "
                f"{MOST_PARTITIONS}; fewer are not possible"
            )
        old = site.epoch()
        generation, epoch = self._free_generation(), free_epoch(site.kafka, old)
        switched = False
        try:
            self._fence()
            beside, name = site.start(epoch, generation, partitions)
            copy = self._copy(generation, partitions)
            self._watch.wait_derived(beside, name, copy.ends, copy.done)
            comparison = asyncio.run(self._compare(old, epoch, copy))
            if not comparison.differences or accept_differences:
                self._told("switch", 0, 1)
                metrics = site.switch(epoch, generation, partitions, copy.done)
                switched = True
        except (KafkaError, TimeoutError) as error:
            raise StackError(f"the broker failed ({type(error).__name__}: {error}): grow again") from error
        finally:
            if not switched:
                site.stop(epoch)
                site.unfence()
        if switched:
            self._watch.wait_followed(epoch, metrics)
        return Grown(generation, partitions, epoch, sum(copy.done.values()), comparison, switched)

    def _free_generation(self) -> int:
        """The next number; journals of growths that were broken off are half full."""
        taken = asyncio.run(topics_of(self._site.kafka))
        return 1 + max(generation_of(name) or self._site.generation for name in taken)

    def _fence(self) -> None:
        """Fence the journal at a moment at which every partition has all reference entries, and the same clock."""
        for attempt in range(1, _FENCES + 1):
            self._told("quiet", attempt - 1, _FENCES)
            self._wait_quiet()
            self._site.fence()
            if self._why_not_quiet(self._read_to_the_end()) is None:
                self._told("quiet", _FENCES, _FENCES)
                return
            # A tick or a reference entry had reached some partitions only: let its sender finish.
            self._site.unfence()
        raise StackError(
            f"partitions have different clocks or reference entries at every one of {_FENCES} tries: "
            "stop whoever sends ticks or reference entries, and grow again"
        )

    def _wait_quiet(self) -> None:
        deadline = time.monotonic() + _QUIET_SECONDS
        while (why := self._why_not_quiet(self._watch.live_places())) is not None:
            if time.monotonic() > deadline:
                raise StackError(f"{why} for {_QUIET_SECONDS:.0f} s: see `motcua doctor`, and grow again")
            time.sleep(_POLL)

    def _why_not_quiet(self, places: Places) -> str | None:
        if waiting := self._site.owed():
            return f"{len(waiting)} parcels of reference entries are not in every partition"
        if len(places.next) < self._site.partitions:
            return "not every partition is being derived"
        if places.stopped:
            return f"partitions {sorted(places.stopped)} stopped"
        if len(set(places.clocks.values())) > 1:
            return "the partitions' clocks differ"
        return None

    def _read_to_the_end(self) -> Places:
        """Where the live epoch is once it has read the journal as it is now."""
        ends = asyncio.run(self._ends())
        deadline = time.monotonic() + _QUIET_SECONDS
        while True:
            places = self._watch.live_places()
            if all(places.next.get(number, 0) >= end for number, end in ends.items()):
                return places
            if time.monotonic() > deadline:
                raise StackError("the live epoch does not read the journal to its end: see `motcua doctor`")
            time.sleep(_POLL)

    async def _ends(self) -> dict[int, int]:
        return await ends_of(self._site.kafka, self._topic, self._site.partitions)

    def _copy(self, generation: int, partitions: int) -> Copy:
        copy = Copy(
            self._site.kafka,
            self._topic,
            journal(generation),
            self._site.partitions,
            partitions,
            told=lambda done, total: self._told("copy", done, total),
        )
        asyncio.run(self._copy_all(copy))
        return copy

    async def _copy_all(self, copy: Copy) -> None:
        """Copy until nothing comes any more: what was under way when the fence went up arrives a little later."""
        for _ in range(_COPIES):
            ends = await self._ends()
            if ends == copy.done:
                return
            await copy.run(ends)
        raise StackError("the journal is written to in spite of the fence: see who changed its settings")

    async def _compare(self, old: int, new: int, copy: Copy) -> Comparison:
        complete = await complete_from(self._site.kafka, old, self._site.partitions, self._clock)
        told = [
            await facts_of(
                self._site.kafka, epoch, source, ends, {}, told=lambda done, total: self._told("compare", done, total)
            )
            for epoch, source, ends in ((old, self._topic, copy.done), (new, copy.target, copy.ends))
        ]
        # Where rows were compacted away, what was announced by them cannot be compared.
        return compare(told[0], told[1], lambda code: complete[partition_of(code, self._site.partitions)] == 0)
