"""The figures of the newest results as Prometheus text. Knows no database and evaluates nothing.

Tens of thousands of samples that all change at once: they are written from the results as they are when somebody asks,
which costs a hundredth of a gauge object for each. Names, units and meanings are of the catalogue like all others.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final

from services.metrics.results.evaluate import Result
from services.metrics.results.live import Live
from shared.catalogue.base import Spec
from shared.catalogue.metrics import SPECS
from shared.instants import SECOND

__all__ = ["EVERYTHING", "EXPORTED", "OTHERS", "figures_text"]

#: The unit label of everything; no unit's code of a registered unit can be it.
EVERYTHING: Final = "*"
_NAMES: Final = (
    "motcua_dossiers",
    "motcua_component_ratio_percent",
    "motcua_component_score",
    "motcua_share_percent",
    "motcua_steps_over_budget",
    "motcua_steps_ended",
    "motcua_dossiers_held",
    "motcua_petitions",
    "motcua_delay_seconds",
    "motcua_metrics_units_left_out",
)
#: What is written here, and the metrics that are objects as everywhere.
EXPORTED: Final = tuple(spec for spec in SPECS if spec.name in _NAMES)
OTHERS: Final = tuple(spec for spec in SPECS if spec.name not in _NAMES)
#: A sample's labels, each with its comma-less text, and its value.
_Sample = tuple[str, float]


def figures_text(results: Sequence[Result], live: Live | None, most: int) -> bytes:
    """The figures in Prometheus text format.

    Args:
        results: of month, quarter and year; none: no figure is told.
        live: numbers of the moment.
        most: units shown beside everything; the others are left out.
    """
    samples: dict[str, list[_Sample]] = {spec.name: [] for spec in EXPORTED}
    left_out = 0
    for result in results:
        rows = result.document["rows"]
        kept = rows[: most + 1]
        left_out = len(rows) - len(kept)
        for row in kept:
            unit = f'unit="{EVERYTHING if row["unit"] is None else _escaped(row["unit"])}"'
            _add_figures(samples, unit, f'period="{result.kind}",{unit}', row)
            if result is results[0] and live is not None:
                _add_live(samples, row["unit"], unit, live)
    samples["motcua_metrics_units_left_out"].append(("", left_out))
    return "".join(line for spec in EXPORTED for line in _lines(spec, samples[spec.name])).encode()


def _lines(spec: Spec, samples: Sequence[_Sample]) -> Iterator[str]:
    meaning = spec.text.replace("\\", r"\\").replace("\n", r"\n")
    yield f"# HELP {spec.name} {meaning}\n# TYPE {spec.name} {spec.kind}\n"
    for labels, value in samples:
        yield f"{spec.name}{{{labels}}} {float(value)!r}\n" if labels else f"{spec.name} {float(value)!r}\n"


def _escaped(text: str) -> str:
    return text.replace("\\", r"\\").replace("\n", r"\n").replace('"', r"\"")


def _add_figures(samples: dict[str, list[_Sample]], unit: str, of: str, row: dict[str, Any]) -> None:
    """Labels stand in the order of their names, as the client library writes them."""
    period = of.removesuffix(f",{unit}")
    dossiers = samples["motcua_dossiers"]
    dossiers += [(f'figure="{key}",{of}', value) for key, value in row.items() if isinstance(value, int)]
    for code, component in row["components"].items():
        labels = f'component="{code}",{of}'
        # Of nothing some components have neither, by their rule.
        if component["ratio"] is not None:
            samples["motcua_component_ratio_percent"].append((labels, float(component["ratio"])))
        if component["score"] is not None:
            samples["motcua_component_score"].append((labels, float(component["score"])))
    for name, told in row["shares"].items():
        # A share of nothing is not shown: neither 0 nor 100 would be true.
        if told["ratio"] is not None:
            samples["motcua_share_percent"].append((f'{period},share="{name}",{unit}', float(told["ratio"])))


def _add_live(samples: dict[str, list[_Sample]], code: str | None, unit: str, live: Live) -> None:
    samples["motcua_steps_over_budget"].append((unit, live.steps_over.get(code, 0)))
    samples["motcua_steps_ended"] += [
        (f'figure="with_budget",{unit}', live.steps_ended.get(code, 0)),
        (f'figure="over_budget",{unit}', live.steps_ended_over.get(code, 0)),
    ]
    samples["motcua_dossiers_held"] += [
        (f'state="due",{unit}', live.due.get(code, 0)),
        (f'state="overdue",{unit}', live.overdue.get(code, 0)),
    ]
    samples["motcua_petitions"] += [
        (f'state="{state}",{unit}', of_state.get(code, 0)) for state, of_state in live.petitions.items()
    ]
    samples["motcua_delay_seconds"].append((unit, live.delay.get(code, 0) / SECOND))
