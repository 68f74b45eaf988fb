"""A stack elsewhere whose epochs change: by Compose, Kubernetes or servers, reached by addresses.

The next epoch is derived by a process of this machine, until the stack's own are started anew.
"""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from deploy.local import ports
from deploy.local.backends import fence, topics
from deploy.local.errors import StackError
from deploy.operations.epochs.reading import ends_of
from shared.broker.topics import journal

__all__ = ["ElsewhereSite"]

_STOP_SECONDS: Final = 20.0
_LOG_BYTES: Final = 4_000


@dataclass(slots=True)
class ElsewhereSite:
    """A stack elsewhere.

    Args:
        kafka: bootstrap servers.
        key: with which its services are asked.
        mongo: connection string.
        intake: base URL.
        processing: base URLs of its replicas.
        metrics: base URL.
        partitions: of the journal now.
        generation: of the journal now.
        settings: further MOTCUA_ variables of its processing: zone, kind.
        outbox: tells what intake owes the partitions.
    """

    kafka: str
    key: str
    mongo: str
    intake: str
    processing: Sequence[str]
    metrics: str
    partitions: int
    generation: int
    settings: Mapping[str, str]
    outbox: Callable[[], Sequence[Any]]
    _child: subprocess.Popen[bytes] | None = field(default=None, init=False)
    _log: Path = field(default_factory=lambda: Path(tempfile.mkdtemp(prefix="motcua-grow-")) / "log", init=False)

    def epoch(self) -> int:
        """The live epoch, by the pointer."""
        live = asyncio.run(topics.live(self.kafka))
        if live is None:
            raise StackError("there is no live epoch: start the stack first")
        if (live.generation or self.generation) != self.generation:
            raise StackError(
                f"generation {live.generation} of the journal is live, MOTCUA_GENERATION is {self.generation}: set it"
            )
        return live.epoch

    def live(self) -> Sequence[str]:
        """Addresses of its processes."""
        return self.processing

    def log(self, name: str) -> str:
        """What the process of the next epoch said last; those of the others are where they run."""
        if name != "processing" or not self._log.exists():
            return ""
        return self._log.read_bytes()[-_LOG_BYTES:].decode(errors="replace")

    def owed(self) -> Sequence[Any]:
        """Parcels of reference entries that are not in every partition."""
        return self.outbox()

    def fence(self) -> None:
        """By the broker; nobody takes it down when this process is killed, but another growth does."""
        asyncio.run(fence.put_up(self.kafka, journal(self.generation)))

    def unfence(self) -> None:
        """Let everybody write again."""
        asyncio.run(fence.lower(self.kafka, journal(self.generation)))

    def start(self, epoch: int, generation: int, partitions: int) -> tuple[str, str]:
        """As a child of this process, which ends with it, whatever ends it."""
        replication = asyncio.run(topics.replication_of(self.kafka, journal(self.generation)))
        asyncio.run(topics.create(self.kafka, epoch, partitions, replication, generation))
        port = ports.choose(ports.PREFERRED["processing"] + 20)
        env = {
            **os.environ,
            **self.settings,
            "MOTCUA_KAFKA": self.kafka,
            "MOTCUA_MONGO": self.mongo,
            "MOTCUA_INTAKE": self.intake,
            "MOTCUA_HOST": ports.HOST,
            "MOTCUA_PORT": str(port),
            "MOTCUA_EPOCH": str(epoch),
            "MOTCUA_GENERATION": str(generation),
            "MOTCUA_PARTITIONS": str(partitions),
        }
        with self._log.open("ab") as log:
            line = [sys.executable, "-m", "deploy.operations.epochs.beside", str(os.getpid()), "services.processing"]
            self._child = subprocess.Popen(line, env=env, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        return f"http://{ports.HOST}:{port}", "processing"

    def stop(self, epoch: int) -> None:
        """End it."""
        del epoch
        child, self._child = self._child, None
        if child is None:
            return
        child.terminate()
        try:
            child.wait(_STOP_SECONDS)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()

    def flip(self, epoch: int) -> str:
        """Point to the epoch; the stack's own processing goes on with it once it is restarted."""
        asyncio.run(topics.point_to(self.kafka, epoch, self.partitions, self.generation))
        self.stop(epoch)
        return self.metrics

    def switch(self, epoch: int, generation: int, partitions: int, ends: Mapping[int, int]) -> str:
        """Point to the epoch; the old journal stays fenced, so nothing is written before the services know the new."""
        found = asyncio.run(ends_of(self.kafka, journal(self.generation), self.partitions))
        if found != dict(ends):
            raise StackError("the journal was written to while it was copied: grow again")
        asyncio.run(topics.point_to(self.kafka, epoch, partitions, generation))
        self.stop(epoch)
        return self.metrics
