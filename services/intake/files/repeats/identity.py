"""Ids of events made of what they say: the same event has the same id, wherever it stands. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import blake2b

import orjson

from services.intake.files.times import Moment
from shared.instants import to_rfc3339

__all__ = ["content_of", "id_by_content"]

_BYTES = 8


def content_of(moment: Moment, data: Mapping[str, object]) -> bytes:
    """What an entry says: its time and its data, whose order makes no difference."""
    return orjson.dumps([to_rfc3339(moment.instant), data], option=orjson.OPT_SORT_KEYS)


def id_by_content(code: str, name: str, content: bytes) -> str:
    """The id of a dossier's event."""
    return f"{code}/{name}/{blake2b(content, digest_size=_BYTES).hexdigest()}"
