"""States, records and entries for tests of the loop's parts."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice
from typing import Any
from zoneinfo import ZoneInfo

import orjson

from services.processing.cases import dossier_case
from services.processing.engine import CaseState, Reference, apply_entry
from services.processing.record import read_entry
from services.processing.states.layers import HeldState
from shared.broker.partition import partition_of
from shared.calendar import vn_public
from shared.contract.entries import CLOCK_TYPES, REFERENCE_TYPES
from shared.reference import EMPTY, ReferenceEntry, ReferenceSet

__all__ = [
    "PARTITIONS",
    "REFERENCE",
    "Record",
    "accepted",
    "code_in",
    "held",
    "known_by",
    "record",
    "revised",
]

PARTITIONS = 4
_ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
REFERENCE = Reference(vn_public(_ZONE), _ZONE)


@dataclass
class Record:
    """What the consumer gives."""

    value: bytes | None
    key: bytes | None
    offset: int = 0
    partition: int = 0
    topic: str = "journal"


def code_in(partition: int, nth: int = 0) -> str:
    """The n-th dossier code of a partition."""
    codes = (f"H29-{number}" for number in range(10_000))
    return next(islice((code for code in codes if partition_of(code, PARTITIONS) == partition), nth, None))


def accepted(code: str, id_: str = "a", **more: Any) -> dict[str, Any]:
    """An acceptance."""
    return {
        "specversion": "1.0",
        "id": id_,
        "source": "test",
        "subject": code,
        "time": "2026-03-02T08:00:00+07:00",
        "type": "dossier.accepted",
        "data": {"channel": "online", "unit": "H29.1", "promised_due": "2026-03-10"},
    } | more


def revised(type_: str, data: dict[str, Any] | None, id_: str = "r", **more: Any) -> dict[str, Any]:
    """A reference entry."""
    return accepted("reference", id_) | {"type": type_, "data": data, "time": "2026-01-01T00:00:00+07:00"} | more


def known_by(*entries: dict[str, Any]) -> ReferenceSet:
    """The set of these reference entries."""
    return EMPTY.with_entries(ReferenceEntry.of(orjson.dumps(entry)) for entry in entries)


def record(entry: dict[str, Any], offset: int = 0, key: bytes | None = None) -> Record:
    """The journal record of an entry in the partition of its subject; of clock and reference entries in partition 0."""
    subject, type_ = entry["subject"], entry["type"]
    if type_ in REFERENCE_TYPES:
        own = b"clock" if type_ in CLOCK_TYPES else b"reference"
        return Record(orjson.dumps(entry), key or own, offset, 0)
    return Record(orjson.dumps(entry), key or subject.encode(), offset, partition_of(subject, PARTITIONS))


def held(code: str, position: int = 0, *, stored: bool = False) -> HeldState:
    """A state with one entry at a position."""
    state = CaseState(dossier_case(code), -1, (), (), None, None, capped=False)
    entry = read_entry(orjson.dumps(accepted(code)), position)
    return HeldState(apply_entry(state, entry, None, REFERENCE).state, 300, stored)
