"""What was read back of one lifecycle partition, and whose last record may not be its newest. Pure: does no I/O.

Within a partition causes only grow while one process writes it. A record whose cause is below the highest read before
is a repeat (an owner began again from its checkpoint) or a stale one (a process that had stood still sent what it had
at hand); which of the two only the dossier's state can tell. Readers keep the newest cause, but compaction keeps the
last record.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

import orjson

from shared.contract.lifecycle import clock_key

__all__ = ["NO_CAUSE", "Barrier", "Causes", "Place", "Trail"]

#: Of a record that says no cause that can be true: nothing, other bytes, another partition's, beyond the journal.
NO_CAUSE: Final = -1


@dataclass(frozen=True, slots=True)
class Place:
    """How far a partition was read back, with nothing open before it.

    Attributes:
        at: offset of the next record of the lifecycle topic.
        high: highest cause read, NO_CAUSE before the first.
        clock: highest cause of a record of the partition's clock, NO_CAUSE before the first.
    """

    at: int = 0
    high: int = NO_CAUSE
    clock: int = NO_CAUSE


@dataclass(slots=True)
class Barrier:
    """What has to be read before suspects are judged.

    Attributes:
        next: rows of causes below this journal offset had been acknowledged.
        end: end of the lifecycle partition, asked after that; None until it is known.
    """

    next: int
    end: int | None = None


class Trail:
    """One partition.

    Args:
        partition: the partition.
        place: where the reading back stood.
    """

    def __init__(self, partition: int, place: Place) -> None:
        self.clock_key = clock_key(partition).encode()
        self.at = place.at
        self.high = place.high
        self.clock = place.clock
        #: Keys whose last record may not be their newest, with that record's cause.
        self.suspects: dict[bytes, int] = {}
        #: Set by who judges, its end by who reads.
        self.barrier: Barrier | None = None
        #: The last place with nothing open: a successor that goes on there finds all suspects again.
        self.safe = place

    @property
    def passed(self) -> bool:
        """Whether all up to the barrier was read."""
        barrier = self.barrier
        return barrier is not None and barrier.end is not None and self.at >= barrier.end

    def take(self, records: Iterable[tuple[bytes, int]], end: int) -> None:
        """Take records in the topic's order.

        Args:
            records: key and cause of each, NO_CAUSE where it says none.
            end: the journal partition's end, asked after they were written: a cause at or above it is false.
        """
        high, suspects, clock_key = self.high, self.suspects, self.clock_key
        for key, cause in records:
            if high <= cause < end:
                high = cause
                if suspects:
                    # Whatever the key's newest row was, it had been read, so that this one is as new.
                    suspects.pop(key, None)
                if key == clock_key:
                    self.clock = cause
            else:
                suspects[key] = cause if cause < end else NO_CAUSE
        self.high = high

    def read_to(self, at: int) -> None:
        """Everything before an offset of the topic was taken."""
        self.at = at
        if not self.suspects:
            self.safe = Place(at, self.high, self.clock)

    def clear(self, key: bytes) -> None:
        """A key's last record is its newest, or it has none that counts."""
        self.suspects.pop(key, None)


class Causes:
    """Tells causes of the records of one partition, from their bytes where they are as processing writes them.

    Args:
        epoch: the derivation.
        partition: the partition.
    """

    def __init__(self, epoch: int, partition: int) -> None:
        self._epoch = epoch
        self._partition = partition
        # Quotes inside of texts are escaped: these bytes cannot be part of one.
        self._mark = b'"data":{"cause":{"epoch":%d,"partition":%d,"offset":' % (epoch, partition)

    def __call__(self, key: bytes, value: bytes | None) -> int:
        """The journal offset a record names as its cause; NO_CAUSE where it is no record of its key, or none at all."""
        if value is None:
            return NO_CAUSE
        mark = value.find(self._mark)
        # Before it the key is a whole text only as the subject.
        if mark > 0 and value.find(b'"' + key + b'"', 0, mark) > 0:
            begin = mark + len(self._mark)
            digits = value[begin : value.find(b",", begin)]
            if digits.isdigit():
                return int(digits)
        return self._read(key, value)

    def _read(self, key: bytes, value: bytes) -> int:
        try:
            event: Any = orjson.loads(value)
            cause = event["data"]["cause"]
            ours = (cause["epoch"], cause["partition"], event["subject"].encode())
            offset = cause["offset"]
        except (orjson.JSONDecodeError, KeyError, TypeError, AttributeError, UnicodeEncodeError):
            return NO_CAUSE
        if ours != (self._epoch, self._partition, key) or type(offset) is not int or offset < 0:
            return NO_CAUSE
        return offset
