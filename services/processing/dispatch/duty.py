"""Keeps a dispatcher at work while this process derives the live epoch, and none while another epoch is live."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Final

from aiokafka.errors import KafkaError

from services.processing.dispatch.dispatcher import Dispatcher
from shared.logging import get_logger
from shared.mongo import DatabaseError

__all__ = ["keep_dispatching"]

_PAUSE_SECONDS: Final = 1.0
_log = get_logger("processing.dispatch")


async def keep_dispatching(
    epoch: int,
    live_epoch: Callable[[], Awaitable[int]],
    make: Callable[[], Dispatcher],
    *,
    look_seconds: float = 5.0,
) -> None:
    """Dispatch until cancelled; whatever is away meanwhile, it begins again.

    Args:
        epoch: the epoch this process derives.
        live_epoch: tells which epoch is live now.
        make: makes a dispatcher for one generation of clients.
        look_seconds: how often to look which epoch is live.
    """
    while True:
        try:
            if await live_epoch() != epoch:
                await asyncio.sleep(look_seconds)
                continue
            await _while_live(epoch, live_epoch, make(), look_seconds)
        except (KafkaError, DatabaseError, TimeoutError, OSError) as error:
            _log.warning("dispatching begins again", error=f"{type(error).__name__}: {error}"[:300])
            await asyncio.sleep(_PAUSE_SECONDS)


async def _while_live(
    epoch: int, live_epoch: Callable[[], Awaitable[int]], dispatcher: Dispatcher, look_seconds: float
) -> None:
    """Return when another epoch became live; raise what the dispatcher failed with."""
    work = asyncio.create_task(dispatcher.run(), name="dispatcher")
    try:
        while True:
            done, _ = await asyncio.wait({work}, timeout=look_seconds)
            if done:
                work.result()
                return
            if await live_epoch() != epoch:
                _log.info("another epoch is live: this one tells agencies no more", epoch=epoch)
                return
    finally:
        work.cancel()
        await asyncio.gather(work, return_exceptions=True)
