"""What an epoch's lifecycle topic tells of each dossier, read for a comparison. Compares nothing."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

import orjson

from deploy.operations.epochs.compare import EpochFacts
from deploy.operations.epochs.reading import Record, ends_of, first_since, read_topic
from shared.broker.topics import lifecycle
from shared.clock import Clock
from shared.instants import DAY

__all__ = ["complete_from", "facts_of"]

#: Superseded records are compacted after 30 days; what was written since is all there.
_SURELY_KEPT: Final = 29 * DAY
_NEVER: Final = 2**62
_EVERY: Final = 1_000


async def facts_of(
    kafka: str,
    epoch: int,
    source: str,
    common: Mapping[int, int],
    complete: Mapping[int, int],
    *,
    told: Callable[[int, int], None],
) -> EpochFacts:
    """Read an epoch's topic to the end it has now.

    Args:
        kafka: bootstrap servers.
        epoch: whose topic.
        source: the journal it derives.
        common: by journal partition, the offset from which on causes are left out.
        complete: by journal partition, from which cause on announcements are compared.
        told: records read, and how many there are.
    """
    ends = await ends_of(kafka, lifecycle(epoch), len(common))
    total, done = sum(ends.values()), 0
    # Asked after the ends of the topic: whatever stands before those has its cause before these, or a false one.
    facts = EpochFacts(common, complete, await ends_of(kafka, source, len(common)))
    async for record in read_topic(kafka, lifecycle(epoch), range(len(common)), ends):
        facts.add(record.value)
        done += 1
        if done % _EVERY == 0:
            told(done, total)
    told(total, total)
    return facts


async def complete_from(kafka: str, epoch: int, count: int, clock: Clock) -> dict[int, int]:
    """By partition, the cause offset from which on no record can have been compacted away."""
    since = (clock.now() - _SURELY_KEPT) // 1000
    first = await first_since(kafka, lifecycle(epoch), count, since)
    return {number: _cause_offset(record) for number, record in first.items()}


def _cause_offset(record: Record | None) -> int:
    if record is None:
        return _NEVER
    if record.offset == 0:
        return 0
    try:
        return int(orjson.loads(record.value or b"")["data"]["cause"]["offset"])
    except (orjson.JSONDecodeError, KeyError, TypeError):
        return 0
