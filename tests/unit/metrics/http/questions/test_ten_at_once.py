"""Ten heavy questions at once: reading the topic, health and short answers go on beside them."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Mapping
from typing import Any

from services.metrics.follow.view import View
from services.metrics.http.questions.desk import HEAVY, Desk
from services.metrics.http.questions.indices import look_at_indices
from services.metrics.http.questions.lanes import share_the_interpreter
from services.metrics.results.evaluate import look
from services.metrics.table.decode import PartitionClock
from services.metrics.table.periods import months
from shared.instants import DAY
from tests.unit.metrics.build import FIRST, ZONE, a_desk, at, fact

_START = at("2024-01-01 08:00")
_UNITS, _ROWS = 120, 12_000
_QUESTIONS = 10


async def filled() -> View:
    """Dossiers of many units spread over years, with a clock at their end."""
    view = View(1, 1, ZONE)
    rows = [
        fact(
            f"H44-{number}",
            unit=f"H44.{number % _UNITS:03d}",
            procedure=f"2.{number % 40:06d}",
            accepted=_START + number * 900 * DAY // _ROWS,
            due=_START + number * 900 * DAY // _ROWS + 10 * DAY,
        )
        for number in range(_ROWS)
    ]
    await view.apply(rows, [(0, PartitionClock(5, at("2026-08-20 08:00")))], [])
    view.caught_up.set()
    return view


def heavy(view: View, number: int) -> Callable[[], Callable[[], Mapping[str, Any]]]:
    """A question of all units over three years by month; each number is another one."""
    asked = months(FIRST.replace(year=2024, month=1, day=1 + number), FIRST.replace(month=12), ZONE)

    def looked() -> Callable[[], Mapping[str, Any]]:
        tell = look_at_indices(view, asked, "H44", children=True, by="month")
        return lambda: {"indices": tell()}

    return looked


class Beside:
    """What goes on until the heavy questions are answered: how often each thing was done, and its longest wait."""

    def __init__(self, view: View, desk: Desk, until: asyncio.Future[Any]) -> None:
        self.done: dict[str, int] = {}
        self.longest: dict[str, float] = {}
        self._view, self._desk, self._until = view, desk, until
        self._offset = 10

    async def go_on(self) -> None:
        """Do all of them, each for itself."""
        await asyncio.gather(
            self._repeat("health", self._health),
            self._repeat("reading", self._read),
            self._repeat("short answer", self._ask),
            self._repeat("evaluation", self._evaluate),
        )

    async def _repeat(self, name: str, once: Callable[[], Any]) -> None:
        self.done[name], self.longest[name] = 0, 0.0
        while not self._until.done():
            begun = time.perf_counter()
            await once()
            self.longest[name] = max(self.longest[name], time.perf_counter() - begun)
            # What is done when all is answered was not done beside it.
            self.done[name] += not self._until.done()

    async def _pause(self, seconds: float) -> None:
        """Let so much time pass, less where all is answered before."""
        await asyncio.wait([self._until], timeout=seconds)

    async def _health(self) -> None:
        await self._pause(0.001)

    async def _read(self) -> None:
        self._offset += 1
        await self._view.apply([fact(f"H44-{self._offset % _ROWS}", offset=self._offset)], [], [])
        await self._pause(0.001)

    async def _ask(self) -> None:
        await self._desk.answer(self._view, ("short", self._offset), lambda: lambda: {"rows": len(self._view.table)})
        await self._pause(0.001)

    async def _evaluate(self) -> None:
        tell = await self._view.exclusive(lambda: look(self._view, simulated=True))
        await asyncio.to_thread(tell)
        await self._pause(0.05)


async def test_all_else_goes_on_beside_ten_heavy_questions() -> None:
    share_the_interpreter()
    view = await filled()
    desk = a_desk(question_wait_seconds=300)
    begun = time.perf_counter()
    asked = [desk.answer(view, number, heavy(view, number), work=HEAVY) for number in range(_QUESTIONS)]
    answering = asyncio.gather(*asked)
    beside = Beside(view, desk, answering)
    await beside.go_on()
    made, whole = await answering, time.perf_counter() - begun
    await desk.close()
    view.close()
    # Each was a large answer, and none was another's.
    assert all(sum(map(len, pieces)) > 1_000_000 for pieces in made)
    assert len({b"".join(pieces) for pieces in made}) == _QUESTIONS
    # Nothing waits for all of them: how often each was done says it; of how long, only that it is no large part, since
    # whoever else is on the machine takes part in that.
    for name, least in (("health", 100), ("reading", 10), ("short answer", 10), ("evaluation", 3)):
        assert beside.done[name] >= least, (beside.done, beside.longest, whole)
        assert beside.longest[name] < whole / 2, (beside.done, beside.longest, whole)
