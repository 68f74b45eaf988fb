"""ASGI layer that ends requests whose body does not come. Counts only time for which the application waits for it."""

from __future__ import annotations

import asyncio
import time

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from shared.problems.problem import Problem
from shared.serving.limits import ConnectionLimits, Pace

__all__ = ["PacedBodies"]


class PacedBodies:
    """A body that stands still or drips is a 408 problem, raised where the application reads it.

    Args:
        app: the application inside, which answers problems.
        limits: how long and how slow a body may be.
    """

    def __init__(self, app: ASGIApp, limits: ConnectionLimits) -> None:
        self._app = app
        self._limits = limits

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        limits = self._limits
        pace: Pace | None = Pace(limits.body, limits.rate)

        async def receive_paced() -> Message:
            nonlocal pace
            if pace is None:
                # The body is there: what comes is that the client goes away, for which an application may wait.
                return await receive()
            begun = time.monotonic()
            try:
                async with asyncio.timeout(pace.left):
                    message = await receive()
            except TimeoutError:
                raise Problem(
                    408,
                    "body_too_slow",
                    seconds=f"{limits.body:g}",
                    rate=limits.rate,
                    headers={"Connection": "close"},
                ) from None
            pace.came(len(message.get("body", b"")), time.monotonic() - begun)
            if not message.get("more_body", False):
                pace = None
            return message

        await self._app(scope, receive_paced, send)
