"""Results in the database, of which one writer was frozen before any of its steps: newer ones stay, in copies too.

Every step of a writer is a call of the database; before each of them one is frozen while another goes on.
"""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import AsyncIterator, Callable
from datetime import date
from typing import Any

import pytest
import pytest_asyncio

from services.metrics.results.evaluate import Result
from services.metrics.results.store import ResultStore
from services.metrics.results.store_shelf import Shelf
from shared.clock import FixedClock, SystemClock
from shared.instants import HOUR
from shared.mongo import Client, connect, open_database
from tests.stack import Backends

UNITS = ("H44.01", "H44.02", "H44.03")
STEPS = range(24)


@pytest_asyncio.fixture
async def client(backends: Backends) -> AsyncIterator[Client]:
    made = connect(backends.mongo, "test")
    yield made
    made.close()


class Gate:
    """Freezes whoever makes the call with this number, or lets its process end there."""

    def __init__(self, at: int) -> None:
        self.at, self.calls = at, 0
        self.reached, self.thawed = asyncio.Event(), asyncio.Event()

    async def pass_(self) -> None:
        self.calls += 1
        if self.calls == self.at + 1:
            self.reached.set()
            await self.thawed.wait()


class Gated:
    """A collection each of whose calls goes through a gate."""

    def __init__(self, collection: Any, gate: Gate) -> None:
        self.name = collection.name
        self._collection, self._gate = collection, gate

    def __getattr__(self, name: str) -> Callable[..., Any]:
        method = getattr(self._collection, name)
        if name == "find":
            return method  # type: ignore[no-any-return]

        async def called(*args: Any, **more: Any) -> Any:
            await self._gate.pass_()
            return await method(*args, **more)

        return called


def late_store(client: Client, database: str, gate: Gate) -> ResultStore:
    made = ResultStore(client, SystemClock(), database)
    for shelf in (made._results, made._frozen):
        shelf._heads, shelf._rows = Gated(shelf._heads, gate), Gated(shelf._rows, gate)  # type: ignore[assignment]
    return made


def result(day: int, position: int, epoch: int = 1, pointer: int = 1) -> Result:
    """A result each of whose rows tells which one it is."""
    rows = [{"unit": unit, "scope": position} for unit in (None, *UNITS)]
    said = {"epoch": epoch, "pointer": pointer, "kind": "month", "day": f"2026-08-{day:02}"}
    return Result("month", date(2026, 8, day), {**said, "positions": {"0": position}, "rows": rows})


def whole(found: dict[str, Any] | None, position: int, what: str) -> None:
    assert found is not None, what
    assert found["positions"] == {"0": position}, what
    assert [(row["unit"], row["scope"]) for row in found["rows"]] == [(unit, position) for unit in (None, *UNITS)], what


async def none_left(client: Client, database: str, sheets: int) -> None:
    opened = open_database(client, database)
    left = sum([await opened[name].count_documents({}) for name in ("results_rows", "frozen_rows")])
    assert left == sheets * (1 + len(UNITS)), "rows that no sheet names"


@pytest.mark.parametrize("at", STEPS)
async def test_a_writer_frozen_before_any_step_replaces_nothing_newer(client: Client, at: int) -> None:
    """It carries the first result of a new day, so it copies the last one of the day before."""
    database, gate = Backends.unique("results"), Gate(at)
    other = ResultStore(client, SystemClock(), database)
    await other.publish(result(20, 5))
    late = asyncio.create_task(late_store(client, database, gate).publish(result(21, 20)))
    frozen = asyncio.create_task(gate.reached.wait())
    await asyncio.wait([late, frozen], return_when=asyncio.FIRST_COMPLETED)
    frozen.cancel()
    if not gate.reached.is_set():
        assert at > 8, "a writer has more steps than that"
        whole(await other.current("month"), 20, "never frozen")
        return
    stood = await other.publish(result(20, 9))
    assert await other.publish(result(21, 30)) == "stored"
    assert await other.publish(result(21, 31)) == "stored"
    gate.thawed.set()
    await asyncio.wait_for(late, 20)
    whole(await other.current("month"), 31, f"step {at}")
    whole(await other.frozen("month", "2026-08-20"), 9 if stood == "stored" else 5, f"step {at}: the day's last")
    assert await other.frozen("month", "2026-08-21") is None
    await other.publish(result(21, 32))
    await none_left(client, database, 2)


