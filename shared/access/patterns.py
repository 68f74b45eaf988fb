"""Patterns of units and sources, what they cover, and the grant that intake stamps on an entry. Pure.

A pattern is a code, a beginning with "*" at its end, or "*". A pattern of units covers all below it by dotted code.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import Final

import orjson

__all__ = ["ALL", "MOST_PATTERNS", "covers", "grant_of", "matches", "patterns_of", "union"]

#: Patterns a grant may have; who needs more names a beginning.
MOST_PATTERNS: Final = 32
#: The grant that covers every unit.
ALL: Final = '["*"]'


def matches(pattern: str, text: str) -> bool:
    """Whether a pattern names a text, itself or by its beginning."""
    return text.startswith(pattern[:-1]) if pattern.endswith("*") else pattern == text


def covers(patterns: Iterable[str], unit: str) -> bool:
    """Whether patterns cover a unit: named itself, by a beginning, or below a named one by dotted code."""
    return any(matches(pattern, unit) or unit.startswith(pattern + ".") for pattern in patterns)


def grant_of(patterns: Iterable[str]) -> str:
    """The grant that patterns of units give, as it stands on an entry: JSON of those no other covers, sorted."""
    return orjson.dumps(sorted(_least(set(patterns)))).decode()


@lru_cache(maxsize=65_536)
def patterns_of(grant: str | None) -> tuple[str, ...]:
    """The patterns of a grant; an absent one (of an entry from before grants) covers every unit.

    Raises:
        ValueError: it is none.
    """
    if grant is None:
        return ("*",)
    found = orjson.loads(grant)
    if not isinstance(found, list) or not all(isinstance(pattern, str) and pattern for pattern in found):
        raise ValueError("a grant is a JSON list of patterns of units")
    return tuple(found)


def union(grants: Iterable[str | None]) -> str:
    """The grant that covers what any of some grants covers."""
    return grant_of(pattern for grant in grants for pattern in patterns_of(grant))


def _least(patterns: set[str]) -> list[str]:
    return [one for one in patterns if not any(_wider(other, one) for other in patterns if other != one)]


def _wider(pattern: str, other: str) -> bool:
    """Whether a pattern covers whatever another, different one covers."""
    if pattern.endswith("*"):
        return other.startswith(pattern[:-1])
    return other.startswith(pattern + ".")
