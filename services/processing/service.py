"""One running replica of processing: prepares its derivation, runs the stream, and answers for both.

Decides nothing about entries.
"""

from __future__ import annotations

import asyncio
import gc
from collections.abc import Awaitable, Callable, Sequence
from typing import Final, TypeVar

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from aiokafka.errors import KafkaError
from faststream.kafka import KafkaBroker

from services.processing.cases import Case, dossier_case
from services.processing.derivation import NotFitError, find_epoch, prepare_topics
from services.processing.dispatch.duty import dispatch
from services.processing.engine import ENGINE_VERSION, Reference
from services.processing.health import backends_away, partitions_away
from services.processing.http.answers import PositionsAnswer
from services.processing.http.keys import Keys
from services.processing.http.positions import left_by_another, positions_of
from services.processing.runtime import Runtime
from services.processing.settings import ProcessingSettings
from services.processing.states.layers import HeldState
from services.processing.states.store import StateStore, WrongEngineError
from services.processing.states.store_reference import ReferenceStore
from services.processing.stream.checkpoint import Standstill
from services.processing.stream.consumer import Stream
from services.processing.stream.deadletters import DeadLetters
from services.processing.stream.pace.pulse import Pulse
from services.processing.stream.partition import PartitionWorker
from services.processing.stream.refusing.counts import Counts
from services.processing.stream.revision.taken import Library, Stored
from shared.broker.kafka import servers, stop_client
from shared.broker.partition import partition_of
from shared.broker.topics import JOURNAL
from shared.calendar import vn_public
from shared.catalogue.base import Meters
from shared.catalogue.processing import SPECS
from shared.clock import Clock
from shared.logging import get_logger
from shared.mongo import DatabaseError, connect
from shared.notes import Note
from shared.problems.problem import Problem
from shared.texts.normal_form import spellings
from shared.upkeep.loops import Loops

__all__ = ["Service"]

T = TypeVar("T")


_PAUSE_SECONDS: Final = 1.0
_STOP_SECONDS: Final = 5.0
_log = get_logger("processing.service")


