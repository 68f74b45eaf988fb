"""The dated versions of one thing: which is in force on a day, by what was ordered before an instant.

Pure and order-free. Knows validity and precedence; nothing of what a version says.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable
from datetime import date
from typing import Final, Generic, NamedTuple, Protocol, TypeVar

from shared.reference.entry import ReferenceEntry

__all__ = ["NEVER", "Dated", "HeldUntil", "Timeline", "Versions", "hold"]

#: An instant after all others.
NEVER: Final = 2**63
#: Timelines and days an object keeps; past it, it starts anew.
_KEPT: Final = 4096


class Dated(Protocol):
    """A version with validity, both days inclusive; None is without limit."""

    @property
    def valid_from(self) -> date | None:
        """The first day it is in force."""

    @property
    def valid_to(self) -> date | None:
        """The last day it is in force."""


V = TypeVar("V", bound=Dated)


class HeldUntil(NamedTuple):
    """An entry and the instant up to which it holds.

    It holds for a dossier that ended at `before` if `entry.time < before <= until`: it was ordered before the end, and
    no entry that beats it was.
    """

    entry: ReferenceEntry
    until: int


def hold(chain: Iterable[ReferenceEntry]) -> list[HeldUntil]:
    """The entries of one identity with the instant up to which each holds; those that never hold are left out."""
    held = []
    until = NEVER
    for entry in sorted(chain, key=lambda entry: entry.precedence):
        if entry.time < until:
            held.append(HeldUntil(entry, until))
            until = entry.time
    return held


class Timeline(Generic[V]):
    """Versions that hold together, by validity; of those valid on a day the one of highest precedence is in force."""

    __slots__ = ("_days", "_starts", "versions")

    def __init__(self, versions: Iterable[V]) -> None:
        #: In ascending precedence: by valid_from, then by the order of their entries.
        self.versions: tuple[V, ...] = tuple(versions)
        self._starts = [version.valid_from or date.min for version in self.versions]
        self._days: dict[date, V | None] = {}

    def on(self, day: date) -> V | None:
        """The version in force on a day."""
        try:
            return self._days[day]
        except KeyError:
            pass
        found = next((v for v in reversed(self.begun(day)) if v.valid_to is None or v.valid_to >= day), None)
        if len(self._days) >= _KEPT:
            self._days.clear()
        self._days[day] = found
        return found

    def begun(self, day: date) -> tuple[V, ...]:
        """The versions that began by a day, in ascending precedence, ended ones included."""
        return self.versions[: bisect_right(self._starts, day)]

    @property
    def latest(self) -> V | None:
        """The version of highest precedence whatever the day."""
        return self.versions[-1] if self.versions else None


class Versions(Generic[V]):
    """All versions of one thing, whether they hold or not; immutable but for caches.

    Args:
        held: entries with the instant up to which each holds, in any order.
        read: the version an entry gives; None where it gives none.
    """

    __slots__ = ("_all", "_kept", "_moments", "open", "settled")

    def __init__(self, held: Iterable[HeldUntil], read: Callable[[ReferenceEntry], V | None]) -> None:
        found = [(entry, until, version) for entry, until in held if (version := read(entry)) is not None]
        found.sort(key=lambda item: (item[2].valid_from or date.min, item[0].order))
        self._all = tuple((entry.time, until, version) for entry, until, version in found)
        moments = {time for time, _, _ in self._all} | {until for _, until, _ in self._all if until < NEVER}
        self._moments = sorted(moments)
        self._kept: dict[int, Timeline[V]] = {}
        #: The instant after which nothing changes any more.
        self.settled = self._moments[-1] if self._moments else -NEVER
        #: What holds for whatever is still open.
        self.open = self._timeline(NEVER)

    def at(self, before: int | None) -> Timeline[V]:
        """The versions that hold for what ended at `before` (UTC microseconds; None: still open)."""
        if before is None or before > self.settled:
            return self.open
        rank = bisect_left(self._moments, before)
        timeline = self._kept.get(rank)
        if timeline is None:
            if len(self._kept) >= _KEPT:
                self._kept.clear()
            timeline = self._kept[rank] = self._timeline(before)
        return timeline

    def _timeline(self, before: int) -> Timeline[V]:
        return Timeline(version for time, until, version in self._all if time < before <= until)

    def all(self) -> tuple[V, ...]:
        """Every version that holds for somebody, in ascending precedence."""
        return tuple(version for _, _, version in self._all)
