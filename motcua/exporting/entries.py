"""A journal record as the export reads it, and whether it is an entry at all, by the same tests as processing.

Pure: knows the contract; knows neither topics nor files.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import Any, Final

import orjson
from pydantic import ValidationError

from shared.access.patterns import patterns_of
from shared.broker.places import Kind, Misplaced, kind_of
from shared.contract.entries import (
    ENTRY_ADAPTER,
    ENTRY_MODELS,
    TYPE_RANK,
    data_without_nulls,
    hash_of,
)
from shared.instants import from_datetime

__all__ = ["Entry", "Kind", "Place", "Unfit", "check", "pack", "unpack"]


_HEAD: Final = struct.Struct("<Qqqqqq?")
_NONE: Final = -(2**63)


class Unfit(Exception):  # noqa: N818  (named by what it tells)
    """A record that is no entry, so that nothing is derived from it; `reason` is the code dead letters carry."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Place:
    """Where a record stands in the journal, and when the broker appended it, in UTC microseconds."""

    partition: int
    offset: int
    appended: int


@dataclass(slots=True)
class Entry:
    """One received entry. Times in UTC microseconds; `data` is free of null members, None withdraws the identity.

    `grant` is the text intake stamped; None on entries from before grants, which act for every unit. `size` is of the
    record, in bytes.
    """

    place: Place
    type: str
    source: str
    id: str
    subject: str
    time: int
    sequence: int
    revision: int
    data: dict[str, Any] | None
    sender: str | None
    grant: str | None
    recorded: int | None
    simulated: bool
    size: int
    _hash: str = ""

    @property
    def hash(self) -> str:
        """Content hash of the contract; computed where something depends on it."""
        self._hash = self._hash or hash_of(self.type, self.time, self.data)
        return self._hash

    @property
    def order(self) -> tuple[int, int, int, str, str]:
        """The place among the entries of a dossier (docs/rules.md, Entries)."""
        return (self.time, self.sequence, TYPE_RANK[self.type], self.source, self.id)


def check(
    key: bytes | None, value: bytes | None, place: Place, partitions: int, *, simulated: bool
) -> tuple[Kind, Any]:
    """What a record is and its entry as the contract's model reads it.

    Args:
        key: the record's key.
        value: its bytes.
        place: where it stands.
        partitions: of this journal generation.
        simulated: the kind of the stack.

    Raises:
        Unfit: processing sends it to the dead letters.
    """
    try:
        raw = orjson.loads(value or b"")
    except orjson.JSONDecodeError:
        raise Unfit("not_json") from None
    if not isinstance(raw, dict):
        raise Unfit("malformed")
    if not isinstance(raw.get("type"), str) or raw["type"] not in ENTRY_MODELS:
        raise Unfit("unknown_type")
    try:
        entry = ENTRY_ADAPTER.validate_python(raw)
        patterns_of(entry.grant)
    except (ValidationError, ValueError):
        raise Unfit("malformed") from None
    try:
        kind = kind_of(
            entry.type,
            entry.subject,
            key,
            place.partition,
            partitions,
            simulated=bool(entry.simulated),
            stack=simulated,
        )
    except Misplaced as misplaced:
        raise Unfit(misplaced.reason) from None
    return kind, entry


def pack(entry: Any, value: bytes, place: Place) -> bytes:
    """A checked entry as bytes for a sorter: what the model read beside the record itself."""
    recorded = _NONE if entry.recordedtime is None else from_datetime(entry.recordedtime)
    head = (place.offset, place.appended, from_datetime(entry.time), recorded, entry.sequence, entry.revision)
    return _HEAD.pack(*head, bool(entry.simulated)) + value


def unpack(packed: bytes, partition: int) -> Entry:
    """The entry that `pack` wrote, of a partition."""
    offset, appended, time, recorded, sequence, revision, simulated = _HEAD.unpack_from(packed)
    raw = orjson.loads(memoryview(packed)[_HEAD.size :])
    data = data_without_nulls(raw["data"])
    digest = ""
    if data is not None and "budget" in data and type(data["budget"]) is not int:
        # The models read "90" or 90.0 as minutes too; the hash is of what was sent.
        digest = hash_of(raw["type"], time, data)
        data["budget"] = int(float(data["budget"]))
    return Entry(
        Place(partition, offset, appended),
        raw["type"],
        raw["source"],
        raw["id"],
        raw["subject"],
        time,
        sequence,
        revision,
        data,
        raw.get("sender"),
        raw.get("grant"),
        None if recorded == _NONE else recorded,
        simulated,
        len(packed) - _HEAD.size,
        digest,
    )
