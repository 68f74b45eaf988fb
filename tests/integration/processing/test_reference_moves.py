"""A reference entry whose pass takes long: the group is kept, and another replica goes on where one left off."""

from __future__ import annotations

import asyncio
from collections import Counter
from contextlib import suppress
from typing import Any

import pytest

from services.processing.states.store import StateStore
from services.processing.stream import consumer as stream
from services.processing.stream.consumer import Stream
from services.processing.stream.desk import Desk
from services.processing.stream.saver import Saver
from services.processing.stream.session import Session
from tests.integration.processing.bench import PARTITIONS, Bench, Json, of_partition
from tests.integration.reference_entries import day_off, due_of, published, without_promise
from tests.waiting import until_async


async def at_once(bench: Bench, **settings: Any) -> Any:
    replica = await bench.start(**settings)
    await bench.caught_up()
    return replica


def everywhere(count: int) -> list[Json]:
    """Open dossiers, so many in each partition."""
    numbers = [number for place in range(PARTITIONS) for number in of_partition(place, count)]
    return [one for number in numbers for one in without_promise(number)[:2]]


class _SlowDatabase:
    """Reading states takes a while; everything is counted."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, seconds: float) -> None:
        self.loads = 0
        self.rebalances = 0
        load, revoked = StateStore.load, Stream.on_partitions_revoked

        async def slow(store: StateStore, partition: int, codes: Any) -> Any:
            self.loads += 1
            with suppress(TimeoutError):
                await asyncio.wait_for(asyncio.Event().wait(), seconds)
            return await load(store, partition, codes)

        async def counted(group: Stream, places: Any) -> None:
            self.rebalances += bool(places)
            await revoked(group, places)

        monkeypatch.setattr(StateStore, "load", slow)
        monkeypatch.setattr(Stream, "on_partitions_revoked", counted)


@pytest.mark.parametrize("signs", [True, False])
async def test_a_long_pass_costs_no_membership(bench: Bench, monkeypatch: pytest.MonkeyPatch, signs: bool) -> None:
    """A pass in all partitions that takes several times the interval; without a sign of life the group is left."""
    await bench.send([published()])
    await bench.send(everywhere(30))
    await bench.stop(await at_once(bench))
    monkeypatch.setattr(stream, "_IDLE_MS", 1_500)
    monkeypatch.setattr(Desk, "find", _always_from_the_database(Desk.find))
    hear = Stream._hear
    if not signs:
        monkeypatch.setattr(Stream, "_hear", _says_nothing)
    await bench.start(tick_chunk=10)
    await bench.caught_up()
    slow = _SlowDatabase(monkeypatch, 0.1)
    await bench.send([day_off()])
    if signs:
        await bench.caught_up(seconds=60)
        assert slow.loads >= PARTITIONS * 30
        assert slow.rebalances == 0
        await bench.check()
    else:
        await until_async(lambda: slow.rebalances > 0, "the group to be left", 60)
        monkeypatch.setattr(Stream, "_hear", hear)


async def _says_nothing(_: Stream) -> None:
    """Nobody polls for those who are at work."""


def _always_from_the_database(find: Any) -> Any:
    async def found(self: Desk, code: str) -> Any:
        await self._runtime.store.load(self._partition, [code])
        return await find(self, code)

    return found


async def test_a_pass_is_left_off_and_gone_on_with_where_partitions_move(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    await bench.send([published()])
    await bench.send(everywhere(40))
    first = await at_once(bench, tick_chunk=4, revoke_seconds=30, store_entries=1)
    monkeypatch.setattr(Desk, "find", _always_from_the_database(Desk.find))
    slow = _SlowDatabase(monkeypatch, 0.05)
    await bench.send([day_off()])

    def under_way() -> bool:
        told = [worker.progress for worker in first.workers().values()]
        return any(progress is not None and progress.done > 4 for progress in told)

    await until_async(under_way, "the passes to be under way")
    second = await bench.start(tick_chunk=4)
    await until_async(lambda: len(second.positions().partitions) == 2, "the partitions to be shared", 20)
    assert slow.rebalances > 0
    await bench.caught_up(seconds=60)
    events = await bench.check()
    assert set(due_of(events).values()) == {"2026-03-10T10:00:00.000000Z"}
    assert b'cause="other"' not in first.meters.exposition()


async def test_a_killed_pass_is_put_out_again_alike_by_two_others(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Some pieces are stored, more are out, the checkpoint is before all; what follows the revision waits behind it."""
    await bench.send([published()])
    numbers = of_partition(0, 200)
    await bench.send([one for number in numbers for one in without_promise(number)[:2]])
    first = await at_once(bench, tick_chunk=5, store_entries=10, revoke_seconds=0.3)
    save, store_all, offset = Saver._save, Session._store_all, bench.offsets[0]
    pieces = [0]

    async def until_killed(self: Saver, *saved: Any) -> None:
        pieces[0] += self._partition == 0
        if self._partition == 0 and pieces[0] > 2:
            await asyncio.Event().wait()
        await save(self, *saved)

    async def killed(self: Session) -> None:
        await self.close()

    monkeypatch.setattr(Saver, "_save", until_killed)
    monkeypatch.setattr(Session, "_store_all", killed)
    await bench.send([day_off(), published(amount="3", revision=1)])
    await bench.send([without_promise(number)[2] for number in numbers[::2]])

    await until_async(lambda: pieces[0] > 2, "more to be out than is stored")
    progress = first.workers()[0].progress
    assert progress is not None
    assert progress.offset == offset
    await bench.stop(first)
    stored = {one["_id"] async for one in bench.database["states_0"].find({"o": offset})}
    monkeypatch.setattr(Saver, "_save", save)
    monkeypatch.setattr(Session, "_store_all", store_all)
    before = Counter(event["id"] for event in await bench.events())
    for _ in range(2):
        await bench.start(tick_chunk=7)
    await bench.caught_up(seconds=60)
    assert set(due_of(await bench.check()).values()) == {"2026-03-06T10:00:00.000000Z"}
    after = Counter(event["id"] for event in await bench.events())
    out = {f"H29-{number:05d}" for number in numbers if f"e{bench.epoch}-0-{offset}-H29-{number:05d}-0" in before}
    again = {code for code in out if after[f"e{bench.epoch}-0-{offset}-{code}-0"] == 2}
    assert again == out - stored
    assert stored
    assert again
    assert len(out) < len(numbers)
