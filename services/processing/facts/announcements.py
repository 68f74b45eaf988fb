"""What is to be announced about a dossier's due dates, and from which clock on: warnings, breaches, recoveries.

Pure and free of any clock: each announcement comes with the smallest clock at which it is true.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from services.processing.facts.deadlines import DueValue, Pause

__all__ = ["Announcement", "AnnouncementKind", "announcements_of"]

AnnouncementKind = Literal["warning", "breach", "recovered"]


@dataclass(frozen=True, slots=True)
class Announcement:
    """A warning, breach or recovery of a due instant, with its own instant (not that of the entry that showed it)."""

    kind: AnnouncementKind
    due: int
    at: int


def announcements_of(
    history: Sequence[DueValue],
    pauses: Sequence[Pause],
    finished_at: int | None,
    judged_at: int | None,
    warning_before: int,
) -> list[tuple[int, Announcement]]:
    """All announcements of a dossier as (from which clock on, announcement), in the order of their instants.

    A warning of a due value is due `warning_before` ahead of it, or when the value came into force if that is later;
    it is given if the value was still in force then, not yet passed, and the dossier open and not waiting. Each once
    per due value. Only the last value can be passed in force: a request in time freezes, an extension comes days
    before. A breach is true once the clock is past the due; not while an answer is awaited, nor where the dossier was
    judged by then. A breached dossier that finished has recovered, at its finish.
    """
    found: list[tuple[int, Announcement]] = []
    last = len(history) - 1
    for index, value in enumerate(history):
        at = max(value.due - warning_before, value.since)
        superseded = history[index + 1].since if index < last else None
        if (
            value.since <= value.due
            and (superseded is None or at < superseded)
            and (finished_at is None or at < finished_at)
            and not _waiting(pauses, at)
            and all(warned.due != value.due for _, warned in found)
        ):
            found.append((at, Announcement("warning", value.due, at)))
    if history:
        value = history[last]
        frozen = finished_at is None and bool(pauses) and pauses[-1][1] is None
        if not frozen and (judged_at is None or judged_at > value.due):
            passed = value.due + 1
            found.append((passed, Announcement("breach", value.due, max(value.due, value.since))))
            if finished_at is not None:
                found.append((passed, Announcement("recovered", value.due, finished_at)))
    return found


def _waiting(pauses: Sequence[Pause], at: int) -> bool:
    return any(begin <= at and (end is None or at < end) for begin, end in pauses)
