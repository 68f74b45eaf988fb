"""Whose a key is: the list of senders in memory, read again every few seconds.

A database that is away does not stop senders that are known; a key that was revoked elsewhere works until the list is
read again (MOTCUA_KEYS_SECONDS), and while the database is away.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from contextlib import asynccontextmanager
from typing import Protocol

from services.intake.senders.sender import SenderRecord, SenderRequest, bearer_of
from services.intake.senders.store import StoreAway
from shared.access.bearer import Bearer
from shared.access.keys import hash_key, new_key
from shared.logging import get_logger
from shared.problems.problem import Problem

__all__ = ["Directory", "Store"]

_log = get_logger("intake.directory")
#: Seconds between two readings that an unknown key can cause, so that guessing does not load the database.
_SOONEST = 1.0


class Store(Protocol):
    """Where senders are kept; every method may raise StoreAway."""

    async def all(self) -> list[SenderRecord]:
        """Every sender."""
        ...

    async def add(self, record: SenderRecord) -> bool:
        """Add a sender; False when there is one of this name."""
        ...

    async def put(self, record: SenderRecord) -> None:
        """Add or replace a sender."""
        ...

    async def remove(self, sender: str) -> bool:
        """Remove a sender; False when there was none."""
        ...

    async def disable(self, sender: str, disabled: bool) -> bool:
        """Let a sender send nothing, or again; False when there is none of this name."""
        ...


class Directory:
    """The senders known here.

    Args:
        store: where they are kept.
        first: senders to make known at start, also while the database is away.
        seconds: after how long the list is read again.
        clock: monotonic seconds.
    """

    def __init__(
        self,
        store: Store,
        first: Sequence[SenderRecord] = (),
        seconds: float = 10.0,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._store = store
        self._to_put = list(first)
        self._seconds = seconds
        self._clock = clock
        self._records: dict[str, SenderRecord] = {}
        self._bearers: dict[str, Bearer] = {}
        self._read_at: float | None = None
        self._tried_at: float | None = None
        self._away = True
        self._lock = asyncio.Lock()
        self._remember(first)

    @property
    def away(self) -> bool:
        """Whether the last reading of the list failed, or there was none yet."""
        return self._away

    @property
    def empty(self) -> bool:
        """Whether no key at all is known."""
        return not self._bearers

    @property
    def age(self) -> float | None:
        """Seconds since the list was read; None when it never was."""
        return None if self._read_at is None else self._clock() - self._read_at

    async def find(self, key: str) -> Bearer:
        """The bearer of a key; asks the database only for a key that is not known here.

        Raises:
            Problem: 401 the key is not known; 403 its sender is disabled; 503 it may be known, but the database
                does not answer.
        """
        hashed = hash_key(key)
        bearer = self._bearers.get(hashed)
        if bearer is None:
            # It may have been made at another replica a moment ago.
            await self._read_unless_tried()
            bearer = self._bearers.get(hashed)
        if bearer is not None:
            if bearer.disabled:
                raise Problem(403, "sender_disabled", value=bearer.name)
            return bearer
        if self._away:
            raise Problem(503, "database_away", headers={"Retry-After": "5"})
        raise Problem(401, "key_unknown", headers={"WWW-Authenticate": 'Bearer error="invalid_token"'})

    async def senders(self) -> list[SenderRecord]:
        """All senders, as the database has them now.

        Raises:
            Problem: 503 the database does not answer.
        """
        if not await self.refresh():
            raise Problem(503, "database_away", headers={"Retry-After": "5"})
        return self.records

    async def create(self, request: SenderRequest) -> str:
        """Make a sender and return its key, which is known to nobody afterwards.

        Raises:
            Problem: 409 there is one of this name; 503 the database does not answer.
        """
        key = new_key()
        if not await self.add(SenderRecord(**request.model_dump(), hash=hash_key(key))):
            raise Problem(409, "sender_exists", field="sender", value=request.sender)
        return key

    async def add(self, record: SenderRecord) -> bool:
        """Add a sender, which works here at once; False when there is one of its name.

        Raises:
            Problem: 503 the database does not answer.
        """
        async with self._lock, _asking():
            added = await self._store.add(record)
            if added:
                self._remember([*self._records.values(), record])
        return added

    async def remove(self, sender: str) -> None:
        """Forget a sender; its key stops working here at once.

        Raises:
            Problem: 404 there is none of this name; 503 the database does not answer.
        """
        async with self._lock, _asking():
            removed = await self._store.remove(sender)
            self._to_put = [record for record in self._to_put if record.sender != sender]
            self._remember([record for record in self._records.values() if record.sender != sender])
        if not removed:
            raise Problem(404, "sender_unknown", value=sender)

    async def disable(self, sender: str, *, disabled: bool) -> bool:
        """Let a sender send nothing, or again: here at once, elsewhere by the next reading; False when there is none.

        Raises:
            Problem: 503 the database does not answer.
        """
        async with self._lock, _asking():
            found = await self._store.disable(sender, disabled)
            if found and sender in self._records:
                self._remember(
                    (self._records | {sender: self._records[sender].model_copy(update={"disabled": disabled})}).values()
                )
        return found

    @property
    def records(self) -> list[SenderRecord]:
        """The senders as they were read last, by name.

        Raises:
            Problem: 503 they never were.
        """
        if self._read_at is None:
            raise Problem(503, "database_away", headers={"Retry-After": "5"})
        return sorted(self._records.values(), key=lambda record: record.sender)

    async def refresh(self) -> bool:
        """Read the list now; False when the database is away and the old one goes on."""
        async with self._lock:
            return await self._load()

    async def run(self) -> None:
        """Read the list again and again, until cancelled."""
        while True:
            await self.refresh()
            await asyncio.sleep(self._seconds if not self._away else min(self._seconds, _SOONEST))

    async def _read_unless_tried(self) -> None:
        async with self._lock:
            if self._tried_at is None or self._clock() - self._tried_at >= _SOONEST:
                await self._load()

    async def _load(self) -> bool:
        was_away, self._away = self._away, True
        try:
            while self._to_put:
                record = self._to_put[0]
                await self._store.put(record)
                self._to_put.remove(record)
            records = await self._store.all()
        except StoreAway as error:
            if not was_away or self._tried_at is None:
                _log.warning("senders cannot be read; known keys go on working", error=str(error)[:200])
            return False
        finally:
            self._tried_at = self._clock()
        if was_away:
            _log.info("senders read", senders=len(records))
        self._away = False
        self._read_at = self._clock()
        self._remember(records)
        return True

    def _remember(self, records: Iterable[SenderRecord]) -> None:
        self._records = {record.sender: record for record in records}
        self._bearers = {record.hash: bearer_of(record) for record in self._records.values()}


@asynccontextmanager
async def _asking() -> AsyncIterator[None]:
    try:
        yield
    except StoreAway as error:
        raise Problem(503, "database_away", headers={"Retry-After": "5"}) from error
