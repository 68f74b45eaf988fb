"""The loops a service lives by: started, begun again after what nobody foresaw, and ended. Knows not what they do.

That broker or database is away is foreseen: whoever meets it waits, and it counts as no failure. What fails again and
again for another reason counts as ended: `/health/live` names it, so that a supervisor starts the whole process anew
instead of letting it serve what is no longer true.
"""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from typing import Final

from aiokafka.errors import KafkaError

from shared.catalogue.base import Meters
from shared.logging import get_logger
from shared.mongo import DatabaseError
from shared.upkeep.stacks import where

__all__ = ["AGAIN_SECONDS", "MOST_FAILURES", "WINDOW_SECONDS", "Loop", "Loops"]

_log = get_logger("upkeep.loops")
#: So many failures within so many seconds count as the loop's end.
MOST_FAILURES: Final = 5
WINDOW_SECONDS: Final = 300.0
#: Seconds before a loop that failed begins again: doubled with each failure up to the longest.
_SHORTEST_PAUSE: Final = 1.0
_LONGEST_PAUSE: Final = 30.0
#: Seconds after which a loop that has not ended is cancelled again; longer than most need for closing their clients.
AGAIN_SECONDS: Final = 6.0
#: Seconds for which loops are asked to end altogether, beside what the slowest of them is given each time.
_DEADLINE_SECONDS: Final = 30.0
#: What says that something outside is away, a full disk included: waited for, never counted.
_AWAY: Final = (KafkaError, DatabaseError, OSError)


class Loop:
    """One loop, kept going until it is ended.

    Args:
        name: for logs and health.
        run: the loop; it ends by being cancelled.
        meters: the service's metrics.
        finishes: whether it ends well by returning; else returning is a failure too.
        again_seconds: after how long it is cancelled again when it has not ended.
        away: further errors that say no more than that something outside is away.
        monotonic: seconds, for the counting of failures.
        pause: waits for a number of seconds.
    """

    def __init__(
        self,
        name: str,
        run: Callable[[], Awaitable[None]],
        meters: Meters,
        *,
        finishes: bool = False,
        again_seconds: float = AGAIN_SECONDS,
        away: tuple[type[Exception], ...] = (),
        monotonic: Callable[[], float] = time.monotonic,
        pause: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self.name = name
        self.again_seconds = again_seconds
        self._run = run
        self._meters = meters
        self._finishes = finishes
        self._away = (*_AWAY, *away)
        self._monotonic = monotonic
        self._pause = pause
        self._failures: deque[float] = deque(maxlen=MOST_FAILURES)
        self._ending = False
        self.task = asyncio.create_task(self._keep(), name=name)

    @property
    def ended(self) -> str | None:
        """Why it counts as ended, in words; None while it works, or was ended."""
        if self._ending:
            return None
        if self.task.done():
            return None if self._finishes and not self.task.cancelled() else f"the loop {self.name} ended"
        if len(self._failures) < MOST_FAILURES or self._monotonic() - self._failures[0] > WINDOW_SECONDS:
            return None
        minutes = round(WINDOW_SECONDS / 60)
        return f"the loop {self.name} failed {MOST_FAILURES} times in {minutes} minutes, see the log"

    def cancel(self) -> None:
        """Ask it to end; returns at once."""
        self._ending = True
        self.task.cancel()

    async def stop(self) -> None:
        """End it; see `Loops.stop`."""
        await _end([self])

    async def _keep(self) -> None:
        """Run it again and again, with growing pauses; a long time without a failure makes them short again."""
        pause = _SHORTEST_PAUSE
        while True:
            begun = self._monotonic()
            try:
                await self._run()
                if self._finishes:
                    return
                error: BaseException = RuntimeError("the loop returned")
            except Exception as raised:  # noqa: BLE001 (the last net under background work)
                error = raised
            except asyncio.CancelledError as raised:
                if self._ending or _asked_to_end():
                    raise
                # Something that it waited for was cancelled, not the loop.
                error = raised
            if self._ending:
                return
            if self._monotonic() - begun > WINDOW_SECONDS:
                pause = _SHORTEST_PAUSE
            self._count(error, pause)
            await self._pause(pause)
            pause = min(pause * 2, _LONGEST_PAUSE)

    def _count(self, error: BaseException, pause: float) -> None:
        if _says_away(error, self._away):
            _log.warning("a loop waits", loop=self.name, reason=f"{type(error).__name__}: {error}"[:200], seconds=pause)
            return
        self._failures.append(self._monotonic())
        self._meters.counter("motcua_loop_failures_total").labels(self.name).inc()
        _log.error("a loop failed and begins again", loop=self.name, seconds=pause, exc_info=error)
        if self.ended is not None:
            _log.error("a loop counts as ended", loop=self.name, failures=MOST_FAILURES, seconds=WINDOW_SECONDS)


class Loops:
    """All loops of one replica.

    Args:
        meters: the service's metrics, `shared.catalogue.every_service` among them.
        away: the service's own errors that say no more than that something outside is away.
    """

    def __init__(self, meters: Meters, *away: type[Exception]) -> None:
        self._meters = meters
        self._away = away
        self._loops: list[Loop] = []

    def start(
        self,
        name: str,
        run: Callable[[], Awaitable[None]],
        *,
        finishes: bool = False,
        again_seconds: float = AGAIN_SECONDS,
    ) -> Loop:
        """Start a loop; see `Loop` for what is said about it."""
        loop = Loop(name, run, self._meters, finishes=finishes, again_seconds=again_seconds, away=self._away)
        self._loops = [known for known in self._loops if not known.task.done() or known.ended is not None]
        self._loops.append(loop)
        return loop

    def ended(self) -> list[str]:
        """Which loops count as ended, and why, in a few words each."""
        found = [why for loop in self._loops if (why := loop.ended) is not None]
        self._meters.gauge("motcua_loops_ended").set(len(found))
        return found

    async def stop(self) -> None:
        """Cancel all until they have ended: clients can swallow a cancellation.

        Those that have not ended after all that are left alone, and it is logged what holds them; the end of the
        process itself is watched by shared/upkeep/leaving.py.
        """
        await _end(self._loops)


def _asked_to_end() -> bool:
    task = asyncio.current_task()
    return task is not None and task.cancelling() > 0


def _says_away(error: BaseException, away: tuple[type[Exception], ...]) -> bool:
    """Whether it says no more than that something outside is away; of a group, whether each of its errors does."""
    if isinstance(error, BaseExceptionGroup):
        return all(_says_away(one, away) for one in error.exceptions)
    return isinstance(error, away)


async def _end(loops: Sequence[Loop]) -> None:
    pending = {loop.task: loop for loop in loops if not loop.task.done()}
    clock = asyncio.get_running_loop().time
    deadline = clock() + _DEADLINE_SECONDS + max((loop.again_seconds for loop in loops), default=0.0)
    asked: dict[asyncio.Task[None], float] = {}
    while pending and clock() < deadline:
        for task, loop in pending.items():
            if task in asked and clock() < asked[task] + loop.again_seconds:
                continue
            if task in asked:
                _log.warning("a loop missed its cancellation and is cancelled again", loop=loop.name, at=where(task))
            asked[task] = clock()
            loop.cancel()
        soonest = min(asked[task] + loop.again_seconds for task, loop in pending.items())
        await asyncio.wait(pending, timeout=max(0.0, min(soonest, deadline) - clock()))
        pending = {task: loop for task, loop in pending.items() if not task.done()}
    for task, loop in pending.items():
        _log.error("a loop does not end", loop=loop.name, at=where(task))
