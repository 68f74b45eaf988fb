"""What to put out when announcements or rejections changed: what is taken back first, then what is new.

Pure. Compares two sets of them; why they hold is decided elsewhere.
"""

from __future__ import annotations

from collections.abc import Sequence
from operator import attrgetter
from typing import Any, Final

from services.processing.facts.announcements import Announcement
from services.processing.facts.row import instant_text, rejection_form
from services.processing.routing.model import RejectedAct

__all__ = ["acts_between", "announcement_order", "happened_between"]

#: The order of a dossier's announcements: by their instants, then as they are derived (dossier, intake, steps).
announcement_order: Final = attrgetter("at", "due")


def happened_between(before: Sequence[Announcement], after: Sequence[Announcement]) -> list[dict[str, Any]]:
    """Happenings of the contract: retractions of what is no longer true, then what became true, each by its instant."""
    then, now = frozenset(before), frozenset(after)
    gone = [_form(old, "retracted") | {"retracts": old.kind} for old in before if old not in now]
    return gone + [_form(fresh, fresh.kind) for fresh in after if fresh not in then]


def _form(one: Announcement, kind: str) -> dict[str, Any]:
    form: dict[str, Any] = {"kind": kind, "due": instant_text(one.due), "at": instant_text(one.at)}
    if one.of != "dossier":
        form["of"] = one.of
    if one.step is not None:
        form |= {"step": one.step, "occurrence": one.occurrence, "unit": one.unit}
    if one.rung is not None:
        form["rung_us"] = one.rung
    return form


def acts_between(before: Sequence[RejectedAct], after: Sequence[RejectedAct]) -> list[dict[str, Any]]:
    """Acts of the contract: rejections taken back, then new ones, each in the order of the entries rejected."""
    then, now = frozenset(before), frozenset(after)
    gone = [{"kind": "rejection.retracted", "rejection": rejection_form(old)} for old in before if old not in now]
    return gone + [{"kind": "entry.rejected", "rejection": rejection_form(new)} for new in after if new not in then]
