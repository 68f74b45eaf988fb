"""The named predicates over the fact table that all figures are made of: counting and listing use the same ones.

Pure. Each takes a question (rows, period, T) and gives a mask over the rows. Sources: docs/rules.md, Figures and Due
date; report II.06a; Decision 766/QĐ-TTg.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from shared.instants import DAY
from shared.judging import by_date, by_instant

if TYPE_CHECKING:
    from services.metrics.counting.question import Mask, Question

__all__ = [
    "accepted_online",
    "accepted_otherwise",
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
    "open_not_overdue",
    "open_within_term",
    "overdue",
    "paused",
    "received",
    "resolved",
    "same_day",
    "scope",
    "waiting",
]

_ONLINE = 1
#: The numbers of by_date.RESULTS in the table.
_RESULTS = (1, 2)


def paused(q: Question) -> Mask:
    """T lies inside an effective pause: the class is frozen at the request, within term (docs/rules.md, Due date)."""
    return q.beside("paused", lambda table, moment: table.pauses.containing(moment.as_of, len(table)))


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


def open_within_term(q: Question) -> Mask:
    """Open within term at T, and no second supplement request by T: a second request is late for Decision 766."""
    return q(open_at_end) & by_instant.within_term_asked_once(q["due"], q.moment.as_of, q(paused), q["second"])


def on_time_by_instant(q: Question) -> Mask:
    """Finished in the period, judged at or before the due instant, no second request by the finish (Decision 766).

    Without a due instant the limit counts, without that it is on time. Judged is the finish, or the supplement request
    unanswered at the finish.
    """
    return q(resolved) & by_instant.on_time(q["judged"], q["due"], q["second"], q["finished"])


def on_time_or_within_term(q: Question) -> Mask:
    """Numerator of 2.1: finished on time in the period, or open within term at T."""
    return q(on_time_by_instant) | q(open_within_term)


def _result(q: Question) -> Mask:
    """Ended by a result, which report II.06a judges by its date; all others are column 9."""
    finish = q["finish"]
    mask: Mask = (finish == _RESULTS[0]) | (finish == _RESULTS[1])
    return mask


def early(q: Question) -> Mask:
    """Resolved or returned on a local date before the due date (trước hạn). II.06a column 8."""
    return q(resolved) & by_date.early(q(_result), q["judged_day"], q["due_day"])


def late_by_date(q: Question) -> Mask:
    """Resolved or returned on a local date after the due date (quá hạn). II.06a column 10."""
    return q(resolved) & by_date.late(q(_result), q["judged_day"], q["due_day"])


def same_day(q: Question) -> Mask:
    """Ended on the due date, without due, or by withdrawn, stopped or refused (đúng hạn). II.06a column 9."""
    return q(resolved) & by_date.same_day(q(_result), q["judged_day"], q["due_day"])


def on_time_by_date(q: Question) -> Mask:
    """Ended in the period and not after the due date, by local dates (columns 8 and 9 of II.06a together)."""
    return q(resolved) & ~q(late_by_date)


def late_by_original_due(q: Question) -> Mask:
    """Finished in the period, judged after the due instant as it was without extension, pauses included."""
    return q(resolved) & by_instant.late(q["judged"], q["due_original"])


def accepted_online(q: Question) -> Mask:
    """Accepted in the period through the online channel. II.06a column 4, numerator of 3.3."""
    online: Mask = q["channel"] == _ONLINE
    return q(received) & online


def accepted_otherwise(q: Question) -> Mask:
    """Accepted in the period through any other channel. II.06a column 5."""
    return q(received) & ~q(accepted_online)


def open_not_overdue(q: Question) -> Mask:
    """Open and not past the final due at T, or frozen by a pause; a second request is none of it. II.06a column 12."""
    return q(open_at_end) & ~q(overdue)


def waiting(q: Question) -> Mask:
    """Open and waiting for a supplement at T (chờ bổ sung)."""
    return q(open_at_end) & (q["waiting"] <= q.moment.as_of)


def overdue(q: Question) -> Mask:
    """Open, past the final due (else the limit) at T, and not frozen by a pause (quá hạn). II.06a column 13."""
    return q(open_at_end) & by_instant.overdue(q["due"], q.moment.as_of, q(paused))


def due_soon(q: Question) -> Mask:
    """Open, not waiting, due within 24 hours of wall clock from T (sắp đến hạn)."""
    as_of = q.moment.as_of
    return q(open_at_end) & ~q(waiting) & (q["due"] >= as_of) & (q["due"] <= as_of + DAY)


def finding(q: Question) -> Mask:
    """Something odd about its entries was found, whether accepted or not."""
    mask: Mask = q["findings"] > 0
    return mask
