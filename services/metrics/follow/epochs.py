"""Follows the live epoch: reads the pointer, loads the epoch's topic into a view, and flips when it is caught up.

The view that answers is never a half-loaded one once there was a full one. Knows no figure.
"""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Callable, Collection
from dataclasses import dataclass
from functools import reduce
from pathlib import Path
from typing import Final

from aiokafka import AIOKafkaConsumer, ConsumerRecord, TopicPartition
from aiokafka.errors import KafkaError, OffsetOutOfRangeError
from pydantic import ValidationError

from services.metrics.follow.image import load_image, snapshot
from services.metrics.follow.reader import DeadLetterSink, Reader
from services.metrics.follow.reading.waits import waiting_for
from services.metrics.follow.reference import ReferenceReader
from services.metrics.follow.view import View
from services.metrics.settings import MetricsSettings
from services.metrics.table.decode import Unusable
from shared.broker.kafka import make_consumer, stop_client
from shared.broker.pointer import newer, parse_pointer
from shared.broker.topics import EPOCH, journal, lifecycle
from shared.catalogue.base import Meters
from shared.clock import Clock
from shared.contract.housekeeping import LiveEpoch
from shared.instants import SECOND
from shared.logging import get_logger
from shared.notes import Note
from shared.upkeep.loops import Loop, Loops

__all__ = ["Epochs", "Followed"]

_log = get_logger("metrics.epochs")
_POLL_MS: Final = 500
_PAUSE_SECONDS: Final = 1.0
#: Seconds after a table image could not be written.
_IMAGE_PAUSE_SECONDS: Final = 30.0


@dataclass(frozen=True, slots=True)
class Followed:
    """One epoch being followed: its view, and the loop that keeps it up to date."""

    view: View
    reader: Reader
    reference: ReferenceReader
    loop: Loop

    @property
    def trouble(self) -> str | None:
        """What keeps it from reading, in words."""
        return self.reference.trouble or (self.reader.trouble if self.reference.read.is_set() else None)

    async def stop(self) -> None:
        """End the reading; the view stays as it is."""
        await self.loop.stop()


