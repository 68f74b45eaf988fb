"""The named predicates over petitions that lists and figures are made of (docs/rules.md, Petitions). Pure.

Each takes a question (rows of the table of petitions, period, T) and gives a mask over the rows. Source: components 5.2
and 5.3 of Decision 766/QĐ-TTg.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from shared.judging.instants import NEVER

if TYPE_CHECKING:
    from services.metrics.counting.question import Mask, Question

__all__ = [
    "answered",
    "bad",
    "ended_late",
    "in_time",
    "open_at_end",
    "overdue",
    "population",
    "published_in_time",
    "waiting",
]

#: The number of a refusal among ends in the table.
_REFUSED: Final = 2


def population(q: Question) -> Mask:
    """First received before the period's end and not ended before its start: of 5.2 and 5.3."""
    return (q["received"] < q.moment.end) & (q["ended"] >= q.moment.start)


def open_at_end(q: Question) -> Mask:
    """Received, and not ended before the period's end."""
    return q(population) & (q["ended"] >= q.moment.end)


def waiting(q: Question) -> Mask:
    """Open, and the clock is stopped at T by a request that came in time."""
    stopped = q.beside("paused", lambda table, moment: table.lists["pauses"].containing(moment.as_of, len(table)))
    return q(open_at_end) & stopped


def overdue(q: Question) -> Mask:
    """Open past the due of the answer at T."""
    return q(open_at_end) & ~q(waiting) & (q["due"] < q.moment.as_of)


def ended_late(q: Question) -> Mask:
    """Ended in the period after the due of its end: of a refusal that of refusals."""
    refused = q["end"] == _REFUSED
    due = q["due"].copy()
    due[refused] = q["refuse_due"][refused]
    return q(population) & ~q(open_at_end) & (q["judged"] > due)


def in_time(q: Question) -> Mask:
    """Ended by its due, or open and not overdue: numerator of 5.2."""
    return q(population) & ~q(overdue) & ~q(ended_late)


def bad(q: Question) -> Mask:
    """Not in time, or raised again, or disliked more often than found satisfying, before the period's end."""
    before = q.beside("disliked", lambda table, moment: table.lists["disliked"].containing(moment.end - 1, len(table)))
    return q(population) & (~q(in_time) | (q["raised_again"] < q.moment.end) | before)


def answered(q: Question) -> Mask:
    """Answered in the period."""
    return (q["publish_due"] < NEVER) & (q["ended"] >= q.moment.start) & (q["ended"] < q.moment.end)


def published_in_time(q: Question) -> Mask:
    """Of those answered in the period: published by its due, or not yet and the due is not over at T."""
    published = q["published"]
    there = (published < q.moment.end) & (published <= q["publish_due"])
    return q(answered) & (there | ((published >= q.moment.end) & (q["publish_due"] >= q.moment.as_of)))
