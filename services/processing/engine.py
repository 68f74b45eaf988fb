"""The pure engine: (state, entry, clock, reference data) -> (state, row, what happened).

Reads no clock and does no I/O; knows nothing of partitions, offsets beyond a position, topics or databases. Whatever
the order of entries, reference entries and ticks, the same sets and the same clock end in the same state and row.
"""

from __future__ import annotations

import hashlib
from bisect import bisect_right
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from operator import attrgetter
from typing import Any, Final

import orjson
import pydantic

from services.processing.cases import POPULATIONS, Case, CaseFacts, CaseState, case_of
from services.processing.entitling.covering import union_of
from services.processing.facts import Facts, derive
from services.processing.facts.announcements import Announcement
from services.processing.facts.happened import acts_between, announcement_order, happened_between
from services.processing.facts.holding import precedes, same_content
from services.processing.facts.reference import Reference
from services.processing.record import EntryRecord, SortKey
from services.processing.routing.model import RejectedAct

__all__ = [
    "ENGINE_VERSION",
    "NOT_ENTITLED_CAP",
    "Announcement",
    "CaseState",
    "Outcome",
    "Reference",
    "RejectedAct",
    "TooManyEntries",
    "apply_clock",
    "apply_entry",
    "apply_reference",
    "facts",
    "facts_of",
    "row_at",
]

#: Raise by hand whenever the engine, or a lifecycle record beside its row, may say something else of the same journal.
_REVISION: Final = 9
_COUNTS_AS_CODE: Final = (_REVISION, pydantic.VERSION, orjson.__version__)

#: Version of the code that decides the engine's output; another version means another epoch. Libraries that read
#: entries count as code. What calendars and parameters decide is in `Reference.version`, which the pinned days of
#: vn-public change and a new release of a library of holidays does not.
ENGINE_VERSION: Final = f"{_REVISION}-{hashlib.sha256(repr(_COUNTS_AS_CODE).encode()).hexdigest()[:12]}"
#: Entries a dossier keeps of senders who are not entitled to it; they take nothing from its own.
NOT_ENTITLED_CAP: Final = 100
_GRANT: Final = attrgetter("grant")


@dataclass(frozen=True, slots=True)
class Outcome:
    """A step of the engine: the new state, the row, what happened to due instants and which acts were rejected.

    Row, `happened` and `acts` are JSON-able. `emit` is False where nothing is to be put out and nothing to be stored
    (an exact duplicate, a tick in vain, reference data that changes nothing).
    """

    state: CaseState
    row: dict[str, Any]
    happened: list[dict[str, Any]]
    emit: bool
    acts: list[dict[str, Any]] = field(default_factory=list)


class TooManyEntries(Exception):  # noqa: N818  (named by what it tells)
    """A case has as many entries as it may have; the entry goes to the dead letters.

    Attributes:
        reason: `too_many_entries`, or `too_many_not_entitled` of senders who are not entitled to the case.
        cap: how many it may have.
        outcome: how the case is marked, on the first refusal; None once it is marked.
    """

    def __init__(self, key: str, reason: str, cap: int, outcome: Outcome | None) -> None:
        super().__init__(f"case {key} has {cap} entries, no more are taken: {reason}")
        self.reason = reason
        self.cap = cap
        self.outcome = outcome


def facts(code: str, entries: tuple[EntryRecord, ...], reference: Reference) -> Facts:
    """The facts of a dossier from its entries, for rows and explanations; no clock has a part in them.

    Args:
        code: the dossier code.
        entries: distinct entries in canonical order, as a state holds them.
        reference: reference data.
    """
    return derive(code, entries, reference)


def facts_of(case: Case, entries: tuple[EntryRecord, ...], reference: Reference) -> CaseFacts:
    """The facts of a case of any population from its entries.

    Args:
        case: the case.
        entries: distinct entries in canonical order, as a state holds them.
        reference: reference data.
    """
    found: CaseFacts = POPULATIONS[case.population].derive(case.code, entries, reference)
    return found


def row_at(state: CaseState, reference: Reference, known: CaseFacts | None = None) -> dict[str, Any]:
    """The row that the step to this state put out.

    Args:
        state: the state.
        reference: what it was derived with.
        known: its facts, where somebody has them already.
    """
    return _row(state, facts_of(state.case, state.entries, reference) if known is None else known)


def apply_entry(state: CaseState | None, entry: EntryRecord, clock: int | None, reference: Reference) -> Outcome:
    """Take an entry into its case.

    Args:
        state: the case so far, None if there is none.
        entry: the entry; its offset becomes the position.
        clock: the partition's clock in UTC microseconds, None before the first tick.
        reference: reference data.

    Raises:
        TooManyEntries: the case is at its cap and the entry is none it has; or it has as many as it keeps of senders
            who are not entitled to it, and the entry's sender is not.
    """
    if state is None:
        state = CaseState(case_of(entry), -1, (), (), None, None, capped=False)
    entries = _with(state.entries, entry)
    if entries is state.entries:
        return Outcome(state, _row(state, facts_of(state.case, entries, reference)), [], emit=False)
    more = POPULATIONS[state.case.population].capped and len(entries) > len(state.entries)
    full: tuple[str, int] | None = None
    if more and len(entries) > reference.entry_cap and not any(map(_GRANT, entries)):
        # Everybody is entitled, and nothing need be derived to know it.
        full = ("too_many_entries", reference.entry_cap)
    else:
        known = facts_of(state.case, entries, reference)
        if more:
            full = _no_room(entry, entries, known.beyond, reference)
    if full is not None:
        raise _full(state, *full, position=entry.offset, clock=clock, reference=reference)
    return _settle(state, entries, entry.offset, clock, reference, known=known)


