"""The forms of processing's HTTP answers, and how they are made of a state. Does no I/O."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal

from pydantic import BaseModel, Field

from services.processing.engine import Announcement, Reference, facts, facts_of, row_at
from services.processing.explaining import ApologyDraft, Explanation, apology_draft, explain
from services.processing.facts.announcements import Of
from services.processing.facts.deadlines import DueReason
from services.processing.record import EntryRecord
from services.processing.states.layers import HeldState
from services.processing.stream.revision.revising import Progress
from shared.broker.topics import JOURNAL
from shared.contract.lifecycle import DossierRow, Finding
from shared.instants import to_rfc3339

__all__ = [
    "Announced",
    "DossierAnswer",
    "EntriesAnswer",
    "EntryFate",
    "EntryLine",
    "PartitionAnswer",
    "PositionsAnswer",
    "explain_dossier",
    "explain_entries",
    "told_announcement",
    "told_entry",
    "told_revision",
]


class EntryFate(BaseModel):
    """What became of one received entry."""

    subject: str
    revision: int
    state: Literal["accepted", "superseded"] = Field(
        description="accepted: it holds; superseded: another revision or content of its identity does"
    )
    withdrawn: bool = Field(description="it holds and withdraws its identity")
    findings: list[str] = Field(description="codes of the findings about it")
    partition: int
    offset: int
    due: str | None = Field(
        description="the due instant of its dossier or petition now; null: there is none, or the key does not read it"
    )


class EntriesAnswer(BaseModel):
    """What became of the entries of one source and id, in the dossiers and petitions they were sent to."""

    entries: list[EntryFate]
    more: bool = Field(description="more dossiers have such an entry than are searched; ask with `subject`")


class DueStep(BaseModel):
    """A due value the dossier had, and the entry that set it."""

    due: str
    since: str
    reason: DueReason
    source: str
    id: str


class Announced(BaseModel):
    """A warning, breach or recovery that was announced and holds."""

    kind: Literal["warning", "breach", "recovered"]
    due: str
    at: str
    of: Of
    step: str | None
    occurrence: int | None
    unit: str | None
    rung_us: int | None = Field(description="of a warning: how long before due; null is the built-in one")


class EntryLine(BaseModel):
    """An entry of the dossier and its place in the journal."""

    topic: str
    partition: int
    offset: int
    type: str
    time: str
    source: str
    id: str
    revision: int
    sequence: int
    sender: str | None
    recordedtime: str | None
    holds: bool
    data: dict[str, Any] | None


class DossierAnswer(BaseModel):
    """A dossier explained: its row, where the due date comes from, what was announced, every entry."""

    row: DossierRow
    due_history: list[DueStep]
    explanation: Explanation
    apology_draft: ApologyDraft | None = Field(description="where an apology is to be written and none was sent")
    announced: list[Announced]
    findings: list[Finding]
    entries: list[EntryLine]
    partition: int
    position: int = Field(description="offset of the last journal entry that changed it")


class RevisedBy(BaseModel):
    """The reference entry a partition is at."""

    type: str
    source: str
    id: str
    revision: int
    offset: int


class RevisionAnswer(BaseModel):
    """How far a reference entry got through the dossiers of a partition it can concern."""

    done: int
    of: int
    entry: RevisedBy


class PartitionAnswer(BaseModel):
    """Where one partition of this replica is."""

    next: int | None = Field(description="offset of the first entry whose events are not out")
    end: int | None = Field(description="end of the journal partition as last heard")
    stored: int | None = Field(description="the last stored checkpoint's offset")
    clock: str | None
    reference: str | None = Field(description="version of the set of reference entries before `next`")
    revision: RevisionAnswer | None = Field(description="the reference entry that goes through the dossiers now")
    state: Literal["loading", "running", "waiting", "stopped"]
    reason: str | None


class PositionsAnswer(BaseModel):
    """Where this replica is, its own partitions only."""

    epoch: int | None
    engine: str
    entry_cap: int = Field(description="entries a dossier may have")
    code_forms: str = Field(description="forms of dossier codes that name a unit")
    partitions: dict[str, PartitionAnswer]


def told_revision(progress: Progress) -> RevisionAnswer:
    """The answer for a pass under way."""
    entry = progress.entry
    return RevisionAnswer(
        done=progress.done,
        of=progress.of,
        entry=RevisedBy(
            type=entry.type, source=entry.source, id=entry.id, revision=entry.revision, offset=progress.offset
        ),
    )


def explain_dossier(
    held: HeldState, partition: int, reference: Reference, clock: int | None = None, *, journal: str = JOURNAL
) -> DossierAnswer:
    """The answer for a dossier's state; its tests as of the partition's clock in UTC µs, None before the first tick."""
    state = held.state
    known = facts(state.code, state.entries, reference)
    row = DossierRow.model_validate(row_at(state, reference, known), strict=False)
    holding = {(entry.source, entry.id, entry.revision, entry.hash) for entry in known.held}
    return DossierAnswer(
        row=row,
        due_history=[
            DueStep(
                due=to_rfc3339(value.due),
                since=to_rfc3339(value.since),
                reason=value.reason,
                source=value.source,
                id=value.id,
            )
            for value in known.due_history
        ],
        explanation=explain(known, reference, clock),
        apology_draft=apology_draft(known, clock),
        announced=[told_announcement(one) for one in state.announced],
        findings=row.findings,
        entries=[told_entry(entry, (journal, partition), holding) for entry in state.entries],
        partition=partition,
        position=state.position,
    )


def told_announcement(one: Announcement) -> Announced:
    """One that was announced and holds."""
    return Announced(
        kind=one.kind,
        due=to_rfc3339(one.due),
        at=to_rfc3339(one.at),
        of=one.of,
        step=one.step,
        occurrence=one.occurrence,
        unit=one.unit,
        rung_us=one.rung,
    )


def told_entry(entry: EntryRecord, place: tuple[str, int], holding: set[tuple[str, str, int, str]]) -> EntryLine:
    """An entry of a case: with its topic and partition, and which (source, id, revision, hash) hold."""
    topic, partition = place
    return EntryLine(
        topic=topic,
        partition=partition,
        offset=entry.offset,
        type=entry.type,
        time=to_rfc3339(entry.time),
        source=entry.source,
        id=entry.id,
        revision=entry.revision,
        sequence=entry.sequence,
        sender=entry.sender,
        recordedtime=None if entry.recorded is None else to_rfc3339(entry.recorded),
        holds=(entry.source, entry.id, entry.revision, entry.hash) in holding,
        data=entry.data,
    )


def explain_entries(
    held: HeldState,
    partition: int,
    reference: Reference,
    *,
    source: str,
    id_: str,
    seen: Callable[[EntryRecord], bool],
    due: bool,
) -> list[EntryFate]:
    """What became of an identity's entries in one case.

    Args:
        held: the case's state.
        partition: its partition.
        reference: reference data.
        source: the identity's source.
        id_: the identity's id.
        seen: which entries the asker is told of.
        due: whether it is told the case's due instant.
    """
    state = held.state
    same = [entry for entry in state.entries if entry.source == source and entry.id == id_]
    mine = [entry for entry in same if seen(entry)]
    if not mine:
        return []
    known = facts_of(state.case, state.entries, reference)
    highest = max(entry.revision for entry in same)
    best = min((entry for entry in same if entry.revision == highest), key=lambda entry: entry.hash)
    codes = [code for code, of, name in known.findings if of == source and name == id_]
    return [
        EntryFate(
            subject=state.case.subject,
            revision=entry.revision,
            state="accepted" if entry is best else "superseded",
            withdrawn=entry is best and entry.data is None,
            findings=codes if entry is best else [],
            partition=partition,
            offset=entry.offset,
            due=to_rfc3339(known.due) if due and known.due is not None else None,
        )
        for entry in mine
    ]
