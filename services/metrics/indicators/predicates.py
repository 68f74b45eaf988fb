"""The named predicates over the fact table that all figures are made of: counting and listing use the same ones.

Pure. Each takes a question (rows, period, T) and gives a mask over the rows. Sources: docs/rules.md, Figures and Due
date; report II.06a; Decision 766/QĐ-TTg.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from services.metrics.table.facts import Array, FactTable
from services.metrics.table.periods import NEVER, NO_DAY
from shared.instants import DAY

__all__ = [
    "NOW",
    "Mask",
    "Moment",
    "Moments",
    "Predicate",
    "Question",
    "accepted_online",
    "carried_over",
    "due_soon",
    "early",
    "finding",
    "late_by_date",
    "late_by_original_due",
    "on_time_by_date",
    "on_time_by_instant",
    "on_time_or_within_term",
    "open_at_end",
    "open_within_term",
    "overdue",
    "received",
    "resolved",
    "same_day",
    "scope",
    "waiting",
]

Mask = NDArray[np.bool_]
_RESOLVED, _RETURNED, _ONLINE = 1, 2, 1


@dataclass(frozen=True, slots=True)
class Moment:
    """What a question is about: the period [start, end) and T, all in UTC microseconds.

    `as_of` is T = min(end, lowest partition clock). `future` says that the period begins after the clock: then
    nothing is in any figure.
    """

    start: int
    end: int
    as_of: int
    future: bool = False


@dataclass(frozen=True, slots=True)
class Moments:
    """A moment for each row asked about, none of them of a period to come; the same words as of one."""

    start: Array
    end: Array
    as_of: Array
    future: bool = False


def NOW(as_of: int) -> Moment:  # noqa: N802 (reads as a constant of one argument)
    """The moment of the states: all that is known, at T."""
    return Moment(-NEVER, NEVER, as_of)


class Question:
    """Rows of a fact table and a moment; answers predicates, each computed once.

    Args:
        table: the fact table, not updated while the question lives.
        moment: period and T, of all rows or of each.
        rows: the rows asked about; None is all of them.
    """

    def __init__(self, table: FactTable, moment: Moment | Moments, rows: NDArray[np.intp] | None = None) -> None:
        self._table = table
        self._rows = rows
        self._columns: dict[str, Array] = {}
        self._masks: dict[Predicate, Mask] = {}
        self.moment = moment
        self.size = len(table) if rows is None else len(rows)

    def __getitem__(self, name: str) -> Array:
        """A column of the rows asked about."""
        if self._rows is None:
            return self._table[name]
        if name not in self._columns:
            self._columns[name] = self._table[name][self._rows]
        return self._columns[name]

    def paused(self) -> Mask:
        """For which rows T lies inside an effective pause."""
        assert isinstance(self.moment, Moment)  # noqa: S101 - whoever has several answers this by itself
        inside = self._table.pauses.containing(self.moment.as_of, len(self._table))
        return inside if self._rows is None else inside[self._rows]

    def step_over(self) -> Mask:
        """For which rows an occurrence of a step has ended over its budget."""
        steps = self._table.steps
        over = np.zeros(len(self._table), dtype=np.bool_)
        over[steps["row"][(steps["over"] > 0) & steps["alive"]]] = True
        return over if self._rows is None else over[self._rows]

    def __call__(self, predicate: Predicate) -> Mask:
        """For which rows a predicate holds; for none when the period lies in the future."""
        if predicate not in self._masks:
            future = self.moment.future
            self._masks[predicate] = np.zeros(self.size, np.bool_) if future else predicate(self)
        return self._masks[predicate]


Predicate = Callable[[Question], Mask]


def _paused(q: Question) -> Mask:
    """T lies inside an effective pause: the class is frozen at the request, within term (docs/rules.md, Due date)."""
    return q.paused()


def scope(q: Question) -> Mask:
    """Accepted before the period's end and not finished before its start. II.06a column 3, denominator of 2.1."""
    return (q["accepted"] < q.moment.end) & (q["finished"] >= q.moment.start)


