"""The due date of one dossier: what it rests on, pauses, extension (docs/rules.md "Due date").

Walks the moves that have an effect, in their order. Knows nothing of the finish.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

from tests.oracle.journal import HeldEntry
from tests.oracle.reference.says import Rules, term_of
from tests.oracle.reference.terms import as_working_time, term_due
from tests.oracle.reference.worktime import WalkedCalendar

__all__ = ["Basis", "DueFacts", "Pause", "Stretch", "basis_of", "follow_due", "limit_of", "moved", "promised_instant"]

#: [request, receipt), the receipt None while unanswered.
Pause = tuple[datetime, datetime | None]


@dataclass
class Stretch:
    """A stretch of time in which a due value was in force and the clock ran; end None: still."""

    due: datetime
    begin: datetime
    end: datetime | None = None


@dataclass
class Basis:
    """What the due date rests on as of the receipt, and what is odd about it."""

    due: datetime | None = None
    basis: str | None = None
    statutory: datetime | None = None
    committed: datetime | None = None
    maximum: timedelta | None = None
    findings: list[str] = field(default_factory=list)


@dataclass
class DueFacts:
    """Where the due date ended up, and how."""

    due: datetime | None
    pauses: list[Pause] = field(default_factory=list)
    waiting_since: datetime | None = None
    requested: bool = False
    second_request_at: datetime | None = None
    extended_at: datetime | None = None
    promised_later: bool = False
    findings: list[tuple[str, HeldEntry]] = field(default_factory=list)
    stretches: list[Stretch] = field(default_factory=list)


def promised_instant(text: str | None, calendar: WalkedCalendar) -> datetime | None:
    """A promised date without a time of day means closing time of that day."""
    if text is None:
        return None
    if len(text) == len("2026-01-31"):
        return calendar.closing_time(date.fromisoformat(text))
    return datetime.fromisoformat(text).astimezone(UTC)


def basis_of(
    receipt: HeldEntry, channel: str | None, procedure: HeldEntry | None, calendar: WalkedCalendar, rules: Rules
) -> Basis:
    """The due date as of the receipt: promised, else the committed term, else the statutory one, else none."""
    counting = rules.counting if procedure is None else procedure.data.get("counting", rules.counting)

    def ends(kind: str) -> datetime | None:
        term = term_of(procedure, kind, channel)
        return None if term is None else term_due(calendar, receipt.time, term, counting, rules)

    law, committed = ends("statutory"), ends("committed")
    promised = promised_instant(receipt.data.get("promised_due"), calendar)
    found = Basis(statutory=promised_instant(receipt.data.get("statutory_due"), calendar) or law, committed=committed)
    for name, due in (("promised", promised), ("committed", committed), ("statutory", law)):
        if due is not None:
            found.basis, found.due = name, due
            break
    if promised is not None:
        day = calendar.local_date(promised)
        if found.statutory is not None and day > calendar.local_date(found.statutory):
            found.findings.append("promised_later_than_law")
        computed = committed or law
        if computed is not None and day != calendar.local_date(computed):
            found.findings.append("promised_differs")
    maximum = term_of(procedure, "maximum", channel)
    if maximum is not None:
        found.maximum = as_working_time(maximum)
    return found


def follow_due(
    begin: tuple[datetime | None, datetime],
    moves: list[HeldEntry],
    apologies: list[datetime],
    calendar: WalkedCalendar,
    rules: Rules,
) -> DueFacts:
    """Follow the due date from the receipt through requests, receipts, fees and extensions.

    Args:
        begin: the due instant as of the receipt, and when the clock began to run.
        moves: the moves that have an effect, in their order.
        apologies: when apologies were sent.
        calendar: of the dossier.
        rules: its rule version.
    """
    due, accepted_at = begin
    walk = _Walk(calendar, rules, apologies, DueFacts(due))
    walk.run_from(accepted_at)
    for move in moves:
        walk.take(move)
    return walk.state


@dataclass
class _Walk:
    calendar: WalkedCalendar
    rules: Rules
    apologies: list[datetime]
    state: DueFacts

    def take(self, move: HeldEntry) -> None:
        """One move."""
        kind = move.type.removeprefix("dossier.")
        if kind == "supplement_requested":
            self._request(move)
        elif kind == "supplement_received":
            self._receive(move)
        elif kind == "extended":
            self._extend(move)
        elif kind == "fee_requested" and self.rules.fee_pauses:
            if self.state.waiting_since is None and not self._paused() and self._by_the_due(move.time):
                self._stop_at(move.time)
        elif kind == "fee_paid" and self.rules.fee_pauses and self.state.waiting_since is None and self._paused():
            self._end_pause(move.time)

    def run_from(self, moment: datetime) -> None:
        """The due value as it is now is in force, and the clock runs."""
        if self.state.due is not None:
            self.state.stretches.append(Stretch(self.state.due, moment))

    def _stop_at(self, moment: datetime) -> None:
        self._close_stretch(moment)
        self.state.pauses.append((moment, None))

    def _close_stretch(self, moment: datetime) -> None:
        if self.state.stretches and self.state.stretches[-1].end is None:
            self.state.stretches[-1].end = moment

    def _paused(self) -> bool:
        return bool(self.state.pauses) and self.state.pauses[-1][1] is None

    def _by_the_due(self, moment: datetime) -> bool:
        return self.state.due is None or moment <= self.state.due

    def _end_pause(self, moment: datetime, new_due: datetime | None = None) -> None:
        begin = self.state.pauses[-1][0]
        self.state.pauses[-1] = (begin, moment)
        if new_due is not None:
            self.state.promised_later |= self.state.due is None
            self.state.due = new_due
        elif self.state.due is not None:
            self.state.due = self.calendar.add_working_time(self.state.due, self.calendar.working_time(begin, moment))
        self.run_from(moment)

    def _request(self, move: HeldEntry) -> None:
        waiting = self.state.waiting_since is not None
        # Every request beyond the first is a second request, whether or not the first was answered.
        if self.state.second_request_at is None and (waiting or self.state.requested):
            self.state.second_request_at = move.time
        self.state.requested = True
        if waiting:
            return
        if self._paused():  # for a fee, which a supplement request ends
            self._end_pause(move.time)
        self.state.waiting_since = move.time
        # A request made by the due stops the clock; one made after it moves nothing.
        if self._by_the_due(move.time):
            self._stop_at(move.time)

    def _receive(self, move: HeldEntry) -> None:
        if self.state.waiting_since is None:
            self.state.findings.append(("receipt_without_request", move))
            return
        self.state.waiting_since = None
        if self._paused():
            self._end_pause(move.time, promised_instant(move.data.get("promised_due"), self.calendar))

    def _extend(self, move: HeldEntry) -> None:
        new_due = promised_instant(move.data["promised_due"], self.calendar)
        old = self.state.due
        if old is not None and new_due is not None and new_due > old and self.state.extended_at is None:
            latest = self.calendar.working_day_before(self.calendar.local_date(old), self.rules.extension_days)
            if self.calendar.local_date(move.time) <= latest:
                self.state.due = new_due
                self.state.extended_at = move.time
                if not any(sent <= old for sent in self.apologies):
                    self.state.findings.append(("extension_without_apology", move))
                if not self._paused():
                    self._close_stretch(move.time)
                    self.run_from(move.time)
                return
        self.state.findings.append(("extension_without_effect", move))


def moved(due: datetime | None, pauses: list[Pause], calendar: WalkedCalendar) -> datetime | None:
    """An instant moved by the working time of every pause that is over."""
    for begin, end in pauses:
        if due is not None and end is not None:
            due = calendar.add_working_time(due, calendar.working_time(begin, end))
    return due


def limit_of(accepted_at: datetime, maximum: timedelta, pauses: list[Pause], calendar: WalkedCalendar) -> datetime:
    """The instant at which so much working time is used up since acceptance, pauses left out."""
    limit = calendar.add_working_time(accepted_at, maximum)
    for begin, end in pauses:
        if end is not None and begin < limit:
            limit = calendar.add_working_time(limit, calendar.working_time(begin, end))
    return limit
