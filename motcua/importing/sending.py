"""Batches in flight, a few at a time, and their outcomes noted in the order of the stream. Knows no file form.

A batch's refused rows are written and its position saved only when everything before it has its outcome; so an import
that is killed at any point goes on without losing or repeating a line of its report.

Ticks travel in the batches, between the entries they stand between. Intake keeps a batch's order in every partition,
but not that of two batches under way: one that holds a tick flies alone.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

from motcua.importing.client import IntakeClient
from motcua.importing.mapping.translate import Prepared
from motcua.importing.reasons import ImportFailed, Reason, Refused
from motcua.importing.refused import RefusedFile
from motcua.importing.resume import Resume, Saved
from motcua.importing.stream import Tick
from motcua.importing.tables.header import Places
from shared.messages import Language

__all__ = ["Sender"]

#: Intake's limit on a body is twice this.
_MOST_BYTES = 8 * 1_048_576
#: Lines made before a request under way gets a turn.
_TURN = 16


@dataclass(slots=True)
class _Batch:
    """Entries and ticks to be sent together, the rows refused among them, and the stream's position after all."""

    lines: list[Prepared | Tick] = field(default_factory=list)
    payloads: list[bytes] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)
    ticks: int = 0
    size: int = 0
    end: int = 0

    @property
    def entries(self) -> int:
        """How many entries it holds, ticks left out."""
        return len(self.lines) - self.ticks

    def add(self, line: Prepared | Tick, payload: bytes) -> None:
        """Append an entry or a tick."""
        self.lines.append(line)
        self.payloads.append(payload)
        self.size += len(payload) + 1
        self.ticks += isinstance(line, Tick)


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
        #: In whose name intake has taken a tick.
        self._ticking: set[tuple[str, bool]] = set()

    @property
    def waiting(self) -> int:
        """Entries without an outcome."""
        return self._batch.entries + sum(batch.entries for batch, _ in self._flying)

    async def take(self, item: Prepared | Refused | Tick) -> None:
        """Take the stream's next item; waits while enough batches are in flight.

        Raises:
            ImportFailed: intake is away for too long, refuses everything or a tick; or the disk is full.
        """
        if isinstance(item, Refused):
            self._batch.refused.append(item)
        else:
            alone = isinstance(item, Tick) and (item.source, item.simulated) not in self._ticking
            if alone:
                # Whether intake takes ticks in this name must be known before what comes after one is sent.
                await self.drain()
            payload = item.payload
            if self._batch.size + len(payload) > _MOST_BYTES:
                await self._send()
            self._batch.add(item, payload)
            if alone:
                self._batch.end += 1
                await self.drain()
                self._ticking.add((item.source, item.simulated))
                return
        batch = self._batch
        batch.end += 1
        if len(batch.lines) >= self._batch_size or len(batch.refused) >= self._batch_size:
            await self._send()
        elif self._flying and len(batch.lines) % _TURN == 0:
            await asyncio.sleep(0)

    async def _send(self) -> None:
        batch = self._batch
        while self._flying and (len(self._flying) >= self._most or batch.ticks or self._flying[-1][0].ticks):
            await self._land()
        self._batch = _Batch(end=batch.end)
        self._flying.append((batch, asyncio.create_task(self._client.send(batch.payloads))))
        # The request goes out now, not when this coroutine waits next.
        await asyncio.sleep(0)

    async def _land(self) -> None:
        """Wait for the oldest batch, then note its outcome."""
        batch, task = self._flying[0]
        results = await task
        self._flying.popleft()
        outcome = self.saved.outcome
        refused = batch.refused
        accepted = 0
        for line, reason in zip(batch.lines, results, strict=True):
            if reason is None:
                accepted += 1
            elif isinstance(line, Tick):
                raise ImportFailed("tick_refused", reason=reason)
            else:
                refused.append(Refused(line.line, line.last_line, reason, line.type, line.subject))
        outcome.accepted += accepted - batch.ticks
        outcome.ticks += batch.ticks
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
        if self._batch.lines or self._batch.refused:
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
