"""The registry: what was accepted judges what comes, on every replica the same, and nothing is accepted by halves."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import orjson
import pytest

from services.intake.reference.accepted import Accepted
from services.intake.reference.door import ReferenceDoor
from services.intake.reference.parcels import Parcel
from services.intake.senders.store import StoreAway
from shared.catalogue.base import Meters
from shared.catalogue.intake import SPECS
from shared.clock import FixedClock
from shared.problems.problem import Problem
from tests.unit.intake.parts import NOW, MemoryJournal, MemoryParcels, admitted, entry, make_reference, unit


def route(*steps: dict[str, Any], **changes: Any) -> dict[str, Any]:
    data = {"procedure": "1.004222", "version": "1", "steps": list(steps)}
    return entry(**({"type": "route.revised", "id": "route/1", "subject": "1.004222", "data": data} | changes))


class World:
    """One database; replicas on it."""

    def __init__(self) -> None:
        self.journal, self.parcels, self.clock = MemoryJournal(), MemoryParcels(), FixedClock(NOW)

    def replica(self) -> ReferenceDoor:
        return make_reference(self.journal, self.parcels, self.clock, Meters(SPECS))


def listed(replica: ReferenceDoor) -> list[dict[str, Any]]:
    found = replica.registry.listing.page(None, None, None, 100)
    assert found["total"] == len(found["entries"])
    entries: list[dict[str, Any]] = found["entries"]
    return entries


def codes(found: Sequence[Accepted | Problem]) -> list[str | None]:
    return [each.code if isinstance(each, Problem) else None for each in found]


async def test_later_entries_are_judged_by_earlier_ones_of_the_same_batch_and_of_others() -> None:
    replica = World().replica()
    step = {"step": "a", "unit": "hcm.q1"}
    assert codes(await replica.registry.accept(admitted(route(step)))) == ["unknown_route_unit"]
    assert codes(await replica.registry.accept(admitted(unit("hcm"), unit("hcm.q1"), route(step)))) == [None] * 3
    assert codes(await replica.registry.accept(admitted(route(step, id="route/2")))) == [None]


async def test_refused_entries_hold_up_no_good_ones_and_leave_no_trace() -> None:
    world = World()
    replica = world.replica()
    cycle = route({"step": "a", "unit": "q", "after": ["b"]}, {"step": "b", "unit": "q", "after": ["a"]})
    found = await replica.registry.accept(admitted(unit("q"), cycle, unit("r")))
    assert [isinstance(each, Accepted) for each in found] == [True, False, True]
    assert len(replica.registry.known) == 2
    assert [len(parcel.values) for parcel in world.parcels.stored.values()] == [2]


async def test_an_exact_repeat_is_accepted_where_it_stands() -> None:
    world = World()
    replica = world.replica()
    first = await replica.registry.accept(admitted(unit("a"), unit("b")))
    version = replica.registry.known.version
    again = await replica.registry.accept(admitted(unit("b"), unit("a"), unit("a")))
    assert again == [first[1], first[0], first[0]]
    assert replica.registry.known.version == version
    assert len(world.parcels.stored) == 1
    assert world.parcels.additions == [1]


async def test_other_content_under_a_revision_taken_is_refused_with_the_remedy() -> None:
    replica = World().replica()
    await replica.registry.accept(admitted(unit("a")))
    changed = unit("a", data={"name": "A"})
    found = await replica.registry.accept(admitted(changed, unit("b"), unit("b", data={"name": "B"})))
    assert codes(found) == ["revision_taken", None, "revision_taken"]
    problem = found[0]
    assert isinstance(problem, Problem)
    assert (problem.status, problem.field, problem.value) == (422, "revision", 0)
    assert "higher revision" in problem.body("en")["remedy"]
    assert "revision cao hơn" in problem.body("vi")["remedy"]
    assert codes(await replica.registry.accept(admitted(changed | {"revision": 1}))) == [None]
    assert [held["data"] for held in listed(replica)] == [
        {"unit": "b", "kind": "commune"},
        {"unit": "a", "kind": "commune", "name": "A"},
    ]


async def test_withdrawn_entries_are_not_listed_and_a_lower_revision_comes_too_late() -> None:
    replica = World().replica()
    gone = unit("a", revision=2) | {"data": None}
    assert codes(await replica.registry.accept(admitted(unit("a"), gone, unit("a", revision=1)))) == [None] * 3
    assert listed(replica) == []
    assert len(replica.registry.known) == 3


async def test_replicas_that_take_the_same_number_find_out_and_judge_again() -> None:
    world = World()
    one, two = world.replica(), world.replica()
    await one.registry.load()
    await two.registry.load()
    step = {"step": "a", "unit": "hcm"}
    both = await asyncio.gather(
        *(
            each.registry.accept(admitted(unit(f"{name}.{number}", id=f"{name}/{number}")))
            for number in range(20)
            for name, each in (("x", one), ("y", two))
        )
    )
    assert all(isinstance(found[0], Accepted) for found in both)
    await one.registry.load()
    await two.registry.load()
    assert one.registry.known.version == two.registry.known.version
    assert len(one.registry.known) == 40
    assert sorted(world.parcels.stored) == list(range(1, len(world.parcels.stored) + 1))
    await one.registry.accept(admitted(unit("hcm")))
    assert codes(await two.registry.accept(admitted(route(step)))) == [None]


async def test_a_number_taken_in_between_makes_it_judge_by_what_took_it() -> None:
    """The other replica's entry has the same identity and revision, and other content: the second one is refused."""
    world = World()
    one, two = world.replica(), world.replica()
    after = world.parcels.after
    met = asyncio.Barrier(2)
    readings = 0

    async def read_together(number: int) -> list[Parcel]:
        nonlocal readings
        readings += 1
        found = await after(number)
        if readings <= 2:
            await met.wait()
        return found

    world.parcels.after = read_together  # type: ignore[method-assign]
    found = await asyncio.gather(
        one.registry.accept(admitted(unit("a"), unit("b"))),
        two.registry.accept(admitted(unit("a", data={"name": "A"}), unit("c"))),
    )
    assert readings > 2
    assert sorted(codes([*found[0], *found[1]]), key=str) == [None, None, None, "revision_taken"]


