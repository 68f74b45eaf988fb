"""The pure engine: (state, entry, clock, reference data) -> (state, row, what happened).

Reads no clock and does no I/O; knows nothing of partitions, offsets beyond a position, topics or databases. Whatever
the order of entries and ticks, the same set and the same clock end in the same state, row and announcements.
"""

from __future__ import annotations

import hashlib
from bisect import bisect_right
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any, Final
from zoneinfo import ZoneInfo

import orjson
import pydantic

from services.processing.facts import Facts, derive, row_of
from services.processing.facts.announcements import Announcement
from services.processing.facts.holding import precedes, same_content
from services.processing.facts.row import instant_text
from services.processing.record import EntryRecord, SortKey
from shared.calendar import WorkCalendar
from shared.calendar.vietnam import HOLIDAYS_VERSION
from shared.calendar.vietnam_days import DAYS
from shared.instants import DAY

__all__ = [
    "ENGINE_VERSION",
    "Announcement",
    "DossierState",
    "Outcome",
    "Reference",
    "TooManyEntries",
    "apply_clock",
    "apply_entry",
    "facts",
]

#: Raise by hand whenever the engine may put out something else for the same journal.
_REVISION: Final = 1
_COUNTS_AS_CODE: Final = (_REVISION, pydantic.VERSION, orjson.__version__, HOLIDAYS_VERSION, DAYS)

#: Version of everything that decides the engine's output, reference data given at run time apart. Another version
#: means another epoch: libraries that read entries and days count as code.
ENGINE_VERSION: Final = f"{_REVISION}-{hashlib.sha256(repr(_COUNTS_AS_CODE).encode()).hexdigest()[:12]}"

_KIND_ORDER: Final = {"warning": 0, "breach": 1, "recovered": 2}


