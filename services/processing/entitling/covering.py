"""Whether a grant covers a unit: by its patterns, by what is registered above the unit, or by who took over from it.

Pure. A grant is the text intake stamped (shared/access/patterns.py); None covers every unit.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from functools import lru_cache

from shared.access.patterns import covers, patterns_of, union
from shared.reference.kinds.units import Units

__all__ = ["Covers", "covers_grant", "covers_named", "covers_registered", "grant_in_entry", "union_of"]

#: Whether a grant (None: all) covers a unit (None: by all only) on the local date of an instant in UTC µs.
Covers = Callable[[str | None, str | None, int], bool]


def covers_registered(units: Units, grant: str, unit: str, day: date) -> bool:
    """Whether a grant covers who is registered above a unit, or took over from it on a day or later, and so on."""
    return any(covers_named(grant, one) for one in units.standing_for(unit, day))


@lru_cache(maxsize=65_536)
def covers_named(grant: str, unit: str) -> bool:
    """Whether the patterns of a grant cover a unit, as at the door."""
    return covers(patterns_of(grant), unit)


def covers_grant(covers: Covers, grant: str | None, other: str | None, at: int) -> bool:
    """Whether a grant covers every unit that another names, as it covers units; none covers an empty one.

    Args:
        covers: whether a grant covers a unit on the day of an instant.
        grant: the one that is asked about.
        other: what it is to cover.
        at: the instant in UTC µs.
    """
    if grant is None:
        return True
    if other is None:
        return False
    # A beginning is no unit, but is covered as the text that it is.
    patterns = patterns_of(other)
    return bool(patterns) and all(covers(grant, pattern, at) for pattern in patterns)


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
