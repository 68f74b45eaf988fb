"""Losses of outboxes in intake's database: one document for the place where each begins. Asks MongoDB only."""

from __future__ import annotations

from dataclasses import dataclass

from services.intake.senders.store import StoreAway
from shared.mongo import Database, DatabaseError, connect, open_database

__all__ = ["Loss", "LossStore"]


@dataclass(frozen=True, slots=True)
class Loss:
    """Offsets `first` to before `next` of a unit's outbox, gone unread; found at an instant in UTC microseconds.

    They are messages unless the unit sends in transactions, whose ends have offsets too.
    """

    unit: str
    topic: str
    first: int
    next: int
    at: int

    @property
    def count(self) -> int:
        """How many."""
        return self.next - self.first


class LossStore:
    """Losses of all outboxes.

    Every method waits for the database and raises StoreAway when it does not answer.
    """

    def __init__(self, uri: str, database: str) -> None:
        self._client = connect(uri, "motcua-intake-losses")
        opened: Database = open_database(self._client, database)
        self._losses = opened["outbox_losses"]

    async def add(self, loss: Loss) -> None:
        """Keep a loss; of one that begins at the same place the greater end and the first instant hold."""
        key = {"_id": f"{loss.topic}:{loss.first}"}
        change = {
            "$setOnInsert": {"unit": loss.unit, "topic": loss.topic, "first": loss.first, "at": loss.at},
            "$max": {"next": loss.next},
        }
        try:
            await self._losses.update_one(key, change, upsert=True)
        except DatabaseError as error:
            raise StoreAway(str(error)) from error

    async def since(self, instant: int) -> list[Loss]:
        """Losses found since an instant, in order."""
        try:
            found = await self._losses.find({"at": {"$gte": instant}}).to_list(None)
        except DatabaseError as error:
            raise StoreAway(str(error)) from error
        losses = [Loss(**{name: one[name] for name in Loss.__slots__}) for one in found]
        return sorted(losses, key=lambda one: (one.at, one.topic, one.first))

    def close(self) -> None:
        """Close the connections."""
        self._client.close()
