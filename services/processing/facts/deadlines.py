"""The due date of one dossier: receipt or term, pauses and the extension, with every value it had and why.

Pure. Walks the moves in their order; knows nothing of ends, warnings or figures.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final, Literal, NamedTuple

from services.processing.facts.holding import Finding
from services.processing.facts.terms import NO_TERMS, Terms
from services.processing.record import EntryRecord
from services.processing.routing.model import Pause
from shared.calendar import WorkCalendar
from shared.contract.lifecycle import DueBasis
from shared.instants import parse_instant
from shared.reference.kinds.rules import DeadlineRules

__all__ = ["Deadlines", "DueReason", "DueValue", "Pause", "PauseKind", "follow_due"]

DueReason = Literal[
    "promised", "committed", "statutory", "supplement_pause", "supplement_new_date", "fee_pause", "extension"
]
_LAST_DAY: Final = parse_instant("2510-12-31T00:00:00Z")
#: What the clock stops for.
PauseKind = Literal["supplement", "fee"]


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

    `pauses` are those that froze the class, `kinds` says of each what for. `waiting_since` is the supplement request
    still unanswered, be it in time or after the due date. `history` holds every value in force, in order; a receipt
    always begins a new one. `statutory`, `committed` and `limit` are as of the last pause; `limit` is there only
    without due date.
    """

    due: int | None = None
    basis: DueBasis | None = None
    statutory: int | None = None
    committed: int | None = None
    limit: int | None = None
    waiting_since: int | None = None
    requested: bool = False
    second_request_at: int | None = None
    extended_at: int | None = None
    pauses: list[Pause] = field(default_factory=list)
    kinds: list[PauseKind] = field(default_factory=list)
    history: list[DueValue] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)

    @property
    def frozen_at(self) -> int | None:
        """The request, made by the due, that is still unanswered."""
        return self.pauses[-1][0] if self.pauses and self.pauses[-1][1] is None else None

    @property
    def fee_asked(self) -> bool:
        """Whether the clock is stopped for a fee."""
        return self.frozen_at is not None and self.kinds[-1] == "fee"


def follow_due(
    accepted: EntryRecord,
    moves: Sequence[EntryRecord],
    calendar: WorkCalendar,
    rules: DeadlineRules,
    *,
    terms: Terms = NO_TERMS,
    apologised_at: int | None = None,
) -> Deadlines:
    """Follow the due date from acceptance through the moves (docs/rules.md, "Due date").

    Readings: every supplement request but the first is a second request, answered or not, in time or late. A dossier
    without due date is always asked in time, and a receipt's date gives it one. A receipt that answers a request made
    after the due is no finding and moves nothing. Of several extensions the first that fulfils the conditions counts;
    without a due date there is nothing to extend. Only the date promised at acceptance is compared with law and term,
    with both as of then. A fee asked for again while the clock is stopped for one, or while a supplement is awaited,
    says nothing, and a fee pause that a supplement request ended does not go on after the receipt. Whether a request
    is by the due date is asked of the due date as a fee pause ended at that instant has moved it.

    Args:
        accepted: the acceptance.
        moves: effective requests, receipts and extensions in order, with the fees where they pause.
        calendar: measures the pauses.
        rules: the rule version in force.
        terms: what the procedure's terms give for the receipt.
        apologised_at: the first apology.
    """
    state = Deadlines()
    _begin(state, accepted, calendar, terms)
    for move in moves:
        kind = move.type
        if kind == "dossier.supplement_requested":
            _request(state, move, calendar)
        elif kind == "dossier.supplement_received":
            _receive(state, move, calendar)
        elif kind == "dossier.extended":
            _extend(state, move, calendar, rules.extension_days, apologised_at)
        elif kind == "dossier.fee_requested":
            if state.waiting_since is None and state.frozen_at is None:
                _stop(state, move, "fee")
        elif state.fee_asked:
            _go_on(state, move, calendar)
    if state.due is None and terms.maximum is not None:
        state.limit = _moved_by_pauses(terms.maximum, state.pauses, calendar)
    return state


