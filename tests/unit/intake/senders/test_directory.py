"""Keys go on working while the database is away, new ones are found, and revoked ones end."""

from __future__ import annotations

import pytest

from services.intake.senders.directory import Directory
from services.intake.senders.sender import SenderRequest
from shared.problems.problem import Problem
from tests.unit.intake.parts import MemoryStore, record


class Time:
    def __init__(self) -> None:
        self.seconds = 100.0

    def __call__(self) -> float:
        return self.seconds


async def refused(directory: Directory, key: str) -> Problem:
    with pytest.raises(Problem) as caught:
        await directory.find(key)
    return caught.value


def request(sender: str) -> SenderRequest:
    return SenderRequest(sender=sender, sources=["*"], units=["*"], roles=["sender"])


async def test_first_senders_work_before_the_database_answers_and_are_put_there() -> None:
    store = MemoryStore()
    store.away = True
    directory = Directory(store, [record("a", "mc_a")])
    assert (await directory.find("mc_a")).name == "a"
    assert not await directory.refresh()
    assert directory.away
    assert not directory.empty
    assert (await directory.find("mc_a")).name == "a"
    store.away = False
    assert await directory.refresh()
    assert set(store.records) == {"a"}
    assert not directory.away


async def test_known_keys_never_ask_the_database() -> None:
    store = MemoryStore()
    directory = Directory(store, [record("a", "mc_a")])
    await directory.refresh()
    readings = store.readings
    store.away = True
    for _ in range(10):
        await directory.find("mc_a")
    assert store.readings == readings


async def test_an_unknown_key_is_looked_for_once_a_second() -> None:
    store, time = MemoryStore(), Time()
    directory = Directory(store, (), clock=time)
    await directory.refresh()
    time.seconds += 2
    assert (await refused(directory, "mc_new")).status == 401
    readings = store.readings
    for _ in range(20):
        assert (await refused(directory, "mc_guess")).code == "key_unknown"
    assert store.readings == readings
    store.records["b"] = record("b", "mc_new")
    time.seconds += 2
    assert (await directory.find("mc_new")).name == "b"


async def test_a_key_that_may_exist_is_not_called_unknown_while_the_database_is_away() -> None:
    store = MemoryStore()
    store.away = True
    problem = await refused(Directory(store), "mc_x")
    assert (problem.status, problem.code) == (503, "database_away")


async def test_a_revoked_key_ends_at_the_next_reading() -> None:
    store = MemoryStore()
    directory = Directory(store, [record("a", "mc_a")])
    await directory.refresh()
    del store.records["a"]
    assert (await directory.find("mc_a")).name == "a"
    await directory.refresh()
    assert (await refused(directory, "mc_a")).status == 401


async def test_a_made_sender_works_at_once_and_a_removed_one_ends_at_once() -> None:
    store = MemoryStore()
    directory = Directory(store)
    await directory.refresh()
    key = await directory.create(request("a"))
    assert (await directory.find(key)).name == "a"
    assert key not in str(store.records)
    with pytest.raises(Problem) as twice:
        await directory.create(request("a"))
    assert twice.value.code == "sender_exists"
    assert [each.sender for each in await directory.senders()] == ["a"]
    await directory.remove("a")
    assert (await refused(directory, key)).status in (401, 503)
    with pytest.raises(Problem) as gone:
        await directory.remove("a")
    assert gone.value.code == "sender_unknown"


async def test_senders_cannot_be_changed_while_the_database_is_away() -> None:
    store = MemoryStore()
    store.away = True
    directory = Directory(store)
    for asked in (directory.create(request("a")), directory.remove("a"), directory.senders()):
        with pytest.raises(Problem) as caught:
            await asked
        assert caught.value.code == "database_away"
