"""Figures of steps, delays and what is due over one million occurrences of steps, as the service evaluates them."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from datetime import date
from typing import Final

import numpy as np

from benchmarks.measuring.measure import median_ms
from benchmarks.measuring.report import Line
from benchmarks.measuring.workload import PARTITIONS, ZONE
from services.metrics.follow.view import View
from services.metrics.http.holding import blame, due_list
from services.metrics.http.routing import bottlenecks, steps
from services.metrics.results.live import live_figures
from services.metrics.table.decode import PartitionClock
from services.metrics.table.facts import Fact, StepFact
from services.metrics.table.periods import NEVER, period
from shared.instants import DAY, HOUR, parse_instant

__all__ = ["run"]

_UNITS: Final = 165
_NAMES: Final = ("Tiếp nhận", "Thẩm định", "Lấy ý kiến", "Trình ký", "Trả kết quả")
_START: Final = parse_instant("2026-01-01T00:00:00+07:00")
_AT_ONCE: Final = 20_000
_BUDGET: Final = 240


def _facts(dossiers: int, seed: int = 766) -> Iterator[list[Fact]]:
    """Dossiers spread over a year with five steps each; those of the last days are open, one in ten ended late."""
    chance = np.random.default_rng(seed)
    for first in range(0, dossiers, _AT_ONCE):
        held = chance.integers(1, 8, (_AT_ONCE, len(_NAMES))).tolist()
        late = (chance.random(_AT_ONCE) < 0.1).tolist()
        numbers = range(first, min(first + _AT_ONCE, dossiers))
        yield [_fact(n, dossiers, held[n - first], late=late[n - first]) for n in numbers]


def _fact(number: int, dossiers: int, held: list[int], *, late: bool) -> Fact:
    accepted = _START + number * 360 * DAY // dossiers
    under_way = number > dossiers * 0.97
    found = []
    for place, name in enumerate(_NAMES):
        began = accepted + place * DAY
        last = place == len(_NAMES) - 1
        ended = NEVER if under_way and last else began + held[place] * HOUR
        used = 0 if ended == NEVER else held[place] * HOUR
        over = max(0, used - 4 * HOUR)
        outcome = 0 if ended == NEVER else 1
        unit = f"H99.{(number + place) % _UNITS:03d}"
        found.append(StepFact(name, unit, 1, True, began, ended, began + 4 * HOUR, _BUDGET, used, over, outcome))
    finished = NEVER if under_way else accepted + 6 * DAY
    due = accepted + (5 if late else 8) * DAY
    unit, holder = f"H99.{number % _UNITS:03d}", f"H99.{(number + 4) % _UNITS:03d}"
    return Fact(
        code=f"H99-{number:07d}",
        partition=number % PARTITIONS,
        offset=number,
        running=0,
        unit=unit,
        procedure=f"2.{number % 60:06d}",
        channel=1,
        status=4 if under_way else 9,
        finish=0 if under_way else 1,
        simulated=True,
        accepted=accepted,
        finished=finished,
        judged=finished,
        due=due,
        due_original=due,
        holders=holder if under_way else None,
        steps=found,
        blame=[(holder, 8 * HOUR)] if late and not under_way else (),
    )


async def _filled(dossiers: int) -> View:
    view = View(1, PARTITIONS, ZONE)
    for batch in _facts(dossiers):
        await view.apply(batch, [], [])
    clocks = [(place, PartitionClock(dossiers + place, _START + 360 * DAY)) for place in range(PARTITIONS)]
    await view.apply([], clocks, [])
    return view


def run(occurrences: int = 1_000_000) -> list[Line]:
    """Wall time of each question, beside one numpy pass over the same occurrences; memory of an occurrence."""
    view = asyncio.run(_filled(occurrences // len(_NAMES)))
    table = view.table
    year = period(date(2026, 1, 1), date(2026, 12, 31), ZONE)
    month = period(date(2026, 12, 1), date(2026, 12, 31), ZONE)

    def bare() -> None:
        """What any way must do at least: sort the time held by unit once, for its percentiles."""
        np.lexsort((table.steps["used"], table.steps["unit"]))

    base = median_ms(bare)
    name = f"{occurrences:,} occurrences"
    asked: list[tuple[str, Callable[[], object]]] = [
        (f"steps by unit and step (median, p90, over budget), {name}, a year",
         lambda: steps(view, year, None, by="unit-step", units_on=None)),
        ("the same, a month", lambda: steps(view, month, None, by="unit-step", units_on=None)),
        ("the same, a month of one unit", lambda: steps(view, month, "H99.001", by="unit-step", units_on=None)),
        ("bottlenecks of a month", lambda: bottlenecks(view, month, None, limit=20, units_on=None)),
        ("blame of a year, with what is overdue", lambda: blame(view, year, None, units_on=None)),
        ("the due list of today", lambda: due_list(view, None, None, offset=0, limit=100, units_on=None)),
        ("numbers of the moment of all units, at most once a second", lambda: live_figures(view)),
    ]  # fmt: skip
    lines = [Line("one bare numpy sort of the same occurrences", base, "ms wall")]
    for title, work in asked:
        taken = median_ms(work)
        lines.append(Line(title, taken, "ms wall", taken / base, "one bare sort"))
    lines.append(Line("columns of the lists beside the table", table.steps.nbytes / occurrences, "B an occurrence"))
    view.close()
    return lines
