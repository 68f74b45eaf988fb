"""The test of report II.06a: the local date of the end beside that of the due. Pure.

Days are numbers that grow by one a day, NO_DAY for none, or arrays of such; the answer is a truth value or an array of
them. What has no due, and what ended otherwise than by a result, is on the day. Source: docs/rules.md, Figures.
"""

from __future__ import annotations

from datetime import date
from typing import Any, Final, Literal

from shared.judging.instants import NO_DAY, Truth, Value

__all__ = ["RESULTS", "ByDate", "class_by_date", "day_number", "early", "late", "same_day"]

#: Ends that are judged by their date; withdrawn, stopped and refused are on the day whatever it is.
RESULTS: Final = ("resolved", "returned")

ByDate = Literal["early", "same_day", "late"]


def day_number(day: date | None) -> int:
    """A date as a number."""
    return NO_DAY if day is None else day.toordinal()


def early(result: Truth, judged: Value[Truth], due: Any) -> Truth:
    """Whether a dossier that ended did so before the day of its due (column 8).

    Args:
        result: whether it ended by one of RESULTS.
        judged: day of the instant that its end is judged at.
        due: day of its due.
    """
    held: Truth = result & (due < NO_DAY) & (judged < due)
    return held


def late(result: Truth, judged: Value[Truth], due: Any) -> Truth:
    """Whether it did so after that day (column 10)."""
    held: Truth = result & (judged > due)
    return held


def same_day(result: Truth, judged: Value[Truth], due: Any) -> Truth:
    """Whether it did neither (column 9)."""
    other: Any = early(result, judged, due)
    held: Truth = (other | late(result, judged, due)) ^ True
    return held


def class_by_date(finish: str | None, judged: date, due: date | None) -> ByDate:
    """The class of one dossier that ended.

    Args:
        finish: the kind of its end, as in the contract.
        judged: local date of the instant its end is judged at.
        due: local date of its due.
    """
    asked = (finish in RESULTS, day_number(judged), day_number(due))
    return "early" if early(*asked) else "late" if late(*asked) else "same_day"
