"""Units (đơn vị) over time: versions, parents, successors, and who is below whom.

Pure. A unit nobody registered has the parent its code tells. Whatever goes in a circle ends where it would repeat.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final

from shared.contract.reference import UnitData, UnitKind
from shared.reference.faults import Fault, fault
from shared.reference.versions import Timeline

__all__ = ["UnitVersion", "Units", "check_unit", "parent_by_code"]

_KEPT: Final = 65_536
#: Units above one another, or that took over from one another, that a new one may be put below or before.
_LONGEST_ROW: Final = 64
#: Units that took over from one another, looked at at most: far more than the row a new one may be put before.
_MOST_STANDING: Final = 1_024


def parent_by_code(code: str) -> str | None:
    """The code without its last dotted part; None where there is no dot."""
    return code.rpartition(".")[0] or None


@dataclass(frozen=True, slots=True)
class UnitVersion:
    """A unit as it stands from `valid_from` to `valid_to`, inclusive; `parent` is the one told, None where none is."""

    code: str
    parent: str | None
    name: str | None
    kind: UnitKind | None
    successor: str | None
    document: str | None
    valid_from: date | None
    valid_to: date | None

    @classmethod
    def of(cls, data: UnitData) -> UnitVersion:
        """The version an entry's data give."""
        return cls(
            data.unit,
            data.parent,
            data.name,
            data.kind,
            data.successor,
            data.document,
            data.valid_from,
            data.valid_to,
        )

    @property
    def parent_in_force(self) -> str | None:
        """The parent told, else the one by code; a unit is never its own parent."""
        told = self.parent if self.parent is not None else parent_by_code(self.code)
        return None if told == self.code else told


