"""Figures of the truth: what each closed or open case file counts for, by unit and period. Pure.

Follows the table of figures in docs/rules.md over case files; imports nothing of what computes figures from entries.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from shared.calendar import WorkCalendar
from shared.instants import local_midnight
from simulator.course.casefile import Case

__all__ = ["COUNTS", "Span", "Tally", "date_class", "periods_of"]

COUNTS: Final = (
    "received",
    "carried_over",
    "scope",
    "resolved",
    "open",
    "open_within_term",
    "on_time_by_instant",
    "late_by_instant",
    "early",
    "same_day",
    "late_by_date",
    "late_by_original_due",
    "online",
)
_PLACE: Final = {name: place for place, name in enumerate(COUNTS)}
#: Ends that are column 9 of report II.06a whatever their date.
_BROKEN_OFF: Final = frozenset({"withdrawn", "stopped", "refused"})


@dataclass(frozen=True, slots=True)
class Span:
    """A period of local days, both included, and its instants [start, end); `month` is None for the whole."""

    month: str | None
    first: date
    last: date
    start: int
    end: int


def periods_of(first: date, last: date, zone: ZoneInfo) -> tuple[Span, ...]:
    """The whole, then each month of it, cut to it."""

    def span(month: str | None, begin: date, close: date) -> Span:
        return Span(month, begin, close, local_midnight(begin, zone), local_midnight(close + timedelta(1), zone))

    found = [span(None, first, last)]
    begin = first
    while begin <= last:
        following = (begin.replace(day=1) + timedelta(32)).replace(day=1)
        close = min(last, following - timedelta(1))
        found.append(span(f"{begin:%Y-%m}", begin, close))
        begin = following
    return tuple(found)


def date_class(case: Case, calendar: WorkCalendar) -> str:
    """Column 8, 9 or 10 of report II.06a of a finished case."""
    if case.finish in _BROKEN_OFF or case.due is None or case.judged is None:
        return "same_day"
    ended, due = calendar.local_date(case.judged), calendar.local_date(case.due)
    if ended == due:
        return "same_day"
    return "early" if ended < due else "late_by_date"


class Tally:
    """Counts by unit and period, of units themselves; `figures` adds up what is below.

    Args:
        spans: the periods.
        calendar: for local dates.
    """

    def __init__(self, spans: tuple[Span, ...], calendar: WorkCalendar) -> None:
        self.spans = spans
        self._calendar = calendar
        self._counts: dict[tuple[str, int], list[int]] = {}

    def take(self, case: Case) -> None:
        """Count a case of which nothing changes any more."""
        accepted, finished = case.accepted, case.finished
        if accepted is None:
            return
        binding = case.binding(self._calendar)
        for number, span in enumerate(self.spans):
            if accepted >= span.end or (finished is not None and finished < span.start):
                continue
            counts = self._counts.get((case.unit, number))
            if counts is None:
                counts = self._counts[case.unit, number] = [0] * len(COUNTS)
            self._count(counts, "scope")
            if accepted >= span.start:
                self._count(counts, "received")
                counts[_PLACE["online"]] += case.channel == "online"
            else:
                self._count(counts, "carried_over")
            if finished is None or finished >= span.end:
                self._count(counts, "open")
                counts[_PLACE["open_within_term"]] += _within_term(case, span.end, binding)
            else:
                self._ended(counts, case, binding)

    def _ended(self, counts: list[int], case: Case, binding: int | None) -> None:
        judged = case.judged
        if judged is None:
            raise AssertionError(f"{case.code} has ended, so it is judged")
        self._count(counts, "resolved")
        late = binding is not None and judged > binding
        self._count(counts, date_class(case, self._calendar))
        if late:
            self._count(counts, "late_by_instant")
        elif case.promise.second is None:
            self._count(counts, "on_time_by_instant")
        original = case.due_original
        if original is not None and judged > original:
            self._count(counts, "late_by_original_due")

    @staticmethod
    def _count(counts: list[int], name: str) -> None:
        counts[_PLACE[name]] += 1

    def figures(self, below: dict[str, list[str]]) -> list[dict[str, Any]]:
        """Figures of each unit with all below it, by period; units in their order.

        Args:
            below: the unit itself and all below it, by code; `None` as the key `""` for everything.
        """
        found = []
        for unit, codes in below.items():
            for number, span in enumerate(self.spans):
                rows = [self._counts[code, number] for code in codes if (code, number) in self._counts]
                sums = [sum(column) for column in zip(*rows, strict=True)] if rows else [0] * len(COUNTS)
                found.append(_figures(unit or None, span, dict(zip(COUNTS, sums, strict=True))))
        return found


def _within_term(case: Case, at: int, binding: int | None) -> bool:
    second = case.promise.second
    if second is not None and second <= at:
        return False
    return binding is None or binding >= at or case.promise.stopped(at)


def _figures(unit: str | None, span: Span, counts: dict[str, int]) -> dict[str, Any]:
    online = counts.pop("online")
    progress = counts["on_time_by_instant"] + counts["open_within_term"]
    return {
        "unit": unit,
        "month": span.month,
        "from": span.first.isoformat(),
        "to": span.last.isoformat(),
        **counts,
        "2.1": [progress, counts["scope"]],
        "3.3": [online, counts["received"]],
    }
