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
from services.processing.states.layers import HeldState
from services.processing.stream.revision.roster import Label, Relations, concerns
from services.processing.stream.revision.taken import Stored
from shared.access.bearer import Bearer
from shared.reference import ReferenceEntry, ReferenceSet
from shared.turns import Turns

__all__ = ["Ground", "read_ground", "run"]

_TELL_SECONDS: Final = 0.5
#: Entries taken into a set between two turns.
_AT_ONCE: Final = 100

_Wanted = Callable[[Label], bool]


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
    # Mostly all partitions have the same entries.
    made: dict[ReferenceSet, tuple[ReferenceSet, _Wanted]] = {}
    for partition in partitions:
        before = ground.references[partition]
        if before.known not in made:
            known = await _grown(before.known, entries, turns)
            made[before.known] = known, await _wanted(known, entries, turns)
        known, wanted = made[before.known]
        after = before.with_known(known)
        if known == before.known:
            continue
        async for held in stored.store.scan(partition, wanted):
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


async def _grown(known: ReferenceSet, entries: Sequence[ReferenceEntry], turns: Turns) -> ReferenceSet:
    """The set with more entries."""
    for start in range(0, len(entries), _AT_ONCE):
        known = known.with_entries(entries[start : start + _AT_ONCE])
        await turns.give()
    return known


async def _wanted(known: ReferenceSet, entries: Sequence[ReferenceEntry], turns: Turns) -> _Wanted:
    """Which labels the entries, which the set has, can concern: no others are judged."""
    relations = Relations()
    async for entry in turns.each(known.entries):
        relations.learn(entry)
    about = []
    async for entry in turns.each(entries):
        concern = known.narrow(entry)
        if not concern.none:
            about.append((concern, entry.time))
    return lambda label: any(concerns(label, concern, at, relations) for concern, at in about)


def _judge(held: HeldState, before: Reference, after: Reference, tally: Tally) -> None:
    state = held.state
    tally.add(facts(state.code, state.entries, before), facts(state.code, state.entries, after))
