"""Reference entries on their way to every partition: parcels of exact bytes, and which partitions have them. Pure.

A parcel is what is stored, sent to a partition as one record batch, and noted as there, all at once.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

__all__ = ["LARGEST_PARCEL", "Parcel", "Place", "divide"]

#: Bytes of a parcel's entries with what the log adds: it must fit into one record batch (services/intake/journal.py).
LARGEST_PARCEL: Final = 450_000
_MOST_ENTRIES: Final = 1_000
#: Bytes a record batch adds to a value, key included; amply.
_RECORD_BYTES: Final = 64


@dataclass(frozen=True, slots=True)
class Place:
    """Where an accepted entry stands: the number of its parcel, and its index there."""

    number: int
    index: int


@dataclass(slots=True)
class Parcel:
    """Accepted entries and what is known of their way.

    Attributes:
        number: its place in the order of acceptance, from 1, without gaps.
        values: the exact bytes of the journal records.
        accepted_at: when it was stored; UTC microseconds.
        todo: partitions that are not known to have it.
        first: offset of its first entry, by partition that has it; the others follow without gaps.
        unrecorded: partitions that have it, which the database has not been told yet.
    """

    number: int
    values: tuple[bytes, ...]
    accepted_at: int
    todo: set[int]
    first: dict[int, int] = field(default_factory=dict)
    unrecorded: set[int] = field(default_factory=set)

    @property
    def everywhere(self) -> bool:
        """Whether every partition has it."""
        return not self.todo

    def confirm(self, partition: int, first: int) -> None:
        """A partition has it, from this offset on."""
        self.todo.discard(partition)
        self.first[partition] = first
        self.unrecorded.add(partition)

    def learn(self, first: dict[int, int]) -> None:
        """What the database says of partitions that have it; it may have been another replica that sent it."""
        for partition, offset in first.items():
            if partition in self.todo:
                self.todo.discard(partition)
                self.first[partition] = offset

    def positions(self, index: int) -> dict[int, int]:
        """Offset of one of its entries, by partition that has it."""
        return {partition: first + index for partition, first in sorted(self.first.items())}


def divide(values: Sequence[bytes]) -> Iterator[tuple[bytes, ...]]:
    """Entries in parcels, in their order."""
    parcel: list[bytes] = []
    size = 0
    for value in values:
        length = len(value) + _RECORD_BYTES
        if parcel and (size + length > LARGEST_PARCEL or len(parcel) == _MOST_ENTRIES):
            yield tuple(parcel)
            parcel, size = [], 0
        parcel.append(value)
        size += length
    if parcel:
        yield tuple(parcel)
