"""The page of all metrics, from the catalogue: kind, unit, labels, meaning, and what to do."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from docs.generate.markdown import code, page, table
from shared.catalogue import intake, metrics, processing
from shared.catalogue.base import Spec

__all__ = ["SERVICES", "metrics_page"]

#: What each service exports at /metrics.
SERVICES: Final[Mapping[str, Sequence[Spec]]] = {
    "intake": intake.SPECS,
    "processing": processing.SPECS,
    "metrics": metrics.SPECS,
}
_HEADINGS: Final = ("metric", "kind", "unit", "labels", "meaning", "what to do")
_INTRODUCTION: Final = """\
Each service exports its metrics at `/metrics` in Prometheus text format. Label sets are bounded: no codes of dossiers,
persons or entries. A histogram has the usual `_bucket`, `_sum` and `_count` series.
"""


def metrics_page() -> str:
    """The page as Markdown."""
    blocks: list[Iterable[str]] = [_INTRODUCTION.splitlines(), [""]]
    for service, specs in SERVICES.items():
        blocks += [[f"## {service}", ""], table(_HEADINGS, [_row(spec) for spec in specs])]
    return page("Metrics", *blocks)


def _row(spec: Spec) -> tuple[str, ...]:
    labels = ", ".join(code(label) for label in spec.labels)
    return code(spec.name), spec.kind, spec.unit, labels, f"{spec.meaning}.", f"{spec.remedy}."
