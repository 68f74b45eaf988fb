"""The text of an instant in rows and happenings. Pure."""

from __future__ import annotations

from functools import lru_cache

from shared.instants import to_rfc3339

__all__ = ["instant_text"]


@lru_cache(maxsize=65_536)
def instant_text(instant: int) -> str:
    """RFC 3339 text of an instant; a dossier's instants recur in each of its rows, hence the cache."""
    return to_rfc3339(instant)
