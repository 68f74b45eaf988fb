"""Serves a service's application until told to end, and sees that the end comes. Knows no service."""

from __future__ import annotations

import asyncio
import contextlib
from typing import Any

import uvicorn
from fastapi import FastAPI

from shared.serving.config import make_config
from shared.settings import ServiceSettings
from shared.upkeep.leaving import watch_the_end

__all__ = ["serve"]


class _Server(uvicorn.Server):
    """The HTTP server, which knows in which event loop it runs."""

    loop: asyncio.AbstractEventLoop | None = None

    async def serve(self, *args: Any, **options: Any) -> None:
        """Serve until told to end."""
        self.loop = asyncio.get_running_loop()
        await super().serve(*args, **options)


def serve(app: FastAPI, settings: ServiceSettings) -> None:
    """Serve until told to end; connections get half of the time that the end may take.

    Args:
        app: the application, with its routes of `shared.http.add_operations`.
        settings: where to listen, what connections are allowed, and how long the end may take.

    Raises:
        SystemExit: it could not begin.
    """
    config = make_config(app, settings, app.state.meters)
    server = _Server(config)
    watch_the_end(lambda: server.should_exit, settings.stop_seconds, lambda: server.loop)
    with contextlib.suppress(KeyboardInterrupt):
        server.run()
    if not server.started:
        raise SystemExit(3)
