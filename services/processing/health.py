"""What keeps processing from its work: broker, database, or partitions that wait or stand. Decides nothing."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from typing import Final

from faststream.kafka import KafkaBroker

from services.processing.states.store import StateStore
from services.processing.stream.partition import PartitionWorker
from shared.mongo import DatabaseError
from shared.notes import Note, in_language

__all__ = ["backends_away", "partitions_away"]

_SECONDS: Final = 2.5
#: How a partition's state is told in Vietnamese.
_STATES: Final = {"loading": "đang nạp", "running": "đang chạy", "waiting": "đang chờ", "stopped": "đang đứng"}


async def _broker_answers(broker: KafkaBroker) -> bool:
    """Whether the broker answers now."""
    try:
        async with asyncio.timeout(_SECONDS):
            return await broker.ping(timeout=2)
    except (TimeoutError, OSError):
        return False


async def _database_answers(store: StateStore) -> bool:
    """Whether the database answers now."""
    try:
        async with asyncio.timeout(_SECONDS):
            await store.ping()
    except (DatabaseError, TimeoutError, OSError):
        return False
    return True


async def backends_away(broker: KafkaBroker, kafka: str, store: StateStore) -> list[str]:
    """Which of broker (at `kafka`) and database do not answer now."""
    answers = await asyncio.gather(_broker_answers(broker), _database_answers(store))
    notes = (
        Note.of(f"broker {kafka} does not answer", f"Kafka {kafka} không trả lời"),
        Note.of("database does not answer", "cơ sở dữ liệu không trả lời"),
    )
    return [note for note, answered in zip(notes, answers, strict=True) if not answered]


def partitions_away(workers: Iterable[PartitionWorker]) -> list[str]:
    """Partitions that do not run, and why; a standing one says how to resume."""
    return [_away(worker) for worker in workers if worker.state != "running"]


def _away(worker: PartitionWorker) -> str:
    en, vi = f"partition {worker.partition} {worker.state}", f"phân vùng {worker.partition} {_STATES[worker.state]}"
    if not worker.reason:
        return Note.of(en, vi)
    return Note.of(f"{en}: {worker.reason}", f"{vi}: {in_language(worker.reason, 'vi')}")
