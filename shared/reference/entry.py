"""A reference entry as the services keep it: checked by the contract once, then plain values with identity and digest.

Pure. Knows the contract; knows nothing of which entries hold, nor of what they mean for a dossier.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import Any, Final

import orjson

from shared.contract.entries import (
    CLOCK_TYPES,
    ENTRY_ADAPTER,
    REFERENCE_TYPES,
    TYPE_RANK,
    data_without_nulls,
    hash_of,
)
from shared.contract.envelope import Data
from shared.instants import from_datetime

__all__ = ["REVISABLE_TYPES", "Identity", "OrderKey", "ReferenceEntry"]

#: Types of the entries a reference set is made of: all reference types but the clock's.
REVISABLE_TYPES: Final = REFERENCE_TYPES - CLOCK_TYPES

#: (subject, source, id): what a correction or a withdrawal names again.
Identity = tuple[str, str, str]
#: (time, sequence, rank of the type, source, id, subject, revision, hash): the one order of reference entries.
OrderKey = tuple[int, int, int, str, str, str, int, str]


@dataclass(frozen=True, slots=True)
class ReferenceEntry:
    """One received reference entry.

    Attributes:
        time: UTC microseconds: since when it applies (docs/rules.md, "Reference data").
        data: the entry's data without null members as sent; None withdraws the identity.
        hash: content hash of the contract (type, time, data).
        value: the bytes of the journal record. Who sent and recorded it stands only here, and decides nothing.
        model: the data as the contract's model reads them.
        digest: SHA-256 hex over identity, revision, content and sequence; equal digests are the same report.
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
    value: bytes = field(repr=False, compare=False)
    model: Data | None = field(repr=False, compare=False)
    digest: str = field(init=False, compare=False)

    def __post_init__(self) -> None:
        # `sequence` is no part of the content, yet orders entries.
        told = orjson.dumps([self.source, self.id, self.subject, self.revision, self.sequence, self.hash])
        object.__setattr__(self, "digest", hashlib.sha256(told).hexdigest())

    @classmethod
    def of(cls, value: bytes) -> ReferenceEntry:
        """The entry in a journal record.

        Raises:
            ValueError: the bytes are no entry of the contract, or one of a dossier or of the clock.
        """
        raw = orjson.loads(value)
        entry = ENTRY_ADAPTER.validate_python(raw)
        if entry.type not in REVISABLE_TYPES:
            raise ValueError(f"{entry.type} is no reference entry; these are: {', '.join(sorted(REVISABLE_TYPES))}")
        data = data_without_nulls(raw["data"])
        time = from_datetime(entry.time)
        return cls(
            entry.type,
            entry.source,
            entry.id,
            entry.subject,
            time,
            entry.sequence,
            entry.revision,
            data,
            hash_of(entry.type, time, data),
            value,
            entry.data,
        )

    @property
    def identity(self) -> Identity:
        """What a correction or a withdrawal of this entry names again."""
        return (self.subject, self.source, self.id)

    @property
    def order(self) -> OrderKey:
        """The place among all reference entries."""
        rank = TYPE_RANK[self.type]
        return (self.time, self.sequence, rank, self.source, self.id, self.subject, self.revision, self.hash)

    @property
    def precedence(self) -> tuple[int, str, int]:
        """Of the entries of one identity the one with the least holds.

        That is the highest revision, of one revision the smallest content hash, of one content the smallest sequence.
        """
        return (-self.revision, self.hash, self.sequence)

    def beats(self, other: ReferenceEntry) -> bool:
        """Whether of two entries of one identity this one holds."""
        return self.precedence < other.precedence