def apply_clock(state: CaseState, position: int, clock: int, reference: Reference) -> Outcome:
    """Announce what the clock made true, and after a correction retract what it made untrue.

    Args:
        state: the case.
        position: the offset of the clock entry.
        clock: the partition's clock in UTC microseconds.
        reference: reference data.
    """
    outcome = _settle(state, state.entries, position, clock, reference)
    if outcome.happened:
        return outcome
    return Outcome(state, outcome.row, [], emit=False)


def apply_reference(state: CaseState, position: int, clock: int | None, before: Reference, after: Reference) -> Outcome:
    """Judge a case by other reference data: put out and kept only if that changes anything about it.

    That is its row, what is announced or rejected, or when there is next something to announce.

    Args:
        state: the case, as it was derived with `before`.
        position: the offset of the reference entry.
        clock: the partition's clock in UTC microseconds, None before the first tick.
        before: the reference data up to now.
        after: the reference data with the entry.
    """
    outcome = _settle(state, state.entries, position, clock, after)
    if (
        not outcome.happened
        and not outcome.acts
        and outcome.state.timer == state.timer
        and outcome.row == _row(state, facts_of(state.case, state.entries, before))
    ):
        return Outcome(state, outcome.row, [], emit=False)
    return outcome


def _settle(
    state: CaseState,
    entries: tuple[EntryRecord, ...],
    position: int,
    clock: int | None,
    reference: Reference,
    *,
    known: CaseFacts | None = None,
) -> Outcome:
    if known is None:
        known = facts_of(state.case, entries, reference)
    wanted: list[Announcement] = []
    timer: int | None = None
    for since, announcement in known.to_announce:
        if clock is not None and since <= clock:
            wanted.append(announcement)
        elif timer is None or since < timer:
            timer = since
    if len(wanted) > 1:
        wanted.sort(key=announcement_order)
    announced = tuple(wanted)
    rejected = tuple(known.rejections)
    happened = [] if announced == state.announced else happened_between(state.announced, announced)
    acts = [] if rejected == state.rejected else acts_between(state.rejected, rejected)
    contested: tuple[str, ...] = ()
    if known.findings:
        contested = tuple(sorted({code for code, _, _ in known.findings if code.startswith("contested_")}))
    after = CaseState(
        state.case,
        position,
        entries,
        announced,
        timer,
        known.ended_at,
        state.capped,
        rejected,
        state.crowded,
        contested,
    )
    return Outcome(after, _row(after, known), happened, emit=True, acts=acts)


def _no_room(
    entry: EntryRecord, entries: Sequence[EntryRecord], beyond: Collection[tuple[str, str]], reference: Reference
) -> tuple[str, int] | None:
    """Why a case keeps no entry more of its kind, reason and cap; `beyond` are the identities of who may not act."""
    count = sum((one.source, one.id) in beyond for one in entries) if beyond else 0
    if (entry.source, entry.id) in beyond:
        return ("too_many_not_entitled", NOT_ENTITLED_CAP) if count > NOT_ENTITLED_CAP else None
    cap = reference.entry_cap
    return ("too_many_entries", cap) if len(entries) - count > cap else None


def _full(
    state: CaseState, reason: str, cap: int, *, position: int, clock: int | None, reference: Reference
) -> TooManyEntries:
    """What is raised where a case has as many as it may have, with its mark if it has none yet."""
    entitled = reason == "too_many_entries"
    marked = replace(state, capped=state.capped or entitled, crowded=state.crowded or not entitled)
    outcome = None if marked == state else _settle(marked, state.entries, position, clock, reference)
    return TooManyEntries(state.key, reason, cap, outcome)


def _row(state: CaseState, known: CaseFacts) -> dict[str, Any]:
    row = POPULATIONS[state.case.population].row_of(known)
    if state.capped:
        row.setdefault("findings", []).append(
            {"code": "too_many_entries", "source": "motcua/processing", "id": state.code}
        )
    if state.crowded:
        row.setdefault("findings", []).append(
            {"code": "too_many_not_entitled", "source": "motcua/processing", "id": state.code}
        )
    return row


def _with(entries: tuple[EntryRecord, ...], entry: EntryRecord) -> tuple[EntryRecord, ...]:
    """The entries with one more, in canonical order; the very same tuple if it adds nothing.

    Of the same report the copy kept may do what any of them may.
    """
    hash_ = entry.hash
    for index, other in enumerate(entries):
        # Contents differ nearly always, which the hash alone tells.
        if other.hash == hash_ and same_content(other, entry):
            grant = other.grant if entry.grant == other.grant else union_of((entry.grant, other.grant))
            if not precedes(entry, other):
                if grant == other.grant:
                    return entries
                return (*entries[:index], replace(other, grant=grant), *entries[index + 1 :])
            entry = entry if grant == entry.grant else replace(entry, grant=grant)
            entries = entries[:index] + entries[index + 1 :]
            break
    place = bisect_right(entries, _canonical(entry), key=_canonical)
    return (*entries[:place], entry, *entries[place:])


def _canonical(entry: EntryRecord) -> tuple[SortKey, int, str]:
    return (entry.key, entry.revision, entry.hash)
