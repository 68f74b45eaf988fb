"""All facts of a dossier from the set of its entries: the one place where the parts meet.

Pure: the same set gives the same facts, in whatever order it came; no clock is read or passed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from services.processing.facts.announcements import Announcement, announcements_of
from services.processing.facts.deadlines import Deadlines, DueValue, Pause, follow_due
from services.processing.facts.holding import Finding, hold
from services.processing.facts.life import Life, live
from services.processing.facts.steps import StepFact, steps_of
from services.processing.record import EntryRecord
from shared.calendar import WorkCalendar

__all__ = ["Facts", "derive"]

_CHANNELS = frozenset(("online", "postal", "direct"))
_FINISHED = {"resolved": 9, "returned": 10, "withdrawn": 7, "stopped": 8, "refused": 3}


@dataclass(slots=True)
class Facts:
    """Everything known of a dossier. Instants in UTC microseconds; meanings as in the contract's DossierRow.

    `held` are the entries that hold; `due_history` every due value with its reason; `to_announce` what becomes true
    of the due dates and from which clock on.
    """

    code: str
    status: int
    unit: str | None
    receiving_unit: str | None
    procedure: str | None
    channel: str | None
    submitted_at: int | None
    accepted_at: int | None
    finished_at: int | None
    finish: str | None
    judged_at: int | None
    due: int | None
    due_original: int | None
    pauses: list[Pause]
    waiting_since: int | None
    second_request_at: int | None
    extended_at: int | None
    steps: list[StepFact]
    findings: list[tuple[str, str, str]]
    simulated: bool
    held: list[EntryRecord]
    due_history: list[DueValue]
    to_announce: list[tuple[int, Announcement]]


def derive(
    code: str,
    received: Sequence[EntryRecord],
    calendar: WorkCalendar,
    *,
    extension_days: int,
    warning_before: int,
) -> Facts:
    """The facts of one dossier.

    `due_original` is the due date as if no extension had been reported, pauses and new dates of receipts included. An
    end is judged at the request where one made by the due is unanswered then.

    Args:
        code: the dossier code.
        received: its distinct entries, also superseded ones, sorted by their keys.
        calendar: measures working time and completes dates.
        extension_days: see `follow_due`.
        warning_before: see `announcements_of`, in µs.
    """
    held, conflicts = hold(received)
    life = live(held)
    dues = Deadlines()
    due_original = None
    if life.accepted is not None:
        dues = follow_due(life.accepted, life.moves, calendar, extension_days)
        due_original = dues.due
        if dues.extended_at is not None:
            plain = [move for move in life.moves if move.type != "dossier.extended"]
            due_original = follow_due(life.accepted, plain, calendar, extension_days).due
    finished_at = life.finished_at
    frozen_at = dues.frozen_at
    judged_at = finished_at if finished_at is None or frozen_at is None else frozen_at
    label = life.accepted or life.submitted
    data = (label.data if label is not None else None) or {}
    channel = data.get("channel")
    return Facts(
        code=code,
        status=_status(life, dues),
        unit=data.get("unit") if life.handed_over is None else (life.handed_over.data or {})["unit"],
        receiving_unit=data.get("receiving_unit"),
        procedure=data.get("procedure") or ((life.submitted and life.submitted.data) or {}).get("procedure"),
        channel=channel if channel is None or channel in _CHANNELS else "direct",
        submitted_at=None if life.submitted is None else life.submitted.time,
        accepted_at=None if life.accepted is None else life.accepted.time,
        finished_at=finished_at,
        finish=life.finish,
        judged_at=judged_at,
        due=dues.due,
        due_original=due_original,
        pauses=dues.pauses,
        waiting_since=dues.waiting_since if finished_at is None else None,
        second_request_at=dues.second_request_at,
        extended_at=dues.extended_at,
        steps=steps_of(life.steps) if life.steps else [],
        findings=_told(conflicts + life.findings + dues.findings),
        simulated=any(entry.simulated for entry in received),
        held=held,
        due_history=dues.history,
        to_announce=announcements_of(dues.history, dues.pauses, finished_at, judged_at, warning_before),
    )


def _told(findings: list[Finding]) -> list[tuple[str, str, str]]:
    """Findings as (code, source, id), in the order of the entries they are about, then by code."""
    if len(findings) > 1:
        findings.sort(key=lambda finding: (finding.about.key, finding.code))
    return [(code, about.source, about.id) for code, about in findings]


def _status(life: Life, dues: Deadlines) -> int:
    """The national status code (docs/rules.md, "Status").

    Of an open dossier: 5 while it waits for a supplement, 6 while a fee is asked for and not paid, 4 once anything of
    its handling is reported, 2 before. Without acceptance: 3 if refused, else 1.
    """
    if life.accepted is None:
        return 3 if life.refused else 1
    if life.finish is not None:
        if life.finish == "resolved" and any(end.type == "dossier.returned" for end in life.ends):
            return 10
        return _FINISHED[life.finish]
    if dues.waiting_since is not None:
        return 5
    if life.fee_open:
        return 6
    return 4 if life.handled else 2
