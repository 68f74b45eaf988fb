"""Processing on a real broker and database: what it puts out is the engine's, whatever stops, repeats or fails."""

from __future__ import annotations

import base64
from typing import Any

import orjson
import pytest

from services.processing.states.store import StateStore
from services.processing.stream.output import LifecycleWriter
from shared.mongo import DatabaseError
from tests.integration.processing.bench import PARTITIONS, Bench, dossier, of_partition, revision, tick
from tests.waiting import until_async

LATER = "2026-03-20T08:00:00+07:00"


async def test_entries_and_ticks_become_rows_announcements_and_clocks(bench: Bench) -> None:
    replica = await bench.start()
    await bench.send([one for number in range(20) for one in dossier(number)[:2]])
    await bench.send([tick("2026-03-09T18:00:00+07:00"), tick(LATER), tick("2026-03-01T08:00:00+07:00")])
    await bench.send([dossier(number)[2] for number in range(20)])
    await bench.caught_up()
    events = await bench.check()
    breaches = [event for event in events if any(one["kind"] == "breach" for one in event["data"].get("happened", ()))]
    assert len(breaches) == 20
    assert not any("entry" in event["data"] for event in breaches), "a tick made them"
    told = [event["data"]["entry"]["id"] for event in events if "entry" in event["data"]]
    assert sorted(told) == sorted(one["id"] for number in range(20) for one in dossier(number))
    assert {event["time"] for event in breaches} == {"2026-03-20T01:00:00.000000Z"}
    clocks = [event["data"]["clock"] for event in events if event["subject"] == "clock:0"]
    assert clocks == ["2026-03-09T11:00:00.000000Z", "2026-03-20T01:00:00.000000Z", "2026-03-20T01:00:00.000000Z"]
    assert await replica.away() == []
    held = await replica.find("H29-00003")
    assert held is not None
    assert len(held.state.entries) == 3
    assert await replica.dossiers_with("test/one-stop", "H29-00003-1") == ["H29-00003"]


async def test_a_restart_goes_on_from_the_checkpoint_and_repeats_nothing(bench: Bench) -> None:
    await bench.send([one for number in range(10) for one in dossier(number)[:2]])
    await bench.send([tick("2026-03-09T18:00:00+07:00")])
    first = await bench.start()
    await bench.caught_up()
    before = len(await bench.events())
    await bench.stop(first)
    await bench.send([dossier(number)[2] for number in range(10)])
    await bench.send([tick(LATER)])
    await bench.start()
    await bench.caught_up()
    await bench.check()
    ids = [event["id"] for event in await bench.events()]
    assert len(ids) == len(set(ids)) == before + 10 + 10 + PARTITIONS


