"""Epochs and journals of a running stack: which one is live, what is derived beside it, and the change to another.

Knows the order of these steps; processes are kept by the supervisor, facts are derived by processing.
"""

from __future__ import annotations

import asyncio
import logging
from dataclasses import replace
from typing import Any, Final, Protocol

from aiokafka.errors import KafkaError

from deploy.local import children, ports, processes
from deploy.local.backends import topics
from deploy.local.backends.fence import Fence, is_fenced
from deploy.local.errors import StackError
from deploy.local.home import Home, Stack
from deploy.local.keeper import Keeper
from deploy.operations.epochs.reading import ends_of
from shared.broker.topics import journal

__all__ = ["Epochs"]

logger = logging.getLogger("supervisor")

_RETRY_SECONDS: Final = 0.5


class Running(Protocol):
    """A stack under a supervisor, as far as epochs change it."""

    home: Home
    stack: Stack
    kafka: str
    keepers: dict[str, Keeper]
    halt: asyncio.Event

    def choose_ports(self, wanted: dict[str, int]) -> None:
        """Ports for processes that do not run yet, by name."""

    def keep(self, spec: children.ChildSpec) -> Keeper:
        """Start a process and keep it alive."""


class Epochs:
    """The commands of a supervisor that are about epochs and generations of the journal.

    Args:
        of: the running stack.
    """

    def __init__(self, of: Running) -> None:
        self._of = of
        #: What the start found and mended, for people.
        self.note = ""
        self._fence = Fence(of.kafka)
        #: By epoch derived for a command, who waits for that command's end.
        self._guards: dict[int, asyncio.Task[None]] = {}

    async def start(
        self, epoch: int, generation: int | None = None, partitions: int | None = None, pid: int | None = None
    ) -> dict[str, Any]:
        """Derive another epoch from a journal's beginning, beside the live one; the journal may be a new one.

        Args:
            epoch: the derivation.
            generation: of its journal, the live one by default.
            partitions: of its journal.
            pid: the process it is derived for: when that ends without a word, so does the derivation.
        """
        name = children.epoch_name(epoch)
        if epoch == self._of.stack.epoch:
            raise StackError(f"epoch {epoch} is the live one")
        asker = None if pid is None else processes.identify(pid)
        if pid is not None and asker is None:
            raise StackError(f"process {pid} does not run")
        if name not in self._of.keepers:
            self._of.choose_ports({name: ports.PREFERRED["processing"] + 20})
            of = replace(
                self._of.stack,
                generation=generation or self._of.stack.generation,
                partitions=partitions or self._of.stack.partitions,
            )
            await topics.create(self._of.kafka, epoch, of.partitions, of.replication, of.generation)
            self._of.keep(children.service(self._of.home, of, "processing", name, epoch))
        if asker is not None:
            self._forget(epoch)
            self._guards[epoch] = asyncio.create_task(self._end_with(asker, epoch), name=f"guard-{name}")
        return {"name": name, "port": self._of.stack.ports[name]}

    async def stop(self, epoch: int) -> dict[str, Any]:
        """End the process of another epoch; its topic and databases stay."""
        self._forget(epoch)
        keeper = self._of.keepers.pop(children.epoch_name(epoch), None)
        if keeper is not None:
            await keeper.stop()
        return {}

    async def make_live(self, epoch: int) -> dict[str, Any]:
        """Flip the pointer to an epoch and start processing anew on it; metrics follows the pointer by itself."""
        await topics.point_to(self._of.kafka, epoch, self._of.stack.partitions, self._of.stack.generation)
        self._of.stack.epoch = epoch
        self._of.home.save(self._of.stack)
        await self.stop(epoch)
        await self._renew("processing")
        return {"epoch": epoch}

    async def fence(self, pid: int) -> dict[str, Any]:
        """Let nobody write to the journal while a process copies it."""
        await self._fence.up_for(pid, journal(self._of.stack.generation))
        return {}

    async def unfence(self) -> dict[str, Any]:
        """Let entries in again; harmless to repeat."""
        await self._fence.down(journal(self._of.stack.generation))
        return {}

    async def generation(self, epoch: int, generation: int, partitions: int, ends: dict[str, int]) -> dict[str, Any]:
        """Make an epoch of a new journal the live one: with intake still, so that nothing is written to the old one.

        The pointer's record decides: a supervisor that ends before it comes back with the old journal, one that ends
        after it with the new one.

        Args:
            epoch: the derivation to make live.
            generation: of its journal.
            partitions: of its journal.
            ends: by partition of the old journal, the end up to which it was copied.
        """
        self._fence.forget()
        await self._of.keepers["intake"].stop()
        try:
            await self._check_ends(ends)
        except BaseException:
            self._of.keepers["intake"].start()
            await self._fence.down(journal(self._of.stack.generation))
            raise
        await self._point(epoch, partitions, generation)
        self._of.stack.epoch, self._of.stack.generation, self._of.stack.partitions = epoch, generation, partitions
        self._of.home.save(self._of.stack)
        await self.stop(epoch)
        await self._renew("intake", "processing")
        # Metrics follows the pointer, which names the partitions; the new settings are for its next start.
        for name, keeper in self._of.keepers.items():
            if _is("metrics", name):
                keeper.spec = children.service(self._of.home, self._of.stack, "metrics", name)
        return {"epoch": epoch}

    async def _end_with(self, asker: processes.Identity, epoch: int) -> None:
        """End a derivation once whoever asked for it has ended."""
        await processes.ended(asker)
        logger.warning("the process that epoch %d was derived for ended: so does the derivation", epoch)
        self._guards.pop(epoch, None)
        await self.stop(epoch)

    def _forget(self, epoch: int) -> None:
        """Wait for nobody's end any more."""
        guard = self._guards.pop(epoch, None)
        if guard is not None:
            guard.cancel()

    async def _check_ends(self, ends: dict[str, int]) -> None:
        stack = self._of.stack
        found = await ends_of(self._of.kafka, journal(stack.generation), stack.partitions)
        if {str(number): end for number, end in found.items()} != ends:
            raise StackError("the journal was written to while it was copied: grow again")

    async def _point(self, epoch: int, partitions: int, generation: int) -> None:
        """Write the pointer, again and again: after a failure nobody knows whether the broker has it."""
        while not self._of.halt.is_set():
            try:
                await topics.point_to(self._of.kafka, epoch, partitions, generation)
            except (KafkaError, TimeoutError, OSError) as error:
                logger.warning("pointer to epoch %d: %r; again", epoch, error)
                await asyncio.sleep(_RETRY_SECONDS)
            else:
                return
        raise StackError("the stack stops: whether the new journal is live shows at its next start")

    async def _renew(self, *kinds: str) -> None:
        """Start services anew with the settings of now, all their processes at the same time."""
        found = [(kind, name) for kind in kinds for name in self._of.keepers if _is(kind, name)]
        await asyncio.gather(*(self._of.keepers[name].stop() for _, name in found))
        for kind, name in found:
            self._of.keepers[name].spec = children.service(self._of.home, self._of.stack, kind, name)
            self._of.keepers[name].start()

    async def prepare(self) -> None:
        """Create the topics and read, or at the first start write, the live epoch. The broker may still be electing."""
        while True:
            try:
                await self._create_topics(self._of.stack.epoch)
                live = await topics.live(self._of.kafka)
                if live is None:
                    await topics.point_to(
                        self._of.kafka, self._of.stack.epoch, self._of.stack.partitions, self._of.stack.generation
                    )
                elif live.epoch != self._of.stack.epoch:
                    self._of.stack.epoch = live.epoch
                    self._of.stack.generation = live.generation or self._of.stack.generation
                    self._of.stack.partitions = live.partitions or self._of.stack.partitions
                    await self._create_topics(live.epoch)
                await self._open_journal()
                await topics.check_settings(self._of.kafka)
            except (KafkaError, TimeoutError) as error:
                logger.warning("topics: %r; again", error)
                await asyncio.sleep(_RETRY_SECONDS)
            else:
                self._of.home.save(self._of.stack)
                return

    async def _open_journal(self) -> None:
        """Take down a fence that was left by a growth which was broken off."""
        name = journal(self._of.stack.generation)
        if await is_fenced(self._of.kafka, name):
            await self._fence.down(name)
            self.note = f"{name} was left fenced by a growth that was broken off: it takes entries again"
            logger.warning(self.note)

    async def _create_topics(self, epoch: int) -> None:
        stack = self._of.stack
        await topics.create(self._of.kafka, epoch, stack.partitions, stack.replication, stack.generation)


def _is(kind: str, name: str) -> bool:
    """Whether a process is one of a service for the live epoch."""
    return name == kind or name.removeprefix(f"{kind}-").isdigit()
