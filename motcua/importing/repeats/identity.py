"""Ids of events made of what they say: the same event has the same id, wherever it stands. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import blake2b

import orjson

__all__ = ["content_of", "id_by_content"]

_BYTES = 8


def content_of(time: str, data: Mapping[str, object]) -> bytes:
    """What an entry says: its time (RFC 3339) and its data, whose order makes no difference."""
    return orjson.dumps([time, data], option=orjson.OPT_SORT_KEYS)


def id_by_content(code: str, name: str, content: bytes) -> str:
    """The id of a dossier's event."""
    return f"{code}/{name}/{blake2b(content, digest_size=_BYTES).hexdigest()}"
