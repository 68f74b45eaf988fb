"""How one talks to a supervisor: one JSON line there, one JSON line back, over a unix socket of the home folder.

Knows the line format, both sides; what a command does is the supervisor's.
"""

from __future__ import annotations

import contextlib
import json
import logging
import socket
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from deploy.local.errors import StackError

if TYPE_CHECKING:
    import asyncio

__all__ = ["Handler", "ask", "serve"]

logger = logging.getLogger(__name__)

Handler = Callable[[dict[str, Any]], Awaitable[dict[str, Any]]]

_LONGEST_LINE = 1024 * 1024


def ask(path: Path, request: dict[str, Any], timeout: float = 60.0) -> dict[str, Any]:
    """Send one request and return the answer.

    Args:
        path: the supervisor's socket.
        request: the command and its arguments.
        timeout: seconds until the answer must be there.

    Raises:
        StackError: the supervisor refused; says why.
        OSError: nobody listens, or no answer in time.
    """
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
        connection.settimeout(timeout)
        connection.connect(str(path))
        connection.sendall(json.dumps(request).encode() + b"\n")
        with connection.makefile("rb") as stream:
            line = stream.readline(_LONGEST_LINE)
    if not line:
        raise ConnectionResetError("the supervisor ended before it answered")
    answer: dict[str, Any] = json.loads(line)
    if not answer.get("ok"):
        raise StackError(str(answer.get("error", "the supervisor refused")))
    return answer


async def serve(path: Path, handle: Handler) -> asyncio.Server:
    """Listen on the socket, for its owner alone, and answer each line by `handle`."""
    import asyncio  # noqa: PLC0415 - who asks needs no loop

    async def converse(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(ConnectionError):
            while line := await reader.readline():
                writer.write(json.dumps(await _answer(line, handle)).encode() + b"\n")
                await writer.drain()
        writer.close()

    return await asyncio.start_unix_server(converse, sock=_bind(path), limit=_LONGEST_LINE)


def _bind(path: Path) -> socket.socket:
    path.unlink(missing_ok=True)
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    listener.bind(str(path))
    path.chmod(0o600)
    return listener


async def _answer(line: bytes, handle: Handler) -> dict[str, Any]:
    try:
        return {"ok": True} | await handle(json.loads(line))
    except StackError as error:
        return {"ok": False, "error": error.message}
    except (KeyError, TypeError, ValueError) as error:
        return {"ok": False, "error": f"the request is malformed: {error!r}"}
    except Exception as error:  # the connection answers, the supervisor goes on
        logger.exception("a command failed")
        return {"ok": False, "error": f"{type(error).__name__}: {error}"}
