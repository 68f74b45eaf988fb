"""What a file would become, without sending anything: for those who write a mapping."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson

from motcua.importing.mapping.load import load_mapping
from motcua.importing.reasons import Refused
from motcua.importing.stream import open_entries
from motcua.importing.tables.header import Places

__all__ = ["Preview", "dry_run", "preview"]

_MOST_REFUSED = 1_000


@dataclass(frozen=True, slots=True)
class Preview:
    """What the first rows of a file become, and what was refused among them."""

    entries: list[dict[str, Any]]
    refused: list[Refused]
    places: Places


def preview(file: Path, mapping: Path | None, limit: int = 20, *, zone: str | None = None) -> Preview:
    """Translate until `limit` entries are made, without sending anything.

    Raises:
        ImportFailed: the file or the mapping cannot be used.
    """
    entries = open_entries(file, None if mapping is None else load_mapping(mapping, zone))
    made = Preview([], [], entries.places)
    try:
        for item in entries.items():
            if isinstance(item, Refused):
                made.refused.append(item)
            else:
                made.entries.append(orjson.loads(item.payload))
            if len(made.entries) >= limit or len(made.refused) >= max(limit, _MOST_REFUSED):
                break
    finally:
        entries.close()
    return made


def dry_run(file: Path, mapping: Path | None, limit: int = 20) -> list[dict[str, Any]]:
    """The first entries a file would give.

    Raises:
        ImportFailed: the file or the mapping cannot be used.
    """
    return preview(file, mapping, limit).entries
