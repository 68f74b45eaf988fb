"""What keeps processing from its work: broker, database, or partitions that wait or stand. Decides nothing."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from typing import Final

from faststream.kafka import KafkaBroker

from services.processing.partition import PartitionWorker
from services.processing.store import StateStore
from shared.mongo import DatabaseError
from shared.notes import since

__all__ = ["broker_answers", "database_answers", "partitions_away"]

_SECONDS: Final = 2.5


async def broker_answers(broker: KafkaBroker) -> bool:
    """Whether the broker answers now."""
    try:
        async with asyncio.timeout(_SECONDS):
            return await broker.ping(timeout=2)
    except (TimeoutError, OSError):
        return False


async def database_answers(store: StateStore) -> bool:
    """Whether the database answers now."""
    try:
        async with asyncio.timeout(_SECONDS):
            await store.ping()
    except (DatabaseError, TimeoutError, OSError):
        return False
    return True


def partitions_away(workers: Iterable[PartitionWorker]) -> list[str]:
    """Partitions that do not run, and why; a standing one says how to resume."""
    return [
        since(f"partition {worker.partition} {worker.state}", worker.reason)
        if worker.reason
        else f"partition {worker.partition} {worker.state}"
        for worker in workers
        if worker.state != "running"
    ]