@dataclass(frozen=True)
class Reference:
    """Reference data and rule parameters of a derivation.

    Args:
        calendar: working time; its zone must be `zone`.
        zone: the zone of day boundaries.
        warning_before: how long before the due instant a warning is given, in µs of wall clock.
        extension_days: working days before the due date by which an extension must be made [r].
        entry_cap: entries a dossier may have; an emergency brake against a flooding sender.
    """

    calendar: WorkCalendar
    zone: ZoneInfo
    warning_before: int = DAY
    extension_days: int = 1
    entry_cap: int = 2_000

    def __post_init__(self) -> None:
        if self.calendar.zone.key != self.zone.key:
            raise ValueError(f"calendar {self.calendar.id} is of zone {self.calendar.zone.key}, not {self.zone.key}")

    @cached_property
    def version(self) -> str:
        """Hash of all that decides an output: calendar, parameters, and how the zone behaves on this machine."""
        offsets = [
            datetime(year, month, 1, tzinfo=self.zone).utcoffset() or timedelta(0)
            for year in range(1900, 2200)
            for month in range(1, 13)
        ]
        told = (
            self.calendar.id,
            self.calendar.hash,
            self.zone.key,
            [offset // timedelta(microseconds=1) for offset in offsets],
            self.warning_before,
            self.extension_days,
            self.entry_cap,
        )
        return hashlib.sha256(repr(told).encode()).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class DossierState:
    """What the engine keeps of a dossier between two entries.

    `position` is the journal offset it is at; `entries` all distinct entries received, superseded ones too, in their
    canonical order; `announced` what was announced and not retracted; `timer` the smallest clock at which there is
    something to announce, None if never; `capped` says that entries were refused for their number.
    """

    code: str
    position: int
    entries: tuple[EntryRecord, ...]
    announced: tuple[Announcement, ...]
    timer: int | None
    finished: bool
    capped: bool


@dataclass(frozen=True, slots=True)
class Outcome:
    """A step of the engine: the new state, the row and what happened, both JSON-able.

    `emit` is False where nothing is to be put out and nothing to be stored (an exact duplicate, a tick in vain).
    """

    state: DossierState
    row: dict[str, Any]
    happened: list[dict[str, Any]]
    emit: bool


class TooManyEntries(Exception):  # noqa: N818  (named by what it tells)
    """A dossier has as many entries as it may have; the entry goes to the dead letters.

    Attributes:
        outcome: how the dossier is marked, on the first refusal; None once it is marked.
    """

    def __init__(self, code: str, cap: int, outcome: Outcome | None) -> None:
        super().__init__(f"dossier {code} has {cap} entries, no more are taken; raise the cap in a new epoch")
        self.outcome = outcome


def facts(code: str, entries: tuple[EntryRecord, ...], reference: Reference) -> Facts:
    """The facts of a dossier from its entries, for rows and explanations; no clock has a part in them.

    Args:
        code: the dossier code.
        entries: distinct entries in canonical order, as a state holds them.
        reference: reference data.
    """
    return derive(
        code,
        entries,
        reference.calendar,
        extension_days=reference.extension_days,
        warning_before=reference.warning_before,
    )


def apply_entry(state: DossierState | None, entry: EntryRecord, clock: int | None, reference: Reference) -> Outcome:
    """Take an entry into a dossier.

    Args:
        state: the dossier so far, None if there is none.
        entry: the entry; its offset becomes the position.
        clock: the partition's clock in UTC microseconds, None before the first tick.
        reference: reference data.

    Raises:
        TooManyEntries: the dossier is at its cap and the entry is none it has.
    """
    if state is None:
        state = DossierState(entry.subject, -1, (), (), None, finished=False, capped=False)
    entries = _with(state.entries, entry)
    if entries is state.entries:
        return Outcome(state, _row(state, facts(state.code, entries, reference)), [], emit=False)
    if len(entries) > max(len(state.entries), reference.entry_cap):
        raise TooManyEntries(state.code, reference.entry_cap, _mark(state, entry, clock, reference))
    return _settle(state, entries, entry.offset, clock, reference, capped=state.capped)


def apply_clock(state: DossierState, position: int, clock: int, reference: Reference) -> Outcome:
    """Announce what the clock made true, and after a correction retract what it made untrue.

    Args:
        state: the dossier.
        position: the offset of the clock entry.
        clock: the partition's clock in UTC microseconds.
        reference: reference data.
    """
    outcome = _settle(state, state.entries, position, clock, reference, capped=state.capped)
    if outcome.happened:
        return outcome
    return Outcome(state, outcome.row, [], emit=False)


def _settle(
    state: DossierState,
    entries: tuple[EntryRecord, ...],
    position: int,
    clock: int | None,
    reference: Reference,
    *,
    capped: bool,
) -> Outcome:
    known = facts(state.code, entries, reference)
    wanted: list[Announcement] = []
    timer: int | None = None
    for since, announcement in known.to_announce:
        if clock is not None and since <= clock:
            wanted.append(announcement)
        elif timer is None or since < timer:
            timer = since
    if len(wanted) > 1:
        wanted.sort(key=_announcement_order)
    announced = tuple(wanted)
    happened = [] if announced == state.announced else _difference(state.announced, announced)
    after = DossierState(
        state.code, position, entries, announced, timer, finished=known.finished_at is not None, capped=capped
    )
    return Outcome(after, _row(after, known), happened, emit=True)


def _mark(state: DossierState, entry: EntryRecord, clock: int | None, reference: Reference) -> Outcome | None:
    if state.capped:
        return None
    return _settle(state, state.entries, entry.offset, clock, reference, capped=True)


def _row(state: DossierState, known: Facts) -> dict[str, Any]:
    row = row_of(known)
    if state.capped:
        row["findings"].append({"code": "too_many_entries", "source": "motcua/processing", "id": state.code})
    return row


def _with(entries: tuple[EntryRecord, ...], entry: EntryRecord) -> tuple[EntryRecord, ...]:
    """The entries with one more, in canonical order; the very same tuple if it adds nothing."""
    for index, other in enumerate(entries):
        if same_content(other, entry):
            if not precedes(entry, other):
                return entries
            entries = entries[:index] + entries[index + 1 :]
            break
    place = bisect_right(entries, _canonical(entry), key=_canonical)
    return (*entries[:place], entry, *entries[place:])


def _canonical(entry: EntryRecord) -> tuple[SortKey, int, str]:
    return (entry.key, entry.revision, entry.hash)


def _announcement_order(announcement: Announcement) -> tuple[int, int, int]:
    return (announcement.at, announcement.due, _KIND_ORDER[announcement.kind])


def _difference(before: tuple[Announcement, ...], after: tuple[Announcement, ...]) -> list[dict[str, Any]]:
    """What to put out: first the retractions of what is no longer true, then what became true, each by its instant."""
    gone = [
        {"kind": "retracted", "due": instant_text(old.due), "at": instant_text(old.at), "retracts": old.kind}
        for old in before
        if old not in after
    ]
    new = [
        {"kind": fresh.kind, "due": instant_text(fresh.due), "at": instant_text(fresh.at)}
        for fresh in after
        if fresh not in before
    ]
    return gone + new
