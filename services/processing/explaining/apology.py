"""The draft of a written apology, as data: from some hours before the due date on, until one was sent or it ended.

Pure. Which form, and from when on, are rules; the reason and the signature are an official's.
"""

from __future__ import annotations

from services.processing.explaining.model import ApologyDraft
from services.processing.explaining.words import moment, say
from services.processing.facts import Facts
from shared.calendar import WorkCalendar
from shared.instants import HOUR, to_rfc3339

__all__ = ["apology_draft"]


def apology_draft(known: Facts, clock: int | None) -> ApologyDraft | None:
    """The draft, or None where there is nothing to apologise for yet or any more.

    Readings: while the clock is stopped nothing is due, so there is no draft; an answer awaited to a request made after
    the due date stops nothing. The new date proposed is the closing of the next working day after due date and clock.

    Args:
        known: the dossier's facts.
        clock: the partition's clock in UTC µs; None before the first tick.
    """
    force, due = known.force, known.dues.due
    if clock is None or force is None or due is None or known.finished_at is not None:
        return None
    if known.apologised_at is not None or known.dues.frozen_at is not None or clock < due - force.rules.apology_before:
        return None
    calendar = force.calendar
    proposed = calendar.closing(calendar.next_working_day(calendar.local_date(max(due, clock))))
    overdue = clock > due
    days_late = _days_late(calendar, due, clock) if overdue else 0
    hours_to_go = 0 if overdue else (due - clock) // HOUR
    return ApologyDraft(
        form=force.rules.apology_form,
        rule_version=force.rules.version,
        code=known.code,
        unit=known.unit,
        procedure=known.procedure,
        due=to_rfc3339(due),
        overdue=overdue,
        days_late=days_late,
        hours_to_go=hours_to_go,
        proposed_due=to_rfc3339(proposed),
        reason=None,
        sentence=say(
            "apology_late" if overdue else "apology_ahead",
            form=force.rules.apology_form,
            due=moment(calendar, due),
            days=days_late,
            hours=hours_to_go,
            proposed=moment(calendar, proposed),
        ),
    )


def _days_late(calendar: WorkCalendar, due: int, clock: int) -> int:
    """Working days begun since the due date, that of the due date itself not counted; at least 1."""
    first, last = calendar.local_date(due), calendar.local_date(clock)
    days = calendar.working_days_between(first, last) + calendar.is_working_day(last) - calendar.is_working_day(first)
    return max(1, days)
