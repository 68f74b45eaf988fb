"""The service's Prometheus metrics, with gauges brought up to date when they are asked for and not before."""

from __future__ import annotations

from typing import TYPE_CHECKING

from shared.catalogue.base import Meters
from shared.catalogue.metrics import SPECS
from shared.instants import SECOND

if TYPE_CHECKING:
    from services.metrics.app import Service

__all__ = ["FigureMeters"]


class FigureMeters(Meters):
    """Metrics of one replica.

    Args:
        service: whose state the gauges show.
    """

    def __init__(self, service: Service) -> None:
        super().__init__(SPECS)
        self._service = service

    def exposition(self) -> bytes:
        """All metrics in Prometheus text format, gauges as of now."""
        service = self._service
        service.publisher.export()
        now = service.clock.now()
        written = service.epochs.image_at
        self.gauge("motcua_metrics_image_age_seconds").set(-1 if written is None else (now - written) / SECOND)
        live = service.epochs.live
        if live is not None:
            view = live.view
            self.gauge("motcua_metrics_epoch").set(view.epoch)
            self.gauge("motcua_metrics_rows").set(len(view.table))
            self.gauge("motcua_metrics_table_bytes").set(view.table.nbytes)
            for partition, mark in view.marks.items():
                self.gauge("motcua_metrics_position").labels(partition).set(mark.position)
                self.gauge("motcua_metrics_lag_records").labels(partition).set(max(0, mark.end - mark.position))
                if mark.clock is not None:
                    clock = mark.clock.clock
                    self.gauge("motcua_metrics_clock_seconds").labels(partition).set(clock / SECOND)
                    lateness = max(0.0, (now - clock) / SECOND)
                    self.gauge("motcua_metrics_tick_lateness_seconds").labels(partition).set(lateness)
        return super().exposition()
