"""A topic that is not what it was: read anew ever less often, told once, and what does not heal says so."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from aiokafka import TopicPartition
from aiokafka.errors import OffsetOutOfRangeError

from services.metrics.follow import reader as module
from services.metrics.follow.reader import Reader
from services.metrics.follow.view import View
from shared.broker.topics import JOURNAL
from shared.catalogue.base import Meters
from shared.catalogue.metrics import SPECS
from tests.unit.metrics.build import ZONE


class Shortened:
    """A consumer of a topic whose middle is gone: every fetch is out of range."""

    async def start(self) -> None:
        """There is a broker."""

    async def stop(self) -> None:
        """Nothing to stop."""

    async def beginning_offsets(self, places: list[TopicPartition]) -> dict[TopicPartition, int]:
        return dict.fromkeys(places, 0)

    async def end_offsets(self, places: list[TopicPartition]) -> dict[TopicPartition, int]:
        return dict.fromkeys(places, 10)

    def partitions_for_topic(self, _topic: str) -> set[int]:
        return {0}

    def assign(self, _places: list[TopicPartition]) -> None:
        """Nothing to do."""

    def seek(self, _place: TopicPartition, _offset: int) -> None:
        """Nothing to do."""

    async def getmany(self, **_: Any) -> dict[TopicPartition, Any]:
        raise OffsetOutOfRangeError({TopicPartition("t", 0): 5})


async def test_a_topic_that_cannot_be_read_to_its_end_is_tried_ever_less_often(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    view = View(1, 1, ZONE)
    pauses: list[float] = []
    enough = asyncio.Event()

    async def pause(seconds: float) -> None:
        pauses.append(seconds)
        if len(pauses) >= 9:
            enough.set()
            await asyncio.Event().wait()

    monkeypatch.setattr(module, "make_consumer", lambda *_: Shortened())
    meters = Meters(SPECS)
    reader = Reader(view, "nowhere", meters, lambda *_: None, JOURNAL)
    task = asyncio.create_task(reader.run())
    with monkeypatch.context() as patched:
        patched.setattr(asyncio, "sleep", pause)
        await enough.wait()
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    # Before, it was read again at once: three times a second, for ever, with a line in the log each time.
    assert pauses == [1, 2, 4, 8, 16, 32, 60, 60, 60]
    assert capsys.readouterr().err.count("reading anew") == 1
    assert meters.counter("motcua_metrics_reloads_total")._value.get() == 9
    assert reader.trouble is reader.loss is not None
    assert "`motcua rebuild`" in reader.loss
    assert "`motcua rebuild`" in reader.loss.vi
    view.close()