class Service:
    """Everything of one replica.

    Args:
        settings: the service's settings.
        clock: the wall clock, for measuring lateness and dating dead letters only.
        keys: tells who asks.
        journal: the topic to read.
    """

    def __init__(self, settings: ProcessingSettings, clock: Clock, keys: Keys, journal: str = JOURNAL) -> None:
        self.settings = settings
        self.clock = clock
        self.keys = keys
        self.journal = journal
        self.meters = Meters(SPECS)
        self.partitions = settings.partitions
        self.reference = Reference(
            vn_public(settings.zone_info),
            settings.zone_info,
            entry_cap=settings.entry_cap,
            code_forms=tuple(settings.code_forms.split(",")),
        )
        self.client = connect(settings.mongo, "motcua-processing")
        self.broker = KafkaBroker(
            servers(settings.kafka),
            client_id="motcua-processing-deadletter",
            acks="all",
            request_timeout_ms=3000,
            retry_backoff_ms=100,
            metadata_max_age_ms=30_000,
            max_request_size=4_194_304,
            allow_auto_create_topics=False,
            logger=None,
        )
        self.epoch: int | None = None
        self.stream: Stream | None = None
        #: What the epoch stored, None until it is there.
        self.stored: Stored | None = None
        #: What keeps the derivation from starting, None once it started.
        self.trouble: str | None = Note.of("starting", "đang khởi động")
        #: Whether a dry run is under way: one at a time, since each costs as much as the revision would.
        self.previewing = False
        #: Where another engine left the epoch, None where this one works on it.
        self._left: PositionsAnswer | None = None
        self._deadletters = DeadLetters(self.broker, clock)
        self.loops = Loops(self.meters)

    async def start(self) -> None:
        """Start the work; neither broker nor database need be there yet."""
        #: The epoch and its states, once its database fits.
        self._found: asyncio.Future[tuple[int, StateStore]] = asyncio.get_running_loop().create_future()
        self.loops.start("broker", self._start_broker)
        # At its end partitions store what is in hand, and two clients are stopped.
        longest = self.settings.revoke_seconds + 3 * _STOP_SECONDS
        self.loops.start("derivation", self._derive, again_seconds=longest)
        self.loops.start("dispatch", self._dispatch)
        # What was imported and built stays; collecting it over and over would cost a third of the decoding time.
        gc.collect()
        gc.freeze()
        gc.set_threshold(200_000, 20, 1000)

    async def stop(self) -> None:
        """Finish what is in hand, store it, and close the connections; a frozen broker gets some seconds."""
        await self.loops.stop()
        await stop_client(self.broker)
        await self.keys.close()
        self.client.close()

    async def _start_broker(self) -> None:
        await self._until_there(self.broker.start)
        await asyncio.Event().wait()

    async def _derive(self) -> None:
        epoch = await self._until_there(lambda: find_epoch(self.settings))
        await self._until_there(lambda: prepare_topics(self.settings, epoch, self.journal))
        store = StateStore(self.client, epoch)
        await self._until_there(lambda: self._check(epoch, store))
        references = ReferenceStore(self.client, epoch)
        self.epoch = epoch
        self.stored = Stored(store, references, Library(store, references, self.reference))
        if not self._found.done():
            self._found.set_result((epoch, store))

        counts = Counts(self.meters)

        def make_runtime(consumer: AIOKafkaConsumer, producer: AIOKafkaProducer, pulse: Pulse) -> Runtime:
            return Runtime(
                self.settings,
                epoch,
                self.journal,
                self.partitions,
                self.reference,
                store,
                references,
                consumer,
                producer,
                self._deadletters,
                self.meters,
                self.clock,
                pulse,
                counts,
            )

        self.stream = Stream(self.settings, epoch, self.journal, make_runtime, self.loops)
        self.trouble = None
        _log.info("derivation starts", epoch=epoch, engine=ENGINE_VERSION, reference=self.reference.version)
        await self.stream.run()

    async def _check(self, epoch: int, store: StateStore) -> None:
        """Raise unless the epoch is this engine's; where another one left it is told, so that a rebuild can begin."""
        try:
            await store.check_engine(ENGINE_VERSION)
        except WrongEngineError as error:
            self._left = await left_by_another(epoch, store, self.settings, str(error))
            raise
        self._left = None

    async def _dispatch(self) -> None:
        epoch, store = await self._found
        await dispatch(epoch, self.settings, self.client, store, self.meters, journal=self.journal)

    async def _until_there(self, attempt: Callable[[], Awaitable[T]]) -> T:
        """The attempt's result, tried again until broker and database are there and fit."""
        said = ""
        while True:
            try:
                return await attempt()
            except WrongEngineError as error:
                self.trouble = error.note
                report = _log.error
            except NotFitError as error:
                self.trouble = str(error)
                report = _log.error
            except (KafkaError, TimeoutError, OSError) as error:
                where = f"{self.settings.kafka} ({type(error).__name__})"
                self.trouble = Note.of(f"waiting for the broker {where}", f"đang chờ Kafka {where}")
                report = _log.warning
            except DatabaseError as error:
                kind = type(error).__name__
                self.trouble = Note.of(f"waiting for the database ({kind})", f"đang chờ cơ sở dữ liệu ({kind})")
                report = _log.warning
            if self.trouble != said:
                said = self.trouble
                report("processing cannot start yet", why=said)
            await asyncio.sleep(_PAUSE_SECONDS)

    async def away(self) -> list[str]:
        """What keeps processing from its work, asked now."""
        store = StateStore(self.client, 1) if self.stored is None else self.stored.store
        found = await backends_away(self.broker, self.settings.kafka, store)
        if self.trouble is not None:
            found.append(self.trouble)
        elif self.stream is None or not self.stream.joined:
            found.append(Note.of("no partitions assigned yet", "chưa được giao phân vùng nào"))
        else:
            found += partitions_away(self.stream.workers.values())
        return found

    def workers(self) -> dict[int, PartitionWorker]:
        """The workers of this replica's partitions."""
        return {} if self.stream is None else self.stream.workers

    async def find(self, code: str, case: Callable[[str], Case] = dossier_case) -> HeldState | None:
        """The state of a case of some kind by its code as asked, else in normal form: from memory or the database.

        Raises:
            Problem: 503 while neither can be read.
        """
        for asked in spellings(code):
            if (held := await self._find(case(asked))) is not None:
                return held
        return None

    async def _find(self, case: Case) -> HeldState | None:
        partition = partition_of(case.subject, self.partitions)
        worker = self.workers().get(partition)
        held = None if worker is None else worker.find(case.key)
        if held is not None:
            return held
        store = self.readable().store
        try:
            return next(iter(await store.load(partition, [case.key])), None)
        except DatabaseError:
            raise self.unreadable("database") from None

    async def judged_by(self, held: HeldState) -> tuple[Reference, int | None]:
        """What a dossier's state was derived with, and its partition's clock (None before the first tick).

        As this replica knows them, else as the partition stored them.

        Raises:
            Problem: 503 while they cannot be read.
        """
        partition = partition_of(held.state.case.subject, self.partitions)
        worker = self.workers().get(partition)
        known = None if worker is None else worker.reference_at(held.state.position)
        if worker is not None and known is not None:
            return known, worker.clock
        try:
            checkpoint, reference = await self.readable().library.open(partition)
        except DatabaseError:
            raise self.unreadable("database") from None
        except Standstill as standstill:
            raise self.unreadable(standstill.reason) from None
        return reference, None if checkpoint is None else checkpoint.clock

    async def dossiers_with(self, source: str, id_: str) -> Sequence[str]:
        """Codes of the dossiers that may have an entry of this identity.

        Raises:
            Problem: 503 while the database does not answer.
        """
        try:
            return await self.readable().store.dossiers_with(source, id_)
        except DatabaseError:
            raise self.unreadable("database") from None

    def readable(self) -> Stored:
        """What the epoch stored.

        Raises:
            Problem: 503 before the derivation started.
        """
        if self.stored is None:
            raise self.unreadable(self.trouble or "starting")
        return self.stored

    @staticmethod
    def unreadable(why: str) -> Problem:
        """The problem of states that cannot be read now."""
        return Problem(503, "processing_not_readable", value=why, headers={"Retry-After": "2"})

    def positions(self) -> PositionsAnswer:
        """Where this replica is."""
        if self._left is not None:
            return self._left
        return positions_of(self.epoch, self.workers(), self.settings)
