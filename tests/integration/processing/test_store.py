"""States and checkpoints in a real database: only a newer position replaces an older one, whoever writes."""

from __future__ import annotations

import asyncio
import dataclasses
import random
from collections.abc import AsyncIterator

import bson
import pytest
import pytest_asyncio

from services.processing.states.layers import HeldState
from services.processing.states.store import MOST_DOSSIERS, StateStore, WrongEngineError, identity_hash
from services.processing.states.store_reference import ReferenceStore
from services.processing.stream.checkpoint import Checkpoint
from services.processing.stream.revision.roster import label_of
from shared.mongo import Client, connect
from tests.stack import Backends
from tests.unit.processing.stream.build import held

CHECKPOINT = Checkpoint(5, "anchor", "source id", 1_772_000_000_000_000, "reference", 4, "known", 2)


@pytest.fixture
def client(backends: Backends) -> Client:
    return connect(backends.mongo, "test")


@pytest_asyncio.fixture
async def store(client: Client) -> AsyncIterator[StateStore]:
    yield StateStore(client, random.randrange(1_000, 2**31))
    client.close()


async def position(store: StateStore, code: str) -> int:
    (found,) = await store.load(0, [code])
    return found.state.position


async def test_a_state_comes_back_as_it_was(store: StateStore) -> None:
    one = held("A", 3)
    assert await store.save(0, [one]) == 0
    (found,) = await store.load(0, ["A", "none"])
    assert found.state == one.state
    assert (found.size, found.stored) == (300, True)
    assert await store.load(1, ["A"]) == []
    timers, count = await store.timers(0)
    assert (timers, count) == ([("A", one.state.timer)], 1)
    assert await store.keys(0) == ["A"]


@pytest.mark.parametrize("known", [True, False])
async def test_an_older_or_equal_position_is_refused_and_no_error(store: StateStore, known: bool) -> None:
    await store.save(0, [held("A", 10), held("B", 10)])
    zombie = [held("A", 9, stored=known), held("B", 10, stored=known), held("C", 1)]
    assert await store.save(0, zombie) == 2
    assert [await position(store, code) for code in "ABC"] == [10, 10, 1]
    newer = [held("A", 11, stored=known), held("B", 12, stored=known)]
    assert await store.save(0, newer) == 0
    assert [await position(store, code) for code in "ABC"] == [11, 12, 1]


async def test_what_is_replaced_is_replaced_whole(store: StateStore) -> None:
    states = [held(f"$code.with.{number}", number) for number in range(120)]
    await store.save(0, states)
    newer = [held(one.state.code, 500, stored=True) for one in states]
    assert await store.save(0, newer) == 0
    found = await store.load(0, [one.state.code for one in states])
    assert {one.state.code: one.state for one in found} == {one.state.code: one.state for one in newer}


async def test_two_who_create_at_once_end_at_the_newer_position(store: StateStore) -> None:
    codes = [f"D{number}" for number in range(60)]

    def states(at: int) -> list[HeldState]:
        return [held(code, at) for code in codes]

    await asyncio.gather(*(store.save(0, states(at)) for at in (3, 9, 6)))
    assert {await position(store, code) for code in codes} == {9}


async def test_a_checkpoint_only_goes_forward(store: StateStore) -> None:
    assert await store.checkpoint(0) is None
    await store.save_checkpoint(0, CHECKPOINT)
    assert await store.checkpoint(0) == CHECKPOINT
    await store.save_checkpoint(0, dataclasses.replace(CHECKPOINT, next=4, anchor="older"))
    assert await store.checkpoint(0) == CHECKPOINT
    later = dataclasses.replace(CHECKPOINT, next=6, clock=None, run=0)
    await store.save_checkpoint(0, later)
    assert await store.checkpoint(0) == later
    first = [dataclasses.replace(CHECKPOINT, next=at) for at in (2, 8, 5)]
    await asyncio.gather(*(store.save_checkpoint(1, one) for one in first))
    found = await store.checkpoint(1)
    assert found is not None
    assert found.next == 8


async def test_identities_gather_all_dossiers_they_were_sent_to(store: StateStore) -> None:
    await store.save_identities({1: {"A"}, 2: {"B"}})
    await store.save_identities({1: {"A", "C"}, 3: {"D"}})
    assert await store._dossiers_of([1, 2, 3, 4]) == {1: {"A", "C"}, 2: {"B"}, 3: {"D"}}
    assert await store.dossiers_with("test", "a") == []


async def test_one_id_for_every_dossier_grows_nothing(store: StateStore) -> None:
    named = identity_hash("hcm/one-stop", "accepted")
    for start in range(0, 20_000, 1_000):
        await store.save_identities({named: {f"H29-{number:06}" for number in range(start, start + 1_000)}})
    (document,) = [found async for found in store._database["identities"].find({})]
    assert len(bson.encode(document)) < 4_000
    found = await store.dossiers_with("hcm/one-stop", "accepted")
    assert len(found) == MOST_DOSSIERS + 1, "it is told that there are more"
    await store.save_identities({named: set(found) | {"H29-999999"}})
    assert await store.dossiers_with("hcm/one-stop", "accepted") == found


async def test_labels_stand_beside_the_states_and_a_scan_reads_only_what_is_wanted(store: StateStore) -> None:
    states = [held("A", 3), held("B", 4)]
    await store.save(0, states)
    wanted = label_of(states[0].state.entries, states[0].state.finished_at)
    assert wanted.units == ("H29.1",)
    assert sorted([told async for told in store.labels(0)]) == [("A", wanted), ("B", wanted)]
    assert await store.count(0) == 2
    found = [one async for one in store.scan(0, lambda label: label == wanted)]
    assert {one.state.code: one.state for one in found if one is not None} == {
        one.state.code: one.state for one in states
    }
    assert [one async for one in store.scan(0, lambda _label: False)] == [None, None]


async def test_reference_entries_come_back_in_order_up_to_the_checkpoint(client: Client, store: StateStore) -> None:
    references = ReferenceStore(client, int(store._database.name.rpartition("_e")[2]))
    await references.save(0, [(9, b"late"), (3, b"early"), (5, b"middle")])
    await references.save(0, [(3, b"early"), (12, b"x" * 5_000_000), (13, b"after")])
    assert await references.load(0, 12) == [b"early", b"middle", b"late"]
    assert [len(value) for value in await references.load(0, 14)] == [5, 6, 4, 5_000_000, 5]
    assert await references.load(1, 14) == []


async def test_another_engine_is_refused(store: StateStore) -> None:
    await store.check_engine("1")
    await store.check_engine("1")
    with pytest.raises(WrongEngineError, match="motcua rebuild"):
        await store.check_engine("2")
