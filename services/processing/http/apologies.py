"""Why no apology is to be written for a dossier: the problem that is answered where there is no draft.

Pure. When there is a draft is decided by the explaining of deadlines; this only tells which of its conditions fails.
"""

from __future__ import annotations

from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from services.processing.facts import Facts
from shared.instants import to_rfc3339_local

__all__ = ["NoDraft", "why_no_draft"]


class NoDraft(NamedTuple):
    """Code of a problem, and what its texts name."""

    code: str
    words: dict[str, Any]


def why_no_draft(known: Facts, clock: int | None, zone: ZoneInfo) -> NoDraft:
    """The reason for a dossier without draft.

    Args:
        known: its facts.
        clock: the partition's clock in UTC µs; None before the first tick.
        zone: the zone instants are told in.
    """
    force, due = known.force, known.dues.due
    if known.finished_at is not None:
        return NoDraft("apology_dossier_ended", {"at": to_rfc3339_local(known.finished_at, zone)})
    if force is None or due is None:
        return NoDraft("apology_without_due", {})
    if known.apologised_at is not None:
        return NoDraft("apology_sent", {"at": to_rfc3339_local(known.apologised_at, zone)})
    if known.dues.frozen_at is not None:
        return NoDraft("apology_while_stopped", {"at": to_rfc3339_local(known.dues.frozen_at, zone)})
    words = {"since": to_rfc3339_local(due - force.rules.apology_before, zone), "due": to_rfc3339_local(due, zone)}
    if clock is not None:
        words["clock"] = to_rfc3339_local(clock, zone)
        return NoDraft("apology_not_yet", words)
    return NoDraft("apology_before_clock", words)
