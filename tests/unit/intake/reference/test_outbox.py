"""The outbox: everything owed reaches every partition, in order where possible, whatever fails meanwhile."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from services.intake.reference.outbox import Outbox
from services.intake.reference.parcels import Parcel
from shared.catalogue.base import Meters
from shared.catalogue.intake import SPECS
from shared.clock import FixedClock
from shared.instants import SECOND
from shared.problems.problem import Problem
from tests.unit.intake.parts import NOW, MemoryJournal, MemoryParcels


class Replica:
    """An outbox over stores that may be shared with others."""

    def __init__(self, journal: MemoryJournal, parcels: MemoryParcels, clock: FixedClock) -> None:
        self.meters = Meters(SPECS)
        self.outbox = Outbox(parcels, journal, clock, self.meters, monotonic=lambda: clock.now() / SECOND)

    def gauge(self, name: str) -> float:
        return self.meters.registry.get_sample_value(name) or 0.0


class World:
    """One journal, one database, one clock."""

    def __init__(self) -> None:
        self.journal, self.parcels, self.clock = MemoryJournal(), MemoryParcels(), FixedClock(NOW)

    def replica(self) -> Replica:
        return Replica(self.journal, self.parcels, self.clock)

    async def store(self, number: int, *values: bytes) -> Parcel:
        parcel = Parcel(number, values or (b"v%d" % number,), self.clock.now(), {0, 1})
        assert await self.parcels.add([parcel]) == 1
        return parcel


async def test_what_is_owed_reaches_every_partition_in_order() -> None:
    world = World()
    one = world.replica()
    one.outbox.add([await world.store(2, b"c"), await world.store(1, b"a", b"b")], own=True)
    assert one.gauge("motcua_intake_outbox_entries") == 3
    await one.outbox.deliver(2)
    assert [world.journal.values(each) for each in (0, 1)] == [[b"a", b"b", b"c"]] * 2
    assert one.outbox.waiting == []
    assert one.gauge("motcua_intake_outbox_entries") == 0
    assert all(parcel.everywhere for parcel in world.parcels.stored.values())
    assert world.parcels.stored[2].first == {0: 2, 1: 2}


async def test_a_partition_that_does_not_confirm_gets_nothing_out_of_order() -> None:
    world = World()
    one = world.replica()
    world.journal.fails = {1}
    one.outbox.add([await world.store(1), await world.store(2)], own=True)
    await one.outbox.deliver(2)
    assert (world.journal.values(0), world.journal.values(1)) == ([b"v1", b"v2"], [])
    assert [each["missing_partitions"] for each in one.outbox.tell()] == [[1], [1]]
    world.journal.fails = set()
    await one.outbox.flush()
    assert (world.journal.values(0), world.journal.values(1)) == ([b"v1", b"v2"], [b"v1", b"v2"])
    assert one.outbox.waiting == []


async def test_nothing_is_sent_while_the_broker_is_away() -> None:
    world = World()
    one = world.replica()
    one.outbox.add([await world.store(1)], own=True)
    world.journal.away = Problem(503, "broker_away")
    await one.outbox.deliver(1)
    assert len(one.outbox.waiting) == 1
    world.journal.away = None
    await one.outbox.flush()
    assert world.journal.values(0) == world.journal.values(1) == [b"v1"]


async def test_what_is_sent_counts_though_the_database_cannot_note_it() -> None:
    world = World()
    one = world.replica()
    one.outbox.add([parcel := await world.store(1)], own=True)
    world.parcels.away = True
    await one.outbox.deliver(1)
    assert parcel.everywhere
    assert one.outbox.waiting == []
    world.parcels.away = False
    assert world.parcels.stored[1].todo == {0, 1}
    await one.outbox.flush()
    assert world.parcels.stored[1].everywhere
    # It was noted only; nothing was sent again.
    assert world.journal.values(0) == [b"v1"]


async def test_another_replica_finishes_what_one_began() -> None:
    world = World()
    one, two = world.replica(), world.replica()
    world.journal.fails = {1}
    one.outbox.add([await world.store(1)], own=True)
    await one.outbox.deliver(1)
    world.journal.fails = set()
    two.outbox.add(await world.parcels.after(0), own=False)
    await two.outbox.flush()
    assert world.journal.values(1) == []
    world.clock.instant += 4 * SECOND
    await two.outbox.flush()
    assert (world.journal.values(0), world.journal.values(1)) == ([b"v1"], [b"v1"])
    assert two.outbox.waiting == []


async def test_a_fresh_replica_waits_for_nobody() -> None:
    world = World()
    await world.store(1)
    fresh = world.replica()
    fresh.outbox.add(await world.parcels.after(0), own=False)
    fresh.outbox.take_over()
    await fresh.outbox.flush()
    assert world.journal.values(0) == world.journal.values(1) == [b"v1"]


async def test_older_entries_of_another_replica_go_first_unless_they_are_there() -> None:
    world = World()
    one, two = world.replica(), world.replica()
    world.journal.fails = {0, 1}
    one.outbox.add([await world.store(1)], own=True)
    await one.outbox.deliver(1)
    world.journal.fails = set()
    two.outbox.add(await world.parcels.after(0), own=False)
    two.outbox.add([await world.store(2)], own=True)
    await two.outbox.deliver(2)
    assert world.journal.values(0) == [b"v1", b"v2"]
    # The first replica learns nothing by itself: it repeats, which is harmless.
    await one.outbox.flush()
    assert set(world.journal.values(0)) == {b"v1", b"v2"}
    two.outbox.add([await world.store(3)], own=False)
    world.parcels.stored[3].learn({0: 9, 1: 9})
    await two.outbox.deliver(3)
    assert b"v3" not in world.journal.values(0)
    assert two.outbox.waiting == []


async def test_a_process_that_ends_anywhere_leaves_what_a_fresh_one_finishes() -> None:
    """Stopped at every write in turn, with and without the note of it."""
    for end in range(1, 7):
        world = World()
        one = world.replica()
        one.outbox.add([await world.store(1), await world.store(2)], own=True)
        ending = Ending(world, end)
        world.journal.write_batch = ending.write_batch  # type: ignore[method-assign]
        world.parcels.note = ending.note  # type: ignore[method-assign]
        task = asyncio.create_task(one.outbox.deliver(2))
        await ending.reached.wait()
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        del world.journal.write_batch, world.parcels.note
        fresh = world.replica()
        fresh.outbox.add(await world.parcels.after(0), own=False)
        fresh.outbox.take_over()
        await fresh.outbox.flush()
        for partition in (0, 1):
            assert set(world.journal.values(partition)) == {b"v1", b"v2"}, end
        assert all(parcel.everywhere for parcel in world.parcels.stored.values())


class Ending:
    """Lets so many writes and notes happen; the next one never returns."""

    def __init__(self, world: World, steps: int) -> None:
        self._journal = world.journal.write_batch
        self._note = world.parcels.note
        self._left = steps
        self.reached = asyncio.Event()

    async def _step(self) -> None:
        self._left -= 1
        if self._left == 0:
            self.reached.set()
            await asyncio.Event().wait()

    async def write_batch(self, key: bytes, values: Sequence[bytes], partition: int) -> int | None:
        await self._step()
        return await self._journal(key, values, partition)

    async def note(self, parcel: Parcel) -> None:
        await self._step()
        await self._note(parcel)


async def test_age_and_length_are_told() -> None:
    world = World()
    one = world.replica()
    world.journal.fails = {0}
    one.outbox.add([await world.store(1, b"a", b"b")], own=True)
    world.clock.instant += 90 * SECOND
    await one.outbox.flush()
    assert one.gauge("motcua_intake_outbox_age_seconds") == 90
    assert one.outbox.oldest_seconds == 90
    assert one.outbox.tell() == [{"number": 1, "entries": 2, "accepted_at": NOW, "missing_partitions": [0]}]
    world.journal.fails = set()
    await one.outbox.flush()
    assert one.gauge("motcua_intake_outbox_age_seconds") == 0