def received(q: Question) -> Mask:
    """Accepted in the period (tiếp nhận trong kỳ). II.06a columns 4 and 5."""
    return (q["accepted"] >= q.moment.start) & (q["accepted"] < q.moment.end)


def carried_over(q: Question) -> Mask:
    """Accepted before the period and open at its start (kỳ trước chuyển sang). II.06a column 6."""
    return q(scope) & (q["accepted"] < q.moment.start)


def resolved(q: Question) -> Mask:
    """Finished in the period, by any end. II.06a column 7."""
    return q(scope) & (q["finished"] < q.moment.end)


def open_at_end(q: Question) -> Mask:
    """Accepted before the period's end and not finished before it (đang giải quyết). II.06a column 11."""
    return q(scope) & (q["finished"] >= q.moment.end)


def _within_term(q: Question) -> Mask:
    """Open, and at T inside an effective pause or not past the final due, else the limit; without both within term."""
    return q(open_at_end) & (q(_paused) | (q["due"] >= q.moment.as_of))


def open_within_term(q: Question) -> Mask:
    """Open within term at T, and no second supplement request by T: a second request is late for Decision 766."""
    return q(_within_term) & (q["second"] > q.moment.as_of)


def on_time_by_instant(q: Question) -> Mask:
    """Finished in the period, judged at or before the due instant, no second request by the finish (Decision 766).

    Without a due instant the limit counts, without that it is on time. Judged is the finish, or the supplement request
    unanswered at the finish.
    """
    return q(resolved) & (q["judged"] <= q["due"]) & (q["second"] > q["finished"])


def on_time_or_within_term(q: Question) -> Mask:
    """Numerator of 2.1: finished on time in the period, or open within term at T."""
    return q(on_time_by_instant) | q(open_within_term)


def _by_date(q: Question) -> Mask:
    """Ends that report II.06a judges by dates: resolved or returned, with a due; all others are column 9."""
    return q(resolved) & (q["finish"] <= _RETURNED) & (q["finish"] >= _RESOLVED) & (q["due_day"] < NO_DAY)


def early(q: Question) -> Mask:
    """Resolved or returned on a local date before the due date (trước hạn). II.06a column 8."""
    return q(_by_date) & (q["judged_day"] < q["due_day"])


def late_by_date(q: Question) -> Mask:
    """Resolved or returned on a local date after the due date (quá hạn). II.06a column 10."""
    return q(_by_date) & (q["judged_day"] > q["due_day"])


def same_day(q: Question) -> Mask:
    """Ended on the due date, without due, or by withdrawn, stopped or refused (đúng hạn). II.06a column 9."""
    return q(resolved) & ~q(early) & ~q(late_by_date)


def on_time_by_date(q: Question) -> Mask:
    """Ended in the period and not after the due date, by local dates (columns 8 and 9 of II.06a together)."""
    return q(resolved) & ~q(late_by_date)


def late_by_original_due(q: Question) -> Mask:
    """Finished in the period, judged after the due instant as it was without extension, pauses included."""
    return q(resolved) & (q["judged"] > q["due_original"])


def accepted_online(q: Question) -> Mask:
    """Accepted in the period through the online channel. II.06a column 4, numerator of 3.3."""
    online: Mask = q["channel"] == _ONLINE
    return q(received) & online


def waiting(q: Question) -> Mask:
    """Open and waiting for a supplement at T (chờ bổ sung)."""
    return q(open_at_end) & (q["waiting"] <= q.moment.as_of)


def overdue(q: Question) -> Mask:
    """Open, past the final due (else the limit) at T, and not frozen by a pause (quá hạn). II.06a column 13."""
    return q(open_at_end) & ~q(_within_term)


def due_soon(q: Question) -> Mask:
    """Open, not waiting, due within 24 hours of wall clock from T (sắp đến hạn)."""
    as_of = q.moment.as_of
    return q(open_at_end) & ~q(waiting) & (q["due"] >= as_of) & (q["due"] <= as_of + DAY)


def finding(q: Question) -> Mask:
    """Something odd about its entries was found, whether accepted or not."""
    mask: Mask = q["findings"] > 0
    return mask