@pytest.mark.parametrize("at", STEPS)
async def test_a_writer_that_ended_before_any_step_leaves_whole_results(client: Client, at: int) -> None:
    database, gate = Backends.unique("results"), Gate(at)
    clock = FixedClock(0)
    other = ResultStore(client, clock, database)
    await other.publish(result(20, 5))
    gated = late_store(client, database, gate)
    gated._results._clock = gated._frozen._clock = clock
    late = asyncio.create_task(gated.publish(result(21, 20)))
    ended = asyncio.create_task(gate.reached.wait())
    await asyncio.wait([late, ended], return_when=asyncio.FIRST_COMPLETED)
    late.cancel()
    ended.cancel()
    await asyncio.gather(late, ended, return_exceptions=True)
    found = await other.current("month")
    whole(found, found["positions"]["0"] if found else -1, f"step {at}")
    assert await other.publish(result(21, 30)) == "stored"
    whole(await other.frozen("month", "2026-08-20"), 5, f"step {at}")
    # What it left is removed once nobody can still be writing it.
    clock.instant = 2 * HOUR
    await other.publish(result(21, 31))
    await other.tidy()
    whole(await other.current("month"), 31, f"step {at}")
    await none_left(client, database, 2)


async def test_readers_never_see_rows_of_two_results(client: Client) -> None:
    """Two replicas store as fast as they can; whoever reads meanwhile gets one result, and never an older one."""
    database = Backends.unique("results")
    stores = [ResultStore(client, SystemClock(), database) for _ in range(3)]
    numbers, seen = itertools.count(1), 0
    done = asyncio.Event()

    async def write(store: ResultStore) -> None:
        for _ in range(40):
            await store.publish(result(20, next(numbers)))

    async def read() -> int:
        nonlocal seen
        reads = 0
        while not done.is_set():
            found = await stores[2].current("month")
            if found is not None:
                whole(found, found["positions"]["0"], "a reader")
                assert found["positions"]["0"] >= seen, "figures went back"
                seen = found["positions"]["0"]
                reads += 1
        return reads

    reading = asyncio.create_task(read())
    await asyncio.gather(*(write(store) for store in stores[:2]))
    done.set()
    assert await reading > 10
    whole(await stores[2].current("month"), 80, "the last one")
    await none_left(client, database, 1)


async def test_five_thousand_units_are_stored_and_one_of_them_found(client: Client) -> None:
    """As one document they would be 18 MB; the database takes 16."""
    database = Backends.unique("results")
    store = ResultStore(client, SystemClock(), database)
    units = [None, *(f"H{number:04}" for number in range(5_000))]
    for position in (1, 2):
        rows = [{"unit": unit, "scope": position, "name": "x" * 3_500} for unit in units]
        said = {"epoch": 1, "pointer": 1, "kind": "year", "day": f"2026-08-2{position}", "positions": {"0": position}}
        assert await store.publish(Result("year", date(2026, 8, 20), {**said, "rows": rows})) == "stored"
    for found, position in ((await store.current("year"), 2), (await store.frozen("year", "2026-08-21"), 1)):
        assert found is not None
        assert [row["unit"] for row in found["rows"]] == units
        assert {row["scope"] for row in found["rows"]} == {position}
    one = await store.of_unit("year", "H4321")
    assert one is not None
    assert (one[0]["day"], one[1]["unit"], one[1]["scope"]) == ("2026-08-22", "H4321", 2)
    assert await store.of_unit("year", "H9999") is None
    assert await store.of_unit("quarter", "H0001") is None


async def test_what_the_database_did_not_answer_is_stored_by_the_next_try(client: Client) -> None:
    """Whether a head was changed is not known then: the next try may find its own result there."""
    database = Backends.unique("results")
    store = ResultStore(client, SystemClock(), database)
    shelf: Shelf = store._results
    swap = shelf._swap

    async def unheard(*args: Any) -> bool:
        await swap(*args)
        raise ConnectionError

    shelf._swap = unheard  # type: ignore[method-assign, assignment]
    with pytest.raises(ConnectionError):
        await store.publish(result(20, 5))
    shelf._swap = swap  # type: ignore[method-assign]
    whole(await store.current("month"), 5, "it was stored, though nobody heard")
    assert await store.publish(result(20, 5)) == "stored"
    whole(await store.current("month"), 5, "stored again")
    await none_left(client, database, 1)
