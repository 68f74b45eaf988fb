"""A run of dead letters stops one partition with an alarm until it is told to go on: here, elsewhere, again."""

from __future__ import annotations

import pytest

from services.processing.service import Service
from services.processing.stream.resuming import resume
from shared.problems.problem import Problem
from tests.integration.processing.bench import PARTITIONS, Bench, dossier, of_partition
from tests.waiting import until_async

RUN = 5
POISONED = 2


async def _poison(bench: Bench, count: int) -> None:
    for _ in range(count):
        await bench.send_raw(POISONED, b"no JSON", None)


async def _good(bench: Bench, nth: int) -> None:
    """A dossier in every partition, that of the poison last."""
    for partition in sorted(range(PARTITIONS), key=lambda one: one == POISONED):
        await bench.send(dossier(of_partition(partition, nth + 1)[nth]))


def _owner(bench: Bench, partition: int) -> Service | None:
    return next((replica for replica in bench.replicas if partition in replica.workers()), None)


async def _stopped(bench: Bench) -> Service:
    """The replica whose partition stands, when it does."""

    def standing() -> Service | None:
        owner = _owner(bench, POISONED)
        return owner if owner is not None and owner.workers()[POISONED].state == "stopped" else None

    found = await until_async(standing, "the poisoned partition to stand")
    assert found is not None
    return found


async def _dead(bench: Bench) -> list[int]:
    return sorted(letter["offset"] for letter in await bench.dead())


async def test_a_run_stops_one_partition_and_it_goes_on_behind_it_when_told(bench: Bench) -> None:
    await _poison(bench, 7)
    await _good(bench, 0)
    replica = await bench.start(deadletter_run=RUN)
    await bench.caught_up([place for place in range(PARTITIONS) if place != POISONED])
    assert await _stopped(bench) is replica
    alarms = [one for one in await replica.away() if one.startswith(f"partition {POISONED} stopped: deadletter_run")]
    assert alarms
    assert f"motcua deadletter resume {POISONED}" in alarms[0]
    gauge = f'motcua_processing_partition_state{{partition="{POISONED}",state="stopped"}} '
    assert f"{gauge}1.0".encode() in replica.meters.exposition()
    assert await _dead(bench) == [0, 1, 2, 3, 4], "the rest of the poison is not read while it stands"

    await resume(replica.workers(), POISONED)
    await bench.caught_up()
    assert await replica.away() == []
    assert f"{gauge}0.0".encode() in replica.meters.exposition()
    assert await _dead(bench) == [0, 1, 2, 3, 4, 5, 6], "what was read before is not read again"
    await bench.check()

    await _poison(bench, RUN)
    await _good(bench, 1)
    assert await _stopped(bench) is replica, "another run stops it again"
    await resume(replica.workers(), POISONED)
    await bench.caught_up()
    await bench.check()


async def test_it_goes_on_at_a_second_replica_and_after_a_restart_in_between(bench: Bench) -> None:
    first = await bench.start(deadletter_run=RUN)
    await _good(bench, 0)
    await bench.caught_up()
    second = await bench.start(deadletter_run=RUN)
    await until_async(lambda: len(second.workers()) == 2 == len(first.workers()), "two partitions each")
    await _poison(bench, RUN)
    await _good(bench, 1)
    standing = await _stopped(bench)
    other = first if standing is second else second
    with pytest.raises(Problem) as refused:
        await resume(other.workers(), POISONED)
    assert refused.value.code == "partition_elsewhere", "only its own replica can let a partition go on"

    await bench.stop(standing)
    assert await _stopped(bench) is other, "the next owner finds the run in the checkpoint"
    again = await bench.start(deadletter_run=RUN)
    await until_async(lambda: len(again.workers()) == 2 == len(other.workers()), "two partitions each again")
    owner = await _stopped(bench)
    assert await _dead(bench) == list(range(bench.offsets[POISONED] - 3 - RUN, bench.offsets[POISONED] - 3))
    await resume(owner.workers(), POISONED)
    await bench.caught_up()
    await bench.stop(owner)
    await bench.caught_up()
    assert len(await _dead(bench)) == RUN
    await bench.check()


async def test_as_many_as_are_expected_pass_at_once_and_one_more_stops_it(bench: Bench) -> None:
    replica = await bench.start(deadletter_run=RUN)
    await _poison(bench, RUN + 21)
    assert await _stopped(bench) is replica
    await resume(replica.workers(), POISONED, count=20)
    await until_async(lambda: _stands_at(replica, RUN + 20), "the partition to stand after 20 more")
    await resume(replica.workers(), POISONED)
    await bench.caught_up()
    await bench.check()


async def test_none_counts_up_to_a_position_good_ones_between_or_not(bench: Bench) -> None:
    replica = await bench.start(deadletter_run=RUN)
    await _poison(bench, RUN + 10)
    await _good(bench, 0)
    await _poison(bench, 10)
    last = bench.offsets[POISONED] - 1
    await _poison(bench, RUN)
    assert await _stopped(bench) is replica
    await resume(replica.workers(), POISONED, to=last)
    await until_async(lambda: _stands_at(replica, last + 1 + RUN), "the partition to stand behind the position")
    await bench.stop(replica)
    other = await bench.start(deadletter_run=RUN)
    assert await _stopped(bench) is other, "so it does with its next owner"
    assert len(await _dead(bench)) == 2 * RUN + 20
    await resume(other.workers(), POISONED)
    await bench.caught_up()
    await bench.check()


def _stands_at(replica: Service, offset: int) -> bool:
    worker = replica.workers().get(POISONED)
    return worker is not None and worker.state == "stopped" and worker.next == offset
