"""States of the cases of one partition in memory, as layers over the database. Does no I/O.

pending (events not acknowledged yet) over dirty (to be stored) over storing over recent (least recently used first).
They belong to one assignment and die with it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from services.processing.engine import CaseState

__all__ = ["HeldState", "States"]


class HeldState:
    """A state in memory.

    Attributes:
        state: the state; never changed in place.
        size: bytes of all journal records taken into the case, which decides when it is too big.
        stored: whether the database is known to have a document of this case.
    """

    __slots__ = ("size", "state", "stored")

    def __init__(self, state: CaseState, size: int, stored: bool) -> None:
        self.state = state
        self.size = size
        self.stored = stored


class States:
    """The layers.

    Args:
        capacity: states kept in `recent`; unsaved ones are not limited here.
        empty: the database had no state of the partition when it was assigned, so that nothing need be read as long
            as nothing was thrown out of memory.
    """

    def __init__(self, capacity: int, *, empty: bool) -> None:
        self.capacity = capacity
        self.complete = empty
        self._pending: dict[str, HeldState] = {}
        self._dirty: dict[str, HeldState] = {}
        self._storing: dict[str, HeldState] = {}
        self._recent: dict[str, HeldState] = {}

    def __len__(self) -> int:
        return len(self._pending) + len(self._dirty) + len(self._storing) + len(self._recent)

    @property
    def unsaved(self) -> int:
        """States whose events are out and that are not being stored yet."""
        return len(self._dirty)

    def get(self, key: str) -> HeldState | None:
        """The newest state in memory, events not acknowledged included: what the engine goes on with."""
        held = self._pending.get(key) or self._dirty.get(key) or self._storing.get(key)
        if held is None and (held := self._recent.pop(key, None)) is not None:
            self._recent[key] = held  # now the most recently used
        return held

    def acknowledged(self, key: str) -> HeldState | None:
        """The newest state whose events are out: what is told to others."""
        return self._dirty.get(key) or self._storing.get(key) or self._recent.get(key)

    def missing(self, keys: Iterable[str]) -> list[str]:
        """Those keys, each once, whose states have to be read from the database."""
        if self.complete:
            return []
        layers = (self._pending, self._dirty, self._storing, self._recent)
        return [key for key in dict.fromkeys(keys) if not any(key in layer for layer in layers)]

    def loaded(self, held: HeldState) -> None:
        """Take in a state read from the database, unless memory has one that is newer."""
        if self.get(held.state.key) is None:
            self._recent[held.state.key] = held

    def put(self, held: HeldState) -> None:
        """A new state whose events are not acknowledged yet."""
        self._pending[held.state.key] = held

    def acknowledge(self) -> None:
        """The events of all pending states are out: they may be stored."""
        if self._pending:
            self._dirty.update(self._pending)
            self._pending = {}

    @property
    def storing(self) -> dict[str, HeldState]:
        """What was taken to be stored and is not in the database yet."""
        return self._storing

    def take(self) -> None:
        """Put all dirty states aside to be stored; nothing may be aside already (see `saved`)."""
        self._storing, self._dirty = self._dirty, {}

    def saved(self) -> None:
        """What was taken is in the database."""
        for key, held in self._storing.items():
            held.stored = True
            newer = self._dirty.get(key)
            if newer is not None:
                newer.stored = True
            unsent = self._pending.get(key)
            if unsent is not None:
                unsent.stored = True
            self._recent.pop(key, None)
            self._recent[key] = held
        self._storing = {}
        self.trim()

    def trim(self) -> None:
        """Throw out the states not used for the longest time, down to the capacity."""
        surplus = len(self._recent) - self.capacity
        if surplus > 0:
            self.complete = False
            for key in [key for key, _ in zip(self._recent, range(surplus), strict=False)]:
                del self._recent[key]

    def newest(self) -> Iterator[HeldState]:
        """The newest state of each case in memory, events not acknowledged included; consumed at once."""
        for key in dict.fromkeys(self.keys()):
            yield self._pending.get(key) or self._dirty.get(key) or self._storing.get(key) or self._recent[key]

    def keys(self) -> Iterator[str]:
        """Keys of all states in memory, some more than once."""
        for layer in (self._pending, self._dirty, self._storing, self._recent):
            yield from layer
