"""Rows a second of an import over ten years, its ticks included, to the same import without the data's clock."""

from __future__ import annotations

import asyncio
import random
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final, Literal

from benchmarks.measuring.backends import started
from benchmarks.measuring.measure import alternate
from benchmarks.measuring.report import Line
from motcua.importing.options import ImportOptions
from motcua.importing.run import run_import

__all__ = ["run"]

_DAYS: Final = 3_650
_MAPPING: Final = """\
source: bench/register
row: dossier
dossier: "{code}"
simulated: true
formats: ["%Y-%m-%d %H:%M:%S"]
entries:
  - type: dossier.accepted
    time: "{opened}"
    data: {unit: "{unit}", procedure: "{procedure}", channel: direct, promised_due: "{due}"}
  - type: dossier.resolved
    time: "{closed}"
"""


def _register(path: Path, rows: int) -> None:
    """A register of dossiers that begin anywhere in ten years, in no order."""
    chance = random.Random(766)
    start = datetime(2014, 1, 1)  # noqa: DTZ001 (the mapping's zone)
    with path.open("w", encoding="utf-8") as out:
        out.write("code,opened,due,closed,unit,procedure\n")
        for number in range(rows):
            opened = start + timedelta(seconds=chance.randrange(_DAYS * 86_400))
            due, closed = opened + timedelta(days=15), opened + timedelta(seconds=chance.randrange(20 * 86_400))
            out.write(f"B{number},{opened},{due},{closed},U{number % 40},P{number % 90}\n")


def run(*, quick: bool) -> list[Line]:
    """Import the same register both ways in turn, into a stack with nothing behind intake.

    Args:
        quick: fewer rows and rounds.
    """
    rows, rounds = (4_000, 1) if quick else (20_000, 3)
    with TemporaryDirectory(prefix="motcua-bench-") as folder, started(("intake",)) as backends:
        home = Path(folder)
        file, mapping = home / "register.csv", home / "register.yaml"
        _register(file, rows)
        mapping.write_text(_MAPPING, encoding="utf-8")
        address, key = backends.stack.addresses()["intake"], backends.stack.admin_key()
        ticks = 0

        async def imported(clock: Literal["live", "data"]) -> int:
            nonlocal ticks
            made = ImportOptions(file=file, mapping=mapping, intake_url=address, key=key, home=home, clock=clock)
            summary = await run_import(made)
            ticks = max(ticks, summary.ticks)
            return summary.rows

        plain, ticked = asyncio.run(alternate(rounds, lambda: imported("live"), lambda: imported("data")))
    without, baseline = 1e6 / plain.wall, f"without ticks, {rows:,} rows"
    return [
        Line("rows without ticks", without, "rows/s"),
        Line(
            f"rows over ten years, {ticks:,} ticks", 1e6 / ticked.wall, "rows/s", plain.wall / ticked.wall, baseline,
            "2,000 rows/s",
        ),
    ]  # fmt: skip
