"""Derives everything anew in an epoch beside the live one, compares the two, and makes the new one live.

Knows the order of these steps; processes are the supervisor's, positions are processing's, nothing is emptied in place.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass

from deploy.operations.epochs.compare import Comparison, compare
from deploy.operations.epochs.facts import complete_from, facts_of
from deploy.operations.epochs.reading import ends_of
from deploy.operations.epochs.site import Site
from deploy.operations.epochs.watching import Told, Watch, free_epoch
from shared.broker.topics import journal
from shared.clock import Clock

__all__ = ["Rebuild", "Rebuilt"]


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """What a rebuild did."""

    old: int
    new: int
    comparison: Comparison
    switched: bool


class Rebuild:
    """One rebuild of a running stack.

    Args:
        site: the stack.
        clock: the wall clock, to tell which records can have been compacted.
        told: progress, by the names of steps: derive, compare, switch.
    """

    def __init__(self, site: Site, clock: Clock, told: Told) -> None:
        self._site = site
        self._clock = clock
        self._told = told
        self._kafka = site.kafka
        self._watch = Watch(site.live, site.key, site.log, told)

    def run(self, *, accept_differences: bool) -> Rebuilt:
        """Derive, compare and, where nothing differs or differences are accepted, switch.

        Raises:
            StackError: the new epoch does not get on, or the stack is not running.
        """
        site = self._site
        old = site.epoch()
        new = free_epoch(self._kafka, old)
        switched = False
        try:
            beside, name = site.start(new, site.generation, site.partitions)
            common = self._derive(beside, name)
            comparison = asyncio.run(self._compare(old, new, common))
            if not comparison.differences or accept_differences:
                self._told("switch", 0, 1)
                self._watch.wait_followed(new, site.flip(new))
                switched = True
        finally:
            if not switched:
                site.stop(new)
        return Rebuilt(old, new, comparison, switched)

    def _derive(self, beside: str, name: str) -> dict[int, int]:
        """Wait until both epochs have read the journal as it is now; the position both have reached.

        An epoch that stopped, since another engine derived it, is compared as far as it got.
        """
        ends = asyncio.run(ends_of(self._kafka, journal(self._site.generation), self._site.partitions))
        new, old = self._watch.wait_derived(beside, name, ends, ends)
        return {number: min(new.next[number], old.next.get(number, 0)) for number in ends}

    async def _compare(self, old: int, new: int, common: Mapping[int, int]) -> Comparison:
        complete = await complete_from(self._kafka, old, self._site.partitions, self._clock)
        source = journal(self._site.generation)
        told = [
            await facts_of(
                self._kafka,
                epoch,
                source,
                common,
                complete,
                told=lambda done, total: self._told("compare", done, total),
            )
            for epoch in (old, new)
        ]
        return compare(told[0], told[1])
