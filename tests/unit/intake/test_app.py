"""Intake ends although a client swallowed the cancellation of its work."""

from __future__ import annotations

import asyncio

from services.intake.app import _end


async def test_work_that_missed_its_cancellation_is_cancelled_again() -> None:
    begun = asyncio.Event()
    missed = 0

    async def work() -> None:
        nonlocal missed
        while True:
            try:
                begun.set()
                await asyncio.Event().wait()
            except asyncio.CancelledError:
                missed += 1
                if missed > 2:
                    raise

    task = asyncio.create_task(work())
    await begun.wait()
    await asyncio.wait_for(_end([task], again_seconds=0.01), 5)
    assert task.cancelled()
    assert missed == 3


async def test_nothing_to_end_is_no_error() -> None:
    await _end([])
