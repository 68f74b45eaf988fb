"""Request bodies as they were before compression, up to a limit; unpacked beside the event loop."""

from __future__ import annotations

import asyncio
import zlib
from typing import Final

from shared.problems.problem import Problem

__all__ = ["MOST_MEMBERS", "unpack", "unpacked"]

#: Members of a gzip file, which may be several, one after the other: tools that pack in parallel make one of 64 KiB.
MOST_MEMBERS: Final = 1_000
_GZIP: Final = 16 + zlib.MAX_WBITS
#: Bytes given to a member at a time: what it leaves is copied, so it must not be all that follows.
_PIECE: Final = 16_384


async def unpacked(body: bytes, encoding: str | None, limit: int) -> bytes:
    """`unpack`, without holding up others where there is anything to unpack."""
    if (encoding or "identity").strip().lower() == "identity":
        return body
    return await asyncio.to_thread(unpack, body, encoding, limit)


def unpack(body: bytes, encoding: str | None, limit: int) -> bytes:
    """The body without its Content-Encoding.

    Args:
        body: what was sent.
        encoding: the Content-Encoding header.
        limit: bytes allowed after unpacking; a small body can hold a huge one.

    Raises:
        Problem: 415 another encoding than gzip, 400 broken gzip or one of too many members, 413 above the limit.
    """
    name = (encoding or "identity").strip().lower()
    if name == "identity":
        return body
    if name not in ("gzip", "x-gzip"):
        raise Problem(415, "unsupported_encoding", value=name, headers={"Accept-Encoding": "gzip"})
    whole = bytearray()
    view = memoryview(body)
    at = members = 0
    try:
        while at < len(view):
            members += 1
            if members > MOST_MEMBERS:
                raise Problem(400, "too_many_gzip_members", limit=MOST_MEMBERS)
            at = _unpack_member(view, at, whole, limit)
    except zlib.error as error:
        raise Problem(400, "broken_gzip") from error
    return bytes(whole)


def _unpack_member(view: memoryview, at: int, whole: bytearray, limit: int) -> int:
    """Append the member that begins at a place to the whole; the place behind it."""
    unpacker = zlib.decompressobj(_GZIP)
    while at < len(view):
        piece: bytes | memoryview = view[at : at + _PIECE]
        at += len(piece)
        while piece:
            whole += unpacker.decompress(piece, limit + 1 - len(whole))
            if len(whole) > limit:
                raise Problem(413, "body_too_large", limit=limit)
            piece = unpacker.unconsumed_tail
        if unpacker.eof:
            return at - len(unpacker.unused_data)
    raise Problem(400, "broken_gzip")
