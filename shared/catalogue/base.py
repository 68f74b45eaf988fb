"""How a metric is declared, and how a service gets its Prometheus objects from the declarations."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

__all__ = ["Meters", "Spec"]


@dataclass(frozen=True, slots=True)
class Spec:
    """One metric: what it counts, in which unit, and what an engineer does when it looks wrong.

    `labels` must have bounded value sets (partitions, units, reasons), never codes of dossiers or persons.
    """

    name: str
    kind: Literal["counter", "gauge", "histogram"]
    unit: str
    meaning: str
    remedy: str
    labels: tuple[str, ...] = ()
    buckets: tuple[float, ...] = ()

    @property
    def text(self) -> str:
        """What the exposition says about it."""
        return f"{self.meaning} ({self.unit}). {self.remedy}"


class Meters:
    """The Prometheus objects of one service, made from its declarations; an undeclared name is a KeyError."""

    def __init__(self, specs: Iterable[Spec], registry: CollectorRegistry | None = None) -> None:
        self.registry = registry or CollectorRegistry()
        self._counters: dict[str, Counter] = {}
        self._gauges: dict[str, Gauge] = {}
        self._histograms: dict[str, Histogram] = {}
        for spec in specs:
            text = spec.text
            if spec.kind == "counter":
                self._counters[spec.name] = Counter(spec.name, text, spec.labels, registry=self.registry)
            elif spec.kind == "gauge":
                self._gauges[spec.name] = Gauge(spec.name, text, spec.labels, registry=self.registry)
            else:
                buckets = spec.buckets or Histogram.DEFAULT_BUCKETS
                self._histograms[spec.name] = Histogram(
                    spec.name, text, spec.labels, registry=self.registry, buckets=buckets
                )

    def counter(self, name: str) -> Counter:
        """The counter of this name."""
        return self._counters[name]

    def gauge(self, name: str) -> Gauge:
        """The gauge of this name."""
        return self._gauges[name]

    def histogram(self, name: str) -> Histogram:
        """The histogram of this name."""
        return self._histograms[name]

    def exposition(self) -> bytes:
        """All metrics in Prometheus text format."""
        return generate_latest(self.registry)