async def test_a_database_that_is_away_means_that_nothing_was_stored() -> None:
    world = World()
    replica = world.replica()
    world.parcels.away = True
    with pytest.raises(Problem) as away:
        await replica.registry.accept(admitted(unit("a")))
    assert (away.value.status, away.value.code) == (503, "database_away")
    assert away.value.headers["Retry-After"]
    world.parcels.away = False
    assert world.parcels.stored == {}
    assert isinstance((await replica.registry.accept(admitted(unit("a"))))[0], Accepted)


async def test_those_who_waited_for_a_database_that_is_away_do_not_ask_again_in_turn() -> None:
    world = World()
    replica = world.replica()
    world.parcels.away = True
    asked = 0
    waited = asyncio.Event()
    after = world.parcels.after

    async def ask(number: int) -> list[Parcel]:
        nonlocal asked
        asked += 1
        await waited.wait()
        return await after(number)

    world.parcels.after = ask  # type: ignore[method-assign]
    calls = [asyncio.ensure_future(replica.registry.accept(admitted(unit(f"u{number}")))) for number in range(10)]
    asyncio.get_running_loop().call_soon(waited.set)
    found = await asyncio.gather(*calls, return_exceptions=True)
    assert [str(each) for each in found] == ["503 database_away"] * 10
    assert asked == 1
    world.parcels.away = False
    assert codes(await replica.registry.accept(admitted(unit("a")))) == [None]


