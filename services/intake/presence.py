"""Whether the broker answers, and how far this machine's clock is off against it. Sends one probe a second.

The probe's record carries nothing; its append time, given by the broker, is the measure.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Final

from aiokafka.errors import KafkaError

from services.intake.journal import Journal
from services.intake.stream import Stream
from shared.catalogue.base import Meters
from shared.clock import Clock
from shared.instants import SECOND
from shared.logging import get_logger

__all__ = ["Presence"]

_log = get_logger("intake.presence")
_PROBE_SECONDS: Final = 2.0
_START_SECONDS: Final = 10.0
_EVERY_SECONDS: Final = 1.0
_BROKERS_CLOCK: Final = 1


class Presence:
    """Watches the broker and tells the journal.

    Args:
        stream: the broker the probes go by.
        journal: told whether the broker answers.
        clock: this machine's wall clock.
        tolerance: seconds it may be off.
        meters: intake's metrics.
    """

    def __init__(self, stream: Stream, journal: Journal, clock: Clock, tolerance: float, meters: Meters) -> None:
        self._stream = stream
        self._journal = journal
        self._clock = clock
        self._tolerance = tolerance
        self._away_gauge = meters.gauge("motcua_intake_broker_away")
        self._skew_gauge = meters.gauge("motcua_intake_clock_skew_seconds")
        self._away_gauge.set(1)
        self._said_away = False
        self._was_off = False
        #: Seconds this clock is ahead of the broker's (behind when negative); None before the first probe.
        self.skew: float | None = None
        self._uncertainty = 0.0

    @property
    def clock_off(self) -> bool:
        """Whether this clock is surely off by more than the tolerance."""
        return self.skew is not None and abs(self.skew) - self._uncertainty > self._tolerance

    async def run(self) -> None:
        """Connect, then probe again and again, until cancelled."""
        connected = False
        while True:
            if connected:
                await self.look()
            else:
                connected = await self._attempt(self._connect, _START_SECONDS)
                if connected:
                    continue
            await asyncio.sleep(_EVERY_SECONDS)

    async def look(self) -> bool:
        """Probe once and check the journal's partitions; whether the broker answered."""
        return await self._attempt(self._probe, _PROBE_SECONDS)

    async def _attempt(self, ask: Callable[[], Awaitable[None]], seconds: float) -> bool:
        try:
            async with asyncio.timeout(seconds):
                await ask()
        except (KafkaError, TimeoutError, OSError) as error:
            self._tell(answers=False, error=f"{type(error).__name__}: {error}"[:200])
            return False
        return True

    async def _connect(self) -> None:
        # The journal's producer first: it cleans up after an attempt that failed.
        await self._journal.start()
        await self._stream.broker.start()

    async def _probe(self) -> None:
        before = self._clock.now()
        receipt = await self._stream.probe.publish(b"", partition=0)
        after = self._clock.now()
        if receipt.timestamp_type == _BROKERS_CLOCK:
            self._measure(before, after, receipt.timestamp)
        await self._journal.check_partitions()
        self._tell(answers=True)

    def _measure(self, before: int, after: int, append_ms: int) -> None:
        middle = (before + after) / 2
        self.skew = (middle - append_ms * 1_000) / SECOND
        self._uncertainty = abs(after - before) / 2 / SECOND
        self._skew_gauge.set(self.skew)
        if self.clock_off != self._was_off:
            self._was_off = self.clock_off
            report = _log.error if self.clock_off else _log.info
            report("clock against the broker's", seconds=round(self.skew, 3), tolerance=self._tolerance)

    def _tell(self, *, answers: bool, error: str = "") -> None:
        if answers and not self._journal.broker_answers:
            _log.info("broker answers")
        elif not answers and not self._said_away:
            _log.warning("broker does not answer; entries get 503 until it does", error=error)
        self._said_away = not answers
        self._journal.broker_answers = answers
        self._away_gauge.set(0 if answers else 1)
