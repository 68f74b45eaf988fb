"""Questions beside each other: large ones hold up nobody, equal ones are answered once, too many are sent away."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from typing import Any

import orjson
import pytest
from fastapi import FastAPI
from hypothesis import given
from hypothesis import strategies as st

from services.metrics.follow.view import View
from services.metrics.http.api import make_router
from services.metrics.http.questions import indices
from services.metrics.http.questions.desk import HEAVY, Desk
from services.metrics.http.questions.indices import look_at_indices
from services.metrics.http.questions.writing import pieces
from services.metrics.indicators.figures import INDEX
from services.metrics.table.decode import PartitionClock
from services.metrics.table.periods import months
from shared.problems.problem import Problem, install
from tests.keyring import asking, hold_keys
from tests.unit.metrics.build import AUGUST, FIRST, LAST, ZONE, a_desk, at, fact
from tests.waiting import until_async

CLOCK = PartitionClock(5, at("2026-08-20 08:00"))


class Held:
    """A large question whose answer is not made before it is let go."""

    def __init__(self) -> None:
        self.go = threading.Event()
        self.looks = self.begun = 0

    def look(self) -> Callable[[], Mapping[str, Any]]:
        self.looks += 1
        return lambda: {"items": self._items()}

    def _items(self) -> Iterator[int]:
        self.begun += 1
        assert self.go.wait(60)
        yield from range(1_000)


@pytest.fixture
async def view() -> AsyncIterator[View]:
    found = View(1, 1, ZONE)
    await found.apply([fact("H44.01-1"), fact("H44.02-2", unit="H44.02")], [(0, CLOCK)], [])
    found.caught_up.set()
    yield found
    found.close()


@pytest.fixture
async def desk() -> AsyncIterator[Desk]:
    found = a_desk(questions_at_once=2, questions_waiting=3, question_wait_seconds=60)
    yield found
    await found.close()


def counted(desk: Desk) -> dict[str, float]:
    found = {}
    for line in desk._meters.exposition().decode().splitlines():
        if line.startswith("motcua_metrics_questions_total{"):
            found[line.partition('"')[2].partition('"')[0]] = float(line.rpartition(" ")[2])
    return found


async def test_others_are_answered_while_large_questions_are_worked_on(view: View, desk: Desk) -> None:
    app = FastAPI()
    app.include_router(make_router(lambda: view, dict, desk, simulated=False))
    install(app)
    hold_keys(app)
    large = [Held() for _ in range(5)]
    asked = [asyncio.create_task(desk.answer(view, n, one.look, work=HEAVY)) for n, one in enumerate(large)]
    try:
        await until_async(lambda: desk.waiting == 3, "three of five waiting")
        answered = 0
        async with asking(app) as client:
            for number in range(20):
                # Reading goes on, and what was read is in the next answer.
                await view.apply([fact(f"new-{number}", offset=number + 10)], [], [])
                index = (await client.get("/v1/indices?from=2026-08-01&to=2026-08-31")).json()["indices"][0]
                assert index["received"] == number + 3
                answered += 1
            assert not any(task.done() for task in asked)
            with pytest.raises(Problem) as refused:
                await desk.answer(view, "one more", large[0].look, work=HEAVY)
            assert (refused.value.status, refused.value.code) == (503, "questions_busy")
            assert refused.value.headers == {"Retry-After": "60"}
        assert answered == 20
    finally:
        for one in large:
            one.go.set()
    made = [orjson.loads(b"".join(answer)) for answer in await asyncio.gather(*asked)]
    assert made == [{"items": list(range(1_000))}] * 5
    assert [one.looks for one in large] == [1] * 5


async def test_one_that_waits_too_long_is_sent_away(view: View) -> None:
    desk = a_desk(questions_at_once=1, questions_waiting=3, question_wait_seconds=0.05)
    held = Held()
    first = asyncio.create_task(desk.answer(view, "first", held.look, work=HEAVY))
    try:
        await until_async(lambda: held.begun == 1, "the first under way")
        with pytest.raises(Problem) as refused:
            await desk.answer(view, "second", held.look, work=HEAVY)
        assert refused.value.headers == {"Retry-After": "1"}
    finally:
        held.go.set()
    await first
    await desk.close()


async def test_equal_questions_are_answered_once(view: View, desk: Desk) -> None:
    held = Held()
    asked = [asyncio.create_task(desk.answer(view, "same", held.look, work=HEAVY)) for _ in range(30)]
    await until_async(lambda: held.begun == 1, "the answer begun")
    # Who asked first may go away: the others get their answer all the same.
    asked[0].cancel()
    await asyncio.gather(asked[0], return_exceptions=True)
    held.go.set()
    answers = await asyncio.gather(*asked[1:])
    assert all(answer is answers[0] for answer in answers)
    assert (held.looks, held.begun) == (1, 1)
    assert await desk.answer(view, "same", held.look, work=HEAVY) is answers[0]
    assert counted(desk) == {"large": 1, "shared": 29, "kept": 1}
    # At another revision it is another question, also for who asks while the old answer is still made.
    await view.apply([fact("another", offset=99)], [], [])
    await desk.answer(view, "same", held.look, work=HEAVY)
    assert held.looks == 2


async def test_a_question_of_a_view_that_is_no_longer_the_live_one_is_answered(view: View, desk: Desk) -> None:
    held = Held()
    held.go.set()
    view.close()
    assert await desk.answer(view, "late", held.look)
    assert held.looks == 1


async def test_what_is_wrong_with_a_question_is_told_to_all_who_asked(view: View, desk: Desk) -> None:
    def wrong() -> Callable[[], Mapping[str, Any]]:
        raise Problem(404, "unknown_unit", field="unit", value="x")

    found = await asyncio.gather(*(desk.answer(view, "x", wrong) for _ in range(3)), return_exceptions=True)
    assert [isinstance(one, Problem) and one.status for one in found] == [404] * 3


async def test_an_answer_has_no_end_of_indices(view: View, desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    app = FastAPI()
    app.include_router(make_router(lambda: view, dict, desk, simulated=False))
    install(app)
    hold_keys(app)
    monkeypatch.setattr(indices, "MOST_INDICES", 20)
    async with asking(app) as client:
        asked = {"from": "2020-01-01", "to": "2026-12-31", "by": "month", "unit": "H44", "children": "true"}
        answer = await client.get("/v1/indices", params=asked)
        assert (answer.status_code, answer.json()["code"]) == (422, "too_many_indices")
        assert (await client.get("/v1/indices", params=asked | {"from": "2026-08-01"})).status_code == 200


async def test_only_what_is_asked_for_is_told(view: View, monkeypatch: pytest.MonkeyPatch) -> None:
    """Before, the figures of every unit of the table were made for each month, and all but a few thrown away."""
    made: list[object] = []

    class Counting:
        def __getattr__(self, name: str) -> Any:
            return getattr(INDEX, name)

        def shown(self, counts: object, *, future: bool, **_entered: object) -> dict[str, Any]:
            made.append(counts)
            return {"future": future}

    monkeypatch.setattr(indices, "INDEX", Counting())
    tell = look_at_indices(view, months(FIRST, LAST, ZONE), None, children=True, by="month")
    assert made == [], "nothing is told while the table is held"
    assert len(list(tell())) == len(made) == 2
    assert AUGUST.first == FIRST


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=20,
)


@given(st.dictionaries(st.text(max_size=3), VALUES, max_size=5), st.integers(0, 350))
def test_pieces_are_the_text_of_the_whole(answer: dict[str, Any], items: int) -> None:
    listed = [{"a": number} for number in range(items)]
    text = b"".join(pieces({**answer, "listed": iter(listed)}))
    assert text == orjson.dumps({**answer, "listed": listed})


def test_no_piece_is_large() -> None:
    made = list(pieces({"listed": ({"text": "x" * 1_000} for _ in range(5_000))}))
    assert len(made) > 10
    assert max(map(len, made)) < 400_000


def test_a_sum_beyond_64_bits_is_written_exactly() -> None:
    answer = {"whole": 2**70, "units": [{"unit": "Cẩm Lệ", "delay_us": 2**70}]}
    assert json.loads(b"".join(pieces(answer))) == answer
