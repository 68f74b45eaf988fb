"""Lifecycle records as facts: reads only what the tables need, one record at a time, as declared.

Knows the wire form of shared.contract.lifecycle and the bounds of shared.contract.bounds; knows neither Kafka's client
nor any figure. A record that cannot be used is an Unusable with its reason, never anything else.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any, Final, NamedTuple, Union

import msgspec

from services.metrics.table.reading import Instants, Reading, Record, newest
from services.metrics.table.structs import ClockAdvanced, event_of
from shared.contract.bounds import checked_clock
from shared.contract.lifecycle import clock_key
from shared.populations.all import POPULATIONS

__all__ = ["STRUCTS", "Decoder", "PartitionClock", "Unusable"]


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


class PartitionClock(NamedTuple):
    """A partition's clock and the journal offset that set it."""

    offset: int
    clock: int


_EVENTS: Final = {event_of(population): population for population in POPULATIONS}
STRUCTS: Final = msgspec.json.Decoder(Union[ClockAdvanced, *_EVENTS])
#: A value that a message quotes.
_QUOTED: Final = re.compile(r"(?<=value )'.*'(?= - at|$)", re.DOTALL)


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
        """The facts or the clock in a record; of many records it is cheaper to `read` each and build `facts` of all.

        Raises:
            Unusable: see read.
        """
        found = self.read(partition, key, value)
        return found if isinstance(found, PartitionClock) else self.facts([found])[0]

    @staticmethod
    def facts(records: Iterable[Record]) -> list[Any]:
        """The facts of the last row of each case among some records, by its cause."""
        return newest(records)

    def read(self, partition: int, key: bytes | None, value: bytes | None) -> Record | PartitionClock:
        """The row or the clock in a record, valid in all that is kept of it.

        Raises:
            Unusable: the record is no lifecycle event of this epoch and partition.
        """
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
            # Only instants are read beyond the structs; their texts are no personal data.
            raise Unusable("malformed", f"instant: {error}"[:200]) from None

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


def _check_json(value: bytes) -> None:
    """Refuse what is no JSON.

    Raises:
        Unusable: it is none.
    """
    try:
        msgspec.json.decode(value)
    except (msgspec.DecodeError, RecursionError) as error:
        raise Unusable("not_json", str(error)[:200]) from None