async def test_a_database_that_goes_away_while_storing_leaves_the_outcome_open_and_a_repeat_settles_it() -> None:
    world = World()
    replica = world.replica()
    large = [unit(f"u{number}", data={"name": "x" * 200}) for number in range(2_000)]
    world.parcels.breaks_after = 1
    with pytest.raises(Problem) as unknown:
        await replica.registry.accept(admitted(*large))
    assert (unknown.value.status, unknown.value.code) == (503, "outcome_unknown")
    stored = sum(len(parcel.values) for parcel in world.parcels.stored.values())
    assert 0 < stored < 2_000
    world.parcels.breaks_after = None
    found = await replica.registry.accept(admitted(*large))
    assert codes(found) == [None] * 2_000
    assert len(replica.registry.known) == 2_000
    assert sum(len(parcel.values) for parcel in world.parcels.stored.values()) == 2_000


async def test_a_fresh_replica_knows_all_and_tells_when_the_database_is_away() -> None:
    world = World()
    await world.replica().take(admitted(unit("a"), unit("b")))
    fresh = world.replica()
    assert fresh.registry.away
    await fresh.registry.load()
    assert not fresh.registry.away
    assert [held["subject"] for held in listed(fresh)] == ["a", "b"]
    world.parcels.away = True
    with pytest.raises(StoreAway):
        await fresh.registry.load()
    assert fresh.registry.away


async def test_what_a_later_contract_cannot_read_is_sent_all_the_same() -> None:
    world = World()
    await world.parcels.add([Parcel(1, (b'{"type":"unit.dreamt"}',), NOW, {0, 1})])
    replica = world.replica()
    await replica.registry.load()
    assert len(replica.registry.known) == 0
    await replica.outbox.flush()
    assert world.journal.values(1) == [b'{"type":"unit.dreamt"}']
    assert codes(await replica.registry.accept(admitted(unit("a")))) == [None]


async def test_what_holds_is_counted_by_type() -> None:
    world = World()
    meters = Meters(SPECS)
    replica = make_reference(world.journal, world.parcels, world.clock, meters)

    def count() -> float | None:
        return meters.registry.get_sample_value("motcua_intake_reference_entries", {"type": "unit.revised"})

    await replica.registry.accept(admitted(unit("a"), unit("b")))
    assert count() == 2
    await replica.registry.accept(admitted(*(unit(code, revision=1) | {"data": None} for code in ("a", "b"))))
    assert count() == 0


async def test_what_an_earlier_generation_did_not_get_everywhere_is_owed_to_all_of_this_one() -> None:
    world = World()
    everywhere = Parcel(1, (admitted(unit("hcm"))[0].value,), NOW, set(), first={0: 5})
    part = Parcel(2, (admitted(unit("hcm.q1"))[0].value,), NOW, {0})
    world.parcels.stored = {1: everywhere, 2: part}
    replica = world.replica()
    await replica.registry.load()
    partitions = set(range(world.journal.partitions))
    assert partitions > {0}
    assert [(parcel.number, parcel.todo, parcel.first) for parcel in replica.outbox.waiting] == [(2, partitions, {})]
    assert world.parcels.stored[2].todo == partitions, "a crash before all have it must not forget the new ones"
    assert world.parcels.stored[1].first == {0: 5}


async def test_what_was_accepted_before_texts_had_one_form_is_accepted_again_where_it_stands() -> None:
    world = World()
    old = replace(admitted(unit("a"))[0], value=orjson.dumps(unit("a", data={"name": "So\u031b\u0309  A "})))
    first = await world.replica().registry.accept([old])
    for name in ("So\u031b\u0309  A ", "Sở A"):
        assert await world.replica().registry.accept(admitted(unit("a", data={"name": name}))) == first
    assert codes(await world.replica().registry.accept(admitted(unit("a", data={"name": "Sở B"})))) == [
        "revision_taken"
    ]
    assert len(world.parcels.stored) == 1
