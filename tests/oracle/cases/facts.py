"""What is known of one dossier: the members of its row, and what announcements are made from."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from tests.oracle.cases.due import Pause, Stretch
from tests.oracle.journal import HeldEntry
from tests.oracle.reference.says import Rules
from tests.oracle.work.occurrences import Occurrence

__all__ = ["ENDS", "Dossier", "Rejection", "find"]

#: (code, source, id, step, unit it names, owner) of an entry that has no effect.
Rejection = tuple[str, str, str, str | None, str | None, str | None]

#: The entries that end a dossier, and how its finish is then told.
ENDS = {
    "dossier.resolved": "resolved",
    "dossier.returned": "returned",
    "dossier.withdrawn": "withdrawn",
    "dossier.stopped": "stopped",
    "dossier.refused": "refused",
}


@dataclass
class Dossier:
    """What is known of a dossier. Instants are UTC."""

    code: str
    status: int = 1
    unit: str | None = None
    receiving_unit: str | None = None
    channel: str | None = None
    procedure: str | None = None
    submitted_at: datetime | None = None
    accepted_at: datetime | None = None
    finish: str | None = None
    finished_at: datetime | None = None
    judged_at: datetime | None = None
    due: datetime | None = None
    due_original: datetime | None = None
    due_basis: str | None = None
    statutory_due: datetime | None = None
    committed_due: datetime | None = None
    limit: datetime | None = None
    pauses: list[Pause] = field(default_factory=list)
    waiting_since: datetime | None = None
    second_request_at: datetime | None = None
    extended_at: datetime | None = None
    apologised_at: datetime | None = None
    intake_due: datetime | None = None
    intake_ended_at: datetime | None = None
    fee_duty: datetime | None = None
    fee_amount: datetime | None = None
    paid_online: datetime | None = None
    gateway: str | None = None
    procedure_version: str | None = None
    rule_version: str | None = None
    calendar: str | None = None
    route_version: str | None = None
    steps: list[Occurrence] = field(default_factory=list)
    holders: list[str] = field(default_factory=list)
    handed_over_from: list[str] = field(default_factory=list)
    blame: list[tuple[str | None, int]] = field(default_factory=list)
    rejections: list[Rejection] = field(default_factory=list)
    findings: list[tuple[str, str, str]] = field(default_factory=list)
    entries: int = 0
    #: Not in the row: what announcements are made from.
    rules: Rules = field(default_factory=Rules)
    intake_rules: Rules = field(default_factory=Rules)
    stretches: list[Stretch] = field(default_factory=list)
    #: In the row; last, for the word means something else above.
    field: str | None = None


def find(dossier: Dossier, finding: str, entry: HeldEntry) -> None:
    """Keep what is odd about an entry."""
    dossier.findings.append((finding, entry.source, entry.id))
