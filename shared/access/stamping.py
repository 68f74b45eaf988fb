"""The grant that the units of a key give to what it sends, and how many patterns that takes. Pure."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

from shared.access.patterns import ALL, MOST_PATTERNS, grant_of, patterns_of

__all__ = ["is_grant", "needed", "stamp_of"]

#: Keys whose stamp is remembered; a province has some thousand.
_KEYS: Final = 16_384


def stamp_of(units: tuple[str, ...]) -> str:
    """What stands as `grant` on an entry sent by a key of these units.

    A key without units covers nothing. One of before there was a limit, which needs more patterns than a grant may
    have, covers every unit: nothing it could do is taken from it, and `motcua doctor` names it.
    """
    grant, patterns = _stamp(units)
    return grant if patterns <= MOST_PATTERNS else ALL


def needed(units: tuple[str, ...]) -> int:
    """Patterns that a grant of these units takes, after those that another covers are left out."""
    return _stamp(units)[1]


def is_grant(value: object) -> bool:
    """Whether a value is a grant as intake stamps it."""
    if not isinstance(value, str):
        return False
    try:
        patterns = patterns_of(value)
    except ValueError:
        return False
    return len(patterns) <= MOST_PATTERNS and grant_of(patterns) == value


@lru_cache(maxsize=_KEYS)
def _stamp(units: tuple[str, ...]) -> tuple[str, int]:
    grant = grant_of(units)
    return grant, len(patterns_of(grant))
