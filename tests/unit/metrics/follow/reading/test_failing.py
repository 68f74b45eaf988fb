"""An evaluation that fails is tried again and told; until one is through, no figure is exported as if it were fresh."""

from __future__ import annotations

import asyncio
from types import SimpleNamespace
from typing import Any, cast

import pytest

from services.metrics.follow.view import View
from services.metrics.results import publisher as module
from services.metrics.results.evaluate import look
from services.metrics.results.publisher import Publisher
from services.metrics.results.store import ResultStore
from services.metrics.settings import MetricsSettings
from services.metrics.table.decode import PartitionClock
from shared.catalogue.base import Meters
from shared.catalogue.metrics import SPECS
from shared.clock import SystemClock
from tests.unit.metrics.build import ZONE, at, fact
from tests.waiting import until_async


async def test_a_failing_evaluation_ends_nothing_and_shows_nothing_old(monkeypatch: pytest.MonkeyPatch) -> None:
    view = View(1, 1, ZONE)
    view.caught_up.set()
    live = SimpleNamespace(view=view, reader=SimpleNamespace(fresh=[]))
    epochs = SimpleNamespace(live=live, pointer_of=lambda epoch: epoch)
    meters = Meters(SPECS)
    settings = MetricsSettings(evaluate_seconds=0.05)
    publisher = Publisher(cast("Any", epochs), cast("ResultStore", None), settings, meters, SystemClock())
    task = asyncio.create_task(publisher.evaluate_forever())
    await view.apply([fact("a")], [(0, PartitionClock(1, at("2026-08-20 08:00")))], [])
    await until_async(lambda: b'unit="*"} 1.0' in publisher.exposition(), "the first figures")
    broken = True

    def looked(*args: Any, **more: Any) -> Any:
        if broken:
            raise OverflowError("date value out of range")
        return look(*args, **more)

    monkeypatch.setattr(module, "look", looked)
    monkeypatch.setattr(module, "_PAUSE_SECONDS", 0.05)
    await view.apply([fact("b", offset=2)], [], [])
    await until_async(lambda: publisher.failing is not None, "the failure told")
    assert publisher.failing == "OverflowError: date value out of range"
    assert b"unit=" not in publisher.exposition()
    await until_async(
        lambda: meters.counter("motcua_metrics_evaluation_failures_total")._value.get() >= 2, "another try"
    )
    # Nothing new is read meanwhile: the failed one itself is tried again.
    broken = False
    await until_async(lambda: b'unit="*"} 2.0' in publisher.exposition(), "the figures of now")
    assert publisher.failing is None
    assert not task.done()
    # Nor while everything is read anew.
    await view.start_over()
    assert b"unit=" not in publisher.exposition()
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    view.close()
