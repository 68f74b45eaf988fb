"""Evaluates the live view on change, at most once a second, and hands results to the database and to Prometheus.

Exports show the newest results, database or not; the database is retried with the newest ones, never with a backlog.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from services.metrics.follow.epochs import Epochs
from services.metrics.follow.view import View
from services.metrics.results.evaluate import Result, look
from services.metrics.results.exports import figures_text
from services.metrics.results.live import Live, live_figures
from services.metrics.results.store import ResultStore
from services.metrics.settings import MetricsSettings
from shared.catalogue.base import Meters
from shared.clock import Clock
from shared.instants import SECOND
from shared.logging import get_logger
from shared.mongo import DatabaseError
from shared.notes import Note

__all__ = ["Publisher"]

_log = get_logger("metrics.publisher")
_PAUSE_SECONDS: Final = 2.0
_LONGEST_PAUSE: Final = 60.0
#: For each second of storing so many of rest: a country's results are thousands of documents, a commune's a few.
_REST: Final = 9.0


class Publisher:
    """The current results and their way out.

    Args:
        epochs: tells the live view.
        store: where results go.
        settings: of the service.
        meters: the service's metrics.
        clock: for freshness and the time of evaluation.
    """

    def __init__(
        self, epochs: Epochs, store: ResultStore, settings: MetricsSettings, meters: Meters, clock: Clock
    ) -> None:
        self.results: Sequence[Result] = ()
        #: Numbers of the moment, as of the newest results; None before any.
        self.live: Live | None = None
        #: Wall-clock instant of the last evaluation, None before the first.
        self.evaluated_at: int | None = None
        #: What keeps results from being stored, in words; None while they are.
        self.trouble: str | None = None
        self._epochs = epochs
        self._store = store
        self._settings = settings
        self._meters = meters
        self._clock = clock
        self._look = asyncio.Event()
        self._to_store = asyncio.Event()
        #: What keeps the figures from being evaluated, in words; None while they are.
        self.failing: str | None = None
        #: Text of the figures, and of which results it is.
        self._text: tuple[Sequence[Result], bytes] | None = None

    def flipped(self) -> None:
        """Another view is the live one."""
        self._look.set()

    async def evaluate_forever(self) -> None:
        """Evaluate whenever the live view has changed, with the shortest time between, until cancelled."""
        pause = _PAUSE_SECONDS
        while True:
            view = await self._changed()
            view.changed.clear()
            try:
                await self._evaluate(view)
            except Exception as error:  # noqa: BLE001 (whatever is in the table, figures go on once it is not)
                self._failed(error, pause)
                view.changed.set()
                await asyncio.sleep(pause)
                pause = min(2 * pause, _LONGEST_PAUSE)
                continue
            if self.failing is not None:
                _log.info("figures are evaluated again")
            self.failing, pause = None, _PAUSE_SECONDS
            await asyncio.sleep(self._settings.evaluate_seconds)

    def _failed(self, error: Exception, pause: float) -> None:
        """Old figures must not look fresh: none is exported until one evaluation is through."""
        self._meters.counter("motcua_metrics_evaluation_failures_total").inc()
        reason = f"{type(error).__name__}: {error}"[:200]
        if reason != self.failing:
            _log.error("figures not evaluated, trying again", seconds=pause, exc_info=error)
        self.failing = reason

    async def _changed(self) -> View:
        while True:
            live = self._epochs.live
            if live is None:
                await self._look.wait()
            elif not live.view.caught_up.is_set():
                # Half-loaded figures are nobody's business.
                await _first(live.view.caught_up, self._look)
            else:
                await _first(live.view.changed, self._look)
                if live.view.changed.is_set() and live.view.caught_up.is_set() and live is self._epochs.live:
                    return live.view
            self._look.clear()

    async def _evaluate(self, view: View) -> None:
        live = self._epochs.live
        fresh = []
        if live is not None and live.view is view:
            fresh, live.reader.fresh = live.reader.fresh, []
        began = time.monotonic()
        tell, live_now = await view.exclusive(
            lambda: (look(view, simulated=self._settings.simulated), live_figures(view))
        )
        results = await asyncio.to_thread(tell)
        self._meters.histogram("motcua_metrics_evaluation_seconds").observe(time.monotonic() - began)
        self.evaluated_at = self._clock.now()
        if results:
            pointer = self._epochs.pointer_of(view.epoch)
            results = [replace(one, document={**one.document, "pointer": pointer}) for one in results]
            self.results, self.live = results, live_now
            self._to_store.set()
        freshness = self._meters.histogram("motcua_metrics_freshness_seconds")
        for timestamp in fresh:
            freshness.observe(max(0.0, self.evaluated_at / SECOND - timestamp / 1000))

    async def store_forever(self) -> None:
        """Store the newest results until cancelled; a database that is away is waited for."""
        while True:
            await self._to_store.wait()
            self._to_store.clear()
            began = time.monotonic()
            try:
                for result in self.results:
                    outcome = await self._store.publish(result)
                    self._meters.counter("motcua_metrics_results_stored_total").labels(outcome).inc()
            except DatabaseError as error:
                if self.trouble is None:
                    _log.warning("results not stored, trying again", reason=type(error).__name__)
                kind = type(error).__name__
                self.trouble = Note.of(f"database: {kind}", f"cơ sở dữ liệu: {kind}")
                self._meters.counter("motcua_metrics_store_failures_total").inc()
                self._to_store.set()
                await asyncio.sleep(_PAUSE_SECONDS)
            else:
                self.trouble = None
                await asyncio.sleep(min(_REST * (time.monotonic() - began), _LONGEST_PAUSE))

    def exposition(self) -> bytes:
        """The figures of the newest results in Prometheus text format; none while they are not those of now.

        Written when it is asked for, by one thread at a time.
        """
        live = self._epochs.live
        current = live is not None and live.view.caught_up.is_set() and self.failing is None
        results: Sequence[Result] = self.results if current else ()
        if self._text is None or self._text[0] is not results:
            self._text = results, figures_text(results, self.live, self._settings.exported_units)
        return self._text[1]


async def _first(*events: asyncio.Event) -> None:
    """Wait until any of the events is set."""
    waits = [asyncio.ensure_future(event.wait()) for event in events]
    try:
        await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for wait in waits:
            wait.cancel()
