"""Reference entries on a real broker and database: what was accepted reaches every partition, whoever is stopped."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack

import pytest

from shared.problems.problem import Problem
from tests.integration.gate import Gate
from tests.integration.intake.replica import PARTITIONS, Place, Stopping, admitted, ids, unit
from tests.stack import Backends
from tests.waiting import until_async


@pytest.fixture
async def place(backends: Backends) -> Place:
    return Place(backends, await backends.topic("reference", PARTITIONS))


async def test_two_replicas_accept_at_once_and_every_partition_has_all(place: Place) -> None:
    async with place.replica() as one, place.replica() as two:
        answers = await asyncio.gather(
            *(
                each.take(admitted(unit(f"{name}{number}")))
                for number in range(15)
                for name, each in (("a", one), ("b", two))
            )
        )
        assert all(not isinstance(told, Problem) and told["distributed"] for (told,) in answers)
        await one.registry.load()
        await two.registry.load()
        assert len(one.registry.known) == 30
        assert one.registry.known.version == two.registry.known.version
    wanted = {f"unit/{name}{number}" for name in "ab" for number in range(15)}
    for values in await place.journal():
        assert set(ids(values)) == wanted


async def test_entries_of_one_sender_keep_their_order_and_their_bytes(place: Place) -> None:
    async with place.replica() as one:
        for number in range(10):
            await one.take(admitted(unit(f"u{number}")))
    journal = await place.journal()
    assert all(ids(values) == [f"unit/u{number}" for number in range(10)] for values in journal)
    assert all(values == journal[0] for values in journal)


@pytest.mark.parametrize("confirmed", [frozenset(), frozenset({0}), frozenset({0, 2, 3})])
async def test_a_fresh_replica_finishes_what_a_killed_one_began(place: Place, confirmed: frozenset[int]) -> None:
    stopping = Stopping(place.backends.kafka, place.topic, confirmed)
    async with place.replica(stopping) as killed:
        task = asyncio.create_task(killed.take(admitted(unit("a"), unit("b"))))
        await stopping.stopped.wait()
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
    before = await place.journal()
    async with place.replica() as fresh:
        work = asyncio.create_task(fresh.registry.run())
        await until_async(lambda: len(fresh.registry.known) == 2 and not fresh.outbox.waiting, "the outbox to be empty")
        work.cancel()
        await asyncio.gather(work, return_exceptions=True)
        (again,) = await fresh.take(admitted(unit("a")))
        assert not isinstance(again, Problem)
        assert again["distributed"]
        assert sorted(again["positions"]) == ["0", "1", "2", "3"]
    after = await place.journal()
    for partition, values in enumerate(after):
        assert set(ids(values)) == {"unit/a", "unit/b"}, partition
        # Sent again at most, with the very same bytes.
        assert set(before[partition]) <= set(values)
        assert len(set(values)) == 2
    async with place.replica() as later:
        await later.registry.load()
        await later.outbox.flush()
        assert later.outbox.waiting == []
    assert await place.journal() == after


async def test_a_second_replica_steps_in_for_one_that_stands_still(place: Place) -> None:
    stopping = Stopping(place.backends.kafka, place.topic, frozenset({1}))
    async with place.replica() as two:
        work = asyncio.create_task(two.registry.run())
        await until_async(lambda: not two.registry.away, "the second replica to read")
        async with place.replica(stopping) as one:
            task = asyncio.create_task(one.take(admitted(unit("a"))))
            await stopping.stopped.wait()
            await until_async(lambda: len(two.registry.known) == 1 and not two.outbox.waiting, "the other to send it")
            task.cancel()
            work.cancel()
            await asyncio.gather(task, work, return_exceptions=True)
    assert all(ids(values)[:1] == ["unit/a"] for values in await place.journal())


async def test_a_database_that_goes_away_in_between_is_caught_up_with(place: Place) -> None:
    host, _, port = place.backends.mongo.removeprefix("mongodb://").partition("/")[0].partition(":")
    gate = Gate(host, int(port))
    await gate.open()
    async with AsyncExitStack() as ends:
        ends.push_async_callback(gate.shut)
        uri = f"mongodb://127.0.0.1:{gate.port}/?directConnection=true"
        one = await ends.enter_async_context(place.replica(mongo=uri))
        two = await ends.enter_async_context(place.replica())
        assert isinstance((await one.take(admitted(unit("a"))))[0], dict)
        await gate.shut()
        with pytest.raises(Problem) as away:
            await one.take(admitted(unit("b")))
        assert (away.value.status, away.value.code) == (503, "database_away")
        assert all(ids(values) == ["unit/a"] for values in await place.journal())
        (told,) = await two.take(admitted(unit("c")))
        assert not isinstance(told, Problem)
        await gate.open()

        async def goes_on() -> bool:
            try:
                (told,) = await one.take(admitted(unit("b")))
            except Problem:
                return False
            return isinstance(told, dict) and bool(told["distributed"])

        await until_async(goes_on, "the database to answer")
        assert len(one.registry.known) == 3
    assert all(set(ids(values)) == {"unit/a", "unit/b", "unit/c"} for values in await place.journal())
