"""Derives everything anew in an epoch beside the live one, compares the two, and makes the new one live.

Knows the order of these steps; processes are the supervisor's, positions are processing's, nothing is emptied in place.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

import httpx
import orjson

from deploy.epochs.compare import Comparison, EpochFacts, compare
from deploy.epochs.reading import ends_of, first_since, read_topic, topics_of
from deploy.local.errors import StackError
from deploy.local.stack import LocalStack
from shared.clock import Clock
from shared.instants import DAY
from shared.topics import JOURNAL, lifecycle

__all__ = ["Rebuild", "Rebuilt"]

#: Superseded records are compacted after 30 days; what was written since is all there.
_SURELY_KEPT: Final = 29 * DAY
_NEVER: Final = 2**62
_POLL: Final = 0.2
_PATIENCE: Final = 180.0

#: Told what is being done, how much of it, out of how much.
Told = Callable[[str, int, int], None]


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
        self._addresses = local.addresses()
        self._kafka = self._addresses["kafka"]
        self._client = httpx.Client(trust_env=False, timeout=10)

    def run(self, *, accept_differences: bool) -> Rebuilt:
        """Derive, compare and, where nothing differs or differences are accepted, switch.

        Raises:
            StackError: the new epoch does not get on, or the stack is not running.
        """
        old = int(self._local.request("status")["epoch"])
        new = self._free_epoch(old)
        answer = self._local.request("start-epoch", epoch=new)
        beside = f"http://127.0.0.1:{answer['port']}"
        switched = False
        try:
            common = self._derive(beside, str(answer["name"]))
            comparison = asyncio.run(self._compare(old, new, common))
            if not comparison.differences or accept_differences:
                self._switch(new)
                switched = True
        finally:
            if not switched:
                self._local.request("stop-epoch", epoch=new)
        return Rebuilt(old, new, comparison, switched)

    def _free_epoch(self, old: int) -> int:
        """The next number; those of rebuilds that were broken off are not used again, as their topics are half full."""
        taken = asyncio.run(topics_of(self._kafka))
        new = old + 1
        while lifecycle(new) in taken:
            new += 1
        return new

    def _derive(self, beside: str, name: str) -> dict[int, int]:
        """Wait until both epochs have read the journal as it is now; the position both have reached.

        An epoch that stopped, since another engine derived it, is not waited for: it is compared as far as it got.
        """
        ends = asyncio.run(ends_of(self._kafka, JOURNAL, self._stack.partitions))
        total = sum(ends.values())
        best, since = -1, time.monotonic()
        while True:
            new, _ = self._positions([beside])
            old, stopped = self._positions(self._live())
            done = sum(min(new.get(number, 0), end) for number, end in ends.items())
            self._told("derive", done, total)
            if all(new.get(n, 0) >= end and (old.get(n, 0) >= end or n in stopped) for n, end in ends.items()):
                return {number: min(new[number], old.get(number, 0)) for number in ends}
            reached = done + sum(min(old.get(number, 0), end) for number, end in ends.items())
            if reached > best:
                best, since = reached, time.monotonic()
            elif time.monotonic() - since > _PATIENCE:
                raise StackError(
                    f"{name} has stood at {done} of {total} entries for {_PATIENCE:.0f} s: see its log",
                    self._local.home.log_tail(name),
                )
            time.sleep(_POLL)

    def _live(self) -> list[str]:
        names = [item["name"] for item in self._local.request("status")["processes"]]
        regular = (name for name in names if name == "processing" or name.removeprefix("processing-").isdigit())
        return [self._addresses[name] for name in regular if name in self._addresses]

    def _positions(self, addresses: list[str]) -> tuple[dict[int, int], set[int]]:
        """By partition, the offset of the first entry whose events are not out, and the partitions that stopped.

        A process that is away has none.
        """
        found: dict[int, int] = {}
        stopped: set[int] = set()
        for address in addresses:
            try:
                answer = self._client.get(f"{address}/v1/positions")
                answer.raise_for_status()
                places: Mapping[str, Any] = answer.json()["partitions"]
            except (httpx.HTTPError, ValueError):
                continue
            found |= {int(number): int(place["next"]) for number, place in places.items() if place["next"] is not None}
            stopped |= {int(number) for number, place in places.items() if place["state"] == "stopped"}
        return found, stopped

    async def _compare(self, old: int, new: int, common: Mapping[int, int]) -> Comparison:
        count = self._stack.partitions
        complete = await self._complete_from(lifecycle(old), count)
        told: list[EpochFacts] = []
        ends = [await ends_of(self._kafka, lifecycle(epoch), count) for epoch in (old, new)]
        total, done = sum(sum(one.values()) for one in ends), 0
        for epoch, until in zip((old, new), ends, strict=True):
            facts = EpochFacts(common, complete)
            async for record in read_topic(self._kafka, lifecycle(epoch), range(count), until):
                facts.add(record.value)
                done += 1
                if done % 1000 == 0:
                    self._told("compare", done, total)
            told.append(facts)
        self._told("compare", total, total)
        return compare(told[0], told[1])

    async def _complete_from(self, topic: str, count: int) -> dict[int, int]:
        """By partition, the cause offset from which on no record can have been compacted away."""
        since = (self._clock.now() - _SURELY_KEPT) // 1000
        first = await first_since(self._kafka, topic, count, since)
        return {number: _cause_offset(record.value) if record else _NEVER for number, record in first.items()}

    def _switch(self, new: int) -> None:
        self._told("switch", 0, 1)
        self._local.request("live-epoch", epoch=new)
        self._local.wait_ready()
        metrics = f"{self._local.addresses()['metrics']}/v1/status"
        deadline = time.monotonic() + _PATIENCE
        while True:
            try:
                status = self._client.get(metrics).json()
                if status["epoch"] == new and status["caught_up"]:
                    break
            except (httpx.HTTPError, ValueError, KeyError):
                pass  # it starts again; what it says next counts
            if time.monotonic() > deadline:
                raise StackError(
                    f"metrics does not follow epoch {new}: see its log", self._local.home.log_tail("metrics")
                )
            time.sleep(_POLL)
        self._told("switch", 1, 1)


def _cause_offset(value: bytes | None) -> int:
    try:
        return int(orjson.loads(value or b"")["data"]["cause"]["offset"])
    except (orjson.JSONDecodeError, KeyError, TypeError):
        return 0
