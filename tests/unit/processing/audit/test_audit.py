"""The last record of every key is its newest again, whatever frozen processes send late; repeats are left alone."""

from __future__ import annotations

import random
from typing import Any

import orjson
import pytest

from services.processing.audit.notes import healed_notes
from services.processing.audit.trail import NO_CAUSE, Barrier, Causes, Place, Trail
from services.processing.cases import dossier_case
from services.processing.engine import apply_entry, row_at
from services.processing.record import read_entry
from services.processing.stream.output import Records
from shared.catalogue.base import Meters
from shared.catalogue.processing import SPECS
from shared.contract.lifecycle import LIFECYCLE_ADAPTER
from tests.unit.processing.audit.model import CLOCK, CODES, EPOCH, PARTITION, Owner, World, run_by_chance
from tests.unit.processing.stream.build import REFERENCE, accepted

RECORDS = Records(EPOCH, PARTITION)
CAUSES = Causes(EPOCH, PARTITION)


def journal(chance: random.Random, count: int) -> list[str]:
    return [chance.choice((*CODES, CLOCK)) for _ in range(count)]


def row(code: str, offset: int, **more: Any) -> tuple[bytes, bytes]:
    return RECORDS.case(dossier_case(code), offset, 0, {"code": code}, [], **more)


def taken(trail: Trail, *records: tuple[bytes, bytes], end: int = 100) -> Trail:
    trail.take([(key, CAUSES(key, value)) for key, value in records], end)
    trail.read_to(trail.at + len(records))
    return trail


@pytest.mark.parametrize("block", range(5))
async def test_whatever_is_sent_late_the_newest_is_last_in_the_end(block: int) -> None:
    stale = 0
    for seed in range(block * 40, block * 40 + 40):
        chance = random.Random(seed)
        world = World(journal(chance, 60))
        await run_by_chance(world, chance, 25, freezes=True)
        assert world.behind() == [], (seed, world.causes())
        newest = {code.encode(): place for place, code in enumerate(world.journal) if code != CLOCK}
        last = {key: causes[-1] for key, causes in world.causes().items() if not key.startswith(b"clock:")}
        assert last == newest, seed
        assert _last_clock(world) == max(place for place, code in enumerate(world.journal) if code == CLOCK)
        stale += world.healed
    assert stale > 20, "little was tried"


def _last_clock(world: World) -> int:
    """The clock of the partition's last clock record, in the model the offset of a tick."""
    values = [value for key, value in world.topic if key.startswith(b"clock:")]
    told: int = LIFECYCLE_ADAPTER.validate_json(values[-1]).data.clock.microsecond
    return told


async def test_repeats_after_restarts_heal_nothing() -> None:
    """Nobody was frozen: every last record becomes the newest by itself."""
    for seed in range(200):
        chance = random.Random(seed)
        world = World(journal(chance, 60))
        await run_by_chance(world, chance, 25, freezes=False)
        assert (world.behind(), world.healed) == ([], 0), seed


async def test_a_batch_sent_late_is_written_over_once() -> None:
    world = World(["A", "B", CLOCK, "A", "B", CLOCK])
    first = Owner(world)
    first.derive(3)
    first.freeze()
    second = Owner(world)
    await second.settle()
    second.store(checkpoint=True)
    world.topic += world.hands.pop()
    assert sorted(world.behind()) == [b"A", b"B", b"clock:1"]
    await second.settle()
    assert world.behind() == []
    assert world.healed == 3
    healed = [LIFECYCLE_ADAPTER.validate_json(value) for _, value in world.topic[-3:]]
    assert [(one.data.cause.offset, one.data.cause.index) for one in healed] == [(3, 1), (4, 1), (5, 1)]
    assert all(one.data.happened == [] and one.data.acts == [] for one in healed[:2])
    await second.settle()
    third = Owner(world)
    await third.settle()
    assert world.healed == 3, "a healing is not healed again"


def test_the_row_written_again_is_the_row_that_was_put_out() -> None:
    outcome = apply_entry(None, read_entry(orjson.dumps(accepted("A")), 7), None, REFERENCE)
    assert row_at(outcome.state, REFERENCE) == outcome.row


async def test_while_new_rows_come_without_end_old_ones_are_found_all_the_same() -> None:
    world = World(["A", "B"] + ["C", "D"] * 100)
    first = Owner(world)
    first.derive(1)
    first.freeze()
    second = Owner(world)
    second.derive(2)
    second.flush()
    world.journal[2] = "A"
    second.derive(1)
    second.flush()
    world.topic += world.hands.pop()
    for _ in range(8):
        second.derive(4)
        await second.mend()
        second.derive(4)
        second.flush()
        second.read(8 if second.trail.at else 12)
    assert second.trail.at < len(world.topic), "it never gets to the end"
    assert (world.behind(), world.healed) == ([], 1)


