"""All facts of a dossier from the set of its entries and the reference data: the one place where the parts meet.

Pure: the same sets give the same facts, in whatever order they came; no clock is read or passed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from services.processing.facts.announcements import (
    Announcement,
    announcements_of,
    intake_announced,
    steps_announced,
)
from services.processing.facts.deadlines import Deadlines, DueValue, Pause, PauseKind, follow_due
from services.processing.facts.handling import handling_of
from services.processing.facts.holding import Finding, hold
from services.processing.facts.intake import NO_INTAKE, Intake, intake_of
from services.processing.facts.life import Life, live
from services.processing.facts.reference import InForce, Reference
from services.processing.facts.terms import NO_TERMS, Terms, terms_of
from services.processing.record import EntryRecord
from services.processing.routing.model import RejectedAct, Routing, StepFact
from shared.contract.lifecycle import DueBasis
from shared.contract.reference import Channel

__all__ = ["Facts", "derive"]

_CHANNELS: Final[dict[str, Channel]] = {"online": "online", "postal": "postal", "direct": "direct"}
_FINISHED = {"resolved": 9, "returned": 10, "withdrawn": 7, "stopped": 8, "refused": 3}


@dataclass(slots=True)
class Facts:
    """Everything known of a dossier. Instants in UTC microseconds; meanings as in the contract's DossierRow.

    `held` are the entries that hold; `due_history` every due value with its reason; `pause_kinds` what each pause is
    for; `to_announce` what becomes true of due instants and from which clock on; `force` what an accepted dossier is
    judged by and `terms` what its procedure's terms give; `ended_at` its end for reference data; `delay_us` and `blame`
    of a dossier that finished late.
    """

    code: str
    status: int
    unit: str | None
    receiving_unit: str | None
    procedure: str | None
    channel: Channel | None
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
    due_basis: DueBasis | None
    statutory_due: int | None
    committed_due: int | None
    limit: int | None
    intake: Intake
    apologised_at: int | None
    force: InForce | None
    terms: Terms
    routing: Routing
    blame: list[tuple[str | None, int]]
    findings: list[tuple[str, str, str]]
    simulated: bool
    held: list[EntryRecord]
    due_history: list[DueValue]
    pause_kinds: list[PauseKind]
    to_announce: list[tuple[int, Announcement]]
    ended_at: int | None

    @property
    def steps(self) -> list[StepFact]:
        """The occurrences of its steps."""
        return self.routing.steps

    @property
    def holders(self) -> list[str]:
        """Who holds it now, while it is open; nobody while the applicant has it."""
        return self.routing.holders

    @property
    def rejections(self) -> list[RejectedAct]:
        """Entries without effect, since their unit may not do this."""
        return self.routing.rejections


@dataclass(slots=True)
class _Judged:
    """What only an accepted dossier has."""

    dues: Deadlines = field(default_factory=Deadlines)
    due_original: int | None = None
    judged_at: int | None = None
    force: InForce | None = None
    terms: Terms = NO_TERMS
    routing: Routing = field(default_factory=Routing)
    blame: list[tuple[str | None, int]] = field(default_factory=list)


def derive(code: str, received: Sequence[EntryRecord], reference: Reference) -> Facts:
    """The facts of one dossier.

    Args:
        code: the dossier code.
        received: its distinct entries, also superseded ones, sorted by their keys.
        reference: what it is judged by.
    """
    held, conflicts = hold(received)
    life = live(held)
    submitted = None if life.submitted is None else life.submitted.data or {}
    label = life.accepted or life.submitted
    data = (label.data if label is not None else None) or {}
    procedure = data.get("procedure") or (submitted or {}).get("procedure")
    channel = _channel(data)
    known = _judge(life, held, reference, procedure, channel)
    dues = known.dues
    findings = conflicts + life.findings + dues.findings
    if known.routing.findings:
        findings += [Finding(code_, about) for code_, about in known.routing.findings]
    intake = NO_INTAKE
    if submitted is not None and life.submitted is not None:
        intake = intake_of(
            life, life.submitted.time, submitted, reference, procedure=procedure, channel=_channel(submitted)
        )
    return Facts(
        code=code,
        status=_status(life, dues),
        unit=(life.handed_over[-1].data or {})["unit"] if life.handed_over else data.get("unit"),
        receiving_unit=data.get("receiving_unit"),
        procedure=procedure,
        channel=channel,
        submitted_at=None if life.submitted is None else life.submitted.time,
        accepted_at=None if life.accepted is None else life.accepted.time,
        finished_at=life.finished_at,
        finish=life.finish,
        judged_at=known.judged_at,
        due=dues.due,
        due_original=known.due_original,
        pauses=dues.pauses,
        waiting_since=dues.waiting_since if life.finished_at is None else None,
        second_request_at=dues.second_request_at,
        extended_at=dues.extended_at,
        due_basis=dues.basis,
        statutory_due=dues.statutory,
        committed_due=dues.committed,
        limit=dues.limit,
        intake=intake,
        apologised_at=None if life.apologised is None else life.apologised.time,
        force=known.force,
        terms=known.terms,
        routing=known.routing,
        blame=known.blame,
        findings=_told(findings) if findings else [],
        simulated=any(entry.simulated for entry in received),
        held=held,
        due_history=dues.history,
        pause_kinds=dues.kinds,
        to_announce=_announced(life, known, intake, reference),
        ended_at=life.ended_at,
    )


def _channel(data: dict[str, object]) -> Channel | None:
    told = data.get("channel")
    return None if told is None else _CHANNELS.get(str(told), "direct")


def _judge(
    life: Life, held: Sequence[EntryRecord], reference: Reference, procedure: str | None, channel: Channel | None
) -> _Judged:
    """The due date, the steps and who is to blame for a delay.

    `due_original` is the due date as if no extension had been reported, pauses and new dates of receipts included. An
    end is judged at the request where one made by the due is unanswered then.
    """
    known = _Judged()
    accepted = life.accepted
    if accepted is None:
        return known
    unit = (accepted.data or {})["unit"]
    known.force = force = reference.in_force(
        accepted.time, life.ended_at, unit=unit, procedure=procedure, channel=channel
    )
    known.terms = terms_of(force, channel, accepted.time)
    moves = life.moves
    if force.rules.fee_pauses and life.fees:
        moves = sorted(moves + life.fees, key=_key)
    apologised_at = None if life.apologised is None else life.apologised.time
    dues = follow_due(accepted, moves, force.calendar, force.rules, terms=known.terms, apologised_at=apologised_at)
    known.dues, known.due_original = dues, dues.due
    if dues.extended_at is not None:
        plain = [move for move in moves if move.type != "dossier.extended"]
        known.due_original = follow_due(accepted, plain, force.calendar, force.rules, terms=known.terms).due
    frozen_at = dues.frozen_at
    known.judged_at = life.finished_at if life.finished_at is None or frozen_at is None else frozen_at
    known.routing, known.blame = handling_of(life, accepted, held, dues, reference=reference, force=force)
    return known


def _announced(life: Life, known: _Judged, intake: Intake, reference: Reference) -> list[tuple[int, Announcement]]:
    """Everything to be announced of the dossier, its intake clock and its steps."""
    found: list[tuple[int, Announcement]] = []
    dues, force = known.dues, known.force
    if force is not None and dues.history:
        found = announcements_of(
            dues.history,
            dues.pauses,
            life.finished_at,
            known.judged_at,
            force.rules.rungs,
            plain_rung=reference.warning_before,
        )
    if intake.due is not None and life.submitted is not None:
        found += intake_announced(intake.due, life.submitted.time, intake.ended_at, intake.rungs)
    if force is not None and known.routing.steps:
        found += steps_announced(known.routing.steps, dues.pauses, force.rules.step_rungs)
    return found


def _key(entry: EntryRecord) -> tuple[int, int, int, str, str]:
    return entry.key


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
