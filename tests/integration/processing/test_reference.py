"""Reference entries on a real broker and database: every dossier concerned is judged anew, whatever stops or fails."""

from __future__ import annotations

from collections import Counter
from typing import Any

import orjson
import pytest

from services.processing.stream.revision import revising
from services.processing.stream.session import Session
from shared.reference import EMPTY, ReferenceEntry
from tests.integration.gate import Gate
from tests.integration.processing.bench import PARTITIONS, Bench, Json, of_partition, revision, tick
from tests.integration.reference_entries import day_off, due_of, published, without_promise
from tests.waiting import until_async

LATER = "2026-03-20T08:00:00+07:00"


def version_of(*entries: Json) -> str:
    return EMPTY.with_entries(ReferenceEntry.of(orjson.dumps(one)) for one in entries).version


def is_in(bench: Bench, state: str) -> bool:
    told = bench.state(0)
    return told is not None and told.state == state


async def at_once(bench: Bench, **settings: Any) -> Any:
    replica = await bench.start(**settings)
    await bench.caught_up()
    return replica


@pytest.mark.parametrize("kept", [0.0, 10.0])
async def test_every_dossier_concerned_is_judged_anew(
    bench: Bench, monkeypatch: pytest.MonkeyPatch, kept: float
) -> None:
    """With the labels kept between entries, and read anew for each; by entries of all kinds, known ones too."""
    monkeypatch.setattr(revising, "_ROSTER_SECONDS", kept)
    entries = [
        published(),
        published("1.002", "7"),
        day_off(),
        revision("unit.revised", {"unit": "H29.1", "parent": "H44", "name": "One-stop"}),
        revision("rule.activated", {"rule": "deadlines", "version": "2", "parameters": {"warning_hours": "48,24"}}),
    ]
    made = [without_promise(number, f"1.00{1 + number % 3}") for number in range(30)]
    await bench.send([entries[0]])
    await bench.send([entry for one in made for entry in one[:2]])
    replica = await at_once(bench, state_cache=1_000, tick_chunk=4)
    for one in entries[1:]:
        await bench.send([one], times=2)
        await bench.caught_up()
    await bench.send([tick("2026-03-09T18:00:00+07:00")])
    await bench.send([one[2] for one in made])
    await bench.send([tick(LATER), published(amount="3", revision=1)])
    await bench.caught_up()
    dues = due_of(await bench.check())
    assert {dues[f"H29-{number:05d}"] for number in range(0, 30, 3)} == {"2026-03-06T10:00:00.000000Z"}
    assert {dues[f"H29-{number:05d}"] for number in range(1, 30, 3)} == {"2026-03-12T10:00:00.000000Z"}
    assert {dues[f"H29-{number:05d}"] for number in range(2, 30, 3)} == {None}
    wanted = version_of(*entries, published(amount="3", revision=1))
    for place in range(PARTITIONS):
        told = replica.positions().partitions[str(place)]
        assert (told.reference, told.revision) == (wanted, None)
    revised = Counter((event["data"]["cause"]["partition"], event["subject"]) for event in await bench.revisions())
    assert len(revised) == PARTITIONS * 6
    assert set(revised.values()) == {1}


async def test_a_dossier_that_ended_after_the_order_is_concerned_and_one_that_ended_before_is_not(bench: Bench) -> None:
    await bench.send([published()])
    await bench.send([entry for number in range(12) for entry in without_promise(number)])
    await bench.send([tick(LATER)])
    await at_once(bench)
    before = due_of(await bench.events())
    ended, too_late = "2026-03-12T07:59:00+07:00", "2026-03-12T08:00:00+07:00"
    await bench.send([day_off("2026-03-05", time=too_late)])
    await bench.caught_up()
    assert due_of(await bench.check()) == before
    await bench.send([day_off("2026-03-04", time=ended)])
    await bench.caught_up()
    after = due_of(await bench.check())
    assert set(before.values()) == {"2026-03-09T10:00:00.000000Z"}
    assert set(after.values()) == {"2026-03-10T10:00:00.000000Z"}


