"""To which partitions of the next journal a record goes. Pure: takes records in the order they were written.

A case's records go to its partition. What stood in every partition once, stands in every one again, at the place of
its first sighting: also entered figures of before, which were told to all. What was a dead letter stays one.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import orjson

from shared.broker.partition import partition_of
from shared.broker.places import CLOCK_KEY, REFERENCE_KEY
from shared.contract.entries import ENTERED_TYPES

__all__ = ["Regrouping"]

#: Keys of records that go to every partition; a dossier, or the subject of a figure, may be called so, too.
_EVERYWHERE: Final = (CLOCK_KEY, REFERENCE_KEY)
_OF_DOSSIERS: Final = ("dossier.", "step.", "quality.", "petition.", "portal.")


class Regrouping:
    """One copy of a journal under way.

    Args:
        old: partitions it has.
        new: partitions it gets; more.
    """

    def __init__(self, old: int, new: int) -> None:
        self._old = old
        self._new = new
        #: How often each partition had a record that goes to all, for records not seen equally often everywhere.
        self._seen: dict[bytes, list[int]] = {}

    @property
    def unequal(self) -> int:
        """Records for all partitions that some have not, or not as often."""
        return len(self._seen)

    def targets(self, partition: int, key: bytes | None, value: bytes | None) -> Sequence[int]:
        """Partitions a record is to be written to; none where it stands there already.

        Args:
            partition: where it stands.
            key: its key.
            value: its value.
        """
        type_, subject = _read(value)
        if key in _EVERYWHERE and type_ and not _of_its_subject(type_, subject, key):
            return range(self._new) if self._first_sighting(partition, key + b"\0" + (value or b"")) else ()
        if subject is None or key != subject.encode("utf-8", "surrogatepass"):
            return (partition % self._new,)
        target = partition_of(subject, self._new)
        if partition_of(subject, self._old) != partition:
            # A dead letter for standing in a wrong partition.
            target = (target + 1) % self._new
        return (target,)

    def _first_sighting(self, partition: int, record: bytes) -> bool:
        """Whether this partition has a record more often than any had it so far: n repeats stay n repeats."""
        counts = self._seen.setdefault(record, [0] * self._old)
        first = counts[partition] == max(counts)
        counts[partition] += 1
        if min(counts) == max(counts):
            # All have it: what comes later is counted from the beginning, which keeps memory bounded.
            del self._seen[record]
        return first


def _of_its_subject(type_: str, subject: str | None, key: bytes) -> bool:
    """Whether an entry under a key of what goes everywhere has it as its subject's, by its type."""
    if type_ in ENTERED_TYPES:
        # Of before it had the key of reference data, whatever its subject.
        return subject is not None and subject.encode("utf-8", "surrogatepass") == key
    return type_.startswith(_OF_DOSSIERS)


def _read(value: bytes | None) -> tuple[str, str | None]:
    """Type and subject of an entry; empty and None where it says none."""
    try:
        entry = orjson.loads(value or b"")
    except orjson.JSONDecodeError:
        return "", None
    if not isinstance(entry, dict):
        return "", None
    type_, subject = entry.get("type"), entry.get("subject")
    return type_ if isinstance(type_, str) else "", subject if isinstance(subject, str) else None
