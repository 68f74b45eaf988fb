"""Request bodies as they were before compression, up to a limit. Pure."""

from __future__ import annotations

import zlib
from typing import Final

from shared.problems import Problem

__all__ = ["unpack"]

_GZIP: Final = 16 + zlib.MAX_WBITS


def unpack(body: bytes, encoding: str | None, limit: int) -> bytes:
    """The body without its Content-Encoding.

    Args:
        body: what was sent.
        encoding: the Content-Encoding header.
        limit: bytes allowed after unpacking; a small body can hold a huge one.

    Raises:
        Problem: 415 another encoding than gzip, 400 broken gzip, 413 above the limit.
    """
    name = (encoding or "identity").strip().lower()
    if name == "identity":
        return body
    if name not in ("gzip", "x-gzip"):
        raise Problem(415, "unsupported_encoding", value=name, headers={"Accept-Encoding": "gzip"})
    parts: list[bytes] = []
    left = limit + 1
    rest = body
    try:
        # A gzip file may be several, one after the other.
        while rest:
            unpacker = zlib.decompressobj(_GZIP)
            parts.append(unpacker.decompress(rest, left))
            left -= len(parts[-1])
            if left <= 0 or unpacker.unconsumed_tail:
                raise Problem(413, "body_too_large", limit=limit)
            if not unpacker.eof:
                raise Problem(400, "broken_gzip")
            rest = unpacker.unused_data
    except zlib.error as error:
        raise Problem(400, "broken_gzip") from error
    return b"".join(parts)