class Units:
    """The registered units as they hold for one question; made by `ReferenceSet.units`.

    Where a method takes a day: the version in force on it, else the one that began last before it, else the first.
    Without a day: the version of highest precedence.

    Args:
        codes: codes that may be registered.
        timeline: versions of one of these codes, None or empty if it has none.
    """

    __slots__ = ("_above", "_codes", "_standing", "_timeline")

    def __init__(
        self, codes: Iterable[str] = (), timeline: Callable[[str], Timeline[UnitVersion] | None] = lambda _code: None
    ) -> None:
        self._timeline = timeline
        self._codes: tuple[str, ...] | Iterable[str] = codes
        self._above: dict[tuple[str, date | None], tuple[str, ...]] = {}
        self._standing: dict[tuple[str, date], tuple[str, ...]] = {}

    @property
    def codes(self) -> tuple[str, ...]:
        """All registered codes, sorted."""
        if not isinstance(self._codes, tuple):
            self._codes = tuple(sorted(code for code in self._codes if self.known(code)))
        return self._codes

    def known(self, code: str) -> bool:
        """Whether a unit is registered, in force or not."""
        timeline = self._timeline(code)
        return timeline is not None and bool(timeline.versions)

    def version(self, code: str, day: date) -> UnitVersion | None:
        """The version in force on a day; None if none is, or the unit is not registered."""
        timeline = self._timeline(code)
        return None if timeline is None else timeline.on(day)

    def latest(self, code: str, day: date | None = None) -> UnitVersion | None:
        """The version that tells about a unit on a day even where none is in force; None only if it is unregistered."""
        timeline = self._timeline(code)
        if timeline is None or not timeline.versions:
            return None
        if day is None:
            return timeline.versions[-1]
        in_force = timeline.on(day)
        if in_force is not None:
            return in_force
        begun = timeline.begun(day)
        return begun[-1] if begun else timeline.versions[0]

    def parent_of(self, code: str, day: date | None = None) -> str | None:
        """The unit right above: as registered, else the code without its last dotted part, else None."""
        version = self.latest(code, day)
        return parent_by_code(code) if version is None else version.parent_in_force

    def above(self, code: str, day: date | None = None) -> tuple[str, ...]:
        """All units above one, the nearest first, without itself."""
        key = (code, day)
        found = self._above.get(key)
        if found is None:
            chain: dict[str, None] = {}
            parent = self.parent_of(code, day)
            while parent is not None and parent != code and parent not in chain:
                chain[parent] = None
                parent = self.parent_of(parent, day)
            if len(self._above) >= _KEPT:
                self._above.clear()
            found = self._above[key] = tuple(chain)
        return found

    def climb(self, code: str, day: date | None, most: int) -> tuple[str, ...]:
        """So many of the units above one at most, the nearest first; of a circle once round."""
        chain: dict[str, None] = {}
        parent = self.parent_of(code, day)
        while parent is not None and parent not in chain and len(chain) < most:
            chain[parent] = None
            parent = self.parent_of(parent, day)
        return tuple(chain)

    def is_below(self, code: str, above: str, day: date | None = None) -> bool:
        """Whether a unit lies below another; not below itself."""
        return above in self.above(code, day)

    def below(self, code: str, day: date | None = None) -> tuple[str, ...]:
        """The registered units below one, sorted by code."""
        return tuple(other for other in self.codes if self.is_below(other, code, day))

    def kind(self, code: str, day: date | None = None) -> UnitKind | None:
        """The kind of a unit as registered."""
        version = self.latest(code, day)
        return None if version is None else version.kind

    def name(self, code: str, day: date | None = None) -> str | None:
        """The name of a unit as registered."""
        version = self.latest(code, day)
        return None if version is None else version.name

    def successors(self, code: str, day: date | None = None, most: int | None = None) -> tuple[str, ...]:
        """Who took over from a unit by a day, then from that one, and so on; empty while it is still there.

        A successor takes over on the day after `valid_to`, without one when the version naming it begins. Without a
        day: whoever takes over in the end. Of a long row the first `most`.
        """
        chain = {code: None}
        following = self._successor(code, day)
        while following is not None and following not in chain and (most is None or len(chain) <= most):
            chain[following] = None
            following = self._successor(following, day)
        return tuple(chain)[1:]

    def heir(self, code: str, day: date | None = None) -> str:
        """The last of a unit's successors by a day, or the unit itself."""
        return (self.successors(code, day) or (code,))[-1]

    def standing_for(self, code: str, day: date) -> tuple[str, ...]:
        """Who is above a unit on a day or takes over from it by then or later, and so on from each, the nearest first.

        A successor is one that the version telling on the day names, or a version that begins after it. Who took over
        from a unit above stands for it too, and who is above one that took over; the unit itself is not among them.
        """
        key = (code, day)
        found = self._standing.get(key)
        if found is None:
            chain = {code: None}
            waiting = [code]
            for one in waiting:
                for following in (self.parent_of(one, day), *self._named_heirs(one, day)):
                    if following is not None and following not in chain and len(chain) <= _MOST_STANDING:
                        chain[following] = None
                        waiting.append(following)
            if len(self._standing) >= _KEPT:
                self._standing.clear()
            found = self._standing[key] = tuple(chain)[1:]
        return found

    def _named_heirs(self, code: str, day: date) -> Iterator[str]:
        timeline, telling = self._timeline(code), self.latest(code, day)
        if timeline is None or telling is None:
            return
        later = timeline.versions[len(timeline.begun(day)) :]
        for version in (telling, *later):
            if version.successor is not None:
                yield version.successor

    def _successor(self, code: str, day: date | None) -> str | None:
        timeline = self._timeline(code)
        if timeline is None or not timeline.versions:
            return None
        if day is None:
            return timeline.versions[-1].successor
        if (in_force := timeline.on(day)) is not None and in_force.valid_to is not None:
            return None
        begun = timeline.begun(day)
        return begun[-1].successor if begun else None


def check_unit(data: UnitData, known: Units) -> list[Fault]:
    """What is wrong with a unit version by itself, or makes a circle with the units known."""
    faults = []
    if data.valid_from is not None and data.valid_to is not None and data.valid_to < data.valid_from:
        faults.append(fault("validity_reversed", "data.valid_to", str(data.valid_to), first=str(data.valid_from)))
    if data.parent == data.unit:
        faults.append(fault("own_parent", "data.parent", data.parent))
    elif data.parent is not None:
        chain = (data.parent, *known.climb(data.parent, data.valid_from, _LONGEST_ROW))
        faults += _circle("unit_cycle", "data.parent", data.unit, chain)
    if data.successor == data.unit:
        faults.append(fault("own_successor", "data.successor", data.successor))
    elif data.successor is not None:
        chain = (data.successor, *known.successors(data.successor, most=_LONGEST_ROW))
        faults += _circle("successor_cycle", "data.successor", data.unit, chain)
    return faults


def _circle(code: str, field: str, unit: str, chain: tuple[str, ...]) -> list[Fault]:
    if unit not in chain:
        # A longer row is no province's, and would be climbed anew with every unit that is added to it.
        return [fault("unit_row_too_long", field, chain[0], limit=_LONGEST_ROW)] if len(chain) > _LONGEST_ROW else []
    path = " → ".join((unit, *chain[: chain.index(unit) + 1]))
    return [fault(code, field, chain[0], path=path)]
