"""The service's Prometheus metrics, with gauges brought up to date when they are asked for and not before."""

from __future__ import annotations

from collections.abc import Callable

from services.metrics.follow.epochs import Epochs
from services.metrics.results.exports import OTHERS
from shared.catalogue.base import Meters
from shared.instants import SECOND

__all__ = ["FigureMeters", "show"]


class FigureMeters(Meters):
    """Metrics of one replica; the figures themselves are written by services.metrics.results.exports.

    Args:
        refresh: brings the gauges up to date, before each exposition.
        figures: the figures in Prometheus text format.
    """

    def __init__(self, refresh: Callable[[], None], figures: Callable[[], bytes]) -> None:
        super().__init__(OTHERS)
        self._refresh = refresh
        self._figures = figures

    def exposition(self) -> bytes:
        """All metrics in Prometheus text format, gauges as of now."""
        self._refresh()
        return super().exposition() + self._figures()


def show(meters: Meters, epochs: Epochs, now: int) -> None:
    """Set all gauges to what holds at `now` (UTC microseconds)."""
    written = epochs.image_at
    meters.gauge("motcua_metrics_image_age_seconds").set(-1 if written is None else (now - written) / SECOND)
    live = epochs.live
    if live is None:
        return
    view = live.view
    meters.gauge("motcua_metrics_epoch").set(view.epoch)
    meters.gauge("motcua_metrics_rows").set(len(view.table))
    meters.gauge("motcua_metrics_table_bytes").set(view.table.nbytes)
    for partition, mark in view.marks.items():
        meters.gauge("motcua_metrics_position").labels(partition).set(mark.position)
        meters.gauge("motcua_metrics_lag_records").labels(partition).set(max(0, mark.end - mark.position))
        if mark.clock is not None:
            clock = mark.clock.clock
            meters.gauge("motcua_metrics_clock_seconds").labels(partition).set(clock / SECOND)
            lateness = max(0.0, (now - clock) / SECOND)
            meters.gauge("motcua_metrics_tick_lateness_seconds").labels(partition).set(lateness)
