"""Lets a partition go on that stands for a run of dead letters, and says why another does not. Decides nothing else."""

from __future__ import annotations

from collections.abc import Mapping

from services.processing.stream.partition import PartitionWorker
from shared.mongo import DatabaseError
from shared.problems.problem import Problem

__all__ = ["resume"]


async def resume(
    workers: Mapping[int, PartitionWorker], partition: int, count: int | None = None, to: int | None = None
) -> PartitionWorker:
    """Let a partition go on; its worker.

    Args:
        workers: of this replica, by partition.
        partition: the one that stands.
        count: dead letters in a row for which it stands again; None for as many as ever.
        to: offset up to which none counts.

    Raises:
        Problem: 404 it is none of this replica's; 409 it does not stand for a run of dead letters; 503 the database
            does not answer.
    """
    worker = workers.get(partition)
    if worker is None:
        raise Problem(404, "partition_elsewhere", value=partition)
    try:
        resumed = await worker.resume(count, to)
    except DatabaseError:
        raise Problem(503, "processing_not_readable", value="database", headers={"Retry-After": "2"}) from None
    if not resumed:
        state = worker.state + (f" ({worker.reason})" if worker.reason else "")
        raise Problem(409, "partition_not_standing", value=partition, state=state)
    return worker
