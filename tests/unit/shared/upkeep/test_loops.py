"""A loop begins again after what nobody foresaw, counts as ended when that does not help, and ends when it must."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator, MutableMapping, Sequence
from typing import Any

import pytest
from aiokafka.errors import KafkaConnectionError
from structlog.testing import capture_logs

from shared.catalogue.base import Meters
from shared.catalogue.every_service import SPECS
from shared.mongo import DatabaseError
from shared.upkeep import loops as module
from shared.upkeep.loops import MOST_FAILURES, WINDOW_SECONDS, Loop, Loops


@pytest.fixture(autouse=True)
def logged() -> Iterator[Sequence[MutableMapping[str, Any]]]:
    """What is logged; written out with its locals, an error costs more than the test."""
    with capture_logs() as logs:
        yield logs


class Time:
    """Seconds that pass only by pauses."""

    def __init__(self) -> None:
        self.now = 0.0
        self.pauses: list[float] = []

    def monotonic(self) -> float:
        return self.now

    async def pause(self, seconds: float) -> None:
        self.pauses.append(seconds)
        self.now += seconds


class Script:
    """A loop that fails as told, one after the other, then waits."""

    def __init__(self, *outcomes: BaseException | None, time: Time | None = None, lasting: float = 0.0) -> None:
        self._outcomes = list(outcomes)
        self._time = time
        self._lasting = lasting
        self.done = asyncio.Event()

    async def run(self) -> None:
        if self._time is not None:
            self._time.now += self._lasting
        if self._outcomes:
            outcome = self._outcomes.pop(0)
            if outcome is not None:
                raise outcome
            return
        self.done.set()
        await asyncio.Event().wait()


def make(run: Callable[[], Awaitable[None]], time: Time, *, finishes: bool = False) -> Loop:
    return Loop("a", run, Meters(SPECS), monotonic=time.monotonic, pause=time.pause, finishes=finishes)


async def kept(script: Script, time: Time) -> Loop:
    loop = make(script.run, time)
    async with asyncio.timeout(5):
        await script.done.wait()
    return loop


async def test_pauses_grow() -> None:
    time = Time()
    loop = await kept(Script(*[ValueError()] * 7), time)
    assert time.pauses == [1, 2, 4, 8, 16, 30, 30]
    await loop.stop()


async def test_five_failures_in_five_minutes_count_as_its_end_until_it_works_for_as_long() -> None:
    time = Time()
    loop = await kept(Script(*[ValueError()] * MOST_FAILURES), time)
    assert loop.ended == "the loop a failed 5 times in 5 minutes, see the log"
    time.now += WINDOW_SECONDS
    assert loop.ended is None
    await loop.stop()


async def test_seldom_failures_are_no_end() -> None:
    time = Time()
    loop = await kept(Script(*[ValueError()] * 20, time=time, lasting=WINDOW_SECONDS + 1), time)
    assert loop.ended is None
    assert set(time.pauses) == {1}
    await loop.stop()


@pytest.mark.parametrize(
    "error",
    [
        KafkaConnectionError(),
        DatabaseError(),
        TimeoutError(),
        OSError(28, "No space left on device"),
        ExceptionGroup("both", [KafkaConnectionError(), TimeoutError()]),
    ],
)
async def test_waiting_is_no_failure(error: Exception) -> None:
    time = Time()
    loop = await kept(Script(*[error] * 20), time)
    assert loop.ended is None
    await loop.stop()


@pytest.mark.parametrize("outcome", [None, asyncio.CancelledError(), ExceptionGroup("one", [ValueError()])])
async def test_returning_and_what_another_cancelled_are_failures_too(outcome: BaseException | None) -> None:
    time = Time()
    loop = await kept(Script(*[outcome] * MOST_FAILURES), time)
    assert loop.ended is not None
    await loop.stop()


async def test_what_finishes_is_begun_again_after_a_failure_only() -> None:
    time = Time()
    loop = make(Script(ValueError(), None).run, time, finishes=True)
    await asyncio.wait([loop.task], timeout=5)
    assert loop.task.done()
    assert loop.ended is None
    assert time.pauses == [1]


async def test_what_was_ended_is_not_told_as_ended() -> None:
    known = Loops(Meters(SPECS))
    known.start("a", asyncio.Event().wait)  # type: ignore[arg-type]
    await known.stop()
    assert known.ended() == []


async def test_one_that_missed_its_cancellation_is_cancelled_again() -> None:
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

    known = Loops(Meters(SPECS))
    loop = known.start("a", work, again_seconds=0.01)
    await begun.wait()
    async with asyncio.timeout(5):
        await known.stop()
    assert loop.task.cancelled()
    assert missed == 3


async def test_one_that_never_ends_is_left_alone_and_told_of(
    monkeypatch: pytest.MonkeyPatch, logged: Sequence[MutableMapping[str, Any]]
) -> None:
    monkeypatch.setattr(module, "_DEADLINE_SECONDS", 0.05)
    begun, free = asyncio.Event(), asyncio.Event()

    async def deaf() -> None:
        begun.set()
        while not free.is_set():
            try:
                await free.wait()
            except asyncio.CancelledError:
                continue

    known = Loops(Meters(SPECS))
    loop = known.start("a", deaf, again_seconds=0.01)
    await begun.wait()
    async with asyncio.timeout(5):
        await known.stop()
    assert not loop.task.done()
    told = next(record for record in logged if record["event"] == "a loop does not end")
    assert "deaf" in " ".join(told["at"])
    free.set()
    await asyncio.wait([loop.task], timeout=5)


async def test_nothing_to_end_takes_no_time_and_tells_of_nothing(logged: Sequence[MutableMapping[str, Any]]) -> None:
    stopping = asyncio.create_task(Loops(Meters(SPECS)).stop())
    done, _ = await asyncio.wait([stopping], timeout=1)
    assert done == {stopping}
    assert stopping.exception() is None
    assert list(logged) == []
