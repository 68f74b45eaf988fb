"""What a replica tells of its places in the journal, also of an epoch it may not work on. Decides nothing."""

from __future__ import annotations

from collections.abc import Mapping

from services.processing.engine import ENGINE_VERSION
from services.processing.http.answers import PartitionAnswer, PositionsAnswer, told_revision
from services.processing.settings import ProcessingSettings
from services.processing.states.store import StateStore
from services.processing.stream.partition import PartitionWorker
from shared.instants import to_rfc3339

__all__ = ["left_by_another", "positions_of"]


def positions_of(
    epoch: int | None, workers: Mapping[int, PartitionWorker], settings: ProcessingSettings
) -> PositionsAnswer:
    """Where the partitions of this replica are."""
    return PositionsAnswer(
        epoch=epoch,
        engine=ENGINE_VERSION,
        entry_cap=settings.entry_cap,
        code_forms=settings.code_forms,
        partitions={
            str(partition): PartitionAnswer(
                next=worker.next,
                end=worker.end,
                stored=worker.stored,
                clock=None if worker.clock is None else to_rfc3339(worker.clock),
                reference=worker.known,
                revision=None if worker.progress is None else told_revision(worker.progress),
                state=worker.state,
                reason=worker.reason,
            )
            for partition, worker in sorted(workers.items())
        },
    )


async def left_by_another(epoch: int, store: StateStore, settings: ProcessingSettings, reason: str) -> PositionsAnswer:
    """Where another engine left an epoch: every partition stopped at its last stored checkpoint.

    May raise `DatabaseError`.

    Args:
        epoch: the epoch.
        store: its states.
        settings: tell how many partitions there are.
        reason: why this engine does not go on with it.
    """
    left = {partition: await store.left_at(partition) for partition in range(settings.partitions)}
    return PositionsAnswer(
        epoch=epoch,
        engine=ENGINE_VERSION,
        entry_cap=settings.entry_cap,
        code_forms=settings.code_forms,
        partitions={
            str(partition): PartitionAnswer(
                next=at,
                end=None,
                stored=at,
                clock=None,
                reference=None,
                revision=None,
                state="stopped",
                reason=reason,
            )
            for partition, at in left.items()
        },
    )