class Epochs:
    """The live view, and the next one while it loads.

    Args:
        settings: of the service.
        meters: the service's metrics.
        clock: for the age of images.
        dead: told of each record that cannot be used.
        flipped: called after another view has become the live one.
        loops: keep the reading going.
    """

    def __init__(
        self,
        settings: MetricsSettings,
        meters: Meters,
        clock: Clock,
        dead: DeadLetterSink,
        *,
        flipped: Callable[[], None],
        loops: Loops,
    ) -> None:
        self.live: Followed | None = None
        #: What keeps the pointer from being read, in words; None while it is read.
        self.trouble: str | None = Note.of("live epoch not known yet", "chưa biết kỷ nguyên nào đang dùng")
        #: Wall-clock instant of the last image written, None before the first.
        self.image_at: int | None = None
        self._image_not_before = 0
        self._settings = settings
        self._meters = meters
        self._clock = clock
        self._dead = dead
        self._flipped = flipped
        self._loops = loops
        self._target: int | None = None
        #: Partitions of the journal the target derives, as the pointer says; the setting where it does not.
        self._partitions = settings.partitions
        #: Generation of that journal, the same way.
        self._generation = settings.generation
        self._taking_over: Loop | None = None
        #: By epoch the pointer named, the number of its last record that did.
        self._pointers: dict[int, int] = {}
        #: Offsets of pointers to epochs that are not there, each told of once.
        self._absent: set[int] = set()

    @property
    def loading(self) -> int | None:
        """An epoch that is loaded to become the live one, or None."""
        return None if self.live is not None and self.live.view.epoch == self._target else self._target

    def pointer_of(self, epoch: int) -> int:
        """The number of the pointer's record that named an epoch last; 0 where it had none."""
        return self._pointers.get(epoch, 0)

    async def run(self) -> None:
        """Follow the pointer until cancelled; a broker that is away is waited for."""
        while True:
            consumer = make_consumer(self._settings.kafka, "motcua-metrics-epoch")
            try:
                await consumer.start()
                await self._read_pointer(consumer)
            except (KafkaError, OffsetOutOfRangeError, OSError) as error:
                self._tell(waiting_for(EPOCH, error))
                await asyncio.sleep(_PAUSE_SECONDS)
            finally:
                await stop_client(consumer)

    async def _read_pointer(self, consumer: AIOKafkaConsumer) -> None:
        partition = TopicPartition(EPOCH, 0)
        begin = (await consumer.beginning_offsets([partition]))[partition]
        end = (await consumer.end_offsets([partition]))[partition]
        consumer.assign([partition])
        consumer.seek(partition, begin)
        pointers: list[tuple[ConsumerRecord, LiveEpoch]] = []
        news, position = True, begin
        while True:
            # Only the one that holds at the end counts: epochs of the past must not be loaded one after the other.
            if position >= end and (news or self._target is None):
                news = False
                self._choose(pointers, await consumer.topics())
            fetched = await consumer.getmany(partition, timeout_ms=_POLL_MS)
            # Not the last record's place: behind it may be the end of a transaction, which is no record.
            position = await consumer.position(partition)
            for record in fetched.get(partition, ()):
                try:
                    found = parse_pointer(record)
                except ValidationError:
                    self._dead(record, Unusable("malformed", "the pointer to the live epoch"))
                    continue
                if found is not None:
                    pointers.append((record, found))
                    news = True

    def _choose(self, pointers: list[tuple[ConsumerRecord, LiveEpoch]], topics: Collection[str]) -> None:
        """Follow the one that holds; one that would, were its epoch there, is told of and then forgotten."""
        considered = list(pointers)
        while considered:
            record, held = reduce(_newer, considered)
            if lifecycle(held.epoch) in topics:
                pointers[:] = considered
                self._follow(held)
                self.trouble = None
                return
            if record.offset not in self._absent:
                self._absent.add(record.offset)
                self._dead(
                    record, Unusable("no_such_epoch", f"epoch {held.epoch}: there is no {lifecycle(held.epoch)}")
                )
            considered.remove((record, held))
        absent = lifecycle(pointers[-1][1].epoch) if pointers else None
        en, vi = (f": there is no {absent}", f": không có {absent}") if absent else ("", "")
        self._tell(
            Note.of(f"no live epoch on {EPOCH}{en}", f"chưa có kỷ nguyên nào đang dùng trong chủ đề {EPOCH}{vi}")
        )

    def _follow(self, pointer: LiveEpoch) -> None:
        epoch = pointer.epoch
        self._pointers[epoch] = pointer.number or 0
        if epoch == self._target:
            return
        self._target = epoch
        # Another generation has another number; it is followed without a restart.
        self._partitions = pointer.partitions or self._settings.partitions
        self._generation = pointer.generation or self._settings.generation
        if self._taking_over is not None:
            self._taking_over.cancel()
        self._taking_over = self._loops.start(
            f"taking over epoch {epoch}", lambda: self._take_over(epoch), finishes=True
        )

    async def _take_over(self, epoch: int) -> None:
        if self.live is not None and self.live.view.epoch == epoch:
            # The pointer came back before the other epoch had been loaded.
            return
        view = View(epoch, self._partitions, self._settings.zone_info)
        directory = self._image_directory(epoch)
        if directory is not None:
            await asyncio.to_thread(load_image, view, directory)
        reader = Reader(view, self._settings.kafka, self._meters, self._dead, journal(self._generation))
        reference = ReferenceReader(view, self._settings.kafka, self._meters, self._dead)
        loop = self._loops.start(f"reading epoch {epoch}", lambda: _read(reference, reader))
        following = Followed(view, reader, reference, loop)
        old = self.live
        if old is not None:
            _log.info("loading the new live epoch beside the old one", epoch=epoch, old=old.view.epoch)
            try:
                await view.caught_up.wait()
            except asyncio.CancelledError:
                loop.cancel()
                raise
        self.live = following
        self._flipped()
        _log.info("live epoch", epoch=epoch, rows=len(view.table))
        if old is not None:
            await old.stop()
            old.view.close()
            await self._drop_image(old.view.epoch)

    async def write_images(self) -> None:
        """Write the live view's image when it is due, until cancelled."""
        while True:
            await asyncio.sleep(min(5.0, self._settings.image_seconds))
            if self.live is None:
                continue
            if self._clock.now() < self._image_not_before:
                continue
            changes = self.live.view.since_image
            age = self._image_age()
            if changes >= self._settings.image_changes or (changes and age >= self._settings.image_seconds):
                await self.write_image()

    async def write_image(self) -> None:
        """Write the live view's image now, if there is a directory for it; a failure is logged and counted."""
        if self.live is None or not self.live.view.caught_up.is_set():
            return
        view = self.live.view
        directory = self._image_directory(view.epoch)
        if directory is None:
            return
        write = await view.exclusive(lambda: snapshot(view))
        changes = view.since_image
        try:
            await asyncio.to_thread(write, directory)
        except OSError as error:
            self._meters.counter("motcua_metrics_image_failures_total").inc()
            _log.error("table image not written", reason=str(error)[:200])
            # Each attempt writes much for nothing while the disk is full.
            self._image_not_before = self._clock.now() + round(_IMAGE_PAUSE_SECONDS * SECOND)
            return
        view.since_image = max(0, view.since_image - changes)
        self.image_at = self._clock.now()
        _log.info("table image written", epoch=view.epoch, rows=len(view.table))

    async def stop(self) -> None:
        """Write a last image, once the loops have ended."""
        if self.live is not None:
            if self.live.view.since_image:
                await self.write_image()
            self.live.view.close()

    def _image_age(self) -> float:
        """Seconds since the last image of this process; before the first one, it is due as soon as rows changed."""
        if self.image_at is None:
            return self._settings.image_seconds
        return (self._clock.now() - self.image_at) / SECOND

    def _image_directory(self, epoch: int) -> Path | None:
        root = self._settings.image_dir
        return None if root is None else root / f"e{epoch}"

    async def _drop_image(self, epoch: int) -> None:
        directory = self._image_directory(epoch)
        if directory is not None:
            await asyncio.to_thread(shutil.rmtree, directory, ignore_errors=True)

    def _tell(self, trouble: str) -> None:
        if trouble != self.trouble:
            _log.warning("waiting", reason=trouble)
        self.trouble = trouble


async def _read(reference: ReferenceReader, reader: Reader) -> None:
    """Read the reference data, then the facts too: no figure is shown before it can be told whose it is."""
    async with asyncio.TaskGroup() as group:
        group.create_task(reference.run())
        await reference.read.wait()
        group.create_task(reader.run())


def _newer(
    held: tuple[ConsumerRecord, LiveEpoch], found: tuple[ConsumerRecord, LiveEpoch]
) -> tuple[ConsumerRecord, LiveEpoch]:
    return found if newer(held[1], found[1]) is found[1] else held
