"""Since when an outbox is held by a transaction that has not ended, for health and metrics. Reads no topic itself.

Outboxes are read committed, so what stands behind an open transaction waits, even what others sent. That is the
agency's to end, not intake's fault: it is no backlog, and is told apart from one.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final
from zoneinfo import ZoneInfo

from aiokafka import TopicPartition

from shared.broker.topics import outbox_unit
from shared.catalogue.base import Meters
from shared.clock import Clock
from shared.instants import SECOND, to_rfc3339_local
from shared.logging import get_logger
from shared.notes import Note

__all__ = ["Holding"]

_log = get_logger("intake.agencies")
#: Seconds for which an outbox is held before people are told: a transaction that goes well takes less.
_TELL_SECONDS: Final = 5.0


@dataclass(frozen=True, slots=True)
class _HeldBack:
    """By the transaction that begins at `offset`, since an instant in UTC microseconds."""

    offset: int
    since: int


class Holding:
    """The outboxes of one replica.

    Args:
        clock: the wall clock.
        zone: the stack's zone, in which people are told of instants.
        meters: intake's metrics.
    """

    def __init__(self, clock: Clock, zone: ZoneInfo, meters: Meters) -> None:
        self._clock = clock
        self._zone = zone
        self._seconds = meters.gauge("motcua_intake_agency_transaction_seconds")
        self._held: dict[TopicPartition, _HeldBack] = {}
        self._told: set[TopicPartition] = set()

    def look(self, place: TopicPartition, position: int, stable: int | None, end: int) -> None:
        """Note what a fetch showed.

        Args:
            place: the outbox.
            position: offset of what is read next.
            stable: offset before which every transaction has ended, None from a broker without transactions.
            end: the offset after the last record.
        """
        before = self._held.get(place)
        if stable is None or stable >= end or position < stable:
            # Where something can be read still, the transaction holds nothing yet.
            if before is not None and (stable is None or stable > before.offset):
                self._go_on(place)
        elif before is None or before.offset != stable:
            self._go_on(place)
            self._held[place] = _HeldBack(stable, self._clock.now())

    def keep(self, places: Iterable[TopicPartition]) -> None:
        """Forget the outboxes that are another replica's by now."""
        for place in self._held.keys() - set(places):
            del self._held[place]
            self._told.discard(place)

    def notes(self) -> list[str]:
        """Which outboxes are held, since when, and what to do."""
        return [
            self._note(place, held) for place, held in sorted(self._held.items()) if self._since(held) >= _TELL_SECONDS
        ]

    def measure(self, places: Iterable[TopicPartition]) -> None:
        """Set the gauge of every outbox, and log those that people are to be told of."""
        self._seconds.clear()
        for place in places:
            held = self._held.get(place)
            seconds = 0.0 if held is None else self._since(held)
            self._seconds.labels(outbox_unit(place.topic) or place.topic).set(seconds)
            if held is not None and seconds >= _TELL_SECONDS and place not in self._told:
                self._told.add(place)
                _log.warning("an open transaction holds an outbox", topic=place.topic, offset=held.offset)

    def _since(self, held: _HeldBack) -> float:
        return max(0, self._clock.now() - held.since) / SECOND

    def _go_on(self, place: TopicPartition) -> None:
        self._held.pop(place, None)
        if place in self._told:
            self._told.discard(place)
            _log.info("the transaction that held an outbox has ended", topic=place.topic)

    def _note(self, place: TopicPartition, held: _HeldBack) -> Note:
        unit = outbox_unit(place.topic) or place.topic
        since, seconds = to_rfc3339_local(held.since // SECOND * SECOND, self._zone), self._since(held)
        abort = (
            f"`kafka-transactions.sh abort --topic {place.topic} --partition {place.partition} "
            f"--start-offset {held.offset}`"
        )
        return Note(
            f"the outbox of {unit} is held by an open transaction, begun at offset {held.offset}, since {since} "
            f"({seconds:.0f} s); what stands behind it waits, other outboxes go on",
            "commit or abort it in the agency's software; the broker aborts it by itself after the producer's "
            f"transaction.timeout.ms; one that stays for ever is ended by {abort}",
            vi=f"hộp gửi của {unit} bị giữ bởi một giao dịch chưa kết thúc, bắt đầu ở offset {held.offset}, từ {since} "
            f"({seconds:.0f} giây); những gì đứng sau nó phải chờ, các hộp gửi khác vẫn chạy",
            vi_remedy="hãy commit hoặc abort giao dịch trong phần mềm của cơ quan; Kafka tự hủy nó sau "
            f"transaction.timeout.ms của bên gửi; nếu vẫn còn mãi thì kết thúc bằng {abort}",
        )
