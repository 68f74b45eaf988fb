"""A journal entry as the engine keeps it: checked once, then plain values with its sort key and content hash.

Pure: knows the contract, no state, no clock, no I/O. Bytes that are not an entry are told by a reason code.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import orjson
from pydantic import ValidationError

from services.processing.entitling.covering import grant_in_entry
from shared.contract.entries import ENTRY_ADAPTER, ENTRY_MODELS, TYPE_RANK, data_without_nulls, hash_of
from shared.instants import from_datetime

__all__ = ["EntryRecord", "SortKey", "Unreadable", "from_stored", "read_entry", "to_stored"]

#: (time, sequence, rank of the type, source, id): the order of a dossier's entries (docs/rules.md, "Entries").
SortKey = tuple[int, int, int, str, str]


class Unreadable(Exception):  # noqa: N818  (named by what it tells)
    """Bytes that are no entry of the contract.

    Attributes:
        reason: `not_json`, `malformed` or `unknown_type`; a dead letter carries it.
        detail: what is wrong and where, without the offending value (it could be personal).
    """

    def __init__(self, reason: str, detail: str) -> None:
        super().__init__(f"{reason}: {detail}")
        self.reason = reason
        self.detail = detail


@dataclass(frozen=True, slots=True)
class EntryRecord:
    """One received entry. Times in UTC microseconds; `data` is free of null members, None withdraws the identity.

    `hash` is the content hash of the contract (type, time, data); `offset` the journal position it was read at, which
    no fact depends on. `grant` says which units its sender's key covered (shared/access/patterns.py), None: all of
    them, also where intake stamped none.
    """

    type: str
    source: str
    id: str
    subject: str
    time: int
    sequence: int
    revision: int
    data: dict[str, Any] | None
    hash: str
    sender: str | None
    recorded: int | None
    simulated: bool
    offset: int
    grant: str | None = None
    key: SortKey = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        key = (self.time, self.sequence, TYPE_RANK[self.type], self.source, self.id)
        object.__setattr__(self, "key", key)


def read_entry(value: bytes, offset: int) -> EntryRecord:
    """The entry in a journal record, checked by the contract's models as intake checked it.

    Args:
        value: the record's bytes.
        offset: its journal position.

    Raises:
        Unreadable: the bytes are not JSON, of no known type, or not of their type's form.
    """
    try:
        raw = orjson.loads(value)
    except orjson.JSONDecodeError as error:
        raise Unreadable("not_json", f"position {error.pos}: {error.msg}") from None
    if not isinstance(raw, dict):
        raise Unreadable("malformed", f"an entry is a JSON object, this is {type(raw).__name__}")
    type_ = raw.get("type")
    if not isinstance(type_, str) or type_ not in ENTRY_MODELS:
        raise Unreadable("unknown_type", f"type is none of the {len(ENTRY_MODELS)} entry types of the contract")
    try:
        entry = ENTRY_ADAPTER.validate_python(raw)
    except ValidationError as error:
        raise Unreadable("malformed", _where(error)) from None
    try:
        grant = grant_in_entry(entry.grant)
    except ValueError:
        raise Unreadable("malformed", "grant: a JSON list of patterns of units, as text") from None
    data = data_without_nulls(raw["data"])
    time = from_datetime(entry.time)
    digest = hash_of(type_, time, data)
    if data is not None and "budget" in data and type(data["budget"]) is not int:
        # The models read "90" or 90.0 as minutes too; facts compute with the number, the hash keeps what was sent.
        data["budget"] = entry.data.budget
    return EntryRecord(
        type_,
        entry.source,
        entry.id,
        entry.subject,
        time,
        entry.sequence,
        entry.revision,
        data,
        digest,
        entry.sender,
        None if entry.recordedtime is None else from_datetime(entry.recordedtime),
        bool(entry.simulated),
        offset,
        grant,
    )


def to_stored(record: EntryRecord) -> list[Any]:
    """A compact JSON-able form for the state document; `from_stored` reads it."""
    return [
        record.type,
        record.source,
        record.id,
        record.subject,
        record.time,
        record.sequence,
        record.revision,
        record.data,
        record.hash,
        record.sender,
        record.recorded,
        record.simulated,
        record.offset,
        record.grant,
    ]


def from_stored(stored: list[Any]) -> EntryRecord:
    """The entry written by `to_stored`."""
    return EntryRecord(*stored)


def _where(error: ValidationError) -> str:
    problems = error.errors(include_url=False, include_context=False, include_input=False)
    told = [f"{'.'.join(str(part) for part in problem['loc'])}: {problem['type']}" for problem in problems[:5]]
    more = len(problems) - len(told)
    return "; ".join(told) + (f"; and {more} more" if more else "")
