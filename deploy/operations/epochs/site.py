"""A stack whose epochs change: where the next one is derived, how the journal is fenced, how it is switched.

Here of this machine, by its supervisor; elsewhere.py is for others. Knows no order of steps.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from typing import Any, Protocol

import httpx

from deploy.local.errors import StackError
from deploy.local.stack import LocalStack
from deploy.operations.epochs.watching import live_processes

__all__ = ["LocalSite", "Site"]


class Site(Protocol):
    """What a rebuild and a growth need of a stack; every method may raise StackError."""

    #: Bootstrap servers.
    kafka: str
    #: With which its services are asked.
    key: str
    #: Of the journal now.
    partitions: int
    generation: int

    def epoch(self) -> int:
        """The live epoch."""

    def live(self) -> Sequence[str]:
        """Addresses of its processes."""

    def log(self, name: str) -> str:
        """Last lines of a process's log."""

    def owed(self) -> Sequence[Any]:
        """Parcels of reference entries that are not in every partition."""

    def fence(self) -> None:
        """Let nobody write to the journal."""

    def unfence(self) -> None:
        """Let everybody again; harmless to repeat."""

    def start(self, epoch: int, generation: int, partitions: int) -> tuple[str, str]:
        """Make the topics of another journal and epoch and derive it; address and name of the process."""

    def stop(self, epoch: int) -> None:
        """End that process; harmless to repeat."""

    def flip(self, epoch: int) -> str:
        """Make that epoch of the same journal live; address of metrics."""

    def switch(self, epoch: int, generation: int, partitions: int, ends: Mapping[int, int]) -> str:
        """Make that epoch live, if the old journal still ends at `ends`; address of metrics."""


class LocalSite:
    """A stack of this machine.

    Args:
        local: it, running.
    """

    def __init__(self, local: LocalStack) -> None:
        stack = local.home.load()
        self._local = local
        self.kafka = local.addresses()["kafka"]
        self.key = local.admin_key()
        self.partitions = stack.partitions
        self.generation = stack.generation

    def epoch(self) -> int:
        """The live epoch."""
        return int(self._local.request("status")["epoch"])

    def live(self) -> Sequence[str]:
        """Addresses of its processes."""
        return live_processes(self._local)

    def log(self, name: str) -> str:
        """Last lines of a process's log."""
        return self._local.home.log_tail(name)

    def owed(self) -> Sequence[Any]:
        """Parcels of reference entries that are not in every partition."""
        url = f"{self._local.addresses()['intake']}/v1/reference/outbox"
        headers = {"Authorization": f"Bearer {self.key}"}
        try:
            with httpx.Client(trust_env=False, timeout=10, headers=headers) as client:
                waiting: list[Any] = client.get(url).raise_for_status().json()["waiting"]
        except (httpx.HTTPError, ValueError, KeyError) as error:
            raise StackError(
                f"intake does not say what it owes ({type(error).__name__}): see `motcua status`"
            ) from error
        return waiting

    def fence(self) -> None:
        """By the supervisor, which takes it down when this process ends without a word."""
        self._local.request("fence", pid=os.getpid())

    def unfence(self) -> None:
        """Let everybody write again."""
        self._local.request("unfence")

    def start(self, epoch: int, generation: int, partitions: int) -> tuple[str, str]:
        """As a process of the stack, beside the live epoch's, which ends with this one if that ends without a word."""
        asked = {"epoch": epoch, "generation": generation, "partitions": partitions, "pid": os.getpid()}
        answer = self._local.request("start-epoch", **asked)
        return f"http://127.0.0.1:{answer['port']}", str(answer["name"])

    def stop(self, epoch: int) -> None:
        """End that process."""
        self._local.request("stop-epoch", epoch=epoch)

    def flip(self, epoch: int) -> str:
        """With processing started anew on it."""
        self._local.request("live-epoch", epoch=epoch)
        self._local.wait_ready()
        return self._local.addresses()["metrics"]

    def switch(self, epoch: int, generation: int, partitions: int, ends: Mapping[int, int]) -> str:
        """With intake still, and all settings with it."""
        told = {str(number): end for number, end in ends.items()}
        self._local.request("generation", epoch=epoch, generation=generation, partitions=partitions, ends=told)
        self._local.wait_ready()
        return self._local.addresses()["metrics"]
