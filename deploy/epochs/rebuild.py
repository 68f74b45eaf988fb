"""Derives everything anew in an epoch beside the live one, compares the two, and makes the new one live.

Knows the order of these steps; processes are the supervisor's, positions are processing's, nothing is emptied in place.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass

from deploy.epochs.compare import Comparison, compare
from deploy.epochs.facts import complete_from, facts_of
from deploy.epochs.reading import ends_of
from deploy.epochs.watching import Told, Watch, free_epoch, live_processes
from deploy.local.stack import LocalStack
from shared.clock import Clock
from shared.topics import journal

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
        local: the stack.
        clock: the wall clock, to tell which records can have been compacted.
        told: progress, by the names of steps: derive, compare, switch.
    """

    def __init__(self, local: LocalStack, clock: Clock, told: Told) -> None:
        self._local = local
        self._clock = clock
        self._told = told
        self._stack = local.home.load()
        self._kafka = local.addresses()["kafka"]
        self._watch = Watch(lambda: live_processes(local), local.home.log_tail, told)

    def run(self, *, accept_differences: bool) -> Rebuilt:
        """Derive, compare and, where nothing differs or differences are accepted, switch.

        Raises:
            StackError: the new epoch does not get on, or the stack is not running.
        """
        old = int(self._local.request("status")["epoch"])
        new = free_epoch(self._kafka, old)
        answer = self._local.request("start-epoch", epoch=new)
        beside = f"http://127.0.0.1:{answer['port']}"
        switched = False
        try:
            common = self._derive(beside, str(answer["name"]))
            comparison = asyncio.run(self._compare(old, new, common))
            if not comparison.differences or accept_differences:
                self._told("switch", 0, 1)
                self._local.request("live-epoch", epoch=new)
                self._local.wait_ready()
                self._watch.wait_followed(new, self._local.addresses()["metrics"])
                switched = True
        finally:
            if not switched:
                self._local.request("stop-epoch", epoch=new)
        return Rebuilt(old, new, comparison, switched)

    def _derive(self, beside: str, name: str) -> dict[int, int]:
        """Wait until both epochs have read the journal as it is now; the position both have reached.

        An epoch that stopped, since another engine derived it, is compared as far as it got.
        """
        ends = asyncio.run(ends_of(self._kafka, journal(self._stack.generation), self._stack.partitions))
        new, old = self._watch.wait_derived(beside, name, ends, ends)
        return {number: min(new.next[number], old.next.get(number, 0)) for number in ends}

    async def _compare(self, old: int, new: int, common: Mapping[int, int]) -> Comparison:
        complete = await complete_from(self._kafka, old, self._stack.partitions, self._clock)
        told = [
            await facts_of(self._kafka, epoch, common, complete, lambda done, total: self._told("compare", done, total))
            for epoch in (old, new)
        ]
        return compare(told[0], told[1])