async def test_what_was_put_out_and_not_stored_is_put_out_again_alike(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    save = StateStore.save
    failures = [2]

    async def failing(self: StateStore, partition: int, states: Any) -> int:
        if failures[0]:
            failures[0] -= 1
            raise DatabaseError("the disk is full")
        return await save(self, partition, states)

    monkeypatch.setattr(StateStore, "save", failing)
    await bench.send([one for number in range(10) for one in dossier(number)])
    await bench.send([tick(LATER)])
    await bench.start()
    await bench.caught_up()
    await bench.check()
    ids = [event["id"] for event in await bench.events()]
    assert len(ids) > len(set(ids))


async def test_states_stored_without_their_checkpoint_give_no_second_output(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    save = StateStore.save_checkpoint

    async def failing(self: StateStore, partition: int, checkpoint: Any) -> None:
        del self, partition, checkpoint
        raise DatabaseError("away")

    await bench.send([one for number in range(10) for one in dossier(number)])
    monkeypatch.setattr(StateStore, "save_checkpoint", failing)
    first = await bench.start()
    await until_async(lambda: _waits(bench), "the store to fail")
    await bench.stop(first)
    before = sorted(event["id"] for event in await bench.events() if event["type"] == "dossier.changed")
    monkeypatch.setattr(StateStore, "save_checkpoint", save)
    await bench.start()
    await bench.caught_up()
    await bench.check()
    assert sorted(event["id"] for event in await bench.events() if event["type"] == "dossier.changed") == before


def _waits(bench: Bench) -> bool:
    return all((told := bench.state(place)) is not None and told.state == "waiting" for place in range(PARTITIONS))


async def test_duplicates_and_any_order_end_in_the_same_rows(bench: Bench) -> None:
    entries = [one for number in range(10) for one in reversed(dossier(number))]
    await bench.start()
    await bench.send(entries, times=2)
    await bench.send([tick(LATER)], times=2)
    await bench.send(entries)
    await bench.caught_up()
    await bench.check()


async def test_an_anchor_that_does_not_match_stops_its_partition_only(bench: Bench) -> None:
    await bench.send([one for number in range(12) for one in dossier(number)])
    await bench.send([tick("2026-03-01T00:00:00+07:00")])
    await bench.stop(await _started(bench))
    await bench.database["checkpoints"].update_one({"_id": 1}, {"$set": {"anchor": "0" * 32}})
    replica = await bench.start()
    await until_async(lambda: _stands(bench, 1), "partition 1 to stand")
    await bench.send([tick(LATER)])
    await bench.caught_up([0, 2, 3])
    assert any("partition 1 stopped: anchor_mismatch" in one for one in await replica.away())
    assert b'motcua_processing_partition_state{partition="1",state="stopped"} 1.0' in replica.meters.exposition()


async def test_a_shorter_journal_and_another_partition_count_stop_the_partition(bench: Bench) -> None:
    await bench.send([one for number in range(12) for one in dossier(number)])
    await bench.send([tick("2026-03-01T00:00:00+07:00")])
    await bench.stop(await _started(bench))
    checkpoints = bench.database["checkpoints"]
    await checkpoints.update_one({"_id": 0}, {"$set": {"next": 10_000}})
    await checkpoints.update_one({"_id": 1}, {"$set": {"partitions": 3}})
    await checkpoints.update_one({"_id": 2}, {"$set": {"reference": "other"}})
    replica = await bench.start()
    await until_async(lambda: all(_stands(bench, place) for place in (0, 1, 2)), "three partitions to stand")
    away = "; ".join(await replica.away())
    assert "offset_out_of_range" in away
    assert "partition_count" in away
    assert "reference_version" in away
    await bench.send([tick(LATER)])
    await bench.caught_up([3])


async def _started(bench: Bench) -> Any:
    replica = await bench.start()
    await bench.caught_up()
    return replica


def _stands(bench: Bench, partition: int) -> bool:
    told = bench.state(partition)
    return told is not None and told.state == "stopped"


async def test_what_cannot_be_understood_is_a_dead_letter_and_holds_up_nothing(bench: Bench) -> None:
    here = of_partition(0, 2)
    there = f"H29-{of_partition(1, 1)[0]:05d}"
    good = dossier(here[0])
    unit = revision("unit.revised", {"unit": "H29.1"})
    code = good[0]["subject"]
    await bench.send(good[:1])
    poison: list[tuple[str, bytes | None, bytes | None]] = [
        ("not_json", b"\xff\x00 no JSON", b"x"),
        ("not_json", None, code.encode()),
        ("malformed", b"[1]", None),
        ("malformed", orjson.dumps(good[0] | {"time": "yesterday"}), code.encode()),
        ("unknown_type", orjson.dumps(good[0] | {"type": "dossier.eaten"}), code.encode()),
        ("wrong_key", orjson.dumps(good[0]), b"other"),
        ("wrong_key", orjson.dumps(tick(LATER)), code.encode()),
        ("wrong_partition", orjson.dumps(good[0] | {"subject": there}), there.encode()),
        ("wrong_kind", orjson.dumps(good[0] | {"simulated": True}), code.encode()),
        ("malformed", orjson.dumps(tick(LATER) | {"data": None}), b"clock"),
        ("wrong_key", orjson.dumps(unit), code.encode()),
        ("wrong_kind", orjson.dumps(unit | {"simulated": True}), b"reference"),
    ]
    offsets = [await bench.send_raw(0, value, key) for _, value, key in poison]
    await bench.send(good[1:])
    replica = await bench.start()
    await bench.caught_up([0])
    letters = {letter["offset"]: letter for letter in await bench.dead()}
    assert [letters[offset]["reason"] for offset in offsets] == [reason for reason, _, _ in poison]
    for offset, (_, value, key) in zip(offsets, poison, strict=True):
        letter = letters[offset]
        assert letter["partition"] == 0
        assert letter["service"] == "processing"
        assert letter["value"] == (None if value is None else base64.b64encode(value).decode())
        assert letter["key"] == (None if key is None else base64.b64encode(key).decode())
    await bench.check()
    assert b'motcua_processing_deadletters_total{reason="wrong_key"} 3.0' in replica.meters.exposition()


async def test_a_run_of_dead_letters_stops_the_partition_until_the_limit_is_raised(bench: Bench) -> None:
    for _ in range(7):
        await bench.send_raw(2, b"no JSON", None)
    good = dossier(of_partition(2, 1)[0])
    await bench.send(good)
    first = await bench.start(deadletter_run=5)
    await until_async(lambda: _stands(bench, 2), "partition 2 to stand")
    assert any("motcua deadletter resume 2" in one for one in await first.away())
    await bench.stop(first)
    again = await bench.start(deadletter_run=5)
    await until_async(lambda: _stands(bench, 2), "partition 2 to stand again")
    await bench.stop(again)
    assert sorted(letter["offset"] for letter in await bench.dead()) == [0, 1, 2, 3, 4]
    await bench.start(deadletter_run=100)
    await bench.caught_up([2])
    await bench.check()


async def test_two_replicas_share_and_one_takes_over_what_the_other_leaves(bench: Bench) -> None:
    first = await bench.start()
    await bench.send([one for number in range(20) for one in dossier(number)[:2]])
    await bench.caught_up()
    second = await bench.start()
    await until_async(
        lambda: [len(replica.positions().partitions) for replica in (first, second)] == [2, 2], "two partitions each"
    )
    await bench.send([tick("2026-03-09T18:00:00+07:00")])
    await bench.send([dossier(number)[2] for number in range(10)])
    await bench.caught_up()
    await bench.stop(first)
    await bench.send([tick(LATER)])
    await bench.send([dossier(number)[2] for number in range(10, 20)])
    await bench.caught_up()
    assert len(second.positions().partitions) == PARTITIONS
    await bench.check()


async def test_a_tick_over_many_dossiers_goes_in_pieces_and_goes_on_after_a_failure(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    numbers = of_partition(0, 23)
    await bench.send([dossier(number)[0] for number in numbers])
    first = await bench.start(tick_chunk=5)
    await bench.caught_up([0])
    flush = LifecycleWriter.flush
    calls = [0]

    async def failing(self: LifecycleWriter) -> int:
        if len(self):
            calls[0] += 1
        if len(self) and calls[0] == 3:
            raise TimeoutError("no acknowledgement")
        return await flush(self)

    monkeypatch.setattr(LifecycleWriter, "flush", failing)
    await bench.send([tick(LATER)])
    await bench.caught_up()
    assert calls[0] > 3
    events = await bench.check()
    changed = [event["subject"] for event in events if event["data"].get("happened")]
    assert sorted(changed) == sorted(f"H29-{number:05d}" for number in numbers)
    await bench.stop(first)


async def test_a_corrected_clock_takes_back_what_was_announced_too_early(bench: Bench) -> None:
    replica = await bench.start(tick_chunk=3, state_cache=1_000)
    await bench.send([dossier(number)[0] for number in range(20)])
    await bench.send([tick(LATER)])
    await bench.send([tick("2026-03-05T08:00:00+07:00", "clock.corrected")])
    await bench.send([tick("2026-03-09T18:00:00+07:00")])
    await bench.caught_up()
    events = await bench.check()
    kinds = [one["kind"] for event in events for one in event["data"].get("happened", ())]
    assert kinds.count("retracted") == 40
    assert kinds.count("breach") == 20
    assert kinds.count("warning") == 40
    told = replica.positions().partitions["0"]
    assert told.clock == "2026-03-09T11:00:00.000000Z"
