"""Asks a process whether it is well, in few bytes and without a client. Decides nothing."""

from __future__ import annotations

import asyncio

from deploy.local.ports import HOST
from shared.upkeep.vigil import Answer, answer_of

__all__ = ["ask_live"]

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
