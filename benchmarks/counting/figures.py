"""All figures of 165 units over one million dossiers, with a bare numpy pass over the same columns as baseline."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator
from datetime import date
from typing import Final

import numpy as np

from benchmarks.counting.predicates import SEVENTY
from benchmarks.measuring.measure import median_cpu_ms, median_ms
from benchmarks.measuring.report import Line
from benchmarks.measuring.workload import PARTITIONS, ZONE
from services.metrics.counting.tally import Tally
from services.metrics.follow.view import View
from services.metrics.http.questions.indices import indices
from services.metrics.indicators import duties, predicates
from services.metrics.results.evaluate import evaluate, figures_of_all
from services.metrics.table.decode import PartitionClock
from services.metrics.table.facts import Fact
from services.metrics.table.periods import NEVER, Period, months, period
from shared.instants import DAY, HOUR, parse_instant

__all__ = ["filled", "run"]

_UNITS: Final = 165
_START: Final = parse_instant("2026-01-01T00:00:00+07:00")
_AT_ONCE: Final = 20_000


def _facts(rows: int, seed: int = 766, years: int = 1, units: int = _UNITS) -> Iterator[list[Fact]]:
    """Dossiers spread over years, in batches; a third of one year is still open, one in twenty has a pause."""
    chance = np.random.default_rng(seed)
    accepted = _START + chance.integers(0, years * 365 * DAY, rows)
    due = accepted + chance.integers(1, 15, rows) * DAY
    finished = np.where(chance.random(rows) < 0.33 / years, NEVER, due + chance.integers(-5 * DAY, 3 * DAY, rows))
    finished = np.maximum(finished, accepted + HOUR)
    paused = chance.random(rows) < 0.05
    for first in range(0, rows, _AT_ONCE):
        span = slice(first, first + _AT_ONCE)
        values = zip(accepted[span].tolist(), due[span].tolist(), finished[span].tolist(), paused[span].tolist(),
                     strict=True)  # fmt: skip
        yield [
            _fact(number, *value)._replace(unit=f"H99.{number % units:03d}")
            for number, value in enumerate(values, first)
        ]


def _fact(number: int, accepted: int, due: int, finished: int, paused: bool) -> Fact:
    ended = finished < NEVER
    pauses = [(accepted + HOUR, accepted + DAY)] if paused else []
    unit, procedure = f"H99.{number % _UNITS:03d}", f"2.{number % 60:06d}"
    status, finish = (9, 1) if ended else (4, 0)
    return Fact(
        code=f"H99-{number:07d}",
        partition=number % PARTITIONS,
        offset=number,
        running=0,
        unit=unit,
        procedure=procedure,
        channel=1 + number % 3,
        status=status,
        finish=finish,
        simulated=True,
        accepted=accepted,
        finished=finished,
        judged=finished,
        due=due,
        due_original=due,
        pauses=pauses,
    )


async def filled(rows: int, years: int = 1, units: int = _UNITS) -> View:
    """A view of so many dossiers, spread over years and units, with the clock a few days before their end."""
    view = View(1, PARTITIONS, ZONE)
    for batch in _facts(rows, years=years, units=units):
        await view.apply(batch, [], [])
    clocks = [(place, PartitionClock(rows + place, _START + (years * 365 - 5) * DAY)) for place in range(PARTITIONS)]
    await view.apply([], clocks, [])
    return view


def _updated(view: View, rows: int) -> float:
    """Milliseconds that 2,000 newer rows of dossiers already there take."""
    fresh = [
        _fact(number * 97 % rows, _START, _START + DAY, _START + DAY, paused=False)._replace(offset=rows + number)
        for number in range(2_000)
    ]
    begun = time.perf_counter()
    view.table.apply(fresh)
    return (time.perf_counter() - begun) * 1e3


def _seventy(view: View, wanted: Period, name: str, base: float) -> list[Line]:
    """As many predicates as all components and reports need, by every unit: wall time on two cores, and their CPU."""
    table, moment = view.table, view.moment(wanted)

    def count() -> None:
        Tally(table, moment, SEVENTY, (predicates.scope, duties.intake_submitted)).by("unit", len(table.units))

    taken, cpu = median_ms(count), median_cpu_ms(count)
    title = f"{len(SEVENTY)} predicates by {_UNITS} units over {len(table):,} dossiers, {name}"
    aim = "40 ms" if name == "a month" else "100 ms"
    return [
        Line(title, taken, "ms wall", taken / base, "one bare pass", aim),
        Line(f"{title}, of both cores", cpu, "ms CPU"),
    ]


def _months(dossiers: int = 50_000) -> Line:
    """Every month of ten years at once, beside the figures of the ten years as one period."""
    view = asyncio.run(filled(dossiers, years=10))
    first, last = date(2026, 1, 1), date(2035, 12, 31)
    whole, each = period(first, last, ZONE), months(first, last, ZONE)
    one = median_ms(lambda: indices(view, [whole], None, children=False, by=None))
    taken = median_ms(lambda: indices(view, each, None, children=False, by="month"))
    view.close()
    title = f"all figures of {len(each)} months over {dossiers:,} dossiers"
    return Line(title, taken, "ms wall", taken / one, "the same years as one period", "100 ms")


def run(rows: int = 1_000_000) -> list[Line]:
    """Wall time of the figures of every unit and of everything, as the service evaluates them."""
    view = asyncio.run(filled(rows))
    table = view.table
    year = period(date(2026, 1, 1), date(2026, 12, 31), ZONE)
    month = period(date(2026, 12, 1), date(2026, 12, 31), ZONE)

    def bare() -> None:
        """What any way must do at least: read four columns once and count by unit once."""
        mask = (table["accepted"] < year.end) & (table["finished"] >= year.start)
        mask &= table["judged"] <= table["due"]
        np.bincount(table["unit"][mask], minlength=_UNITS)

    base = median_ms(bare)
    lines = [Line("one bare numpy pass: one count by unit", base, "ms wall")]
    asked: list[tuple[str, Period]] = [("a year, every row in scope", year), ("a month", month)]
    for name, wanted in asked:
        taken = median_ms(lambda wanted=wanted: figures_of_all(view, wanted))  # type: ignore[misc]
        title = f"all figures of {_UNITS} units over {rows:,} dossiers, {name}"
        lines.append(Line(title, taken, "ms wall", taken / base, "one bare pass", "50 ms"))
        lines += _seventy(view, wanted, name, base)
    taken = median_ms(lambda: evaluate(view, simulated=True))
    lines.append(
        Line("month, quarter and year, at most once a second", taken, "ms wall", taken / base, "one bare pass")
    )
    lines.append(_months())
    lines.append(Line("columns of the fact table", table.nbytes / rows, "B a dossier"))
    lines.append(Line("2,000 rows updated", _updated(view, rows), "ms wall"))
    view.close()
    return lines