async def test_a_restart_knows_what_was_known(bench: Bench) -> None:
    await bench.send([published(), day_off()])
    await bench.send([entry for number in range(10) for entry in without_promise(number)[:2]])
    await bench.stop(await at_once(bench))
    await bench.send([entry for number in range(10, 20) for entry in without_promise(number)])
    await bench.send([published(), tick(LATER)])
    replica = await at_once(bench)
    assert set(due_of(await bench.check()).values()) == {"2026-03-10T10:00:00.000000Z"}
    assert replica.positions().partitions["2"].reference == version_of(published(), day_off())
    assert len(await bench.revisions()) == 2 * PARTITIONS


async def test_stored_entries_that_do_not_fit_the_checkpoint_stop_the_partition(bench: Bench) -> None:
    await bench.send([published(), day_off()])
    await bench.send([entry for number in range(10) for entry in without_promise(number)])
    await bench.stop(await at_once(bench))
    await bench.database["reference_0"].delete_one({"_id": 1})
    # Of a process that ended before its checkpoint: read from the journal again, whatever is here.
    await bench.database["reference_1"].insert_one({"_id": 1_000, "v": b"of old"})
    replica = await bench.start()
    await until_async(lambda: is_in(bench, "stopped"), "partition 0 to stand")
    await bench.send([tick(LATER)])
    await bench.caught_up([1, 2, 3])
    away = "; ".join(await replica.away())
    assert "reference_set" in away
    assert "motcua rebuild" in away


@pytest.mark.parametrize("same_process", [True, False])
async def test_a_pass_that_ended_in_the_middle_goes_on_with_no_gap_and_no_second_announcement(
    bench: Bench, gate: Gate, monkeypatch: pytest.MonkeyPatch, same_process: bool
) -> None:
    """States of some pieces are stored, the checkpoint is not; the database goes away between two pieces."""
    numbers = of_partition(0, 43)
    codes = {f"H29-{number:05d}" for number in numbers}
    await bench.send([published()])
    # Every third ended before the order and stays as it is, which shifts nothing for the others.
    await bench.send([one for at, number in enumerate(numbers) for one in without_promise(number)[: 2 + (at % 3 == 0)]])
    await bench.send([tick("2026-03-09T18:00:00+07:00")])
    mongo = f"mongodb://127.0.0.1:{gate.port}/?directConnection=true&retryWrites=false"
    leave_or_turn = Session._turn_or_leave
    turns = [0]

    async def until_the_third(self: Session) -> None:
        if self.partition == 0 and self.handling is not None and self.handling.revising.progress is not None:
            turns[0] += 1
            if turns[0] == 4:
                assert self._saver is not None
                await self._saver.wait()
                await gate.shut()
        await leave_or_turn(self)

    monkeypatch.setattr(Session, "_turn_or_leave", until_the_third)
    replica = await at_once(bench, tick_chunk=5, store_entries=1, mongo=mongo)
    offset = bench.offsets[0]
    await bench.send([day_off(time="2026-03-13T00:00:00+07:00")])
    await until_async(lambda: is_in(bench, "waiting"), "the database to be missed")
    stored = [one async for one in bench.database["states_0"].find({"o": offset})]
    checkpoint = await bench.database["checkpoints"].find_one({"_id": 0})
    assert 0 < len(stored) < len(codes) * 2 // 3
    assert checkpoint is not None
    assert checkpoint["next"] == offset
    if not same_process:
        await bench.stop(replica)
    await gate.open()
    if not same_process:
        await bench.start(tick_chunk=5, store_entries=1)
    await bench.caught_up(seconds=60)
    events = await bench.check()
    at_it = [event["subject"] for event in events if event["data"]["cause"] == _cause(bench, offset)]
    assert len(at_it) == len(set(at_it)) == len(codes) * 2 // 3
    assert {one["_id"] for one in stored} <= set(at_it)
    again = Counter(event["id"] for event in await bench.events())
    assert all(again[f"e{bench.epoch}-0-{offset}-{one['_id']}-0"] == 1 for one in stored), "stored, yet put out again"


def _cause(bench: Bench, offset: int) -> Json:
    return {"epoch": bench.epoch, "partition": 0, "offset": offset, "index": 0}
