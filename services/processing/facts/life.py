"""The life of a dossier: acceptance, ends, reopening, hand-overs, and which other entries have an effect at all.

Pure. Knows nothing of due dates; what it sorts out for them are the moves (requests, receipts, extensions) and fees.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

from services.processing.facts.holding import Finding
from services.processing.record import EntryRecord

__all__ = ["Life", "live", "status_of"]

_ENDS = {
    "dossier.resolved": "resolved",
    "dossier.returned": "returned",
    "dossier.withdrawn": "withdrawn",
    "dossier.stopped": "stopped",
    "dossier.refused": "refused",
}
_FINISHED = {"resolved": 9, "returned": 10, "withdrawn": 7, "stopped": 8, "refused": 3}
_MOVES = frozenset(("dossier.supplement_requested", "dossier.supplement_received", "dossier.extended"))
_FEES = frozenset(("dossier.fee_requested", "dossier.fee_paid"))
_STEPS = frozenset(("step.assigned", "step.completed", "step.sent_back"))
#: Quality and the portal's view are kept and counted, and give no facts here.
_OF_HANDLING = (
    _MOVES
    | _FEES
    | _STEPS
    | {
        "dossier.apologised",
        "dossier.handed_over",
    }
)
#: What answers a submission that was not accepted.
_ANSWERS = frozenset(("dossier.refused", "dossier.withdrawn", "dossier.stopped"))
#: What has no effect when dated before acceptance; other ends count, at acceptance.
_NEEDS_ACCEPTANCE = _OF_HANDLING | {"dossier.refused", "dossier.reopened"}


@dataclass(slots=True)
class Life:
    """What the entries that hold say about the life of a dossier. Instants in UTC microseconds.

    `ends` are those not annulled, in order; `moves`, `fees`, `handed_over` and `steps` have an effect. `finish` is the
    kind of the end that counts, `finished_at` its instant, never before acceptance. `answered_at`: a submission was
    accepted, else refused, withdrawn or stopped; never before the submission. `ended_at`: the finish, of a dossier
    never accepted the answer. `fee_open`: a fee was asked for and not paid since. `acted`: something of the handling
    but steps was reported after acceptance.
    """

    submitted: EntryRecord | None = None
    accepted: EntryRecord | None = None
    apologised: EntryRecord | None = None
    finish: str | None = None
    finished_at: int | None = None
    answered_at: int | None = None
    ended_at: int | None = None
    refused: bool = False
    fee_open: bool = False
    acted: bool = False
    ends: list[EntryRecord] = field(default_factory=list)
    moves: list[EntryRecord] = field(default_factory=list)
    fees: list[EntryRecord] = field(default_factory=list)
    handed_over: list[EntryRecord] = field(default_factory=list)
    steps: list[EntryRecord] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)

    @property
    def handled(self) -> bool:
        """Whether anything of the handling was reported after acceptance."""
        return self.acted or bool(self.steps)

    def without_steps(self, refused: Collection[tuple[str, str]]) -> None:
        """Leave out steps by their identities (source, id), and what was found about them."""
        self.steps = [step for step in self.steps if (step.source, step.id) not in refused]
        self.findings = [one for one in self.findings if (one.about.source, one.about.id) not in refused]


def live(
    entries: Sequence[EntryRecord], accepted: EntryRecord | None = None, submitted: EntryRecord | None = None
) -> Life:
    """Read the life of a dossier off its entries that hold, in their order (docs/rules.md, "Entries").

    Readings: *before acceptance* and *after the finish* compare instants, so an entry at the very instant of
    acceptance or finish has its effect, whatever its sequence. An end dated before acceptance that is not the finish
    is no finding of its own, nor is a fee asked for or paid after the finish, which has no effect. Without acceptance
    nothing has an effect; a refusal is then the ordinary course.

    Args:
        entries: those that may act.
        accepted: the acceptance that counts where it need not be the first.
        submitted: the submission that counts where it need not be the first.
    """
    life = Life(_first(entries, "dossier.submitted", submitted), _first(entries, "dossier.accepted", accepted))
    if life.accepted is None:
        _answer(life, entries)
        return life
    life.answered_at = life.accepted.time
    if life.submitted is not None and life.submitted.time > life.answered_at:
        life.answered_at = life.submitted.time
    _sort_out(life, entries, life.accepted)
    if life.ends:
        _finish(life, life.accepted.time)
    return life


def _first(entries: Sequence[EntryRecord], kind: str, counting: EntryRecord | None) -> EntryRecord | None:
    if counting is not None:
        return counting
    for entry in entries:
        if entry.type == kind:
            return entry
    return None


def _answer(life: Life, entries: Sequence[EntryRecord]) -> None:
    """The life of a dossier that was never accepted."""
    for entry in entries:
        if entry.type == "dossier.refused":
            life.refused = True
        elif entry.type in _ENDS:
            life.findings.append(Finding("end_without_acceptance", entry))
        if life.answered_at is None and entry.type in _ANSWERS:
            life.answered_at = entry.time
    if life.answered_at is not None and life.submitted is not None:
        life.answered_at = max(life.answered_at, life.submitted.time)
    life.ended_at = life.answered_at


def _sort_out(life: Life, entries: Sequence[EntryRecord], accepted: EntryRecord) -> None:
    for entry in entries:
        kind = entry.type
        if kind == "dossier.accepted":
            if entry is not accepted:
                life.findings.append(Finding("second_acceptance", entry))
        elif kind in _NEEDS_ACCEPTANCE and entry.time < accepted.time:
            # Fees are asked for before somebody accepts, too: they have no effect on the handling, and are facts.
            if kind not in _FEES:
                life.findings.append(Finding("entry_before_acceptance", entry))
        elif kind in _ENDS:
            life.ends.append(entry)
        elif kind == "dossier.reopened":
            life.acted = True
            life.ends.clear()
        elif kind in _OF_HANDLING:
            _take(life, entry)


def _take(life: Life, entry: EntryRecord) -> None:
    kind = entry.type
    if kind in _STEPS:
        life.steps.append(entry)
        return
    life.acted = True
    if kind in _MOVES:
        life.moves.append(entry)
    elif kind == "dossier.handed_over":
        life.handed_over.append(entry)
    elif kind == "dossier.apologised":
        if life.apologised is None:
            life.apologised = entry
    else:
        life.fees.append(entry)
        life.fee_open = kind == "dossier.fee_requested"


def _finish(life: Life, accepted_at: int) -> None:
    """Take the finish from the ends: earliest resolved, else returned, else withdrawn, stopped or refused."""
    seen: set[str] = set()
    by_kind: dict[str, EntryRecord] = {}
    for end in life.ends:
        kind = _ENDS[end.type]
        by_kind.setdefault(kind if kind in ("resolved", "returned") else "other", end)
        # Resolved, then returned, is how a life ends; anything else after a first end is one end too many.
        if seen and not (kind == "returned" and "resolved" in seen and "returned" not in seen):
            life.findings.append(Finding("second_end", end))
        seen.add(kind)
    end = by_kind.get("resolved") or by_kind.get("returned") or by_kind["other"]
    life.finish = _ENDS[end.type]
    life.finished_at = life.ended_at = finished_at = max(end.time, accepted_at)
    if end.time < accepted_at:
        life.findings.append(Finding("finish_before_acceptance", end))
    life.findings.extend(Finding("step_after_finish", step) for step in life.steps if step.time > finished_at)
    for kept in (life.moves, life.handed_over):
        life.findings.extend(Finding("entry_after_finish", entry) for entry in kept if entry.time > finished_at)
    life.moves = _until(life.moves, finished_at)
    life.handed_over = _until(life.handed_over, finished_at)
    life.fees = _until(life.fees, finished_at)


def _until(entries: list[EntryRecord], instant: int) -> list[EntryRecord]:
    return entries if not entries or entries[-1].time <= instant else [e for e in entries if e.time <= instant]


def status_of(life: Life, *, waiting: bool) -> int:
    """The national status code (docs/rules.md, "Status").

    Of an open dossier: 5 while it waits for a supplement, 6 while a fee is asked for and not paid, 4 once anything of
    its handling is reported, 2 before. Without acceptance: 3 if refused, else 1.

    Args:
        life: its life.
        waiting: a supplement is asked for and not there.
    """
    if life.accepted is None:
        return 3 if life.refused else 1
    if life.finish is not None:
        if life.finish == "resolved" and any(end.type == "dossier.returned" for end in life.ends):
            return 10
        return _FINISHED[life.finish]
    if waiting:
        return 5
    if life.fee_open:
        return 6
    return 4 if life.handled else 2
