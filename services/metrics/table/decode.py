"""Lifecycle records as facts: reads only what the tables need, one record at a time, as declared.

Knows the wire form of shared.contract.lifecycle and the bounds of shared.contract.bounds; knows neither Kafka's client
nor any figure. A record that cannot be used is an Unusable with its reason, never anything else.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from operator import attrgetter
from typing import Any, Final, NamedTuple, Protocol, Union

import msgspec

from services.metrics.table.reading import Case, Instants, Reading, Record, facts, newest
from services.metrics.table.structs import ClockAdvanced, event_of
from shared.contract.bounds import checked_clock
from shared.contract.lifecycle import clock_key
from shared.populations.all import POPULATIONS

__all__ = ["STRUCTS", "Batch", "Decoder", "PartitionClock", "Unusable"]


class Unusable(Exception):  # noqa: N818 (what the record is)
    """A record that cannot be used.

    Attributes:
        reason: a code for counting, such as `malformed`.
        detail: what is wrong, for people; holds no data of the record.
    """

    def __init__(self, reason: str, detail: str) -> None:
        super().__init__(f"{reason}: {detail}")
        self.reason = reason
        self.detail = detail


class Keyed(Protocol):
    """What of a Kafka record is read."""

    @property
    def key(self) -> bytes | None:
        """Its key."""

    @property
    def value(self) -> bytes | None:
        """Its value."""


class PartitionClock(NamedTuple):
    """A partition's clock and the journal offset that set it."""

    offset: int
    clock: int


#: Records, each with what it says.
_Found = list[tuple[Keyed, Record | PartitionClock]]
_offset: Final = attrgetter("offset")
_EVENTS: Final = {event_of(population): population for population in POPULATIONS}
STRUCTS: Final = msgspec.json.Decoder(Union[ClockAdvanced, *_EVENTS])
#: Records read at a time: what they hold together stays in the processor's cache.
_AT_ONCE: Final = 64
#: A value that a message quotes.
_QUOTED: Final = re.compile(r"(?<=value )'.*'(?= - at|$)", re.DOTALL)


@dataclass(slots=True)
class Batch:
    """What some records of a topic come to.

    Attributes:
        ends: of the journal by partition, where they are known: no true cause lies beyond.
        latest: the last row of each case.
        clocks: partition and clock, as they were read.
        highest: the highest cause read, by partition; -1 where none was.
        rows: how many could be used, by partition.
        dead: records that cannot be used.
    """

    ends: Mapping[int, int] = field(default_factory=dict)
    latest: dict[Case, Record] = field(default_factory=dict)
    clocks: list[tuple[int, PartitionClock]] = field(default_factory=list)
    highest: dict[int, int] = field(default_factory=dict)
    rows: Counter[int] = field(default_factory=Counter)
    dead: list[tuple[Any, Unusable]] = field(default_factory=list)

    def facts(self) -> list[Any]:
        """The facts of the last rows, for their tables."""
        return facts(self.latest)