async def test_a_row_that_is_not_acknowledged_is_not_written() -> None:
    world = World(["A", "A", "A"])
    owner = Owner(world)
    owner.derive(2)
    await owner.mend()
    world.topic.append(row("A", 0))
    owner.read(10)
    await owner.mend()
    owner.derive(1)
    owner.read(10)
    # The session would never look now; still nothing but what is out would be written.
    assert owner.states.acknowledged("A").state.position == 1  # type: ignore[union-attr]
    await owner.mend()
    assert world.causes()[b"A"] == [0, 1, 0, 2]


def test_where_it_stood_a_successor_finds_what_is_open() -> None:
    trail = taken(Trail(PARTITION, Place()), row("A", 0), row("B", 5), row("A", 3))
    assert (trail.suspects, trail.safe) == ({b"A": 3}, Place(0, NO_CAUSE, NO_CAUSE))
    trail = taken(Trail(PARTITION, Place()), row("A", 0), row("B", 5))
    place = trail.safe
    assert place == Place(2, 5, NO_CAUSE)
    assert taken(trail, row("A", 3)).safe == place
    assert taken(Trail(PARTITION, place), row("A", 3)).suspects == {b"A": 3}
    assert taken(Trail(PARTITION, place), row("A", 3), row("A", 6)).safe == Place(4, 6, NO_CAUSE)


def test_a_cause_beyond_the_journal_raises_nothing_and_is_a_suspect() -> None:
    trail = taken(Trail(PARTITION, Place()), row("A", 3), row("B", 100), row("A", 2))
    assert (trail.high, trail.suspects) == (3, {b"B": NO_CAUSE, b"A": 2})
    assert taken(trail, row("B", 4)).suspects == {b"A": 2}


async def test_a_forged_record_is_written_over() -> None:
    world = World(["A", CLOCK])
    owner = Owner(world)
    await owner.settle()
    world.topic += [row("A", 99), (b"A", b"no JSON"), (b"clock:1", b""), row("nobody", 1), (b"\xff", b"x")]
    await owner.settle()
    last = {key: orjson.loads(value)["data"]["cause"] for key, value in world.topic[-2:]}
    assert {key: (cause["offset"], cause["index"]) for key, cause in last.items()} == {b"A": (0, 1), b"clock:1": (1, 1)}


def test_a_barrier_is_passed_once_all_up_to_the_end_asked_after_it_is_read() -> None:
    trail = Trail(PARTITION, Place())
    assert not trail.passed
    trail.barrier = Barrier(7)
    assert not trail.passed
    trail.barrier.end = 2
    assert not taken(trail, row("A", 0)).passed
    assert taken(trail, row("B", 1)).passed


def test_people_are_told_of_what_was_written_again() -> None:
    meters = Meters(SPECS)
    assert healed_notes(meters) == []
    counter = meters.counter("motcua_processing_healed_rows_total")
    for partition, count in (("10", 2), ("3", 1), ("4", 0)):
        counter.labels(partition).inc(count)
    [note] = healed_notes(meters)
    assert note.startswith("3 rows were written again in partitions 3, 10, ")


@pytest.mark.parametrize("code", ["A", "H29/1 \u1ea4", 'a "quoted" one', "back\\slash"])
def test_causes_are_read_from_the_bytes(code: str) -> None:
    key, value = row(code, 4_711)
    assert CAUSES(key, value) == 4_711
    assert CAUSES(key, orjson.dumps(orjson.loads(value), option=orjson.OPT_INDENT_2)) == 4_711
    assert CAUSES(b"clock:1", RECORDS.clock(9, 1)[1]) == 9


@pytest.mark.parametrize(
    "value",
    [
        None,
        b"",
        b"no JSON",
        b"[]",
        row("B", 3)[1],
        Records(EPOCH + 1, PARTITION).case(dossier_case("A"), 3, 0, {}, [])[1],
        Records(EPOCH, PARTITION + 1).case(dossier_case("A"), 3, 0, {}, [])[1],
        b'{"subject":"A","data":{"cause":{"epoch":3,"partition":1,"offset":-1}}}',
        b'{"subject":"A","data":{"cause":{"epoch":3,"partition":1,"offset":true}}}',
        b'{"subject":"A","data":{"cause":{"epoch":3,"partition":1,"offset":"1"}}}',
    ],
)
def test_what_is_no_record_of_its_key_has_no_cause(value: bytes | None) -> None:
    assert CAUSES(b"A", value) == NO_CAUSE
