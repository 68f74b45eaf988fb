"""Where a partition stands, and the reasons for which it must not go on. Plain values; no I/O.

A checkpoint describes the moment between two entries: everything before `next` is out and stored.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Final

from shared.notes import Note

__all__ = ["DEADLETTER_RUN", "Checkpoint", "Standstill", "fingerprint", "run_of_dead_letters"]

#: Reason of the one standstill that people end by telling the partition to go on.
DEADLETTER_RUN: Final = "deadletter_run"


def fingerprint(value: bytes | None) -> str:
    """Short hash of a record's bytes: tells whether the record at an offset is still the one that was handled."""
    return hashlib.sha256(value or b"").hexdigest()[:32]


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """How far a partition is.

    Attributes:
        next: offset of the first entry not handled.
        anchor: fingerprint of the entry before it, None at offset 0; it is read again by the next owner.
        last: source and id of that entry, for people; None where it was no entry.
        clock: the partition's clock in UTC microseconds, None before the first tick.
        reference: version of the built-in reference data and parameters.
        partitions: partition count of the journal generation.
        known: version of the set of reference entries taken so far.
        run: dead letters since the last good dossier entry; below zero after people said how many more they expect.
        until: dead letters up to this offset count for no run: people said that they expect them; -1 for none.
    """

    next: int
    anchor: str | None
    last: str | None
    clock: int | None
    reference: str
    partitions: int
    known: str
    run: int = 0
    until: int = -1


class Standstill(Exception):  # noqa: N818  (named by what it causes)
    """A reason for which a partition stops until people looked at it; other partitions go on.

    Attributes:
        reason: a code for metrics and logs.
        remedy: what is wrong and what to do, for /health/ready, in both languages.
    """

    def __init__(self, reason: str, remedy: Note) -> None:
        super().__init__(f"{reason}: {remedy}")
        self.reason = reason
        self.remedy = remedy


def run_of_dead_letters(run: int, partition: int, offset: int) -> Standstill:
    """The reason to stand after so many dead letters in a row, up to an offset of a partition."""
    return Standstill(
        DEADLETTER_RUN,
        Note(
            f"{run} dead letters without a good entry between them, up to offset {offset}",
            "see `motcua deadletter list`, mend their source, then go on with "
            f"`motcua deadletter resume {partition}` (where many more are known to follow, with --count or --to)",
            vi=f"{run} bản ghi hỏng liền nhau, không có bản ghi tốt nào ở giữa, tới offset {offset}",
            vi_remedy="xem `motcua deadletter list`, sửa nguồn gửi, rồi cho chạy tiếp bằng "
            f"`motcua deadletter resume {partition}` (biết còn nhiều nữa thì thêm --count hoặc --to)",
        ),
    )