def _begin(state: Deadlines, accepted: EntryRecord, calendar: WorkCalendar, terms: Terms) -> None:
    """The first due value, and what it is to be compared with."""
    data = accepted.data or {}
    own, promised = data.get("statutory_due"), data.get("promised_due")
    state.statutory = terms.statutory if own is None else calendar.due_instant(own)
    state.committed = terms.committed
    term, reason = terms.statutory, "statutory"
    if terms.committed is not None:
        term, reason = terms.committed, "committed"
    if promised is None:
        if term is not None:
            state.basis = "committed" if reason == "committed" else "statutory"
            _set_due(state, term, accepted.time, state.basis, accepted)
        return
    due = calendar.due_instant(promised)
    state.basis = "promised"
    _set_due(state, due, accepted.time, "promised", accepted)
    day = calendar.local_date(due)
    # Mostly it is the very instant, and need not be looked up again.
    if state.statutory not in (None, due) and day > calendar.local_date(state.statutory):
        state.findings.append(Finding("promised_later_than_law", accepted))
    if term not in (None, due) and day != calendar.local_date(term):
        state.findings.append(Finding("promised_differs", accepted))


def _set_due(state: Deadlines, due: int, since: int, reason: DueReason, by: EntryRecord) -> None:
    state.due = due
    state.history.append(DueValue(due, since, reason, by.source, by.id))


def _stop(state: Deadlines, move: EntryRecord, kind: PauseKind) -> None:
    """The clock stops, if the request was made by the due."""
    if state.due is None or move.time <= state.due:
        state.pauses.append((move.time, None))
        state.kinds.append(kind)


def _go_on(state: Deadlines, move: EntryRecord, calendar: WorkCalendar, promised: str | None = None) -> None:
    """The clock goes on: what is due moves by the working time of the pause, or to a new date."""
    begin, kind = state.pauses[-1][0], state.kinds[-1]
    state.pauses[-1] = (begin, move.time)
    paused = calendar.working_between(begin, move.time)
    if state.statutory is not None:
        state.statutory = _later(calendar, state.statutory, paused)
    if state.committed is not None:
        state.committed = _later(calendar, state.committed, paused)
    if promised is not None:
        state.basis = state.basis or "promised"
        _set_due(state, calendar.due_instant(promised), move.time, "supplement_new_date", move)
    elif state.due is not None:
        reason: DueReason = "fee_pause" if kind == "fee" else "supplement_pause"
        _set_due(state, _later(calendar, state.due, paused), move.time, reason, move)


def _request(state: Deadlines, move: EntryRecord, calendar: WorkCalendar) -> None:
    if state.requested and state.second_request_at is None:
        state.second_request_at = move.time
    state.requested = True
    if state.waiting_since is not None:
        return
    if state.fee_asked:
        _go_on(state, move, calendar)
    state.waiting_since = move.time
    _stop(state, move, "supplement")


def _receive(state: Deadlines, move: EntryRecord, calendar: WorkCalendar) -> None:
    if state.waiting_since is None:
        state.findings.append(Finding("receipt_without_request", move))
        return
    state.waiting_since = None
    if state.frozen_at is not None:
        _go_on(state, move, calendar, (move.data or {}).get("promised_due"))


def _extend(
    state: Deadlines, move: EntryRecord, calendar: WorkCalendar, extension_days: int, apologised_at: int | None
) -> None:
    due = calendar.due_instant((move.data or {})["promised_due"])
    if state.due is not None and state.extended_at is None and due > state.due:
        latest = calendar.nth_working_day(calendar.local_date(state.due), -extension_days)
        if calendar.local_date(move.time) <= latest:
            state.extended_at = move.time
            if apologised_at is None or apologised_at > state.due:
                state.findings.append(Finding("extension_without_apology", move))
            _set_due(state, due, move.time, "extension", move)
            return
    state.findings.append(Finding("extension_without_effect", move))


def _later(calendar: WorkCalendar, instant: int, amount: int) -> int:
    """So much working time later, at the latest on the calendar's last day."""
    try:
        return calendar.add_working(instant, amount)
    except IndexError:
        return _LAST_DAY


def _moved_by_pauses(limit: int, pauses: Sequence[Pause], calendar: WorkCalendar) -> int:
    """A limit moved by each pause over that began before it: at the limit itself the working time is used up."""
    for begin, end in pauses:
        if end is None or begin >= limit:
            break
        limit = _later(calendar, limit, calendar.working_between(begin, end))
    return limit
