"""The live clock: one tick a minute to every journal partition. A stack on the data's clock has none.

Any number of replicas may tick, since a partition's clock is a maximum; one whose own clock is off refuses to.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, Final

import orjson

from services.intake.admission.admit import Admitted
from services.intake.journal import Journal
from services.intake.presence import Presence
from shared.broker.places import CLOCK_KEY
from shared.catalogue.base import Meters
from shared.clock import Clock
from shared.instants import MINUTE, SECOND, to_rfc3339
from shared.logging import get_logger
from shared.problems.problem import Problem

__all__ = ["SOURCE", "LastTick", "Ticker", "make_tick"]

_log = get_logger("intake.ticker")
#: Source of ticks; no key should be granted it.
SOURCE: Final = "motcua/intake"
_RETRY_SECONDS: Final = 0.5


class LastTick:
    """The highest tick that went through this replica, by its ticker or by its door; UTC microseconds."""

    def __init__(self) -> None:
        self.value: int | None = None

    def note(self, entry: Admitted) -> None:
        """Remember a clock entry that was written; a correction replaces, a tick only raises."""
        if entry.type == "clock.corrected" or self.value is None or entry.time > self.value:
            self.value = entry.time


def make_tick(now: int, *, simulated: bool) -> Admitted:
    """The tick for an instant: its whole second. Replicas ticking in the same second give the same entry."""
    time = now - now % SECOND
    text = to_rfc3339(time)
    entry: dict[str, Any] = {
        "specversion": "1.0",
        "type": "clock.ticked",
        "source": SOURCE,
        "id": text,
        "subject": "clock",
        "time": text,
        "recordedtime": to_rfc3339(now),
        "sender": SOURCE,
        "data": {},
    }
    if simulated:
        entry["simulated"] = True
    value = orjson.dumps(entry, option=orjson.OPT_SORT_KEYS)
    return Admitted("clock.ticked", SOURCE, text, "clock", time, CLOCK_KEY, value, everywhere=True)


class Ticker:
    """Ticks at once and then at every full minute.

    Args:
        journal: where ticks go.
        presence: knows whether this clock is off.
        clock: this machine's wall clock.
        last: told of every tick.
        meters: intake's metrics.
        simulated: whether the stack is simulated; its ticks are marked as such.
        pause: waits for a number of seconds.
    """

    def __init__(
        self,
        journal: Journal,
        presence: Presence,
        clock: Clock,
        last: LastTick,
        meters: Meters,
        *,
        simulated: bool,
        pause: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._journal = journal
        self._presence = presence
        self._clock = clock
        self._last = last
        self._simulated = simulated
        self._pause = pause
        self._ticks = meters.counter("motcua_intake_ticks_total")
        self._refused = meters.counter("motcua_intake_ticks_refused_total")

    async def run(self) -> None:
        """Tick until cancelled."""
        while True:
            if self._journal.refusal() is not None or self._presence.skew is None:
                await self._pause(_RETRY_SECONDS)
            elif await self.tick():
                await self._pause(self.seconds_to_next())
            else:
                await self._pause(_RETRY_SECONDS)

    def seconds_to_next(self) -> float:
        """Seconds to the next full minute."""
        return (MINUTE - self._clock.now() % MINUTE) / SECOND

    async def tick(self) -> bool:
        """Tick once; False when it has to be tried again soon."""
        if self._presence.clock_off:
            self._refused.inc()
            _log.error("no tick: this clock is off", seconds=self._presence.skew)
            # Looked at again in a minute, when a tick is due again.
            return True
        tick = make_tick(self._clock.now(), simulated=self._simulated)
        try:
            await self._journal.write_one(tick)
        except Problem as problem:
            _log.warning("tick not confirmed", code=problem.code)
            return False
        self._ticks.inc()
        self._last.note(tick)
        return True
