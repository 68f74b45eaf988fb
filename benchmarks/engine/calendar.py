"""What a due date costs: against the library's walk over days, over the length of a term, and by the file.

Needs no broker and no database. The library's years are computed before, so that it is measured at its best.
"""

from __future__ import annotations

import csv
import gc
import random
import statistics
import time
from collections import Counter
from collections.abc import Callable, Iterable
from datetime import date, timedelta
from io import StringIO
from itertools import count
from typing import Final
from zoneinfo import ZoneInfo

import holidays

from benchmarks.measuring.report import Line
from motcua.cli.reference.due_batch import with_dues
from shared.calendar import WorkCalendar, parse_term, term_due, vn_public
from shared.instants import DAY, to_datetime

__all__ = ["run"]

_ZONE: Final = ZoneInfo("Asia/Ho_Chi_Minh")
_SEED: Final = 766
_LENGTHS: Final = (60, 1_000, 10_000)
_STARTS: Final = 500
_TERMS: Final = (
    "3 working days",
    "15 ngày làm việc",
    "8 working hours",
    "1.5 working days",
    "10 calendar days",
    "2 months",
)
_FIRST: Final = date(2026, 1, 1)
Work = Callable[[], int]


def run(*, quick: bool) -> list[Line]:
    """Nanoseconds of an answer beside the library's, and rows of a file in a second.

    Args:
        quick: fewer rounds and rows.
    """
    calendar = vn_public(_ZONE)
    drawn = random.Random(_SEED)
    days = [_FIRST + timedelta(drawn.randrange(365)) for _ in range(_STARTS)]
    instants = [calendar.opening(day) + drawn.randrange(DAY) for day in days]
    library = holidays.country_holidays("VN", years=range(2025, 2030))
    sixty = parse_term("60 working days")

    works: dict[str, Work] = {"library": lambda: _count(library.get_nth_working_day(day, 60) for day in days[:50])}
    for length in _LENGTHS:
        works[f"{length}"] = _nth(calendar, days, length)
    # Other instants in each round: answers that are kept are not what is measured.
    shift = count()
    works["term"] = lambda: _count(term_due(calendar, start + next(shift), sixty) for start in instants)
    works["between"] = lambda: _count(
        calendar.working_between(start + next(shift), start + 90 * DAY + next(shift)) for start in instants
    )
    cost = _medians(works, 5 if quick else 25)
    lines = [
        Line("60 working days, holidays.get_nth_working_day", cost["library"], "ns"),
        _cheaper("60 working days, nth_working_day", cost["60"], cost["library"], "at least 100"),
    ]
    lines.extend(
        Line(f"{length:,} working days", cost[f"{length}"], "ns", cost[f"{length}"] / cost["60"], "60 days", "flat: 1")
        for length in _LENGTHS[1:]
    )
    lines.append(_cheaper("a term of 60 working days, from instant to instant", cost["term"], cost["library"], ""))
    lines.append(_cheaper("working time over 90 days", cost["between"], cost["library"], ""))
    lines.append(
        Line("motcua due --batch", _rows_a_second(calendar, 10_000 if quick else 100_000), "rows/s", aim="50,000")
    )
    return lines


def _cheaper(name: str, value: float, library: float, aim: str) -> Line:
    return Line(name, value, "ns", library / value, "times cheaper than holidays", aim)


def _nth(calendar: WorkCalendar, days: list[date], length: int) -> Work:
    return lambda: _count(calendar.nth_working_day(day, length) for day in days)


def _count(answers: Iterable[object]) -> int:
    return sum(1 for _ in answers)


def _medians(works: dict[str, Work], rounds: int) -> dict[str, float]:
    """CPU nanoseconds of an answer; the works take turns, so that a busy machine slows all alike."""
    taken: dict[str, list[float]] = {name: [] for name in works}
    gc.collect()
    for number in range(rounds + 1):
        for name, work in works.items():
            began = time.process_time_ns()
            answers = work()
            if number:
                taken[name].append((time.process_time_ns() - began) / answers)
    return {name: statistics.median(values) for name, values in taken.items()}


def _rows_a_second(calendar: WorkCalendar, rows: int) -> float:
    """Rows of CSV text in a second of CPU, parsing and writing included; hardly two starts are alike."""
    drawn = random.Random(_SEED)
    first = calendar.opening(_FIRST)
    text = "start,term\n" + "".join(
        f"{to_datetime(first + drawn.randrange(3_000 * DAY)):%Y-%m-%dT%H:%M:%S+00:00},{drawn.choice(_TERMS)}\n"
        for _ in range(rows)
    )
    written = StringIO()
    began = time.process_time()
    csv.writer(written).writerows(with_dues(csv.reader(StringIO(text)), calendar, "next-day", _unwanted, Counter()))
    taken = time.process_time() - began
    lines = written.getvalue().count("\n")
    if lines != rows + 1:
        raise RuntimeError(f"{rows} rows gave {lines - 1} due dates")
    return rows / taken


def _unwanted(line: int, text: object) -> None:
    raise RuntimeError(f"line {line}: {text}")
