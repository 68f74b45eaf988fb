"""What waits to be told, per lifecycle partition, and when it may be told. Pure: instants are seconds passed in.

A dossier's news waits until it has been the same for a grace period, and until processing has read all the journal
held at that moment: an answer that is already on its way must not come after the reminder.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from services.processing.dispatch.judged import Heard
from services.processing.dispatch.reach import Reach
from services.processing.dispatch.wanted import Notice

__all__ = ["Barrier", "Item", "Pending"]


@dataclass(slots=True)
class Item:
    """A dossier's newest row and what happened to it since it was last told of.

    `first` is the lifecycle offset of the oldest record in it, `changed` when the newest came, `cause` the journal
    offset that made the row.
    """

    row: dict[str, Any]
    first: int
    changed: float
    cause: int
    notices: list[Notice] = field(default_factory=list)
    heard: list[Heard] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Barrier:
    """What has to be read before what was ripe at `ripe_at` may be told.

    `journal_end` is to be reached by processing's checkpoint; then `lifecycle_end` by the dispatcher. `looked_at`: when
    it was last asked how much of it is records.
    """

    ripe_at: float
    journal_end: int
    looked_at: float
    lifecycle_end: int | None = None


class Pending:
    """The dossiers of one partition that have news."""

    def __init__(self) -> None:
        self._items: dict[str, Item] = {}
        self.barrier: Barrier | None = None
        #: Offset of the next record, the partition's clock in UTC microseconds.
        self.position = 0
        self.clock = 0
        #: For whom the partition is known to have been read from its beginning.
        self.read_for: Reach | None = None

    def __len__(self) -> int:
        return len(self._items)

    def __contains__(self, code: str) -> bool:
        return code in self._items

    @property
    def entries(self) -> int:
        """Agencies' entries whose dossiers have news."""
        return sum(len(item.heard) for item in self._items.values())

    def add(
        self,
        code: str,
        row: dict[str, Any],
        notices: Iterable[Notice],
        offset: int,
        now: float,
        *,
        cause: int = 0,
        heard: Heard | None = None,
    ) -> None:
        """A newer row of a dossier, what happened, and the agency's entry that made it, if one did.

        One with a lower cause than the row known is a frozen writer's, sent once it woke: all of it was told before.
        """
        item = self._items.get(code)
        if item is None:
            self._items[code] = item = Item(row, offset, now, cause, list(notices))
        elif cause < item.cause:
            return
        else:
            item.row, item.changed, item.cause = row, now, cause
            item.notices.extend(notices)
        if heard is not None:
            item.heard.append(heard)

    def any_ripe(self, before: float) -> bool:
        """Whether a dossier has been quiet since `before`."""
        return any(item.changed <= before for item in self._items.values())

    def ripe(self, before: float) -> dict[str, Item]:
        """The dossiers that have been quiet since `before`, in code order."""
        return {code: self._items[code] for code in sorted(self._items) if self._items[code].changed <= before}

    def told(self, codes: Iterable[str]) -> None:
        """These were told of."""
        for code in codes:
            self._items.pop(code, None)

    def restart(self, offset: int) -> None:
        """Everything is read again from an offset."""
        self._items.clear()
        self.barrier = None
        self.position = offset

    @property
    def resume_at(self) -> int:
        """Offset from which a successor has to read to know all that waits."""
        return min((item.first for item in self._items.values()), default=self.position)
