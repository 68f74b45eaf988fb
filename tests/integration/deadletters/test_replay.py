"""The register and the replaying on a real broker and database: nothing counts twice, and nothing is written twice."""

from __future__ import annotations

import asyncio
import dataclasses
from collections.abc import AsyncIterator, Sequence

import pytest
import pytest_asyncio

from services.intake.deadletters import replay as deadletter_replay
from services.intake.deadletters.letters import Kept, Letter, Outcome, State
from services.intake.deadletters.register import Register
from services.intake.deadletters.store import DeadLetterStore
from services.intake.senders.store import StoreAway
from shared.access.bearer import Bearer
from shared.broker.partition import partition_of
from shared.catalogue.base import Meters
from shared.catalogue.intake import SPECS
from shared.clock import FixedClock, SystemClock
from shared.instants import DAY, SECOND
from shared.problems.problem import Problem
from tests.integration.deadletters.place import PARTITIONS, Place, copy_of, stamped
from tests.stack import Backends
from tests.waiting import until_async

ADMIN = Bearer("root", ("*",), ("*",), frozenset({"admin", "sender", "reference"}))


@pytest_asyncio.fixture
async def place(backends: Backends) -> AsyncIterator[Place]:
    topic = await backends.topic("deadletter", 1, {"max.message.bytes": "4194304"})
    made = Place(backends, topic, await backends.topic("journal", PARTITIONS))
    yield made
    made.store.close()


async def test_each_copy_counts_once_however_often_it_is_delivered(place: Place) -> None:
    big = bytes(2_000_000)
    await place.put(copy_of(b"x"), b"\xff", None, b"[1]", copy_of(b"x"), copy_of(big, offset=8), b"{}")
    async with place.register():
        kept = {one.letter.id: one for one in await place.seen(7)}
    assert {id_.partition(":")[0] for id_ in kept} == {"motcua.journal.v1", place.topic}
    twice = await place.store.find("motcua.journal.v1:1:7")
    assert twice is not None
    assert (twice.seen, twice.letter.value, twice.letter.reason) == (2, b"x", "wrong_key")
    cut = await place.store.find("motcua.journal.v1:1:8")
    assert cut is not None
    assert (cut.letter.cut, cut.letter.size, cut.letter.value) == (True, 2_000_000, bytes(65_536))
    assert await place.store.find(f"{place.topic}:0:1") is not None

    # Another group stands for one that lost its offsets: everything is delivered again.
    place.group += "-again"
    await place.put(copy_of(b"x"))
    async with place.register() as register:
        assert {one.letter.id for one in await place.seen(8)} == kept.keys()
        await register.look()
    twice = await place.store.find("motcua.journal.v1:1:7")
    assert twice is not None
    assert twice.seen == 3


class Away(DeadLetterStore):
    """A database that does not answer for a while."""

    away = False

    async def add(self, letters: Sequence[Letter]) -> None:
        if type(self).away:
            raise StoreAway("away")
        await super().add(letters)


