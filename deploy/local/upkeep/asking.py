"""Asks a process whether it is well, in few bytes and without a client. Decides nothing."""

from __future__ import annotations

import asyncio
import struct
from typing import Final

from deploy.local.ports import HOST
from shared.upkeep.vigil import Answer, answer_of

__all__ = ["ask_live", "ask_storage"]

_REQUEST = b"GET /health/live HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"


async def ask_live(port: int, seconds: float) -> Answer:
    """What a service at a port of this machine says within so many seconds."""
    writer: asyncio.StreamWriter | None = None
    try:
        async with asyncio.timeout(seconds):
            reader, writer = await asyncio.open_connection(HOST, port)
            writer.write(_REQUEST)
            head, _, body = (await reader.read(65_536)).partition(b"\r\n\r\n")
            body += await reader.read(1_000)
        return answer_of(int(head.split(maxsplit=2)[1]), body.decode(errors="replace"))
    except (OSError, ValueError, IndexError):
        return "silent"
    finally:
        if writer is not None:
            writer.close()


#: MongoDB's wire protocol: length, number of the request, of what is answered, kind of message (OP_MSG).
_HEAD: Final = struct.Struct("<iiii")
_OP_MSG: Final = 2013
#: Flags of a message, and that one document follows.
_ONE_DOCUMENT: Final = bytes(5)


async def ask_storage(port: int, seconds: float) -> Answer:
    """Whether a database at a port of this machine can still read what it stores.

    A storage engine that met a full disk may give up for good while its server goes on answering pings. Who answers
    nothing has not said so: it may be starting, or busy.
    """
    import bson  # noqa: PLC0415 - only who keeps a database asks one

    question = bson.encode({"find": "storage", "$db": "motcua_upkeep", "limit": 1})
    body = _ONE_DOCUMENT + question
    writer: asyncio.StreamWriter | None = None
    try:
        async with asyncio.timeout(seconds):
            reader, writer = await asyncio.open_connection(HOST, port)
            writer.write(_HEAD.pack(_HEAD.size + len(body), 1, 0, _OP_MSG) + body)
            length, *_ = _HEAD.unpack(await reader.readexactly(_HEAD.size))
            answer = await reader.readexactly(length - _HEAD.size)
        told = bson.decode(answer[len(_ONE_DOCUMENT) :])
    except (OSError, EOFError, ValueError, struct.error, bson.errors.BSONError):
        return "loading"
    finally:
        if writer is not None:
            writer.close()
    return "ended" if not told.get("ok") and told.get("codeName") == "InternalError" else "ok"
