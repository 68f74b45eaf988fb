"""Where a record of the journal stands by its key and partition, and which may not stand where they do. Pure."""

from __future__ import annotations

from typing import Final, Literal

from shared.broker.partition import partition_of
from shared.contract.entries import CLOCK_TYPES, ENTERED_TYPES, REFERENCE_TYPES

__all__ = ["CLOCK_KEY", "REFERENCE_KEY", "Kind", "Misplaced", "key_of", "kind_of"]

#: Journal key of clock entries, which go to every partition.
CLOCK_KEY: Final = b"clock"
#: Journal key of reference entries, which go to every partition by way of the outbox.
REFERENCE_KEY: Final = b"reference"
#: What a record is: an entry of its subject's partition, one that goes to every partition, or the copy of an entered
#: figure in a partition that is not its own, from when they were told to every one.
Kind = Literal["entry", "clock", "reference", "copy"]


class Misplaced(Exception):  # noqa: N818  (named by what it tells)
    """A record that stands where it may not.

    Attributes:
        reason: `wrong_key`, `wrong_partition` or `wrong_kind`; a dead letter carries it.
        detail: what is wrong, without values that could be personal.
    """

    def __init__(self, reason: str, detail: str) -> None:
        super().__init__(f"{reason}: {detail}")
        self.reason = reason
        self.detail = detail


def key_of(type_: str, subject: str) -> bytes:
    """The key of an entry's record."""
    if type_ in CLOCK_TYPES:
        return CLOCK_KEY
    return REFERENCE_KEY if type_ in REFERENCE_TYPES else subject.encode()


def kind_of(
    type_: str, subject: str, key: bytes | None, partition: int, partitions: int, *, simulated: bool, stack: bool
) -> Kind:
    """What the record of an entry is.

    Args:
        type_: of the entry.
        subject: of the entry.
        key: of the record.
        partition: where it stands.
        partitions: of this journal generation.
        simulated: whether the entry says that it is.
        stack: whether the stack is simulated; a clock's entries need not say so there.

    Raises:
        Misplaced: it may not stand there, or is of the other kind of stack.
    """
    kind: Kind = "entry"
    if type_ in CLOCK_TYPES:
        kind = "clock"
    elif type_ in REFERENCE_TYPES:
        kind = "reference"
    elif partition_of(subject, partitions) != partition:
        kind = "copy"
    told_everywhere = type_ in ENTERED_TYPES and key == REFERENCE_KEY
    if key != key_of(type_, subject) and not told_everywhere:
        whose = "the entry's subject" if kind in ("entry", "copy") else kind
        raise Misplaced("wrong_key", f"the record's key is not {whose}")
    if kind == "copy" and not told_everywhere:
        raise Misplaced("wrong_partition", "the entry's subject belongs to another partition of this generation")
    if simulated != stack and (kind != "clock" or simulated):
        raise Misplaced("wrong_kind", f"simulated is {simulated} in a stack where it is {stack}")
    return kind
