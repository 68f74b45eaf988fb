"""Which epochs there are, and which of them somebody may still need. Pure."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from shared.broker.pointer import newer
from shared.broker.topics import lifecycle
from shared.contract.housekeeping import LiveEpoch

__all__ = ["Epoch", "State", "last_two", "standing"]

_TOPIC: Final = re.compile(r"motcua\.(?:lifecycle|reference)\.v1\.e(\d+)", re.ASCII)
_DATABASE: Final = re.compile(r"motcua_(?:processing|metrics)_e(\d+)", re.ASCII)

#: live, and the one that was live before it; one that is derived or compared now; one that was broken off and never
#: live; one that was live longer ago.
State = Literal["live", "before", "derived", "broken-off", "old"]


@dataclass(frozen=True, slots=True)
class Epoch:
    """One derivation of everything, as it stands on brokers and in the database."""

    number: int
    state: State
    topics: tuple[str, ...]
    databases: tuple[str, ...]

    @property
    def needed(self) -> bool:
        """Whether somebody reads it, may go back to it, or is making it."""
        return self.state in ("live", "before", "derived")


def last_two(pointers: Sequence[LiveEpoch], topics: Collection[str]) -> tuple[int | None, int | None]:
    """The live epoch and the one that was before it; None where there was none.

    Args:
        pointers: the pointer's records in their order.
        topics: names of all topics; records that name an epoch without its topic do not count.
    """
    held: LiveEpoch | None = None
    before: int | None = None
    for pointer in pointers:
        if lifecycle(pointer.epoch) not in topics:
            continue
        following = newer(held, pointer)
        if held is not None and following.epoch != held.epoch:
            before = held.epoch
        held = following
    return (None if held is None else held.epoch), before


def standing(
    pointers: Sequence[LiveEpoch], topics: Collection[str], databases: Iterable[str], derived: Collection[int]
) -> list[Epoch]:
    """All epochs that anything is left of, by number; none where no epoch is live, as then nobody knows what is needed.

    Args:
        pointers: the pointer's records in their order.
        topics: names of all topics.
        databases: names of all databases.
        derived: epochs that a process derives now, or is kept to.
    """
    live, before = last_two(pointers, topics)
    if live is None:
        return []
    found: dict[int, tuple[list[str], list[str]]] = {}
    for place, pattern, names in ((0, _TOPIC, topics), (1, _DATABASE, databases)):
        for name in sorted(names):
            if (match := pattern.fullmatch(name)) is not None:
                found.setdefault(int(match[1]), ([], []))[place].append(name)
    states: dict[int, State] = dict.fromkeys((one.epoch for one in pointers), "old")
    states |= dict.fromkeys(derived, "derived")
    if before is not None:
        states[before] = "before"
    states[live] = "live"
    return [
        Epoch(number, states.get(number, "broken-off"), tuple(of[0]), tuple(of[1]))
        for number, of in sorted(found.items())
    ]
