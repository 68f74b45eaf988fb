"""`python -m benchmarks [names…] [--quick] [--json]`: measure and print. All workloads are simulated."""

from __future__ import annotations

import argparse
import json
import logging
import os
import platform
import sys
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import asdict
from functools import cache
from typing import Final

from rich.console import Console

from benchmarks import growth, importing, latency, metrics, processing, refusals, reprojection
from benchmarks.counting import figures, questions
from benchmarks.counting import steps as step_figures
from benchmarks.engine import calendar, heavy, reference_set
from benchmarks.measuring import backends
from benchmarks.measuring.report import Line, show
from benchmarks.measuring.workload import Journal, journal
from shared.logging import configure_logging

__all__ = ["main"]

#: Benchmarks by name, in the order in which they run, and what each is about.
TITLES: Final = {
    "calendar": "due dates, against the library's walk over days",
    "figures": "figures over the fact table",
    "steps": "figures of steps, delays and what is due",
    "questions": "large questions beside everything else",
    "refusals": "intake: what refusing costs beside taking",
    "metrics": "metrics: reading the lifecycle topic",
    "processing": "processing: the journal derived anew",
    "growth": "processing: does an event grow dearer with what is stored?",
    "heavy": "processing: one more entry of a dossier that has many",
    "reference": "reference entries: does one more grow dearer with what is known?",
    "reprojection": "processing: a reference entry that concerns every open dossier",
    "import": "import of ten years on the data's clock, against the same import without ticks",
    "latency": "event to figure, 500 events a second through the whole stack",
}
_ENTRIES: Final = 24_000
_QUICK_ENTRIES: Final = 8_000


class _Bench:
    """What the benchmarks share in a run: the journal, and a broker and a database while they are needed."""

    def __init__(self, ends: ExitStack, *, quick: bool) -> None:
        self._quick = quick
        # `growth` needs enough dossiers, whatever the others take.
        self.journal: Callable[[], Journal] = cache(lambda: journal(_QUICK_ENTRIES if quick else _ENTRIES))
        self.routed = cache(lambda: journal(_QUICK_ENTRIES if quick else _ENTRIES, introduced=True))
        self.backends: Callable[[], backends.Backends] = cache(lambda: ends.enter_context(backends.started()))

    def run(self, name: str) -> list[Line]:
        """The lines of one benchmark."""
        quick = self._quick
        many = 100_000 if quick else 1_000_000
        work: dict[str, Callable[[], list[Line]]] = {
            "calendar": lambda: calendar.run(quick=quick),
            "figures": lambda: figures.run(many),
            "steps": lambda: step_figures.run(many),
            "questions": questions.run,
            "refusals": lambda: refusals.run(quick=quick),
            "metrics": lambda: metrics.run(self.backends(), self.routed(), quick=quick),
            "processing": lambda: processing.run(self.backends(), self.journal(), self.routed(), quick=quick),
            "growth": lambda: growth.run(self.backends(), self.journal(), quick=quick),
            "heavy": lambda: heavy.run(quick=quick),
            "reference": lambda: reference_set.run(quick=quick),
            "reprojection": lambda: reprojection.run(self.backends(), quick=quick),
            "import": lambda: importing.run(quick=quick),
            "latency": lambda: latency.run(quick=quick),
        }
        return work[name]()


def _about(made: Journal) -> str:
    return (
        f"simulated province, seed 766: {made.entries:,} journal records of {made.dossiers:,} dossiers, "
        f"{made.bytes / made.entries:.0f} bytes each on average"
    )


def main() -> int:
    """Run the benchmarks that were named, or all."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="name", help=f"{', '.join(TITLES)}; all where none is named")
    parser.add_argument("--quick", action="store_true", help="smaller and fewer rounds: whether it runs, not how fast")
    parser.add_argument("--json", action="store_true", help="print one JSON object instead of tables")
    wanted = parser.parse_args()
    unknown = set(wanted.names) - set(TITLES)
    if unknown:
        parser.error(f"no benchmark {', '.join(sorted(unknown))}; there are {', '.join(TITLES)}")
    configure_logging("benchmarks", "warning")
    for handler in logging.getLogger().handlers:
        if isinstance(handler, logging.StreamHandler):
            handler.setStream(sys.stderr)
    # A group's first member waits for its coordinator, which the client reports as an error.
    logging.getLogger("aiokafka").setLevel(logging.CRITICAL)
    console = Console(stderr=wanted.json, width=None if sys.stdout.isatty() else 150)
    began = time.monotonic()
    found: dict[str, list[Line]] = {}
    with ExitStack() as ends:
        bench = _Bench(ends, quick=wanted.quick)
        workload = _about(bench.journal())
        machine = f"{platform.machine()}, {os.cpu_count()} CPUs, Python {platform.python_version()}"
        console.print(f"Workload: {workload}.\nMachine: {machine}; load {os.getloadavg()[0]:.1f} before.")
        console.print("Ratios are to a baseline of the same run; they hold on other machines, absolutes do not.")
        for name in wanted.names or TITLES:
            with console.status(f"{name}…"):
                found[name] = bench.run(name)
            show(f"\n{TITLES[name]}", found[name], console)
    console.print(f"{time.monotonic() - began:.0f} s; load {os.getloadavg()[0]:.1f} after.")
    if wanted.json:
        lines = {name: [asdict(line) for line in some] for name, some in found.items()}
        print(json.dumps({"workload": workload, "simulated": True, "machine": machine, "benchmarks": lines}, indent=1))
    return 0


if __name__ == "__main__":
    sys.exit(main())
