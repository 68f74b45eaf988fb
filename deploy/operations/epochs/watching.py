"""How far epochs are: where their processes stand in the journal, whether metrics follows. Changes nothing."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import httpx

from deploy.local.errors import StackError
from deploy.local.stack import LocalStack
from shared.broker.pointer import read_pointers
from shared.broker.topics import lifecycle

__all__ = ["Places", "Told", "Watch", "free_epoch", "live_processes"]

_POLL: Final = 0.2
_PATIENCE: Final = 180.0

#: Told what is being done, how much of it, out of how much.
Told = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class Places:
    """Where the processes of an epoch are.

    Args:
        next: by partition, the offset of the first entry whose events are not out.
        stopped: partitions that stopped.
        clocks: by partition, its clock; None before the first tick.
    """

    next: Mapping[int, int]
    stopped: frozenset[int]
    clocks: Mapping[int, str | None]


def free_epoch(kafka: str, old: int) -> int:
    """The next number; those of epochs that were broken off are not used again, as their topics are half full.

    Nor is that of one that was live once: it may have been removed since, and a replica of metrics that was away may
    still have an image of it.
    """
    pointers, taken = asyncio.run(read_pointers(kafka, "motcua-epochs"))
    new = 1 + max([old, *(one.epoch for one in pointers)])
    while lifecycle(new) in taken:
        new += 1
    return new


def live_processes(local: LocalStack) -> list[str]:
    """Addresses of the live epoch's processes of a stack of this machine."""
    names = [item["name"] for item in local.request("status")["processes"]]
    regular = (name for name in names if name == "processing" or name.removeprefix("processing-").isdigit())
    addresses = local.addresses()
    return [addresses[name] for name in regular if name in addresses]


class Watch:
    """The epochs of a running stack.

    Args:
        live: tells the addresses of the live epoch's processes.
        key: with which they and metrics are asked; empty for none.
        log: tells the last lines of a process's log.
        told: progress, by the names of steps: derive, switch.
    """

    def __init__(self, live: Callable[[], Sequence[str]], key: str, log: Callable[[str], str], told: Told) -> None:
        self._live = live
        self._log = log
        self._told = told
        headers = {"Authorization": f"Bearer {key}"} if key else {}
        self.client = httpx.Client(trust_env=False, timeout=10, headers=headers)

    def live_places(self) -> Places:
        """Where the live epoch is."""
        return self.places(self._live())

    def places(self, addresses: Sequence[str]) -> Places:
        """Where processes are; one that is away has no place."""
        following: dict[int, int] = {}
        stopped: set[int] = set()
        clocks: dict[int, str | None] = {}
        for address in addresses:
            try:
                answer = self.client.get(f"{address}/v1/positions")
                answer.raise_for_status()
                found: Mapping[str, Any] = answer.json()["partitions"]
            except (httpx.HTTPError, ValueError):
                continue
            for number, place in found.items():
                clocks[int(number)] = place.get("clock")
                if place["next"] is not None:
                    following[int(number)] = int(place["next"])
                if place["state"] == "stopped":
                    stopped.add(int(number))
        return Places(following, frozenset(stopped), clocks)

    def wait_derived(
        self, beside: str, name: str, ends: Mapping[int, int], old_ends: Mapping[int, int]
    ) -> tuple[Places, Places]:
        """Wait until both epochs have read their journals to these ends; where the new and the old one are then.

        An old epoch that stopped, since another engine derived it, is not waited for.

        Args:
            beside: address of the process that derives the new one.
            name: of that process.
            ends: the new epoch's.
            old_ends: the live one's.

        Raises:
            StackError: nothing moved for minutes.
        """
        total = sum(ends.values())
        best, since = -1, time.monotonic()
        while True:
            new, old = self.places([beside]), self.live_places()
            done = sum(min(new.next.get(number, 0), end) for number, end in ends.items())
            self._told("derive", done, total)
            if all(new.next.get(number, 0) >= end for number, end in ends.items()) and all(
                old.next.get(number, 0) >= end or number in old.stopped for number, end in old_ends.items()
            ):
                return new, old
            reached = done + sum(min(old.next.get(number, 0), end) for number, end in old_ends.items())
            if reached > best:
                best, since = reached, time.monotonic()
            elif time.monotonic() - since > _PATIENCE:
                raise StackError(
                    f"{name} has stood at {done} of {total} entries for {_PATIENCE:.0f} s: see its log",
                    self._log(name),
                )
            time.sleep(_POLL)

    def wait_followed(self, epoch: int, metrics: str) -> None:
        """Wait until metrics shows this epoch.

        Args:
            epoch: the epoch.
            metrics: base URL.

        Raises:
            StackError: it does not.
        """
        self._told("switch", 0, 1)
        deadline = time.monotonic() + _PATIENCE
        while True:
            try:
                status = self.client.get(f"{metrics}/v1/status").json()
                if status["epoch"] == epoch and status["caught_up"]:
                    break
            except (httpx.HTTPError, ValueError, KeyError):
                pass  # it starts again; what it says next counts
            if time.monotonic() > deadline:
                raise StackError(f"metrics does not follow epoch {epoch}: see its log", self._log("metrics"))
            time.sleep(_POLL)
        self._told("switch", 1, 1)
