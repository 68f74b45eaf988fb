"""Whose a key is, and what that one may do. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from shared.access.patterns import covers, matches
from shared.access.rights import Right, rights_of

__all__ = ["Bearer"]


@dataclass(frozen=True, slots=True)
class Bearer:
    """The bearer of a key.

    Args:
        name: the sender's name, stamped on its entries.
        sources: patterns of sources it may speak for.
        units: patterns of units it may name and, with the right to read, see.
        roles: names for its rights (shared/access/rights.py).
        disabled: whether it may do nothing for now.
        entries_per_second: what it may send, 0 is no limit; None: what the stack's settings say.
        bytes_per_second: the same of bytes.
    """

    name: str
    sources: tuple[str, ...] = ()
    units: tuple[str, ...] = ()
    roles: frozenset[str] = frozenset()
    disabled: bool = False
    entries_per_second: int | None = None
    bytes_per_second: int | None = None

    @property
    def rights(self) -> frozenset[Right]:
        """What its roles give."""
        return rights_of(self.roles)

    def may(self, right: Right) -> bool:
        """Whether it has a right."""
        return right in self.rights

    def may_any(self, rights: Iterable[Right]) -> bool:
        """Whether it has one of some rights."""
        return not self.rights.isdisjoint(rights)

    @property
    def administers(self) -> bool:
        """Whether it may make keys, and so whatever a key may: such are the home's own."""
        return self.may("keys")

    @property
    def reads_all(self) -> bool:
        """Whether it sees what concerns any unit, and what concerns none."""
        return self.may("read_all")

    def speaks_for(self, source: str) -> bool:
        """Whether the key covers a source."""
        return any(matches(pattern, source) for pattern in self.sources)

    def names(self, unit: str) -> bool:
        """Whether the key covers a unit: named itself, by a beginning, or below a named one by dotted code."""
        return covers(self.units, unit)

    def reads(self, unit: str | None, above: Iterable[str] = ()) -> bool:
        """Whether it sees what concerns a unit.

        Args:
            unit: the unit; None for what concerns none.
            above: the units above it, as registered.
        """
        if self.reads_all:
            return True
        if unit is None or not self.may("read"):
            return False
        return self.names(unit) or any(self.names(one) for one in above)
