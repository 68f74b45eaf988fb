"""One detached process per stack that starts broker, database, topics and services, and starts again what dies.

Holds the order and the commands; `python -m deploy.local.supervisor --home DIR` runs until SIGTERM or SIGINT.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import fcntl
import logging
import os
import signal
import sys
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any

from deploy.local import children, control, keys, ports, processes
from deploy.local.backends import jars, kafka
from deploy.local.epochs import Epochs
from deploy.local.errors import StackError
from deploy.local.home import SERVICES, Home
from deploy.local.keeper import Keeper

__all__ = ["Supervisor"]

logger = logging.getLogger("supervisor")

_MOST_REPLICAS = 4


class Supervisor:
    """The processes of one stack and the commands on them.

    Args:
        home: the stack's folders; `stack.json` must have its ports.
        distribution: the broker's jars.
    """

    def __init__(self, home: Home, distribution: kafka.Distribution) -> None:
        self.home = home
        self.stack = home.load()
        self.brokers = children.brokers(home, self.stack, distribution)
        self.kafka = children.bootstrap(self.stack)
        self.keepers: dict[str, Keeper] = {}
        self.phase = "starting"
        self.error = ""
        self.epochs = Epochs(self)
        self.halt = asyncio.Event()
        self._one_at_a_time = asyncio.Lock()
        self._commands: dict[str, Callable[..., Awaitable[dict[str, Any]]]] = {
            "status": self.status,
            "start": self.start,
            "stop": self.stop,
            "restart": self.restart,
            "replicas": self.replicas,
            "services": self.services,
            "start-epoch": self.epochs.start,
            "stop-epoch": self.epochs.stop,
            "live-epoch": self.epochs.make_live,
            "fence": self.epochs.fence,
            "unfence": self.epochs.unfence,
            "generation": self.epochs.generation,
        }

    async def run(self) -> None:
        """Start everything in order, answer commands, and stop everything in reverse order when asked to."""
        ports.claim(self.stack.ports.values())
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self.halt.set)
        path = self.home.socket_path()
        server = await control.serve(path, self.handle)
        self.stack.socket = str(path)
        self.home.save(self.stack)
        starting = asyncio.create_task(self._start_all())
        await self.halt.wait()
        starting.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await starting
        self.phase = "stopping"
        async with self._one_at_a_time:
            await self._stop_all()
        server.close()
        path.unlink(missing_ok=True)
        if path.parent != self.home.run:
            path.parent.rmdir()

    async def handle(self, request: dict[str, Any]) -> dict[str, Any]:
        """Carry out one command; commands that change something follow one another."""
        arguments = dict(request)
        name = arguments.pop("command", "")
        command = self._commands.get(name)
        if command is None:
            raise StackError(f"command {name!r} is not known: use one of {', '.join(sorted(self._commands))}")
        if name == "status":
            return await command(**arguments)
        if self.phase != "running":
            raise StackError(f"the stack is {self.phase}: ask again when it is running")
        async with self._one_at_a_time:
            return await command(**arguments)

    async def status(self) -> dict[str, Any]:
        """Phase, error if any, and every process."""
        reports = [keeper.report() for keeper in self.keepers.values()]
        told = {"phase": self.phase, "error": self.error, "note": self.epochs.note, "epoch": self.stack.epoch}
        return told | {"processes": reports}

    async def start(self, name: str) -> dict[str, Any]:
        """Start a process that was stopped."""
        self._keeper(name).start()
        return {}

    async def stop(self, name: str) -> dict[str, Any]:
        """Stop a process and leave it so until `start` (a fault test's outage)."""
        await self._keeper(name).stop()
        return {}

    async def restart(self, name: str) -> dict[str, Any]:
        """Stop a process in order and start it again."""
        await self._keeper(name).stop()
        self._keeper(name).start()
        return {}

    async def replicas(self, name: str, count: int) -> dict[str, Any]:
        """Run so many processes of a service, each with its own port."""
        if name not in self.stack.services or name == "intake":
            raise StackError(f"replicas: {name} has none; use processing or metrics")
        if not 1 <= count <= _MOST_REPLICAS:
            raise StackError(f"replicas: {count} is not between 1 and {_MOST_REPLICAS}")
        wanted = children.replica_names(name, count)
        for old in children.replica_names(name, _MOST_REPLICAS):
            if old in self.keepers and old not in wanted:
                await self.keepers.pop(old).stop()
        self.stack.replicas[name] = count
        self.choose_ports({new: ports.PREFERRED[name] + 10 * place for place, new in enumerate(wanted)})
        for new in wanted:
            if new not in self.keepers:
                self.keep(children.service(self.home, self.stack, name, new))
        return {"names": wanted}

    async def services(self, names: list[str]) -> dict[str, Any]:
        """Run these services from now on, in a stack that was started with its backends alone."""
        self.stack.services = [name for name in SERVICES if name in names]
        replicas = {kind: self.stack.replicas.get(kind, 1) for kind in self.stack.services}
        wanted = children.preferred_ports(self.stack.services, replicas, self.stack.brokers)
        self.choose_ports(wanted)
        self._keep_services()
        return {"names": self.stack.services}

    def _keeper(self, name: str) -> Keeper:
        if name not in self.keepers:
            raise StackError(f"process {name} is not part of this stack: {', '.join(self.keepers)}")
        return self.keepers[name]

    def keep(self, spec: children.ChildSpec) -> Keeper:
        """Start a process and keep it alive."""
        keeper = self.keepers[spec.name] = Keeper(spec, self.home)
        keeper.start()
        return keeper

    def choose_ports(self, wanted: dict[str, int]) -> None:
        """Choose ports for processes that do not run yet; those that run keep theirs."""
        new = {name: port for name, port in wanted.items() if name not in self.keepers}
        with ports.choosing():
            self.stack.ports |= ports.assign(new, self.stack.ports)
            ports.claim(self.stack.ports.values())
        self.home.save(self.stack)

    async def _start_all(self) -> None:
        try:
            await asyncio.gather(*(asyncio.to_thread(broker.format) for broker in self.brokers))
            started = [self.keep(spec) for spec in children.backends(self.home, self.stack, self.brokers)]
            self.phase = "backends"
            await asyncio.gather(*(keeper.wait_ready() for keeper in started))
            self.phase = "topics"
            await self.epochs.prepare()
            self._keep_services()
            self.phase = "running"
        except (StackError, OSError) as error:
            logger.exception("the stack could not be started")
            self.phase = "failed"
            self.error = str(error)

    def _keep_services(self) -> None:
        """Start the services that do not run; they wait for one another, so all may load at the same time."""
        for kind in self.stack.services:
            for name in children.replica_names(kind, self.stack.replicas.get(kind, 1)):
                if name not in self.keepers:
                    self.keep(children.service(self.home, self.stack, kind, name))

    async def _stop_all(self) -> None:
        for rank in sorted({keeper.spec.rank for keeper in self.keepers.values()}, reverse=True):
            await asyncio.gather(*(keeper.stop() for keeper in self.keepers.values() if keeper.spec.rank == rank))


@contextlib.contextmanager
def _only_one(home: Home) -> Iterator[None]:
    """Hold the stack's lock; the kernel releases it whatever ends this process."""
    with (home.run / "supervisor.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise StackError(f"a supervisor of {home.path} is already running") from error
        yield


async def _supervise(home: Home) -> None:
    supervisor = Supervisor(home, jars.prepare(logger.info))
    await supervisor.run()


def main() -> int:
    """Run the supervisor of a home folder; 0 after an orderly stop."""
    parser = argparse.ArgumentParser(prog="supervisor", description="Keeps a local stack running.")
    parser.add_argument("--home", required=True, type=Path, help="home folder of the stack")
    logging.basicConfig(format="%(asctime)s %(levelname)s %(name)s: %(message)s", level=logging.INFO)
    logging.getLogger("aiokafka").setLevel(logging.CRITICAL)
    home = Home(parser.parse_args().home)
    home.create()
    try:
        with _only_one(home):
            identity = processes.identify(os.getpid())
            if identity is not None:
                processes.write_pid_file(home.pid_file("supervisor"), identity)
            keys.create_own(home)
            for name in processes.end_orphans(home, keep=children.process_names(home.load())):
                logger.warning("%s was left by a supervisor that was killed, and is not wanted: ended", name)
            asyncio.run(_supervise(home))
            home.pid_file("supervisor").unlink(missing_ok=True)
    except StackError as error:
        logger.error("%s %s", error.message, error.log)  # noqa: TRY400 - one line is enough
        return 1
    except OSError as error:
        logger.error("the supervisor cannot go on: %s", error)  # noqa: TRY400 - one line is enough
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
