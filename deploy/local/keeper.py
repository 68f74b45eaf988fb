"""Keeps one process of the stack alive: starts it, notices its end, starts it again after a pause.

Knows one process and its pid file; the order among processes is the supervisor's.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import signal
import time

from deploy.local import processes
from deploy.local.children import ChildSpec
from deploy.local.home import Home
from deploy.local.ports import HOST

__all__ = ["Keeper"]

logger = logging.getLogger(__name__)

_PROBE_INTERVAL = 0.05
#: A process that lived this long (seconds) has earned a quick restart.
_HEALTHY_AFTER = 10.0
_LARGEST_LOG = 50 * 1024 * 1024


class Keeper:
    """One process, kept alive until it is asked to stop.

    Args:
        spec: what to run.
        home: where its log and pid file lie.
        shortest: seconds before the first restart; doubled at each further one.
        longest: upper bound of that pause.
    """

    def __init__(self, spec: ChildSpec, home: Home, shortest: float = 0.5, longest: float = 5.0) -> None:
        self.spec = spec
        self.home = home
        self.shortest = shortest
        self.longest = longest
        self.state = "stopped"
        self.restarts = 0
        self.last_exit: int | None = None
        self.identity: processes.Identity | None = None
        self._ready = asyncio.Event()
        self._halt = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self._use_fallback = False

    def start(self) -> None:
        """Begin keeping it alive; does not wait."""
        if self._task is None or self._task.done():
            self._halt.clear()
            self._task = asyncio.create_task(self._keep(), name=f"keep-{self.spec.name}")

    async def wait_ready(self) -> None:
        """Wait until its port answers (or, without a port, until it was started)."""
        await self._ready.wait()

    async def stop(self) -> None:
        """Ask it to end, wait its grace, then end it by force; afterwards it is not started again."""
        self._halt.set()
        task = self._task
        if task is None:
            return
        if self.identity is not None:
            processes.send(self.identity, signal.SIGTERM)
            processes.send(self.identity, signal.SIGCONT)
        done, _ = await asyncio.wait([task], timeout=self.spec.grace)
        if not done and self.identity is not None:
            logger.warning("%s did not end within %.0f s: ended by force", self.spec.name, self.spec.grace)
            processes.send(self.identity, signal.SIGKILL)
        await task

    def report(self) -> dict[str, object]:
        """Its state as the supervisor tells it."""
        return {
            "name": self.spec.name,
            "rank": self.spec.rank,
            "pid": self.identity.pid if self.identity else None,
            "state": self.state,
            "port": self.spec.port,
            "restarts": self.restarts,
            "last_exit": self.last_exit,
        }

    async def _keep(self) -> None:
        pause = self.shortest
        while not self._halt.is_set():
            began = time.monotonic()
            answered = await self._run_once()
            if self._halt.is_set():
                break
            if not answered and self.spec.fallback:
                self._use_fallback = True
            if time.monotonic() - began >= _HEALTHY_AFTER:
                pause = self.shortest
            self.state = "waiting"
            logger.warning("%s ended (%s); again in %.1f s", self.spec.name, self.last_exit, pause)
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(pause):
                    await self._halt.wait()
            pause = min(pause * 2, self.longest)
            if not self._halt.is_set():
                self.restarts += 1
        self.state = "stopped"

    async def _run_once(self) -> bool:
        """Run it until it ends; whether it had answered by then."""
        self.state = "starting"
        argv = self.spec.fallback if self._use_fallback else self.spec.argv
        try:
            process = await self._spawn(argv)
        except OSError as error:
            logger.warning("%s could not be started: %s", self.spec.name, error)
            return False
        pid_file = self.home.pid_file(self.spec.name)
        self.identity = processes.identify(process.pid)
        if self.identity is not None:
            processes.write_pid_file(pid_file, self.identity)
        if self._halt.is_set() and self.identity is not None:
            # Asked to stop while it was being started: the request found nobody yet.
            processes.send(self.identity, signal.SIGTERM)
        probe = asyncio.create_task(self._probe())
        self.last_exit = await process.wait()
        probe.cancel()
        answered = self._ready.is_set()
        self._ready.clear()
        self.identity = None
        pid_file.unlink(missing_ok=True)
        return answered

    async def _spawn(self, argv: tuple[str, ...]) -> asyncio.subprocess.Process:
        path = self.home.log(self.spec.name)
        if path.exists() and path.stat().st_size > _LARGEST_LOG:
            path.replace(path.with_suffix(".log.1"))
        with path.open("ab") as log:
            return await asyncio.create_subprocess_exec(
                *argv,
                stdin=asyncio.subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env=self.spec.env,
                # Its own session: Ctrl-C in a terminal reaches the one who asked, not each process.
                start_new_session=True,
            )

    async def _probe(self) -> None:
        while self.spec.port is not None:
            try:
                _, writer = await asyncio.open_connection(HOST, self.spec.port)
            except OSError:
                await asyncio.sleep(_PROBE_INTERVAL)
                continue
            writer.close()
            break
        self.state = "running"
        self._ready.set()
