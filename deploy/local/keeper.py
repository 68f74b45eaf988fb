"""Keeps one process of the stack alive: starts it, notices its end or its silence, starts it again after a pause.

Knows one process and its pid file; the order among processes is the supervisor's. Nothing but the request to stop ends
the keeping: a disk that is full passes.
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
from deploy.local.upkeep.asking import ask_live, ask_storage
from deploy.local.upkeep.taking_over import note, taken_over
from shared.upkeep.vigil import Vigil

__all__ = ["Keeper"]

logger = logging.getLogger(__name__)

_PROBE_INTERVAL = 0.05
#: A process that lived this long (seconds) has earned a quick restart.
_HEALTHY_AFTER = 10.0
_LARGEST_LOG = 50 * 1024 * 1024
#: Seconds between two attempts to note which process it is.
_NOTE_AGAIN = 1.0
#: Looks at a process within its patience.
_LOOKS = 10


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
        self._vigil = Vigil(spec.patience)

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

    @property
    def loads(self) -> bool:
        """Whether it said last that it still loads."""
        return self._vigil.loading

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
        took_over = await self._take_over()
        while not self._halt.is_set():
            began = time.monotonic()
            answered = took_over or await self._run_once()
            took_over = False
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

    async def _take_over(self) -> bool:
        """Keep what runs as just this already, left by a supervisor that was killed, until it ends; whether any did."""
        identity = await asyncio.to_thread(taken_over, self.home, self.spec)
        if identity is None:
            return False
        logger.info("%s runs already: taken over", self.spec.name)
        self.identity = identity
        await self._while_it_runs(asyncio.create_task(processes.ended(identity)))
        return True

    async def _run_once(self) -> bool:
        """Run it until it ends; whether it had answered by then."""
        self.state = "starting"
        argv = self.spec.fallback if self._use_fallback else self.spec.argv
        try:
            process = await self._spawn(argv)
        except OSError as error:
            logger.warning("%s could not be started: %s", self.spec.name, error)
            return False
        self.identity = processes.identify(process.pid)
        end = asyncio.create_task(process.wait())
        answered = await self._while_it_runs(end)
        self.last_exit = end.result()
        return answered

    async def _while_it_runs(self, end: asyncio.Task[int] | asyncio.Task[None]) -> bool:
        """Note who it is, see that it is well, and return once it has ended; whether it had answered by then."""
        beside = [asyncio.create_task(self._note()), asyncio.create_task(self._look_after())]
        if self._halt.is_set() and self.identity is not None:
            # Asked to stop while it was being started: the request found nobody yet.
            processes.send(self.identity, signal.SIGTERM)
        await asyncio.wait([end])
        for task in beside:
            task.cancel()
        for error in await asyncio.gather(*beside, return_exceptions=True):
            if isinstance(error, Exception):
                logger.error("%s was not looked after", self.spec.name, exc_info=error)
        answered = self._ready.is_set()
        self._ready.clear()
        self.identity = None
        with contextlib.suppress(OSError):
            self.home.pid_file(self.spec.name).unlink()
        return answered

    async def _note(self) -> None:
        """Note which process it is, as soon as the disk has room for that."""
        told = False
        while self.identity is not None:
            try:
                note(self.home, self.spec, self.identity)
            except OSError as error:
                if not told:
                    logger.warning("%s: its pid file cannot be written: %s", self.spec.name, error)
                told = True
                await asyncio.sleep(_NOTE_AGAIN)
            else:
                return

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

    async def _look_after(self) -> None:
        """Tell when its port answers; from then on see that it is well, and end it when it is not."""
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
        if self.spec.port is not None and self.spec.patience:
            await self._until_ill(self.spec.port)
            await self._end_ill()

    async def _until_ill(self, port: int) -> None:
        vigil = self._vigil = Vigil(self.spec.patience)
        pause = self.spec.patience / _LOOKS
        ask = ask_storage if self.spec.asked == "storage" else ask_live
        ill = False
        while not ill:
            await asyncio.sleep(pause)
            ill = vigil.look(time.monotonic(), await ask(port, pause))
        logger.warning("%s was not well for %.0f s: it is started anew", self.spec.name, vigil.ill)

    async def _end_ill(self) -> None:
        """Ask it to end, then end it by force. One that is frozen is not woken: it would write what is out of date.

        A database that cannot read has nothing to bring to an end: what it acknowledged is in its log.
        """
        if self.identity is not None:
            if self.spec.asked == "storage":
                processes.send(self.identity, signal.SIGKILL)
                return
            processes.send(self.identity, signal.SIGTERM)
            await asyncio.sleep(self.spec.grace)
            logger.warning("%s did not end: ended by force", self.spec.name)
            processes.send(self.identity, signal.SIGKILL)
