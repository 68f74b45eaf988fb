"""Large questions at metrics: how long they hold the event loop, beside the time they take; and the figures' text."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, Final

from benchmarks.counting.figures import filled
from benchmarks.measuring.measure import median_ms, steady
from benchmarks.measuring.report import Line
from benchmarks.measuring.workload import ZONE
from services.metrics.follow.view import View
from services.metrics.http.questions.desk import HEAVY, Desk
from services.metrics.http.questions.indices import look_at_indices
from services.metrics.http.questions.lanes import share_the_interpreter
from services.metrics.results.evaluate import evaluate
from services.metrics.results.exports import figures_text
from services.metrics.results.live import live_figures
from services.metrics.settings import MetricsSettings
from services.metrics.table.periods import Period, months
from shared.catalogue.base import Meters
from shared.catalogue.metrics import SPECS

__all__ = ["run"]

_UNITS, _ABOVE = 326, "H99"
_DOSSIERS: Final = 40_000
_YEARS: Final = 10
_QUESTIONS: Final = 6
_BEAT_SECONDS: Final = 0.001


async def _longest_hold(until: asyncio.Task[float]) -> float:
    """The longest time in seconds for which nothing else in the event loop got its turn."""
    longest = 0.0
    while not until.done():
        begun = time.perf_counter()
        await asyncio.sleep(_BEAT_SECONDS)
        longest = max(longest, time.perf_counter() - begun - _BEAT_SECONDS)
    return longest


async def _ask(view: View, desk: Desk, asked: list[Period]) -> float:
    """Different large questions at once; the seconds until all are answered."""
    begun = time.perf_counter()

    def look() -> Callable[[], Mapping[str, Any]]:
        tell = look_at_indices(view, asked, _ABOVE, children=True, by="month")
        return lambda: {"indices": tell()}

    await asyncio.gather(*(desk.answer(view, number, look, work=HEAVY) for number in range(_QUESTIONS)))
    return time.perf_counter() - begun


async def _held(view: View) -> tuple[float, float]:
    desk = Desk(MetricsSettings(question_wait_seconds=600), Meters(SPECS))
    asked = months(date(2026, 1, 1), date(2025 + _YEARS, 12, 31), ZONE)
    asking = asyncio.create_task(_ask(view, desk, asked))
    longest = await _longest_hold(asking)
    await desk.close()
    return longest, await asking


def run() -> list[Line]:
    """The longest hold of the loop while large questions are answered, and what the text for Prometheus costs."""
    share_the_interpreter()
    view = asyncio.run(filled(_DOSSIERS, years=_YEARS, units=_UNITS))
    # As the service does: a collection of all that the table holds stops the loop for a tenth of a second.
    steady()
    longest, whole = asyncio.run(_held(view))
    results, live = evaluate(view, simulated=True), live_figures(view)
    text = median_ms(lambda: figures_text(results, live, _UNITS))
    size = len(figures_text(results, live, _UNITS)) / 1e6
    view.close()
    title = f"{_QUESTIONS} questions of {_YEARS * 12} months of {_UNITS} units"
    return [
        Line(f"{title}, longest hold of the event loop", longest * 1e3, "ms", longest / whole, "all of them", "50 ms"),
        Line(f"{title}, all answered", whole, "s wall"),
        Line(f"the figures of {_UNITS} units as Prometheus text, {size:.1f} MB", text, "ms wall", aim="100 ms"),
    ]
