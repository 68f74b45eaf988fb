"""Many dead letters replayed at once: each once, whoever else replays, with few questions to broker and database."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence

import pytest
import pytest_asyncio

from services.intake.deadletters.letters import Kept, Outcome, State
from services.intake.deadletters.store import DeadLetterStore
from services.intake.senders.store import StoreAway
from shared.access.bearer import Bearer
from shared.problems.problem import Problem
from tests.integration.deadletters.place import PARTITIONS, Place, stamped
from tests.stack import Backends
from tests.unit.intake.deadletters.deadletter_parts import make_letter

ADMIN = Bearer("root", ("*",), ("*",), frozenset({"admin", "sender", "reference"}))
MANY = 300


@pytest_asyncio.fixture
async def place(backends: Backends) -> AsyncIterator[Place]:
    made = Place(backends, "", await backends.topic("journal", PARTITIONS))
    yield made
    made.store.close()


async def filled(place: Place, count: int = MANY) -> list[str]:
    """Letters about good entries in the register; their ids."""
    letters = [make_letter(stamped(f"HS-{number}"), offset=number) for number in range(count)]
    await place.store.add(letters)
    return [letter.id for letter in letters]


async def test_many_are_replayed_once_with_few_questions(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    ids = await filled(place)
    asked: list[int] = []
    async with place.bulk() as bulk:
        end = bulk._reader.end

        async def counted(partition: int) -> int:
            asked.append(partition)
            return await end(partition)

        async def never(*_: object) -> None:
            raise AssertionError("one by one")

        monkeypatch.setattr(bulk._reader, "end", counted)
        with monkeypatch.context() as patched:
            patched.setattr(DeadLetterStore, "claim", never)
            patched.setattr(DeadLetterStore, "settle", never)
            patched.setattr(DeadLetterStore, "find", never)
            told = await bulk.replay([*ids, ids[0]], ADMIN)
        assert len(asked) <= PARTITIONS
        assert set(told) == set(ids)
        again = await bulk.replay(ids, ADMIN)
    written = await place.written()
    assert len(written) == MANY
    for answers in (told, again):
        for one in answers.values():
            assert isinstance(one, Kept)
            assert one.state == "replayed"
            assert one.outcome is not None
            ((partition, offset),) = one.outcome.positions
            assert (partition, offset, b"HS-" + one.letter.id.split(":")[2].encode()) in {row[:3] for row in written}


async def test_what_is_refused_keeps_no_other_back(place: Place) -> None:
    ids = await filled(place, 5)
    bad = make_letter(b"{", offset=100)
    await place.store.add([bad])
    unknown = "motcua.journal.v1:1:999"
    async with place.bulk() as bulk:
        told = await bulk.replay([ids[0], bad.id, unknown, *ids[1:]], ADMIN)
    codes = {id_: one.code if isinstance(one, Problem) else one.state for id_, one in told.items()}
    assert codes == {bad.id: "not_json", unknown: "deadletter_unknown"} | dict.fromkeys(ids, "replayed")


async def test_two_replicas_at_the_same_letters_write_each_once(place: Place) -> None:
    ids = await filled(place, 60)
    async with place.bulk() as one, place.bulk() as other:
        for answers in await asyncio.gather(one.replay(ids, ADMIN), other.replay(ids, ADMIN)):
            assert {told.state for told in answers.values() if isinstance(told, Kept)} <= {"replayed"}
    assert len(await place.written()) == 60


class Forgetful(DeadLetterStore):
    """Away when it is to record that the journal has the entries."""

    async def settle_many(self, settled: Sequence[tuple[Kept, State, Outcome]]) -> bool:  # noqa: ARG002
        raise StoreAway("away")


async def test_what_was_written_and_not_recorded_is_found_and_not_written_again(place: Place) -> None:
    ids = await filled(place, 20)
    async with place.bulk(Forgetful) as bulk:
        with pytest.raises(Problem) as refused:
            await bulk.replay(ids, ADMIN)
        assert refused.value.status == 503
    async with place.bulk() as bulk:
        told = await bulk.replay(ids, ADMIN)
    assert {one.state for one in told.values() if isinstance(one, Kept)} == {"replayed"}
    assert len(told) == len(await place.written()) == 20
