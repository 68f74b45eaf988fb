"""Keeps a register of the dead letters: reads their topic, stores them, deletes old ones, tells how many are open.

Knows nothing of replaying. Nothing is passed over: while the database is away the reading waits, and says so.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import replace
from typing import Any, Final

from aiokafka.errors import KafkaError
from faststream import AckPolicy
from faststream.kafka import KafkaBroker, KafkaMessage

from services.intake.deadletters.letters import read_letter
from services.intake.deadletters.store import DeadLetterStore, Group
from services.intake.senders.store import StoreAway
from shared.broker.kafka import servers, stop_client
from shared.broker.topics import DEADLETTER
from shared.catalogue.base import Meters
from shared.clock import Clock
from shared.instants import DAY, SECOND
from shared.logging import get_logger

__all__ = ["GROUP", "Register"]

#: All replicas of intake share it: each letter is registered by one of them.
GROUP: Final = "motcua-intake-deadletters"
_log = get_logger("intake.deadletters")
_MOST: Final = 50
_FETCH_BYTES: Final = 4_194_304
_PAUSE_SECONDS: Final = 1.0
_START_SECONDS: Final = 3.0
_STOP_SECONDS: Final = 5.0
_SWEEP_SECONDS: Final = 600.0
_LOOK_SECONDS: Final = 5.0
#: Seconds between two looks at whether the reading gets on; a client that does not is started again.
_WATCH_SECONDS: Final = 20.0
#: Counting reads the whole register: at most so much of the time.
_SHARE: Final = 20
#: Services and reasons named by the gauge; what more there are, forged ones for instance, are counted together.
_MOST_GROUPS: Final = 100
#: A reader that waits for the database polls nothing and must not cost the membership.
_IDLE_MS: Final = 86_400_000


async def _raw(message: Any) -> Any:
    """The body as it came: decoding is per record, so that one bad record does not cost its batch."""
    return message.body


async def _without_headers(records: Any, parse: Callable[[Any], Awaitable[Any]]) -> Any:
    """The batch parsed without headers: one that is no text would cost the batch, one named reply_to send an answer."""
    return await parse(tuple(replace(record, headers=()) for record in records))


class Register:
    """The reading and keeping of one replica.

    Args:
        kafka: bootstrap servers.
        store: where letters are kept.
        clock: the wall clock.
        meters: intake's metrics.
        days: how long a letter is kept after it was last seen.
        topic: the topic of dead letters.
        group: consumer group.
    """

    def __init__(
        self,
        kafka: str,
        store: DeadLetterStore,
        clock: Clock,
        meters: Meters,
        *,
        days: int,
        topic: str = DEADLETTER,
        group: str = GROUP,
    ) -> None:
        self._store = store
        self._clock = clock
        self._days = days
        self._topic = topic
        self._open = meters.gauge("motcua_intake_deadletters")
        self._oldest = meters.gauge("motcua_intake_deadletters_oldest_seconds")
        self._deleted = meters.counter("motcua_intake_deadletters_deleted_total")
        self._told: set[tuple[str, str]] = set()
        self._stopping = asyncio.Event()
        self._away: str | None = None
        self._waiting: str | None = None
        self._swept_at: float | None = None
        self._news = asyncio.Event()
        self._busy = False
        #: A broker of its own: a topic that is not there keeps it from starting, which must not stop the probes.
        self.broker = KafkaBroker(
            servers(kafka),
            client_id="motcua-intake-deadletters",
            request_timeout_ms=10_000,
            retry_backoff_ms=100,
            metadata_max_age_ms=30_000,
            allow_auto_create_topics=False,
            logger=None,
        )
        self._subscriber = self.broker.subscriber(
            topic,
            batch=True,
            group_id=group,
            auto_offset_reset="earliest",
            parser=_without_headers,
            decoder=_raw,
            no_reply=True,
            ack_policy=AckPolicy.MANUAL,
            max_records=_MOST,
            batch_timeout_ms=200,
            max_partition_fetch_bytes=_FETCH_BYTES,
            max_poll_interval_ms=_IDLE_MS,
            include_in_schema=False,
        )
        self._subscriber(self._take)

    async def run(self) -> None:
        """Read and keep until cancelled; whatever is away, it waits and goes on."""
        self._stopping.clear()
        reading = asyncio.create_task(self._read(), name="deadletters-reading")
        try:
            while True:
                self._news.clear()
                if reading.done():
                    reading.result()
                await asyncio.sleep(_SHARE * await self._keep())
                with suppress(TimeoutError):
                    async with asyncio.timeout(_LOOK_SECONDS):
                        await self._news.wait()
        finally:
            self._stopping.set()
            reading.cancel()
            await asyncio.gather(reading, return_exceptions=True)
            await stop_client(self.broker)

    def notes(self) -> list[str]:
        """What keeps letters from being registered, in a few words each."""
        return [note for note in (self._away, self._waiting) if note is not None]

    async def look(self) -> None:
        """Delete what is too old and count what is open, now. Raises StoreAway."""
        await self._sweep()
        self._tell(await self._store.summary())

    async def _read(self) -> None:
        """Begin to read, as often as it takes: the topic may not be there yet, the broker be away, a client hang."""
        while True:
            try:
                await self.broker.start()
                self._away = None
                await self._watch()
            except (KafkaError, TimeoutError, OSError) as error:
                words = f"dead letters are not read: {self._topic}, {str(error) or type(error).__name__}"[:200]
                if words != self._away:
                    _log.warning("dead letters are not read", topic=self._topic, error=words)
                self._away = words
            await stop_client(self.broker)
            await asyncio.sleep(_START_SECONDS)

    async def _watch(self) -> None:
        """Raise TimeoutError when there is more to read and the reading stands; errors of fetches are told nobody."""
        before: dict[Any, int] = {}
        while True:
            await asyncio.sleep(_WATCH_SECONDS)
            consumer: Any = self._subscriber.consumer
            places = list(consumer.assignment())
            now = {}
            for place, end in (await consumer.end_offsets(places) if places else {}).items():
                async with asyncio.timeout(_STOP_SECONDS):
                    position = await consumer.position(place)
                if position < end:
                    now[place] = position
            stands = [f"offset {position}" for place, position in now.items() if before.get(place) == position]
            if stands and not self._busy:
                raise TimeoutError(f"the reading stands at {', '.join(stands)}")
            before = {} if self._busy else now

    async def _take(self, _bodies: list[bytes], message: KafkaMessage) -> None:
        """Register a batch. Never raises and never gives up: what was acknowledged after it would be passed over."""
        self._busy = True
        try:
            await self._store_all(message)
        finally:
            self._busy = False
            self._news.set()

    async def _store_all(self, message: KafkaMessage) -> None:
        while not self._stopping.is_set():
            try:
                now = self._clock.now()
                oldest = now - self._days * DAY
                await self._store.add([read_letter(record, now, oldest) for record in message.raw_message])
                break
            except StoreAway:
                self._wait("dead letters wait to be registered: mongodb does not answer")
            except Exception as error:  # noqa: BLE001 (whatever it is: waiting is better than losing letters)
                _log.exception("dead letters cannot be registered")
                self._wait(f"dead letters cannot be registered: {type(error).__name__}; see the log")
            with suppress(TimeoutError):
                async with asyncio.timeout(_PAUSE_SECONDS):
                    await self._stopping.wait()
        else:
            return
        if self._waiting is not None:
            _log.info("dead letters are registered again")
            self._waiting = None
        try:
            await message.ack()
        except Exception as error:  # noqa: BLE001 (they are registered; read again they count no second time)
            _log.warning("dead letters may be read again", error=type(error).__name__)

    def _wait(self, words: str) -> None:
        if self._waiting is None:
            _log.warning(words)
        self._waiting = words

    async def _keep(self) -> float:
        """Sweep when it is time and count; seconds it took."""
        begun = time.monotonic()
        try:
            if self._swept_at is None or begun - self._swept_at > _SWEEP_SECONDS:
                await self._sweep()
                self._swept_at = begun
            self._tell(await self._store.summary())
        except StoreAway as error:
            _log.debug("the register cannot be read", error=str(error)[:200])
        return time.monotonic() - begun

    async def _sweep(self) -> None:
        for state, count in (await self._store.sweep(self._clock.now() - self._days * DAY)).items():
            self._deleted.labels(state).inc(count)
            if count:
                report = _log.warning if state == "open" else _log.info
                report("old dead letters deleted", state=state, letters=count, days=self._days)

    def _tell(self, groups: list[Group]) -> None:
        """Set the gauges of what is open; what is being replayed is still open."""
        found: dict[tuple[str, str], int] = {}
        waiting = [group for group in groups if group.state in ("open", "replaying")]
        for group in sorted(waiting, key=lambda one: -one.count):
            key = (group.service, group.reason)
            key = key if key in found or len(found) < _MOST_GROUPS else ("other", "other")
            found[key] = found.get(key, 0) + group.count
        for key in self._told - found.keys():
            self._open.labels(*key).set(0)
        for key, count in found.items():
            self._open.labels(*key).set(count)
        self._told |= found.keys()
        oldest = min((group.first_seen for group in waiting), default=None)
        self._oldest.set(0 if oldest is None else max(0, self._clock.now() - oldest) / SECOND)
