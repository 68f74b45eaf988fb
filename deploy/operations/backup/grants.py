"""Whether a backup's journal has entries with grants, which versions from before grants take for malformed."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import polars as pl

from deploy.operations.backup.manifest import Manifest

__all__ = ["has_grants"]

#: As intake writes it. In a text of an entry its quotation marks would be escaped.
_MEMBER: Final = b'"grant":"'


def has_grants(folder: Path, manifest: Manifest) -> bool:
    """Whether any record of a backup carries a grant; the newest chunks are looked at first.

    Args:
        folder: of the backup, whose chunks were checked.
        manifest: of the backup.
    """
    for chunk in sorted(manifest.chunks, key=lambda one: one.written_at, reverse=True):
        values = pl.read_parquet(folder / chunk.file, columns=["value"], memory_map=False)["value"]
        if values.bin.contains(_MEMBER).any():
            return True
    return False
