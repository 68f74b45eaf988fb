"""Loops that a replica lives by. Knows nothing of what they do."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from shared.logging import get_logger

__all__ = ["keep"]

_log = get_logger("processing.loops")


async def keep(name: str, run: Callable[[], Awaitable[None]], pause_seconds: float) -> None:
    """Keep a loop going: what nobody foresaw is logged, and the loop begins again after the pause."""
    while True:
        try:
            await run()
        except Exception:  # noqa: BLE001
            _log.exception("a loop failed and begins again", loop=name)
            await asyncio.sleep(pause_seconds)
