"""All facts of a dossier from the set of its entries and the reference data: the one place where the parts meet.

Pure: the same sets give the same facts, in whatever order they came; no clock is read or passed.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import Final

from services.processing.entitling.entitle import Entitled, entitle
from services.processing.entitling.petitions import contested_petitions
from services.processing.facts.announcements import (
    Announcement,
    announcements_of,
    intake_announced,
    steps_announced,
)
from services.processing.facts.deadlines import Deadlines, DueValue, Pause, follow_due
from services.processing.facts.handling import handling_of
from services.processing.facts.holding import Finding, hold
from services.processing.facts.intake import NO_INTAKE, Intake, intake_of
from services.processing.facts.life import Life, live, status_of
from services.processing.facts.reference import InForce, Reference
from services.processing.facts.refusals import NOT_ENTITLED, judge_steps, rejections_of
from services.processing.facts.stops import NO_STOPS, Stops
from services.processing.facts.terms import NO_TERMS, Terms, terms_of
from services.processing.record import EntryRecord
from services.processing.routing.model import RejectedAct, Routing, StepFact
from services.processing.routing.rights import StepRights
from shared.contract.reference import Channel

__all__ = ["Facts", "derive"]

_CHANNELS: Final[dict[str, Channel]] = {"online": "online", "postal": "postal", "direct": "direct"}
_SIMULATED: Final = attrgetter("simulated")
_GRANT: Final = attrgetter("grant")
#: Of a dossier that was not accepted; nobody changes them.
_NO_DUES: Final = Deadlines()
_NO_ROUTING: Final = Routing()


@dataclass(slots=True)
class Facts:
    """Everything known of a dossier. Instants in UTC microseconds; meanings as in the contract's DossierRow.

    `held` are the entries that hold; `life` and `dues` what they say; `to_announce` what becomes true of due instants
    and from which clock on; `force` what an accepted dossier is judged by and `terms` what its procedure's terms give;
    `blame` the parts of the delay of one that finished late, in µs. `due_original` is the due date as if no extension
    had been reported, pauses and new dates of receipts included. `judged` says who was entitled to what, None where all
    grants cover all units; `rejections` are entries without effect, since their unit or sender may not do this.
    """

    code: str
    status: int
    unit: str | None
    receiving_unit: str | None
    procedure: str | None
    channel: Channel | None
    life: Life
    dues: Deadlines
    due_original: int | None
    judged_at: int | None
    intake: Intake
    force: InForce | None
    terms: Terms
    routing: Routing
    blame: list[tuple[str | None, int]]
    findings: list[tuple[str, str, str]]
    simulated: bool
    held: list[EntryRecord]
    to_announce: list[tuple[int, Announcement]]
    judged: Entitled | None
    rejections: list[RejectedAct]

    @property
    def submitted_at(self) -> int | None:
        """When it was handed in."""
        return None if self.life.submitted is None else self.life.submitted.time

    @property
    def accepted_at(self) -> int | None:
        """When it was accepted."""
        return None if self.life.accepted is None else self.life.accepted.time

    @property
    def finished_at(self) -> int | None:
        """End of handling, never before acceptance."""
        return self.life.finished_at

    @property
    def ended_at(self) -> int | None:
        """The end for reference data: the finish, of a dossier never accepted the answer."""
        return self.life.ended_at

    @property
    def finish(self) -> str | None:
        """The kind of the end that counts."""
        return self.life.finish

    @property
    def apologised_at(self) -> int | None:
        """The first apology."""
        return None if self.life.apologised is None else self.life.apologised.time

    @property
    def due(self) -> int | None:
        """The final due instant."""
        return self.dues.due

    @property
    def due_history(self) -> list[DueValue]:
        """Every due value with its reason."""
        return self.dues.history

    @property
    def pauses(self) -> list[Pause]:
        """When the clock was stopped, and the class frozen."""
        return self.dues.pauses

    @property
    def waiting_since(self) -> int | None:
        """The supplement request of an open dossier that is unanswered."""
        return self.dues.waiting_since if self.life.finished_at is None else None

    @property
    def second_request_at(self) -> int | None:
        """From here on it is late for index 766."""
        return self.dues.second_request_at

    @property
    def extended_at(self) -> int | None:
        """When it was extended."""
        return self.dues.extended_at

    @property
    def steps(self) -> list[StepFact]:
        """The occurrences of its steps."""
        return self.routing.steps

    @property
    def holders(self) -> list[str]:
        """Who holds it now, while it is open; nobody while the applicant has it."""
        return self.routing.holders

    @property
    def handed_over_from(self) -> list[str]:
        """The units that were accountable before, by hand-overs that have an effect; sorted."""
        life = self.life
        if life.accepted is None or not life.handed_over:
            return []
        told = ((entry.data or {}).get("unit") for entry in (life.accepted, *life.handed_over))
        return sorted({unit for unit in told if unit is not None} - {self.unit})

    @property
    def beyond(self) -> Collection[tuple[str, str]]:
        """Identities whose received entries are counted apart: their senders may not act."""
        return () if self.judged is None else self.judged.beyond

    @property
    def acting(self) -> list[EntryRecord]:
        """The entries that hold and may act."""
        return self.held if self.judged is None else self.judged.acting


def derive(code: str, received: Sequence[EntryRecord], reference: Reference) -> Facts:
    """The facts of one dossier. An end is judged at the request where one made by the due is unanswered then.

    Args:
        code: the dossier code.
        received: its distinct entries, also superseded ones, sorted by their keys.
        reference: what it is judged by.
    """
    held, odd, withdrawn = hold(received)
    judged, rights, acting = None, None, held
    if any(map(_GRANT, received)):
        judged = entitle(code, held, withdrawn, covers=reference.covers, forms=reference.code_forms)
        rights, acting = StepRights(judged), judged.acting
        odd += [Finding(*one) for one in judged.findings]
        life = live(acting, judged.accepted, judged.submitted)
    else:
        odd += [Finding(*one) for one in contested_petitions(held)]
        life = live(held)
    submitted, accepted = life.submitted, life.accepted
    label = accepted or submitted
    data = (label.data if label is not None else None) or {}
    procedure = data.get("procedure")
    told = data.get("channel")
    channel = None if told is None else _CHANNELS.get(told, "direct")
    intake = NO_INTAKE
    if submitted is not None:
        asked = submitted.data or {}
        procedure = procedure or asked.get("procedure")
        intake = intake_of(
            life,
            submitted.time,
            asked,
            reference,
            procedure=procedure,
            channel=_CHANNELS.get(asked["channel"], "direct"),
        )
    unit = data.get("unit")
    force, terms = None, NO_TERMS
    dues, due_original, routing = _NO_DUES, None, _NO_ROUTING
    blamed: list[tuple[str | None, int]] = []
    if accepted is not None:
        force = reference.in_force(accepted.time, life.ended_at, unit=unit, procedure=procedure, channel=channel)
        terms = terms_of(force, channel, accepted.time)
        dues, due_original = _dues(life, accepted, force, terms)
        routing, blamed = handling_of(life, accepted, acting, dues, reference=reference, force=force, rights=rights)
        odd += dues.findings
        if force.calendar.instead_of is not None:
            odd.append(Finding("calendar_not_made", accepted))
        odd += [Finding(*one) for one in routing.findings]
        if life.handed_over:
            unit = (life.handed_over[-1].data or {})["unit"]
    rejections = routing.rejections
    if judged is not None and rights is not None:
        judge_steps(judged, rights, life, routing, force)
        if judged.refused:
            rejections = rejections_of(judged, held, routing)
            odd += [Finding(NOT_ENTITLED, entry) for entry, _ in judged.refused]
    odd += life.findings
    judged_at = life.finished_at
    if judged_at is not None and dues.pauses and dues.pauses[-1][1] is None:
        judged_at = dues.pauses[-1][0]
    return Facts(
        code,
        status_of(life, waiting=dues.waiting_since is not None),
        unit,
        data.get("receiving_unit"),
        procedure,
        channel,
        life,
        dues,
        due_original,
        judged_at,
        intake,
        force,
        terms,
        routing,
        blamed,
        _told(odd) if odd else [],
        any(map(_SIMULATED, received)),
        held,
        _announced(life, dues, judged_at, intake, steps=routing.steps, force=force),
        judged,
        rejections,
    )


def _dues(life: Life, accepted: EntryRecord, force: InForce, terms: Terms) -> tuple[Deadlines, int | None]:
    """The due date, and what it would be without extension."""
    moves = life.moves
    if life.fees and force.rules.fee_pauses:
        moves = sorted(moves + life.fees, key=_key)
    apologised_at = None if life.apologised is None else life.apologised.time
    dues = follow_due(accepted, moves, force.calendar, force.rules, terms=terms, apologised_at=apologised_at)
    if dues.extended_at is None:
        return dues, dues.due
    plain = [move for move in moves if move.type != "dossier.extended"]
    return dues, follow_due(accepted, plain, force.calendar, force.rules, terms=terms).due


def _announced(
    life: Life,
    dues: Deadlines,
    judged_at: int | None,
    intake: Intake,
    *,
    steps: Sequence[StepFact],
    force: InForce | None,
) -> list[tuple[int, Announcement]]:
    """Everything to be announced of the dossier, its intake clock and its steps."""
    found: list[tuple[int, Announcement]] = []
    stops = Stops(dues.pauses) if dues.pauses else NO_STOPS
    if force is not None and dues.history:
        found = announcements_of(
            dues.history, stops, life.finished_at, judged_at, force.rules.rungs, plain_rung=force.plain_rung
        )
    if intake.due is not None and life.submitted is not None:
        found += intake_announced(intake.due, life.submitted.time, intake.ended_at, intake.rungs)
    if force is not None and steps:
        found += steps_announced(steps, stops, force.rules.step_rungs)
    return found


def _key(entry: EntryRecord) -> tuple[int, int, int, str, str]:
    return entry.key


def _told(findings: list[Finding]) -> list[tuple[str, str, str]]:
    """Findings as (code, source, id), in the order of the entries they are about, then by code."""
    if len(findings) > 1:
        findings.sort(key=lambda finding: (finding.about.key, finding.code))
    return [(code, about.source, about.id) for code, about in findings]
