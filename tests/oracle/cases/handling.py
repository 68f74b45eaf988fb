"""Dates of one dossier: due, law, limit, intake clock (docs/rules.md "Due date"). Knows nothing of steps."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from tests.oracle.cases.due import DueFacts, basis_of, follow_due, limit_of, moved
from tests.oracle.cases.facts import Dossier, find
from tests.oracle.journal import HeldEntry
from tests.oracle.reference.says import Applying, References
from tests.oracle.reference.worktime import WalkedCalendar
from tests.oracle.rights.entitled import Judged

__all__ = ["Receipt", "take_due", "take_intake"]


@dataclass
class Receipt:
    """The acceptance that counts, and the reference data in force on its date."""

    entry: HeldEntry
    dossier: Dossier
    applying: Applying

    @property
    def day(self) -> date:
        """The local date of acceptance."""
        return self.entry.time.astimezone(self.applying.zone).date()

    @property
    def calendar(self) -> WalkedCalendar:
        """Of the unit at acceptance; hand-overs do not change it."""
        return self.applying.calendar(self.entry.data["unit"], self.day)


def take_due(dossier: Dossier, receipt: Receipt, by_the_end: list[HeldEntry], apologies: list[datetime]) -> None:
    """Fill in what is due when.

    Args:
        dossier: whose life is known already.
        receipt: its receipt.
        by_the_end: entries that have an effect and are not later than the finish.
        apologies: when apologies were sent.
    """
    rules, calendar = receipt.applying.rules(receipt.day), receipt.calendar
    procedure = receipt.applying.procedure(dossier.procedure, receipt.day)
    basis = basis_of(receipt.entry, dossier.channel, procedure, calendar, rules)
    for finding in basis.findings:
        find(dossier, finding, receipt.entry)

    def follow(moves: list[HeldEntry]) -> DueFacts:
        return follow_due((basis.due, receipt.entry.time), moves, apologies, calendar, rules)

    known = follow(by_the_end)
    dossier.due = known.due
    dossier.due_original = follow([move for move in by_the_end if move.type != "dossier.extended"]).due
    # Where the first due date is that of a supplement's receipt, it is a promised one.
    dossier.due_basis = "promised" if known.promised_later else basis.basis
    dossier.pauses = known.pauses
    dossier.statutory_due = moved(basis.statutory, known.pauses, calendar)
    dossier.committed_due = moved(basis.committed, known.pauses, calendar)
    if known.due is None and basis.maximum is not None:
        dossier.limit = limit_of(receipt.entry.time, basis.maximum, known.pauses, calendar)
    dossier.second_request_at, dossier.extended_at = known.second_request_at, known.extended_at
    for finding, entry in known.findings:
        find(dossier, finding, entry)
    dossier.rules, dossier.rule_version, dossier.calendar = rules, rules.version, calendar.name
    dossier.procedure_version = None if procedure is None else procedure.data["version"]
    dossier.field = None if procedure is None else procedure.data.get("field")
    dossier.stretches = known.stretches
    if dossier.finished_at is None:
        dossier.waiting_since = known.waiting_since
    else:
        dossier.judged_at = _judged_at(known, dossier.finished_at)


def _judged_at(due: DueFacts, finished_at: datetime) -> datetime:
    """An end while a request made by the due is unanswered is judged at the request."""
    if due.pauses and due.pauses[-1][1] is None:
        return due.pauses[-1][0]
    return finished_at


def take_intake(dossier: Dossier, judged: Judged, references: References) -> None:
    """The intake clock: a submission is to be accepted or refused within so many working minutes."""
    submission = judged.submission
    if submission is None:
        return
    dossier.submitted_at = submission.time
    answers = [
        entry.time
        for entry in judged.entries
        if entry.type in ("dossier.refused", "dossier.withdrawn", "dossier.stopped")
    ]
    answered = dossier.accepted_at or min(answers, default=None)
    if answered is not None:
        answered = max(answered, submission.time)
    applying = references.applying(answered if dossier.accepted_at is None else dossier.finished_at)
    day = submission.time.astimezone(applying.zone).date()
    dossier.intake_rules = rules = applying.rules(day)
    channel = submission.data["channel"] if submission.data["channel"] in ("online", "postal", "direct") else "direct"
    if channel in rules.intake_channels and rules.intake_minutes > 0:
        calendar = applying.calendar(submission.data["unit"], day)
        dossier.intake_due = calendar.add_working_time(submission.time, timedelta(minutes=rules.intake_minutes))
        dossier.intake_ended_at = answered