async def test_letters_wait_while_the_database_is_away(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    await place.put(copy_of(b"a"))
    async with place.register(Away) as register:
        await place.seen(1)
        monkeypatch.setattr(Away, "away", True)
        await place.put(copy_of(b"b", offset=1), copy_of(b"c", offset=2))
        await until_async(register.notes, "the register to say what it waits for")
        assert register.notes() == ["dead letters wait to be registered: mongodb does not answer"]
        monkeypatch.setattr(Away, "away", False)
        await place.seen(3)
        await until_async(lambda: not register.notes(), "nothing to be said any more")


async def test_old_letters_are_deleted_whatever_became_of_them(place: Place) -> None:
    now = SystemClock().now()
    await place.put(*[copy_of(b"x", offset=place, seen_at="2020-01-01T00:00:00Z") for place in range(3)])
    async with place.register(clock=FixedClock(now)) as register:
        kept = await place.seen(3)
        assert [one.letter.seen_at for one in kept] == [now] * 3, "a clock that is off must not delete letters"
        await place.store.settle(kept[0], "discarded", Outcome(now, "root", why="a test"))
        await register.look()
        assert len(await place.store.page({}, None, 10)) == 3
    meters = Meters(SPECS)
    clock = FixedClock(now + 29 * DAY)
    late = Register("127.0.0.1:1", place.store, clock, meters, days=30, topic=place.topic, group="none")
    await late.look()
    assert b'motcua_intake_deadletters{reason="wrong_key",service="processing"} 2.0' in meters.exposition()
    assert b"motcua_intake_deadletters_oldest_seconds 2.5056e+06" in meters.exposition()
    clock.instant = now + 30 * DAY + SECOND
    await late.look()
    assert await place.store.page({}, None, 10) == []
    text = meters.exposition()
    assert b'motcua_intake_deadletters_deleted_total{state="open"} 2.0' in text
    assert b'motcua_intake_deadletters_deleted_total{state="discarded"} 1.0' in text
    assert b'motcua_intake_deadletters{reason="wrong_key",service="processing"} 0.0' in text


class Crashing(DeadLetterStore):
    """Dies between writing and marking."""

    async def settle(self, _kept: Kept, _state: State, _outcome: Outcome) -> bool:
        raise StoreAway("crashed before marking")


async def test_a_crash_between_writing_and_marking_writes_nothing_twice(place: Place) -> None:
    value = stamped()
    await place.put(copy_of(value))
    async with place.register():
        id_ = (await place.seen(1))[0].letter.id
    async with place.replayer(Crashing) as crashing:
        with pytest.raises(Problem) as away:
            await crashing.replay(id_, ADMIN)
        assert away.value.code == "database_away"
    written = await place.written()
    partition = partition_of("HS-1", PARTITIONS)
    assert written == [(partition, 0, b"HS-1", value)], "the bytes as they are, under the right key"
    async with place.replayer() as again:
        kept = await again.replay(id_, ADMIN)
        assert kept.state == "replayed"
        assert kept.outcome is not None
        assert kept.outcome.positions == ((partition, 0),)
        assert (await again.replay(id_, ADMIN)).outcome == kept.outcome
        with pytest.raises(Problem) as settled:
            await again.discard(id_, ADMIN, "too late")
        assert settled.value.code == "deadletter_settled"
    assert await place.written() == written


async def test_two_replicas_at_once_write_each_letter_once(place: Place) -> None:
    codes = [f"HS-{number}" for number in range(12)]
    await place.put(*[copy_of(stamped(code), offset=number) for number, code in enumerate(codes)])
    async with place.register():
        ids = [kept.letter.id for kept in await place.seen(len(codes))]
    async with place.replayer() as first, place.replayer() as second:
        told: Sequence[Kept] = await asyncio.gather(
            *(each.replay(id_, ADMIN) for id_ in ids for each in (first, second))
        )
    assert {kept.state for kept in told} == {"replayed"}
    assert sorted(key.decode() for _, _, key, _ in await place.written()) == sorted(codes)


async def test_what_was_begun_and_never_written_is_written_when_its_turn_is_over(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    await place.put(copy_of(stamped()))
    async with place.register():
        kept = (await place.seen(1))[0]
    async with place.replayer() as replayer:
        clock = SystemClock()
        journal = replayer._door.journal
        replayer._door = dataclasses.replace(replayer._door, clock=FixedClock(clock.now()))
        whole = journal.write_batch
        monkeypatch.setattr(journal, "write_batch", _unconfirmed)
        monkeypatch.setattr(deadletter_replay, "_WAIT_SECONDS", 0.2)
        with pytest.raises(Problem) as unknown:
            await replayer.replay(kept.letter.id, ADMIN)
        assert unknown.value.code == "outcome_unknown"
        monkeypatch.setattr(journal, "write_batch", whole)
        with pytest.raises(Problem) as under_way:
            await replayer.replay(kept.letter.id, ADMIN)
        assert under_way.value.code == "deadletter_under_way"
        later = FixedClock(clock.now() + 31 * SECOND)
        replayer._door = dataclasses.replace(replayer._door, clock=later)
        assert (await replayer.replay(kept.letter.id, ADMIN)).state == "replayed"
    assert len(await place.written()) == 1


async def test_a_journal_that_has_grown_is_searched_from_its_beginning(place: Place) -> None:
    value = stamped()
    await place.put(copy_of(value))
    async with place.register():
        kept = (await place.seen(1))[0]
    async with place.replayer(Crashing) as crashing:
        with pytest.raises(Problem):
            await crashing.replay(kept.letter.id, ADMIN)
    written = await place.written()
    claimed = await place.store.find(kept.letter.id)
    assert claimed is not None
    assert claimed.claim is not None
    elsewhere = dataclasses.replace(claimed.claim, journal="the one before", partition=99, begin=99)
    assert await place.store.claim(claimed, elsewhere)
    async with place.replayer() as again:
        done = await again.replay(kept.letter.id, ADMIN)
    assert done.outcome is not None
    assert [(place.journal, *one) for one in done.outcome.positions] == [(done.outcome.journal, *written[0][:2])]
    assert await place.written() == written


async def _unconfirmed(_key: bytes, _values: Sequence[bytes], _partition: int) -> int | None:
    return None
