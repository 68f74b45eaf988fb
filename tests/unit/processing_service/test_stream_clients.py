"""The journal's clients: one that does not stop, whatever is asked of it, must not keep the next from starting."""

from __future__ import annotations

import asyncio
from contextlib import suppress

import pytest

from services.processing import stream


async def test_a_client_that_swallows_its_cancellation_is_left_to_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stream, "_STOP_SECONDS", 0.01)
    gone = asyncio.Event()

    async def stop() -> None:
        with suppress(asyncio.CancelledError):
            await asyncio.Event().wait()
        await gone.wait()

    async with asyncio.timeout(10):
        await stream._bounded(stop)
    gone.set()


async def test_what_stopping_fails_with_goes_no_further() -> None:
    async def stop() -> None:
        raise OSError("the broker is gone")

    await stream._bounded(stop)
