"""The test of index 766: the instant of the end beside the instant of the due. Pure.

Every value is an instant in UTC microseconds, NEVER for none, or an array of such; the answer is a truth value or an
array of them. What is asked of an end is asked of what ended.

Sources: docs/rules.md, Due date and Figures; Decision 766/QĐ-TTg; Decree 61/2018 (late).
"""

from __future__ import annotations

from typing import Any

from shared.judging.instants import NEVER, Truth, Value

__all__ = ["deadline", "late", "late_or_asked_twice", "on_time", "overdue", "within_term", "within_term_asked_once"]


def deadline(due: int | None, limit: int | None) -> int:
    """By when one dossier is to end: the due, without one the limit of the maximum term, without both NEVER."""
    bound = limit if due is None else due
    return NEVER if bound is None else bound


def late(judged: Value[Truth], by: Any) -> Truth:
    """Whether an end, at the instant it is judged at, came after the due (else the limit); at it is in time.

    Args:
        judged: the end, or the request that was unanswered at it.
        by: see deadline; the due without extension for the test by that.
    """
    held: Truth = judged > by
    return held


def on_time(judged: Value[Truth], by: Any, second: Any, finished: Any) -> Truth:
    """Whether an end is on time for the index: not late, and no second request for a supplement by the end.

    Args:
        judged: see late.
        by: see deadline.
        second: the second request.
        finished: the end itself.
    """
    held: Truth = (judged <= by) & (second > finished)
    return held


def late_or_asked_twice(judged: Value[Truth], by: Any, second: Any, finished: Any) -> Truth:
    """Whether an end is not on time for the index."""
    held: Truth = late(judged, by) | (second <= finished)
    return held


def within_term(by: Value[Truth], as_of: Any, stopped: Any) -> Truth:
    """Whether an open dossier is within its term at T: its clock is stopped, or the due (else the limit) is not past.

    Args:
        by: see deadline.
        as_of: T.
        stopped: whether T lies inside an effective pause: its class is frozen as of the request.
    """
    held: Truth = (by >= as_of) | stopped
    return held


def overdue(by: Value[Truth], as_of: Any, stopped: Any) -> Truth:
    """Whether an open dossier is past its term at T; a second request alone does not make it so (report II.06a)."""
    within: Any = within_term(by, as_of, stopped)
    held: Truth = within ^ True
    return held


def within_term_asked_once(by: Value[Truth], as_of: Any, stopped: Any, second: Any) -> Truth:
    """Whether an open dossier is within term for the index: by T there was no second request for a supplement."""
    held: Truth = within_term(by, as_of, stopped) & (second > as_of)
    return held
