"""A client that does not stop, whatever is asked of it, holds up nobody."""

from __future__ import annotations

import asyncio
from contextlib import suppress

import pytest

from shared.broker import kafka
from shared.broker.kafka import stop_client


class Swallowing:
    """Misses its cancellation and waits on, as some clients do on a broker that answers nothing."""

    def __init__(self) -> None:
        self.asked, self.gone = asyncio.Event(), asyncio.Event()

    async def stop(self) -> None:
        self.asked.set()
        with suppress(asyncio.CancelledError):
            await asyncio.Event().wait()
        await self.gone.wait()


class Failing:
    async def stop(self) -> None:
        raise OSError("the broker is gone")


async def test_a_client_that_swallows_its_cancellation_is_left_to_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kafka, "_STOP_SECONDS", 0.01)
    client = Swallowing()
    async with asyncio.timeout(10):
        await stop_client(client)
    client.gone.set()


async def test_what_stopping_fails_with_goes_no_further() -> None:
    await stop_client(Failing())


async def test_who_is_cancelled_while_a_client_stops_ends() -> None:
    client = Swallowing()
    stopping = asyncio.create_task(stop_client(client))
    await client.asked.wait()
    stopping.cancel()
    with pytest.raises(asyncio.CancelledError):
        await stopping
    client.gone.set()
