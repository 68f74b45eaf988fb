"""The due date of one dossier: promised date, supplement pauses, extension (docs/rules.md "Due date").

Walks the moves that have an effect, in their order. Knows nothing of the finish.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from tests.oracle.journal import HeldEntry
from tests.oracle.worktime import add_working_time, closing_time, working_day_before, working_time

__all__ = ["DueFacts", "follow_due", "promised_instant"]

#: Working days before the due date on which an extension must be made at the latest (rule parameter).
EXTENSION_DAYS = 1


@dataclass
class DueFacts:
    """Where the due date ended up, and how."""

    due: datetime | None
    pauses: list[tuple[datetime, datetime | None]] = field(default_factory=list)
    waiting_since: datetime | None = None
    requested: bool = False
    second_request_at: datetime | None = None
    extended_at: datetime | None = None
    findings: list[tuple[str, HeldEntry]] = field(default_factory=list)


def promised_instant(text: str | None, zone: ZoneInfo) -> datetime | None:
    """A promised date without a time of day means closing time of that day."""
    if text is None:
        return None
    if len(text) == len("2026-01-31"):
        return closing_time(date.fromisoformat(text), zone)
    return datetime.fromisoformat(text).astimezone(UTC)


def follow_due(promised: str | None, moves: list[HeldEntry], zone: ZoneInfo) -> DueFacts:
    """Follow the due date through requests, receipts and extensions."""
    state = DueFacts(due=promised_instant(promised, zone))
    for move in moves:
        if move.type == "dossier.supplement_requested":
            _request(state, move)
        elif move.type == "dossier.supplement_received":
            _receive(state, move, zone)
        elif move.type == "dossier.extended":
            _extend(state, move, zone)
    return state


def _in_pause(state: DueFacts) -> bool:
    return bool(state.pauses) and state.pauses[-1][1] is None


def _request(state: DueFacts, move: HeldEntry) -> None:
    waiting = state.waiting_since is not None
    # Every request beyond the first is a second request, whether or not the first was answered.
    if state.second_request_at is None and (waiting or state.requested):
        state.second_request_at = move.time
    state.requested = True
    if waiting:
        return
    state.waiting_since = move.time
    # A request made by the due stops the clock; one made after it moves nothing.
    if state.due is None or move.time <= state.due:
        state.pauses.append((move.time, None))


def _receive(state: DueFacts, move: HeldEntry, zone: ZoneInfo) -> None:
    if state.waiting_since is None:
        state.findings.append(("receipt_without_request", move))
        return
    state.waiting_since = None
    if not _in_pause(state):
        return
    requested_at = state.pauses[-1][0]
    state.pauses[-1] = (requested_at, move.time)
    new_due = promised_instant(move.data.get("promised_due"), zone)
    if new_due is not None:
        state.due = new_due
    elif state.due is not None:
        state.due = add_working_time(state.due, working_time(requested_at, move.time, zone), zone)


def _extend(state: DueFacts, move: HeldEntry, zone: ZoneInfo) -> None:
    new_due = promised_instant(move.data["promised_due"], zone)
    if state.due is not None and new_due is not None and new_due > state.due and state.extended_at is None:
        latest = working_day_before(state.due.astimezone(zone).date(), EXTENSION_DAYS)
        if move.time.astimezone(zone).date() <= latest:
            state.due = new_due
            state.extended_at = move.time
            return
    state.findings.append(("extension_without_effect", move))
