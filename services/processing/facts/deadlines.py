"""The due date of one dossier: the promised date, supplement pauses and the extension, with every value it had and why.

Pure. Walks the moves in their order; knows nothing of ends, warnings or figures.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from services.processing.facts.holding import Finding
from services.processing.record import EntryRecord
from shared.calendar import WorkCalendar

__all__ = ["Deadlines", "DueValue", "Pause", "follow_due"]

#: [request, receipt) in UTC microseconds; None while unanswered.
Pause = tuple[int, int | None]
DueReason = Literal["promised", "supplement_pause", "supplement_new_date", "extension"]


class DueValue(NamedTuple):
    """A due instant, from when it was in force, and the entry that set it."""

    due: int
    since: int
    reason: DueReason
    source: str
    id: str


@dataclass(slots=True)
class Deadlines:
    """Where the due date ended up and how. Instants in UTC microseconds.

    `pauses` are those that froze the class. `waiting_since` is the request still unanswered, be it in time or after
    the due date. `history` holds every value in force, in order; a receipt always begins a new one.
    """

    due: int | None = None
    waiting_since: int | None = None
    requested: bool = False
    second_request_at: int | None = None
    extended_at: int | None = None
    pauses: list[Pause] = field(default_factory=list)
    history: list[DueValue] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)

    @property
    def frozen_at(self) -> int | None:
        """The request, made by the due, that is still unanswered."""
        return self.pauses[-1][0] if self.pauses and self.pauses[-1][1] is None else None


def follow_due(
    accepted: EntryRecord, moves: Sequence[EntryRecord], calendar: WorkCalendar, extension_days: int
) -> Deadlines:
    """Follow the due date from acceptance through the moves (docs/rules.md, "Due date").

    Readings: every supplement request but the first is a second request, answered or not, in time or late. A dossier
    without due date is always asked in time, and a receipt's date gives it one. A receipt that answers a request made
    after the due is no finding and moves nothing. Of several extensions the first that fulfils the conditions counts;
    without a due date there is nothing to extend.

    Args:
        accepted: the acceptance.
        moves: effective requests, receipts and extensions in order.
        calendar: measures the pauses.
        extension_days: working days before the due date by which an extension must be made (rule parameter [r]).
    """
    state = Deadlines()
    promised = (accepted.data or {}).get("promised_due")
    if promised is not None:
        _set_due(state, calendar.due_instant(promised), accepted.time, "promised", accepted)
    for move in moves:
        if move.type == "dossier.supplement_requested":
            _request(state, move)
        elif move.type == "dossier.supplement_received":
            _receive(state, move, calendar)
        else:
            _extend(state, move, calendar, extension_days)
    return state


def _set_due(state: Deadlines, due: int, since: int, reason: DueReason, by: EntryRecord) -> None:
    state.due = due
    state.history.append(DueValue(due, since, reason, by.source, by.id))


def _request(state: Deadlines, move: EntryRecord) -> None:
    if state.requested and state.second_request_at is None:
        state.second_request_at = move.time
    state.requested = True
    if state.waiting_since is not None:
        return
    state.waiting_since = move.time
    if state.due is None or move.time <= state.due:
        state.pauses.append((move.time, None))


def _receive(state: Deadlines, move: EntryRecord, calendar: WorkCalendar) -> None:
    if state.waiting_since is None:
        state.findings.append(Finding("receipt_without_request", move))
        return
    state.waiting_since = None
    requested_at = state.frozen_at
    if requested_at is None:
        return
    state.pauses[-1] = (requested_at, move.time)
    promised = (move.data or {}).get("promised_due")
    if promised is not None:
        _set_due(state, calendar.due_instant(promised), move.time, "supplement_new_date", move)
    elif state.due is not None:
        paused = calendar.working_between(requested_at, move.time)
        _set_due(state, calendar.add_working(state.due, paused), move.time, "supplement_pause", move)


def _extend(state: Deadlines, move: EntryRecord, calendar: WorkCalendar, extension_days: int) -> None:
    due = calendar.due_instant((move.data or {})["promised_due"])
    if state.due is not None and state.extended_at is None and due > state.due:
        latest = calendar.nth_working_day(calendar.local_date(state.due), -extension_days)
        if calendar.local_date(move.time) <= latest:
            state.extended_at = move.time
            _set_due(state, due, move.time, "extension", move)
            return
    state.findings.append(Finding("extension_without_effect", move))
