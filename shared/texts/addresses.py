"""Codes as they stand in the path of an address."""

from __future__ import annotations

from urllib.parse import quote

__all__ = ["in_path"]


def in_path(code: str) -> str:
    """A code as part of a path: percent-encoded, slashes as they are."""
    return quote(code)
