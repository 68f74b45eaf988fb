"""Brings the gauges of figures up to the newest results. Knows no database and evaluates nothing."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from services.metrics.evaluate import Result
from services.metrics.live import Live
from shared.catalogue.base import Meters
from shared.instants import SECOND

__all__ = ["EVERYTHING", "export"]

#: The unit label of everything; no unit's code of a registered unit can be it.
EVERYTHING: Final = "*"
_OF_PERIODS: Final = (
    "motcua_dossiers",
    "motcua_component_ratio_percent",
    "motcua_component_score",
    "motcua_share_percent",
)
_OF_NOW: Final = (
    "motcua_steps_over_budget",
    "motcua_steps_ended",
    "motcua_dossiers_held",
    "motcua_delay_seconds",
)


def export(meters: Meters, results: Sequence[Result], live: Live | None, most: int) -> None:
    """Set the gauges of the figures.

    Args:
        meters: the service's metrics.
        results: of month, quarter and year.
        live: numbers of the moment.
        most: units shown beside everything; the others are left out.
    """
    for name in (*_OF_PERIODS, *_OF_NOW):
        # Units that are no more must not stand there for ever.
        meters.gauge(name).clear()
    left_out = 0
    for result in results:
        rows = result.document["rows"]
        kept = rows[: most + 1]
        left_out = len(rows) - len(kept)
        for row in kept:
            _export_figures(meters, _label(row), result.kind, row)
            if result is results[0] and live is not None:
                _export_live(meters, row["unit"], _label(row), live)
    meters.gauge("motcua_metrics_units_left_out").set(left_out)


def _label(row: dict[str, Any]) -> str:
    return EVERYTHING if row["unit"] is None else str(row["unit"])


def _export_figures(meters: Meters, unit: str, kind: str, row: dict[str, Any]) -> None:
    dossiers, ratio, score, share = (meters.gauge(name) for name in _OF_PERIODS)
    for key, value in row.items():
        if isinstance(value, int):
            dossiers.labels(unit, kind, key).set(value)
    for code, component in row["components"].items():
        ratio.labels(unit, kind, code).set(float(component["ratio"]))
        score.labels(unit, kind, code).set(float(component["score"]))
    for name, told in row["shares"].items():
        # A share of nothing is not shown: neither 0 nor 100 would be true.
        if told["ratio"] is not None:
            share.labels(unit, kind, name).set(float(told["ratio"]))


def _export_live(meters: Meters, code: str | None, unit: str, live: Live) -> None:
    over, ended, held, delay = (meters.gauge(name) for name in _OF_NOW)
    over.labels(unit).set(live.steps_over.get(code, 0))
    ended.labels(unit, "with_budget").set(live.steps_ended.get(code, 0))
    ended.labels(unit, "over_budget").set(live.steps_ended_over.get(code, 0))
    held.labels(unit, "due").set(live.due.get(code, 0))
    held.labels(unit, "overdue").set(live.overdue.get(code, 0))
    delay.labels(unit).set(live.delay.get(code, 0) / SECOND)
