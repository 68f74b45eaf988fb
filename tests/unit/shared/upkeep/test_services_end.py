"""Each loop of each service may miss a cancellation once: the service ends all the same."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from fastapi import FastAPI

from services.intake.app import build_app
from services.intake.settings import IntakeSettings
from services.metrics.app import make_app as make_metrics
from services.metrics.settings import MetricsSettings
from services.processing.app import make_app as make_processing
from services.processing.settings import ProcessingSettings
from shared.upkeep.loops import Loop, Loops

#: Nobody answers here: every loop waits, as it does for most of its life.
NOWHERE: Any = {"kafka": "127.0.0.1:1", "mongo": "mongodb://127.0.0.1:1/?serverSelectionTimeoutMS=50"}

SERVICES: dict[str, tuple[Callable[[], FastAPI], set[str]]] = {
    "intake": (
        lambda: build_app(IntakeSettings(**NOWHERE)),
        {"directory", "presence", "registry", "deadletters", "outboxes", "room", "losses", "topics", "ticker"},
    ),
    "processing": (
        lambda: make_processing(ProcessingSettings(**NOWHERE)),
        {"broker", "derivation", "dispatch", "own key"},
    ),
    "metrics": (
        lambda: make_metrics(MetricsSettings(**NOWHERE)),
        {
            *("dead letters", "following the live epoch", "table images", "evaluation", "storing of results"),
            *("carrying over results", "own key"),
        },
    ),
}


@pytest.mark.parametrize("service", SERVICES)
async def test_a_loop_that_misses_a_cancellation_does_not_keep_its_service(
    service: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    make, names = SERVICES[service]
    begun: dict[str, asyncio.Event] = {}
    missed: list[str] = []
    started: list[Loop] = []
    start = Loops.start

    def start_deaf(self: Loops, name: str, run: Callable[[], Awaitable[None]], **options: Any) -> Loop:
        begun[name] = asyncio.Event()

        async def deaf() -> None:
            begun[name].set()
            try:
                await run()
            except asyncio.CancelledError:
                missed.append(name)
            await run()

        loop = start(self, name, deaf, **(options | {"again_seconds": 0.1}))
        started.append(loop)
        return loop

    monkeypatch.setattr(Loops, "start", start_deaf)
    app = make()
    async with asyncio.timeout(30):
        async with app.router.lifespan_context(app):
            for event in begun.values():
                await event.wait()
        assert set(missed) == names
        assert all(loop.task.done() for loop in started)