class Decoder:
    """Reads records of one epoch.

    Args:
        epoch: whose records these are; a record that names another is unusable.
    """

    def __init__(self, epoch: int) -> None:
        self._epoch = epoch
        self._instants = Instants()
        self._readings = {event: Reading(population, self._instants) for event, population in _EVENTS.items()}

    def __call__(self, partition: int, key: bytes | None, value: bytes | None) -> Any:
        """The facts or the clock in a record; of many records it is cheaper to `read_many`.

        Raises:
            Unusable: see read.
        """
        found = self.read(partition, key, value)
        return found if isinstance(found, PartitionClock) else found.reading.facts([found])[0]

    def read(self, partition: int, key: bytes | None, value: bytes | None) -> Record | PartitionClock:
        """The row or the clock in a record, valid in all that is kept of it.

        Raises:
            Unusable: the record is no lifecycle event of this epoch and partition.
        """
        found = self._form(partition, key, value)
        return _checked(found) if isinstance(found, Record) else found

    def read_many(self, batch: Batch, partition: int, records: Sequence[Keyed]) -> None:
        """Read records of a partition into a batch, each as by `read`.

        Of some at a time only what is newer than what the batch has is kept: what is let go of at once costs half.

        Args:
            batch: what it is read into.
            partition: whose records.
            records: any number, in their order.
        """
        for begin in range(0, len(records), _AT_ONCE):
            self._read_some(batch, partition, records[begin : begin + _AT_ONCE])

    def _read_some(self, batch: Batch, partition: int, records: Sequence[Keyed]) -> None:
        found: _Found = []
        for record in records:
            try:
                found.append((record, self._form(partition, record.key, record.value)))
            except Unusable as unusable:
                batch.dead.append((record, unusable))
        found = _with_instants(batch, found)
        if partition in batch.ends:
            found = _true(batch, found, batch.ends[partition])
        good = [one for _, one in found]
        rows = [one for one in good if isinstance(one, Record)]
        if len(rows) < len(good):
            batch.clocks += [(partition, one) for one in good if isinstance(one, PartitionClock)]
        batch.rows[partition] += len(rows)
        batch.highest[partition] = max(batch.highest.get(partition, -1), max(map(_offset, good), default=-1))
        newest(rows, batch.latest)

    def _form(self, partition: int, key: bytes | None, value: bytes | None) -> Record | PartitionClock:
        """The row or the clock in a record; the instants of a row are still to be looked at."""
        if value is None:
            raise Unusable("tombstone", "a record without value; the lifecycle topic has no tombstones")
        try:
            return self._read(STRUCTS.decode(value), partition, key)
        except msgspec.ValidationError as error:
            # The first thing wrong with it was found before its end: it may be no JSON at all.
            _check_json(value)
            raise Unusable("malformed", _QUOTED.sub("(…)", str(error))[:200]) from None
        except (msgspec.DecodeError, RecursionError) as error:
            raise Unusable("not_json", str(error)[:200]) from None
        except (ValueError, OverflowError) as error:
            raise _no_instant(error) from None

    def _read(self, event: Any, partition: int, key: bytes | None) -> Record | PartitionClock:
        data = event.data
        cause = data.cause
        if cause.epoch != self._epoch:
            raise Unusable("wrong_epoch", f"cause of epoch {cause.epoch} on the topic of epoch {self._epoch}")
        if cause.partition != partition:
            raise Unusable("wrong_partition", f"cause in partition {cause.partition}, record in {partition}")
        reading = self._readings.get(type(event))
        if reading is None:
            if key != clock_key(partition).encode():
                raise Unusable("wrong_key", "a partition's clock under another key")
            return PartitionClock(cause.offset, checked_clock(data.clock))
        row = data.row
        if key != reading.population.key(row.code).encode():
            raise Unusable("wrong_key", "a row under another key; compaction would lose one of them")
        return reading.record(row, partition, cause.offset, cause.index)


def _true(batch: Batch, found: _Found, end: int) -> _Found:
    """What does not claim a cause that the journal does not hold: that would hide the newest true row."""
    good = []
    for record, one in found:
        if one.offset < end:
            good.append((record, one))
        else:
            why = f"cause at offset {one.offset} of a journal that ends at {end}"
            batch.dead.append((record, Unusable("cause_beyond_journal", why)))
    return good


def _with_instants(batch: Batch, found: _Found) -> _Found:
    """What is no row, and rows whose instants are some."""
    by_population: dict[Reading, list[Any]] = {}
    for _, one in found:
        if isinstance(one, Record):
            by_population.setdefault(one.reading, []).append(one.row)
    try:
        for reading, rows in by_population.items():
            reading.check(rows)
    except (ValueError, OverflowError):
        # One of them is none: which?
        good: _Found = []
        for record, one in found:
            try:
                good.append((record, _checked(one) if isinstance(one, Record) else one))
            except Unusable as unusable:
                batch.dead.append((record, unusable))
        return good
    return found


def _checked(record: Record) -> Record:
    """A row whose instants are some.

    Raises:
        Unusable: one is none.
    """
    try:
        record.reading.check([record.row])
    except (ValueError, OverflowError) as error:
        raise _no_instant(error) from None
    return record


def _no_instant(error: Exception) -> Unusable:
    # Texts of instants are no personal data.
    return Unusable("malformed", f"instant: {error}"[:200])


def _check_json(value: bytes) -> None:
    """Refuse what is no JSON.

    Raises:
        Unusable: it is none.
    """
    try:
        msgspec.json.decode(value)
    except (msgspec.DecodeError, RecursionError) as error:
        raise Unusable("not_json", str(error)[:200]) from None
