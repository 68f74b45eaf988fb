"""How a benchmark's figures are printed: the figure, its ratio to the baseline of the same run, and the aim."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from rich.console import Console
from rich.table import Table

__all__ = ["Line", "show"]


@dataclass(frozen=True, slots=True)
class Line:
    """One measured figure. `ratio` is to the baseline measured in the same run, None where it is itself the baseline.

    Absolutes are of this machine in this minute; ratios hold better on others.
    """

    name: str
    value: float
    unit: str
    ratio: float | None = None
    baseline: str = ""
    aim: str = ""


def show(title: str, lines: Iterable[Line], console: Console) -> None:
    """Print a table of figures; nothing is judged, the aim stands beside."""
    table = Table(title=title, title_justify="left")
    for heading in ("measured", "value", "unit", "ratio", "to", "aim"):
        table.add_column(heading, justify="right" if heading in {"value", "ratio"} else "left")
    for line in lines:
        ratio = "" if line.ratio is None else f"{line.ratio:.2f}"
        table.add_row(line.name, f"{line.value:,.1f}", line.unit, ratio, line.baseline, line.aim)
    console.print(table)
