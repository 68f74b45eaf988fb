"""Reads the agencies' outboxes: which are there, a portion of each at a time, how far each is done. Judges no message.

A portion that cannot be finished holds its own outbox only, and comes again. Every outbox is asked for by itself: asked
for together, one whose records cannot be read would take the others' records with it (docs/decisions/0009).

Outboxes are read committed: what an agency's producer rolled back was never said. Our own topics are read uncommitted,
where an open transaction would hold processing or metrics; only we write to them (shared/broker/transactions.py).
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Collection
from contextlib import suppress
from typing import Any, Final

from aiokafka import AIOKafkaConsumer, ConsumerRebalanceListener, TopicPartition
from aiokafka.errors import IllegalStateError, KafkaError

from services.intake.agencies.entries import AgencyEntries
from services.intake.agencies.state.holding import Holding
from services.intake.agencies.state.losses import Losses
from services.intake.agencies.state.outbox import Outbox
from services.intake.agencies.state.unread import Unread
from services.intake.agencies.voice import AgencyVoice
from services.intake.senders.store import StoreAway
from shared.broker.kafka import make_consumer, stop_client
from shared.broker.topics import OUTBOX_PATTERN, outbox_unit
from shared.catalogue.base import Meters
from shared.logging import get_logger
from shared.problems.problem import Problem

__all__ = ["GROUP", "AgencyReader"]

GROUP: Final = "motcua-intake-agencies"
_log = get_logger("intake.agencies")
#: Messages of one outbox done at a time, and bytes fetched of each.
_PORTION: Final = 400
_FETCH_BYTES: Final = 262_144
#: Seconds between two looks, and where there is no outbox; a portion done is followed by a look at once.
_LOOK_SECONDS: Final = 0.05
_REST_SECONDS: Final = 1.0
#: After how many milliseconds a new outbox is found.
_METADATA_MS: Final = 3_000
#: Seconds until an outbox is tried again: after a portion was not finished, and where its records cannot be read.
_AGAIN_SECONDS: Final = 1.0
_UNREADABLE_SECONDS: Final = 10.0
_MEASURE_SECONDS: Final = 5.0
_ANSWER_SECONDS: Final = 5.0
#: An outbox that is held polls nothing, which must not cost the membership.
_IDLE_MS: Final = 86_400_000


class AgencyReader(ConsumerRebalanceListener):  # type: ignore[misc]  # aiokafka carries no types
    """A member of the group that reads all outboxes; one generation of clients after the other.

    Args:
        bootstrap: Kafka bootstrap servers.
        make_entries: what does the work, for a voice.
        meters: intake's metrics.
        holding: what transactions hold.
        losses: told of what the broker deleted unread.
        group: the consumer group.
        pattern: which topics are outboxes, as a whole name.
    """

    def __init__(
        self,
        bootstrap: str,
        make_entries: Callable[[AgencyVoice], AgencyEntries],
        meters: Meters,
        holding: Holding,
        losses: Losses,
        *,
        group: str = GROUP,
        pattern: str = OUTBOX_PATTERN,
    ) -> None:
        self._bootstrap = bootstrap
        self._make_entries = make_entries
        self._holding = holding
        self._losses = losses
        self._group = group
        self._pattern = f"^(?:{pattern})$"
        self._unread = Unread(meters)
        self._outboxes: dict[TopicPartition, Outbox] = {}
        self._done: dict[TopicPartition, int] = {}
        self._look = asyncio.Event()
        self._consumer: Any = None
        self._entries: AgencyEntries | None = None

    async def run(self) -> None:
        """Read until cancelled; whatever fails, clients are made anew."""
        while True:
            try:
                await self._serve()
            except (KafkaError, TimeoutError, OSError) as error:
                _log.warning("outboxes are not read", error=f"{type(error).__name__}: {error}"[:200])
            await asyncio.sleep(_AGAIN_SECONDS)

    def notes(self) -> list[str]:
        """What is held, and why, in a few words each."""
        now = time.monotonic()
        held = [note for _, each in sorted(self._outboxes.items()) for note in each.notes(now)]
        return self._holding.notes() + held

    async def on_partitions_revoked(self, revoked: Collection[TopicPartition]) -> None:  # noqa: ARG002 (all are)
        """What is in hand is left: whoever reads on does it again, under the same identities."""
        await self._leave()

    async def on_partitions_assigned(self, assigned: Collection[TopicPartition]) -> None:
        """Nothing is known of an outbox before it is read."""
        self._outboxes = {place: Outbox(outbox_unit(place.topic) or place.topic) for place in assigned}
        self._holding.keep(assigned)
        self._look.set()
        _log.info("outboxes", units=sorted({each.unit for each in self._outboxes.values()}))

    async def _serve(self) -> None:
        voice = AgencyVoice(self._bootstrap)
        consumer = self._consumer = make_consumer(
            self._bootstrap,
            self._group,
            group=self._group,
            auto_offset_reset="earliest",
            isolation_level="read_committed",
            metadata_max_age_ms=_METADATA_MS,
            max_partition_fetch_bytes=_FETCH_BYTES,
            max_poll_interval_ms=_IDLE_MS,
            session_timeout_ms=10_000,
        )
        self._entries = self._make_entries(voice)
        measuring: asyncio.Task[None] | None = None
        try:
            await voice.start()
            consumer.subscribe(pattern=self._pattern, listener=self)
            await consumer.start()
            measuring = asyncio.create_task(self._measure(consumer), name="outboxes")
            while True:
                self._look.clear()
                if measuring.done():
                    measuring.result()
                await self._round(consumer)
                await self._commit(consumer)
                with suppress(TimeoutError):
                    async with asyncio.timeout(_LOOK_SECONDS if self._outboxes else _REST_SECONDS):
                        await self._look.wait()
        finally:
            if measuring is not None:
                measuring.cancel()
            await self._leave()
            await stop_client(consumer)
            await voice.close()

    async def _leave(self) -> None:
        """Give up what is in hand, and note how far the rest is done."""
        tasks = [each.task for each in self._outboxes.values() if each.task is not None]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await self._commit(self._consumer)
        self._outboxes, self._done = {}, {}

    async def _round(self, consumer: AIOKafkaConsumer) -> None:
        """Begin a portion of every outbox that has one and is not busy with another."""
        if not self._outboxes:
            # Asked for nothing for long, a member is taken for stuck. Without outboxes there is nothing to lose by it.
            await consumer.getmany(timeout_ms=0)
        now, asked = time.monotonic(), False
        for place, outbox in list(self._outboxes.items()):
            if outbox.task is not None or outbox.again_at > now or self._outboxes.get(place) is not outbox:
                continue
            with suppress(IllegalStateError, AssertionError):  # it is another replica's by now
                highwater = consumer.highwater(place)
                if highwater is None or (asked and outbox.next is not None and highwater <= outbox.next):
                    continue
                async with asyncio.timeout(_ANSWER_SECONDS):
                    position = await consumer.position(place)
                if not await self._told(place, outbox, position):
                    continue
                outbox.next = position
                self._note_read(place, outbox, position)
                self._holding.look(place, position, consumer.last_stable_offset(place), highwater)
                if highwater > position or not asked:
                    asked = True
                    await self._begin(consumer, place, outbox, position)

    async def _told(self, place: TopicPartition, outbox: Outbox, position: int) -> bool:
        """Whether all before a position was read or is told as lost; otherwise it is held until it is."""
        expected = outbox.next
        try:
            async with asyncio.timeout(_ANSWER_SECONDS):
                expected = await self._consumer.committed(place) if expected is None else expected
                await self._losses.look(self._consumer, place, expected, position)
        except StoreAway as error:
            self._hold(place, outbox, position, error, _AGAIN_SECONDS)
            outbox.next = expected
            return False
        if expected is None:
            self._done[place] = position
        return True

    def _note_read(self, place: TopicPartition, outbox: Outbox, position: int) -> None:
        """Note that what is behind the last message, the end of a transaction, is passed too: else it looks unread."""
        if outbox.noted is not None and position > outbox.noted:
            self._done[place] = position
        outbox.noted = position

    async def _begin(self, consumer: AIOKafkaConsumer, place: TopicPartition, outbox: Outbox, position: int) -> None:
        try:
            records = (await consumer.getmany(place, timeout_ms=0, max_records=_PORTION)).get(place, [])
        except KafkaError as error:  # what was read before the unreadable records is asked for again
            self._hold(place, outbox, position, error, _UNREADABLE_SECONDS)
            return
        if records and records[0].offset > position and not await self._told(place, outbox, records[0].offset):
            return
        if records and self._outboxes.get(place) is outbox:
            outbox.first, outbox.next = records[0].offset, records[-1].offset + 1
            outbox.waits_since = outbox.waits_since or time.monotonic()
            outbox.task = asyncio.create_task(self._work(place, outbox, records))

    async def _work(self, place: TopicPartition, outbox: Outbox, records: list[Any]) -> None:
        entries = self._entries
        assert entries is not None  # noqa: S101 (made before anything is read)
        try:
            owing = await entries.take(outbox.unit, records, outbox.progress)
        except Exception as error:  # noqa: BLE001
            # Whatever it is, nothing after this portion is read before it is done.
            if not isinstance(error, Problem | KafkaError | TimeoutError | OSError):
                _log.exception("a portion of an outbox failed", unit=outbox.unit)
            self._hold(place, outbox, records[0].offset, error, _AGAIN_SECONDS)
        else:
            if outbox.why is not None:
                _log.info("outbox goes on", unit=outbox.unit)
            self._done[place] = outbox.noted = records[-1].offset + 1
            outbox.first = outbox.waits_since = outbox.why = None
            outbox.slow(owing, time.monotonic())
        finally:
            outbox.task = None
            self._look.set()

    def _hold(self, place: TopicPartition, outbox: Outbox, position: int, error: Exception, seconds: float) -> None:
        """Read an outbox from a position again, after some seconds."""
        why = error.body("en")["detail"] if isinstance(error, Problem) else f"{type(error).__name__}: {error}"[:200]
        if outbox.why is None:
            _log.warning("outbox held", unit=outbox.unit, offset=position, why=why)
        now = time.monotonic()
        outbox.first = outbox.next = position
        outbox.why, outbox.again_at = why, now + seconds
        outbox.waits_since = outbox.waits_since or now
        with suppress(IllegalStateError):  # it is another replica's by now
            self._consumer.seek(place, position)

    async def _commit(self, consumer: AIOKafkaConsumer) -> None:
        """Note how far outboxes are done. What is not noted is done again, under the same identities."""
        done, self._done = {place: at for place, at in self._done.items() if place in self._outboxes}, {}
        if not done:
            return
        try:
            async with asyncio.timeout(_ANSWER_SECONDS):
                await consumer.commit(done)
        except IllegalStateError:
            _log.info("outboxes are another replica's by now", units=sorted(place.topic for place in done))
        except (KafkaError, TimeoutError) as error:
            _log.warning("not noted how far outboxes are done", error=type(error).__name__)
            self._done = done | self._done

    async def _measure(self, consumer: AIOKafkaConsumer) -> None:
        while True:
            with suppress(KafkaError, TimeoutError, IllegalStateError, AssertionError):
                await self._measure_once(consumer)
            await asyncio.sleep(_MEASURE_SECONDS)

    async def _measure_once(self, consumer: AIOKafkaConsumer) -> None:
        places = list(self._outboxes)
        async with asyncio.timeout(_ANSWER_SECONDS):
            ends = await consumer.end_offsets(places) if places else {}
        unread: dict[str, tuple[int, float]] = {}
        now = time.monotonic()
        for place, end in ends.items():
            if (outbox := self._outboxes.get(place)) is None:
                continue
            first = outbox.first
            if first is None:
                async with asyncio.timeout(_ANSWER_SECONDS):
                    first = await consumer.position(place)
            if end <= first:
                outbox.waits_since = None
            elif outbox.waits_since is None:
                outbox.waits_since = now
            waits = 0.0 if outbox.waits_since is None else now - outbox.waits_since
            count, longest = unread.get(outbox.unit, (0, 0.0))
            unread[outbox.unit] = (count + max(0, end - first), max(longest, waits))
        self._holding.measure(self._outboxes)
        self._unread.show(unread)
