"""The text of an instant in rows and happenings. Pure."""

from __future__ import annotations

from functools import lru_cache

from shared.instants import to_rfc3339

__all__ = ["instant_text", "maybe_text"]


@lru_cache(maxsize=65_536)
def instant_text(instant: int) -> str:
    """RFC 3339 text of an instant; a dossier's instants recur in each of its rows, hence the cache."""
    return to_rfc3339(instant)


@lru_cache(maxsize=65_536)
def maybe_text(instant: int | None) -> str | None:
    """The same where there may be no instant; cached by itself, so that most members of a row cost one call."""
    return None if instant is None else to_rfc3339(instant)
