"""The dry run of a revision: all states as stored, judged by the entries there are and with more. Changes nothing.

Knows the stored states and sets of all partitions; what is counted is `preview`'s.
"""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from services.processing.engine import Reference, facts
from services.processing.facts import Facts
from services.processing.http.preview import Tally
from services.processing.http.sight.asked import reach_of
from services.processing.http.sight.concerned import units_of
from services.processing.states.layers import Held
from services.processing.stream.revision.roster import Label, Relations, concerns
from services.processing.stream.revision.taken import Stored
from shared.access.bearer import Bearer
from shared.reference import ReferenceEntry
from shared.turns import Turns

__all__ = ["Ground", "read_ground", "run"]

_TELL_SECONDS: Final = 0.5


@dataclass(frozen=True)
class Ground:
    """What a dry run is made over: the reference data of each partition as stored, and T in UTC µs.

    `as_of` is the lowest clock of the partitions that have ticked, None where none has.
    """

    references: tuple[Reference, ...]
    as_of: int | None


async def read_ground(stored: Stored, partitions: int) -> Ground:
    """Sets and clocks of all partitions.

    Raises:
        DatabaseError: the database does not answer.
        Standstill: a partition's stored entries do not fit its checkpoint.
    """
    opened = [await stored.library.open(partition) for partition in range(partitions)]
    clocks = [checkpoint.clock for checkpoint, _ in opened if checkpoint is not None and checkpoint.clock is not None]
    return Ground(tuple(reference for _, reference in opened), min(clocks, default=None))


async def run(
    stored: Stored, ground: Ground, entries: Sequence[ReferenceEntry], who: Bearer
) -> AsyncIterator[dict[str, Any]]:
    """Judge every dossier the entries can concern: progress as {done, of}, at the end what `Tally.told` tells.

    Args:
        stored: what the epoch stored.
        ground: see `read_ground`.
        entries: the entries of the revision, in the order in which they would be sent.
        who: asks; only dossiers it sees are shown as examples, all are counted.

    Raises:
        DatabaseError: the database does not answer.
    """
    partitions = range(len(ground.references))
    total = sum([await stored.store.count(partition) for partition in partitions])
    tally = Tally(ground.as_of, _shown_to(who, ground))
    done = 0
    yield {"done": 0, "of": total}
    told = time.monotonic()
    turns = Turns()
    for partition in partitions:
        before = ground.references[partition]
        after = before.with_known(before.known.with_entries(entries))
        if after is before:
            continue
        async for held in stored.store.scan(partition, _wanted(after, entries)):
            done += 1
            if held is not None:
                _judge(held, before, after, tally)
            await turns.give()
            now = time.monotonic()
            if now - told > _TELL_SECONDS:
                told = now
                yield {"done": done, "of": max(done, total)}
    yield tally.told()


def _shown_to(who: Bearer, ground: Ground) -> Callable[[Facts], bool]:
    reach = reach_of(ground.references[0], ground.as_of, who)
    return lambda known: reach.all or reach.any(units_of(known))


def _wanted(after: Reference, entries: Sequence[ReferenceEntry]) -> Callable[[Label], bool]:
    """Which labels the entries can concern: no others are judged."""
    known = after.known
    relations = Relations(known.entries)
    narrowed = [(known.narrow(entry), entry.time) for entry in entries]
    about = [(concern, at) for concern, at in narrowed if not concern.none]
    return lambda label: any(concerns(label, concern, at, relations) for concern, at in about)


def _judge(held: Held, before: Reference, after: Reference, tally: Tally) -> None:
    state = held.state
    tally.add(facts(state.code, state.entries, before), facts(state.code, state.entries, after))
