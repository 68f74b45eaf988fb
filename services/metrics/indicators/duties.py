"""Predicates of apologies, of the intake clock, and of steps beside the dossier they belong to; as those of predicates.

Pure. Sources: docs/rules.md, Figures, Due date and Steps; Decree 61/2018 (form 04).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from services.metrics.indicators.predicates import on_time_by_instant, overdue, resolved
from shared.judging import by_instant
from shared.judging.instants import NEVER

if TYPE_CHECKING:
    from services.metrics.counting.question import Array, Mask, Moment, Question

__all__ = [
    "apologised",
    "apology_due",
    "intake_in_time",
    "intake_judged",
    "intake_open",
    "intake_overdue",
    "intake_overdue_now",
    "intake_submitted",
    "late_by_instant",
    "late_within_budgets",
    "on_time_with_step_over",
    "overdue_without_apology",
    "without_apology",
]


def late_by_instant(q: Question) -> Mask:
    """Finished in the period, judged after the due instant, else the limit (quá hạn)."""
    return q(resolved) & by_instant.late(q["judged"], q["due"])


def apology_due(q: Question) -> Mask:
    """An apology is owed: judged after the due (else the limit) in the period, or open and overdue at T (form 04).

    A second supplement request alone owes none, since the date promised to the citizen still holds.
    """
    return q(late_by_instant) | q(overdue)


def _apology_sent(q: Question) -> Mask:
    mask: Mask = q["apologised"] <= q.moment.as_of
    return mask


def apologised(q: Question) -> Mask:
    """Of those an apology is owed for: sent by T (đã xin lỗi)."""
    return q(apology_due) & q(_apology_sent)


def without_apology(q: Question) -> Mask:
    """Of those an apology is owed for: none sent by T (chưa xin lỗi)."""
    return q(apology_due) & ~q(_apology_sent)


def overdue_without_apology(q: Question) -> Mask:
    """Open, overdue at T, and no apology sent by then."""
    return q(overdue) & ~q(_apology_sent)


def intake_submitted(q: Question) -> Mask:
    """Submitted in the period on a channel the intake clock is for, whether accepted or not."""
    return (q["intake_due"] < NEVER) & (q["submitted"] >= q.moment.start) & (q["submitted"] < q.moment.end)


def _intake_answered(q: Question) -> Mask:
    mask: Mask = q["intake_ended"] < q.moment.end
    return mask


def _intake_late(q: Question) -> Mask:
    mask: Mask = by_instant.late(q["intake_ended"], q["intake_due"])
    return mask


def intake_in_time(q: Question) -> Mask:
    """Of those submitted in the period: answered before its end and by the intake due (tiếp nhận đúng hạn)."""
    return q(intake_submitted) & q(_intake_answered) & ~q(_intake_late)


def intake_overdue(q: Question) -> Mask:
    """Of those submitted in the period: answered late, or unanswered and past the intake due (quá hạn tiếp nhận)."""
    unanswered = ~q(_intake_answered) & by_instant.overdue(q["intake_due"], q.moment.as_of, stopped=False)
    return q(intake_submitted) & ((q(_intake_answered) & q(_intake_late)) | unanswered)


def intake_open(q: Question) -> Mask:
    """Of those submitted in the period: unanswered at its end and not past the intake due at T."""
    within = by_instant.within_term(q["intake_due"], q.moment.as_of, stopped=False)
    return q(intake_submitted) & ~q(_intake_answered) & within


def intake_judged(q: Question) -> Mask:
    """Of those submitted in the period: answered, or past the intake due at T, so that it is known which it was."""
    return q(intake_submitted) & ~q(intake_open)


def intake_overdue_now(q: Question) -> Mask:
    """Submitted, unanswered, and past the intake due at T."""
    return q(intake_overdue) & ~q(_intake_answered)


def _step_over(q: Question) -> Mask:
    """An occurrence of one of its steps has ended over its budget."""
    return q.beside("step_over", _with_step_over)


def _with_step_over(table: Any, _moment: Moment) -> Array:
    steps = table.steps
    # As a mask of all rows of the table, however few of them have steps.
    over: Array = table["status"] < 0
    over[steps["row"][(steps["over"] > 0) & steps["alive"]]] = True
    return over


def on_time_with_step_over(q: Question) -> Mask:
    """Finished on time in the period though a step took longer than its budget."""
    return q(on_time_by_instant) & q(_step_over)


def late_within_budgets(q: Question) -> Mask:
    """Finished in the period after the due (else the limit) though no step took longer than its budget."""
    return q(late_by_instant) & ~q(_step_over)
