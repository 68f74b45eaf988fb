"""Whether a grant covers a unit: by its patterns, by what is registered above the unit, or by who took over from it.

Pure. A grant is the text intake stamped (shared/access/patterns.py); None covers every unit.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from functools import lru_cache

from shared.access.patterns import covers, patterns_of, union
from shared.reference.units import Units

__all__ = ["Covers", "covers_grant", "covers_named", "covers_registered", "grant_in_entry", "union_of"]

#: Whether a grant (None: all) covers a unit (None: by all only) on the local date of an instant in UTC µs.
Covers = Callable[[str | None, str | None, int], bool]


def covers_registered(units: Units, grant: str, unit: str, day: date) -> bool:
    """Whether a grant covers a unit by what is registered above it, or by who took over from it on a day or later."""
    return any(covers_named(grant, above) for above in units.above(unit, day)) or any(
        covers_named(grant, heir) for heir in units.heirs(unit, day)
    )


@lru_cache(maxsize=65_536)
def covers_named(grant: str, unit: str) -> bool:
    """Whether the patterns of a grant cover a unit, as at the door."""
    return covers(patterns_of(grant), unit)


@lru_cache(maxsize=16_384)
def covers_grant(grant: str | None, other: str | None) -> bool:
    """Whether a grant covers every unit that another may, as their patterns stand; none covers an empty one."""
    if grant is None:
        return True
    if other is None or not patterns_of(other):
        return False
    return union((grant, other)) == union((grant,))


@lru_cache(maxsize=16_384)
def grant_in_entry(text: str | None) -> str | None:
    """A grant as the engine keeps it: in its one form, None for all.

    Raises:
        ValueError: it is none.
    """
    if text is None:
        return None
    found = union((text,))
    return None if "*" in patterns_of(found) else found


def union_of(grants: Iterable[str | None]) -> str | None:
    """What any of some grants in the engine's form covers, in the same form."""
    return _union(frozenset(grants))


@lru_cache(maxsize=16_384)
def _union(grants: frozenset[str | None]) -> str | None:
    if None in grants:
        return None
    if len(grants) == 1:
        return next(iter(grants))
    return grant_in_entry(union(grants))
