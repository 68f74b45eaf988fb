"""Real brokers, databases and stacks for tests: on free ports, in temporary homes, ended whatever happens."""

from __future__ import annotations

import contextlib
import os
import random
import signal
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from aiokafka.admin import AIOKafkaAdminClient, NewTopic

from deploy.local import processes
from deploy.local.errors import StackError
from deploy.local.ports import PREFERRED, choose
from deploy.local.stack import LocalStack
from tests.waiting import until

__all__ = ["RUN_MARK", "Backends", "StackFactory", "free_ports", "left_behind", "stop"]

#: Every process of a test run inherits this variable, whatever started it; so none can hide.
RUN_MARK = "TEST_RUN_OF_PROCESS"

_SERVICES = ("intake", "processing", "metrics")


def free_ports() -> dict[str, int]:
    """Ports below those that the kernel gives to outgoing connections, so that none is lent in between."""
    start = choose(random.randrange(20_000, 31_000, 20))
    return {name: start + place for place, name in enumerate(PREFERRED)}


@dataclass(frozen=True, slots=True)
class Backends:
    """A running broker and database; every test makes names of its own in them.

    Args:
        stack: the stack (without services) they belong to, to stop or kill them.
        kafka: bootstrap server.
        mongo: connection string.
    """

    stack: LocalStack
    kafka: str
    mongo: str

    @staticmethod
    def unique(prefix: str) -> str:
        """A name nobody else uses, good for topics, groups and databases."""
        return f"{prefix}-{uuid.uuid4().hex[:10]}"

    async def topic(self, prefix: str, partitions: int = 4, config: Mapping[str, str] | None = None) -> str:
        """A new topic; its name."""
        name = self.unique(prefix)
        admin = AIOKafkaAdminClient(bootstrap_servers=self.kafka)
        await admin.start()
        try:
            answer = await admin.create_topics([NewTopic(name, partitions, 1, topic_configs=dict(config or {}))])
        finally:
            await admin.close()
        assert [code for _, code, _ in answer.topic_errors] == [0], answer
        return name


class StackFactory:
    """Starts whole stacks in temporary homes and remembers them, to end them all."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.stacks: list[LocalStack] = []

    def __call__(
        self,
        clock: str = "data",
        *,
        simulated: bool = False,
        home: Path | None = None,
        services: tuple[str, ...] | None = None,
        replicas: Mapping[str, int] | None = None,
        settings: Mapping[str, str] | None = None,
        partitions: int | None = None,
        brokers: int | None = None,
    ) -> LocalStack:
        """A stack whose services are ready; arguments as of `LocalStack.up`."""
        stack = LocalStack(home or self.folder / f"stack{len(self.stacks) + 1}")
        self.stacks.append(stack)
        stack.up(
            clock=clock,
            simulated=simulated,
            services=services,
            replicas=replicas,
            settings=settings,
            partitions=partitions,
            brokers=brokers,
            preferred=free_ports(),
        )
        return stack

    def stop_all(self) -> None:
        """End every stack, also those that did not start; their logs' ends are shown if the test failed."""
        for stack in self.stacks:
            stop(stack)


def stop(stack: LocalStack) -> None:
    """End a stack and print the ends of its logs, which pytest shows only for a failed test."""
    # Services last: where only the end of what is printed is kept, theirs says most.
    logs = sorted(stack.home.logs.glob("*.log"), key=lambda log: (log.stem.startswith(_SERVICES), log.stem))
    for log in logs:
        if tail := stack.home.log_tail(log.stem, 20):
            print(f"--- {log}", *(line[:400] for line in tail.splitlines()), sep="\n")
    try:
        stack.down(timeout=60)
    except StackError as error:
        print(f"--- {error}")


def left_behind(mark: str, patience: float) -> Iterator[str]:
    """End the processes of this run that still run after `patience` seconds; yields their command lines."""
    with contextlib.suppress(AssertionError):
        until(lambda: not list(_marked(mark)), "the processes of this run to end", seconds=patience)
    for pid, command in _marked(mark):
        identity = processes.identify(pid)
        if identity is not None:
            processes.send(identity, signal.SIGKILL)
        yield command


def _marked(mark: str) -> Iterator[tuple[int, str]]:
    wanted = f"{RUN_MARK}={mark}".encode()
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit() or int(entry.name) == os.getpid():
            continue
        try:
            environment = (entry / "environ").read_bytes().split(b"\0")
            command = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace").strip()
        except OSError:
            continue
        if wanted in environment and "resource_tracker" not in command:
            yield int(entry.name), f"{entry.name}: {command[:200]}"
