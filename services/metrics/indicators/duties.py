"""Predicates of apologies, of the intake clock, and of steps beside the dossier they belong to; as those of predicates.

Pure. Sources: docs/rules.md, Figures, Due date and Steps; Decree 61/2018 (form 04).
"""

from __future__ import annotations

import numpy as np

from services.metrics.indicators.predicates import Mask, Question, on_time_by_instant, overdue, resolved
from services.metrics.table.periods import NEVER

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
    return q(resolved) & (q["judged"] > q["due"])


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


def intake_in_time(q: Question) -> Mask:
    """Of those submitted in the period: answered before its end and by the intake due (tiếp nhận đúng hạn)."""
    return q(intake_submitted) & q(_intake_answered) & (q["intake_ended"] <= q["intake_due"])


def intake_overdue(q: Question) -> Mask:
    """Of those submitted in the period: answered late, or unanswered and past the intake due (quá hạn tiếp nhận)."""
    late = np.where(q(_intake_answered), q["intake_ended"], q.moment.as_of) > q["intake_due"]
    return q(intake_submitted) & late


def intake_open(q: Question) -> Mask:
    """Of those submitted in the period: unanswered at its end and not past the intake due at T."""
    return q(intake_submitted) & ~q(_intake_answered) & (q["intake_due"] >= q.moment.as_of)


def intake_judged(q: Question) -> Mask:
    """Of those submitted in the period: answered, or past the intake due at T, so that it is known which it was."""
    return q(intake_submitted) & ~q(intake_open)


def intake_overdue_now(q: Question) -> Mask:
    """Submitted, unanswered, and past the intake due at T."""
    return q(intake_overdue) & ~q(_intake_answered)


def _step_over(q: Question) -> Mask:
    return q.step_over()


def on_time_with_step_over(q: Question) -> Mask:
    """Finished on time in the period though a step took longer than its budget."""
    return q(on_time_by_instant) & q(_step_over)


def late_within_budgets(q: Question) -> Mask:
    """Finished in the period after the due (else the limit) though no step took longer than its budget."""
    return q(late_by_instant) & ~q(_step_over)
