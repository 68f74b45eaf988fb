"""Answers questions off the event loop: a short look at the table, alone, and then the answer beside everything else.

Equal questions at one revision of the table are answered once: who asks while the answer is made waits for the same
one, and who asks before anything has changed gets it again.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import AsyncIterator, Callable, Hashable, Mapping, Sequence
from typing import Any, Final

from fastapi import Response
from fastapi.responses import StreamingResponse

from services.metrics.follow.view import View
from services.metrics.http.questions.lanes import Lane
from services.metrics.http.questions.writing import pieces
from services.metrics.settings import MetricsSettings
from shared.catalogue.base import Meters

__all__ = ["HEAVY", "Desk", "Look"]

#: Looks at the table, alone, and returns what makes the answer of what it took from it: that never looks at the table.
Look = Callable[[], Callable[[], Mapping[str, Any]]]

#: From so many rows or items on, of some 20 µs each, a question counts as large.
HEAVY: Final = 2_000
#: Small questions at a time: their looks go one after the other anyway.
_SMALL_AT_ONCE: Final = 8
#: Answers kept, and their bytes.
_KEPT, _KEPT_BYTES = 64, 33_554_432
_JSON: Final = "application/json"


class _Flight:
    """An answer being made; `revision` is that of the table it is of, None before it was looked at."""

    def __init__(self) -> None:
        self.revision: int | None = None
        self.task: asyncio.Task[Sequence[bytes]] | None = None


class Desk:
    """Where questions about views are answered.

    Args:
        settings: how many at a time.
        meters: the service's metrics.
    """

    def __init__(self, settings: MetricsSettings, meters: Meters) -> None:
        of = (settings.questions_waiting, settings.question_wait_seconds)
        self._large = Lane("large", settings.questions_at_once, 1, *of)
        self._small = Lane("small", _SMALL_AT_ONCE, 1, *of)
        self._meters = meters
        self._flights: dict[Hashable, _Flight] = {}
        self._kept: OrderedDict[Hashable, tuple[int, Sequence[bytes]]] = OrderedDict()
        self._closed = False

    async def respond(self, view: View, question: Hashable, look: Look, *, work: int = 1) -> Response:
        """The answer to a question.

        Args:
            view: what is asked.
            question: equal for questions with the same answer.
            look: see Look.
            work: rows and items that the answer costs, roughly.

        Raises:
            Problem: what the look raises; 503 when too many are asked.
        """
        made = await self.answer(view, question, look, work=work)
        if len(made) == 1:
            return Response(made[0], media_type=_JSON)
        length = str(sum(map(len, made)))
        return StreamingResponse(_one_by_one(made), media_type=_JSON, headers={"content-length": length})

    async def answer(self, view: View, question: Hashable, look: Look, *, work: int = 1) -> Sequence[bytes]:
        """The same, as pieces of its text."""
        asked = (view.number, question)
        kept = self._kept.get(asked)
        if kept is not None and kept[0] == view.revision:
            self._kept.move_to_end(asked)
            self._count("kept")
            return kept[1]
        flight = self._flights.get(asked)
        if flight is not None and flight.task is not None and flight.revision in (None, view.revision):
            self._count("shared")
            return await asyncio.shield(flight.task)
        flight = self._flights[asked] = _Flight()
        lane = self._large if work >= HEAVY else self._small
        # A task of its own: whoever asked first may go away while others wait for the same.
        flight.task = asyncio.create_task(self._make(view, asked, flight, look, lane), name="answer")
        flight.task.add_done_callback(lambda task: task.cancelled() or task.exception())
        self._count("large" if lane is self._large else "small")
        return await asyncio.shield(flight.task)

    async def _make(self, view: View, asked: Hashable, flight: _Flight, look: Look, lane: Lane) -> Sequence[bytes]:
        def looked() -> Callable[[], Mapping[str, Any]]:
            flight.revision = view.revision
            return look()

        def made(tell: Callable[[], Mapping[str, Any]]) -> Sequence[bytes]:
            found = []
            for piece in pieces(tell()):
                if self._closed:
                    raise RuntimeError("the service ends")
                found.append(piece)
            return tuple(found)

        try:
            async with lane.place():
                tell = await view.exclusive(looked)
                answer = await asyncio.get_running_loop().run_in_executor(lane.thread, made, tell)
        finally:
            if self._flights.get(asked) is flight:
                del self._flights[asked]
        self._keep(asked, flight.revision or 0, answer)
        return answer

    def _keep(self, asked: Hashable, revision: int, answer: Sequence[bytes]) -> None:
        self._kept[asked] = revision, answer
        self._kept.move_to_end(asked)
        held = sum(len(piece) for _, kept in self._kept.values() for piece in kept)
        while self._kept and (len(self._kept) > _KEPT or held > _KEPT_BYTES):
            _, (_, oldest) = self._kept.popitem(last=False)
            held -= sum(map(len, oldest))

    def _count(self, how: str) -> None:
        self._meters.counter("motcua_metrics_questions_total").labels(how).inc()

    @property
    def waiting(self) -> int:
        """Questions that wait for their turn."""
        return self._large.waiting + self._small.waiting

    async def close(self) -> None:
        """End what is under way; nothing is asked any more."""
        self._closed = True
        under_way = [flight.task for flight in self._flights.values() if flight.task is not None]
        for task in under_way:
            task.cancel()
        await asyncio.gather(*under_way, return_exceptions=True)
        self._large.close()
        self._small.close()


async def _one_by_one(made: Sequence[bytes]) -> AsyncIterator[bytes]:
    for piece in made:
        yield piece
        # A reader that takes all at once must not keep the others from their turn.
        await asyncio.sleep(0)
