"""Batches in flight, a few at a time, and their outcomes noted in the order of the stream. Knows no file form.

A batch's refused rows are written and its position saved only when everything before it has its outcome; so an import
that is killed at any point goes on without losing or repeating a line of its report.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

from services.intake.files.client import IntakeClient
from services.intake.files.header import Places
from services.intake.files.reasons import Reason, Refused
from services.intake.files.refused import RefusedFile
from services.intake.files.resume import Resume, Saved
from services.intake.files.stream import Tick
from services.intake.files.translate import Prepared
from shared.messages import Language

__all__ = ["Sender"]

#: Intake's limit on a body is twice this.
_MOST_BYTES = 8 * 1_048_576


@dataclass(slots=True)
class _Batch:
    """Entries to be sent together, the rows refused among them, and the stream's position after both."""

    entries: list[Prepared] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)
    size: int = 0
    end: int = 0


class Sender:
    """Takes the items of a stream in order.

    Args:
        client: the door.
        saved: where an interrupted import stopped; kept up to date here.
        places: how the places of rows are told.
        on_outcome: called when something became known.
    """

    def __init__(
        self,
        client: IntakeClient,
        saved: Saved,
        resume: Resume,
        refused: RefusedFile,
        *,
        places: Places,
        language: Language,
        batch_size: int,
        in_flight: int,
        on_outcome: Callable[[], None],
    ) -> None:
        self.saved = saved
        self._client = client
        self._resume = resume
        self._refused = refused
        self._language = language
        self._places = places
        self._batch_size = batch_size
        self._most = in_flight
        self._on_outcome = on_outcome
        self._batch = _Batch(end=saved.position)
        self._flying: deque[tuple[_Batch, asyncio.Task[list[Reason | None]]]] = deque()

    @property
    def waiting(self) -> int:
        """Entries without an outcome."""
        return len(self._batch.entries) + sum(len(batch.entries) for batch, _ in self._flying)

    async def take(self, item: Prepared | Refused | Tick) -> None:
        """Take the stream's next item; waits while enough batches are in flight.

        Raises:
            ImportFailed: intake is away for too long, or refuses everything; or the disk is full.
        """
        if isinstance(item, Tick):
            await self._tick(item)
            return
        batch = self._batch
        if isinstance(item, Refused):
            batch.refused.append(item)
        else:
            if batch.size + len(item.payload) > _MOST_BYTES:
                await self._send()
                batch = self._batch
            batch.entries.append(item)
            batch.size += len(item.payload) + 1
        batch.end += 1
        if len(batch.entries) >= self._batch_size or len(batch.refused) >= self._batch_size:
            await self._send()

    async def _tick(self, tick: Tick) -> None:
        # A tick says that the data have come so far: all before it must be in the journal.
        await self.drain()
        await self._client.tick(tick)
        self._batch.end += 1
        self.saved.position = self._batch.end
        self.saved.outcome.ticks += 1
        self._resume.save(self.saved)
        self._on_outcome()

    async def _send(self) -> None:
        while len(self._flying) >= self._most:
            await self._land()
        batch = self._batch
        self._batch = _Batch(end=batch.end)
        payloads = [entry.payload for entry in batch.entries]
        self._flying.append((batch, asyncio.create_task(self._client.send(payloads))))

    async def _land(self) -> None:
        """Wait for the oldest batch, then note its outcome."""
        batch, task = self._flying[0]
        results = await task
        self._flying.popleft()
        outcome = self.saved.outcome
        refused = batch.refused
        for entry, reason in zip(batch.entries, results, strict=True):
            if reason is None:
                outcome.accepted += 1
            else:
                refused.append(Refused(entry.line, entry.last_line, reason, entry.type, entry.subject))
        refused.sort(key=lambda one: one.line)
        for one in refused:
            outcome.note(one, self._language, self._places)
        self._refused.write(refused)
        self.saved.position = batch.end
        self.saved.refused_path, self.saved.refused_size = str(self._refused.path), self._refused.size
        self._resume.save(self.saved)
        self._on_outcome()

    async def drain(self) -> None:
        """Wait until everything taken has its outcome.

        Raises:
            ImportFailed: see `take`.
        """
        if self._batch.entries or self._batch.refused:
            await self._send()
        while self._flying:
            await self._land()

    async def cancel(self) -> None:
        """Give up what is in flight; its outcome stays unknown and is asked for again by the next run."""
        for _, task in self._flying:
            task.cancel()
        for _, task in self._flying:
            with contextlib.suppress(asyncio.CancelledError, Exception):
                await task
        self._flying.clear()
