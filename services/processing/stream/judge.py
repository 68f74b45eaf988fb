"""Decides of one journal record what it is: an entry for a dossier, a clock or reference entry, or a dead letter.

Decided by the record's bytes and the dossier's state alone, so that every reading decides the same. No I/O.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from services.processing.engine import Outcome, Reference, TooManyEntries, apply_entry
from services.processing.record import EntryRecord, Unreadable, read_entry
from services.processing.states.layers import HeldState
from shared.broker.places import Misplaced, kind_of
from shared.contract.bounds import LARGEST_DOSSIER
from shared.logging import get_logger
from shared.reference import ReferenceEntry, ReferenceSet
from shared.reference.concern import Concern

__all__ = ["Rejected", "Taken", "read_record", "read_reference", "take_entry", "take_reference"]

_log = get_logger("processing.judge")


class Rejected(Exception):  # noqa: N818  (named by what it tells)
    """A record that goes to the dead letters.

    Attributes:
        reason: a code from a small set, for metrics.
        detail: what is wrong, without values that could be personal.
        outcome: what is put out all the same: the dossier's mark when it is full.
    """

    def __init__(self, reason: str, detail: str, outcome: Outcome | None = None) -> None:
        super().__init__(f"{reason}: {detail}")
        self.reason = reason
        self.detail = detail
        self.outcome = outcome


@dataclass(frozen=True, slots=True)
class Taken:
    """What an entry made of its dossier: the outcome, and the bytes the dossier has now taken in."""

    outcome: Outcome
    size: int


def read_record(record: Any, partitions: int, *, simulated: bool) -> EntryRecord | ReferenceEntry | None:
    """The entry in a consumed record: a reference entry as such, others (the clock's too) as an EntryRecord.

    None for the copy of an entered figure in a partition that is not its own: until they were cases, they were told to
    every partition.

    Args:
        record: a record of the journal with partition, offset, key and value.
        partitions: partition count of the journal generation.
        simulated: the kind of the stack.

    Raises:
        Rejected: it is no entry, not of this partition, or not of this kind of stack.
    """
    entry = _decode(record)
    try:
        kind = kind_of(
            entry.type,
            entry.subject,
            record.key,
            record.partition,
            partitions,
            simulated=entry.simulated,
            stack=simulated,
        )
    except Misplaced as misplaced:
        raise Rejected(misplaced.reason, misplaced.detail) from None
    if kind == "copy":
        return None
    return read_reference(record.value) if kind == "reference" else entry


@lru_cache(maxsize=16_384)
def read_reference(value: bytes) -> ReferenceEntry:
    """The reference entry of a record that was judged one; the same bytes in all partitions are read and kept once."""
    return ReferenceEntry.of(value)


def _decode(record: Any) -> EntryRecord:
    if record.value is None:
        raise Rejected("not_json", "the record has no value")
    try:
        return read_entry(record.value, record.offset)
    except Unreadable as unreadable:
        raise Rejected(unreadable.reason, unreadable.detail) from None
    except MemoryError:
        raise
    except Exception as error:
        _log.exception("reading an entry failed", partition=record.partition, offset=record.offset)
        raise Rejected("engine_error", f"{type(error).__name__} while reading the entry") from error


def take_entry(held: HeldState | None, entry: EntryRecord, size: int, clock: int | None, reference: Reference) -> Taken:
    """Let the engine take an entry into its dossier.

    Args:
        held: the dossier's state, None if it has none.
        entry: the entry.
        size: bytes of its journal record.
        clock: the partition's clock, None before the first tick.
        reference: reference data.

    Raises:
        Rejected: the dossier is full, or the engine failed on this entry.
    """
    before = 0 if held is None else held.size
    try:
        outcome = apply_entry(None if held is None else held.state, entry, clock, reference)
    except TooManyEntries as full:
        told = f"the dossier has {full.cap} entries"
        if full.reason == "too_many_entries":
            raise Rejected("too_many_entries", told, full.outcome) from None
        raise Rejected("too_many_not_entitled", f"{told} of who may not act on it", full.outcome) from None
    except MemoryError:
        raise
    except Exception as error:
        _log.exception("the engine failed on an entry", offset=entry.offset, type=entry.type)
        raise Rejected("engine_error", f"{type(error).__name__} in the engine") from error
    if not outcome.emit:
        return Taken(outcome, before)
    if before + size > LARGEST_DOSSIER:
        raise Rejected("dossier_too_big", f"the dossier's entries have more than {LARGEST_DOSSIER} bytes")
    return Taken(outcome, before + size)


def take_reference(known: ReferenceSet, entry: ReferenceEntry) -> tuple[ReferenceSet, Concern]:
    """The set with an entry more, the very same one if it has it, and which dossiers the entry may concern.

    Raises:
        Rejected: reading it failed in a way nobody foresaw; the set goes on without it.
    """
    try:
        more = known.with_entry(entry)
        return more, more.narrow(entry)
    except MemoryError:
        raise
    except Exception as error:
        _log.exception("taking a reference entry failed", type=entry.type)
        raise Rejected("engine_error", f"{type(error).__name__} while taking the reference entry") from error
