"""Keeps a dispatcher at work while this process derives the live epoch, and none while another epoch is live."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Final

from aiokafka.errors import KafkaError

from services.processing.derivation import live_epoch
from services.processing.dispatch.dispatcher import Dispatcher
from services.processing.dispatch.roll import Roll
from services.processing.dispatch.store import SentStore
from services.processing.settings import ProcessingSettings
from services.processing.states.store import StateStore
from shared.catalogue.base import Meters
from shared.logging import get_logger
from shared.mongo import Client, DatabaseError

__all__ = ["dispatch", "keep_dispatching"]

_PAUSE_SECONDS: Final = 1.0
_log = get_logger("processing.dispatch")


async def dispatch(
    epoch: int, settings: ProcessingSettings, client: Client, store: StateStore, meters: Meters, *, journal: str
) -> None:
    """Dispatch for an epoch while the pointer names it, until cancelled."""
    sent, roll = SentStore(client), Roll(settings.intake, settings.own_key)

    def make() -> Dispatcher:
        return Dispatcher(
            settings.kafka,
            epoch,
            store,
            sent,
            meters,
            roll=roll,
            grace=settings.dispatch_seconds,
            simulated=settings.simulated,
            journal=journal,
        )

    try:
        await keep_dispatching(epoch, lambda: live_epoch(settings.kafka), make)
    finally:
        await roll.close()


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
