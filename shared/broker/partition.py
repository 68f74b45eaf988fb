"""Which journal partition holds a dossier: one explicit rule, the same for every writer (never a client's default)."""

from __future__ import annotations

import zlib

__all__ = ["partition_of"]


def partition_of(code: str, partitions: int) -> int:
    """Partition number of a dossier code: CRC-32 of its UTF-8 bytes modulo the partition count of the generation."""
    return zlib.crc32(code.encode("utf-8")) % partitions
