"""A replica that is frozen with a batch in its producer and sends it when it wakes, behind what others wrote.

Readers keep the newest cause, but compaction keeps the last record: the newest row of every key has to be the last.
"""

from __future__ import annotations

import contextlib
import os
import random
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import orjson
import pytest_asyncio

from deploy.local.backends import topics
from shared.broker.kafka import make_producer
from shared.broker.topics import journal, lifecycle
from tests.faults import frozen
from tests.faults.compaction import compact
from tests.integration.metrics.replica import replica
from tests.integration.processing.bench import PARTITIONS, Bench, dossier, tick
from tests.stack import Backends, free_ports
from tests.waiting import until, until_async

Json = dict[str, Any]

PROGRAM = (
    "import sys, uvicorn; from services.processing.app import make_app;"
    "from services.processing.settings import ProcessingSettings as S;"
    "uvicorn.run(make_app(S(), journal=sys.argv[1]), port=S().port, log_level='warning')"
)


@contextlib.contextmanager
def process(bench: Bench, folder: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A replica of its own, which can be frozen with a batch in hand."""
    environment = {
        "MOTCUA_KAFKA": bench.backends.kafka,
        "MOTCUA_MONGO": bench.backends.mongo,
        "MOTCUA_EPOCH": str(bench.epoch),
        "MOTCUA_SESSION_SECONDS": "3",
        "MOTCUA_STORE_SECONDS": "0.1",
        "MOTCUA_PARTITIONS": str(PARTITIONS),
        "MOTCUA_PORT": str(free_ports()["processing"]),
    }
    command = [sys.executable, "-c", PROGRAM, bench.journal]
    running = subprocess.Popen(command, env=os.environ | environment | frozen.environment(folder))
    try:
        yield running
    finally:
        running.kill()
        running.wait(10)


@pytest_asyncio.fixture
async def own(backends: Backends) -> AsyncIterator[Bench]:
    """A journal and epoch of the test's own, the live ones for metrics."""
    bench, generation = Bench(backends), random.randrange(2, 1_024)
    await bench.open()
    await topics.create(backends.kafka, bench.epoch, PARTITIONS, generation=generation)
    await topics.point_to(backends.kafka, bench.epoch, PARTITIONS, generation)
    bench.journal = journal(generation)
    yield bench
    await bench.close()


async def stored(bench: Bench) -> bool:
    """Whether everything sent is derived and stored, by whichever replica."""
    found = {one["_id"]: one["next"] async for one in bench.database["checkpoints"].find({})}
    return [found.get(place, 0) for place in range(PARTITIONS)] == bench.offsets


def place_of(record: Any) -> tuple[int, int]:
    """Partition and cause of a lifecycle record."""
    return record.partition, orjson.loads(record.value)["data"]["cause"]["offset"]


async def behind(bench: Bench) -> dict[bytes, list[int]]:
    """Keys whose last record is not their newest, with the causes of all theirs in the topic's order."""
    causes: dict[bytes, list[int]] = {}
    for record in await bench.records(lifecycle(bench.epoch)):
        causes.setdefault(record.key, []).append(place_of(record)[1])
    return {key: found for key, found in causes.items() if found[-1] != max(found)}


async def compacted(bench: Bench) -> None:
    """Have the topic compacted."""
    looks = iter(range(1_000))

    async def add() -> None:
        look = next(looks)
        await bench.send([tick(f"2026-04-01T{look // 60:02d}:{look % 60:02d}:00+07:00")])
        await until_async(lambda: stored(bench), "the tick to be taken")

    await compact(bench.backends.kafka, lifecycle(bench.epoch), PARTITIONS, add)


async def test_the_last_record_of_every_key_is_its_newest_again(own: Bench, tmp_path: Path) -> None:
    dossiers = [dossier(number) for number in range(24)]
    await own.send([one for some in dossiers for one in some[:2]])
    with process(own, tmp_path) as writer:
        await until_async(lambda: stored(own), "the first replica to take everything", 120)
        frozen.freeze(tmp_path, [writer.pid])
        # All are late now: a batch of each partition, of which the first one is in hand when it freezes.
        await own.send([tick("2026-03-11T08:00:00+07:00")])
        until(lambda: frozen.stands(writer.pid), "the replica to stand with a batch in hand", 60)
        await own.start(session_seconds=3.0)
        await own.caught_up(seconds=90)
        await own.send([some[2] for some in dossiers] + [tick("2026-03-14T08:00:00+07:00")])
        await own.caught_up()
        assert await behind(own) == {}
        there = {(record.partition, record.offset) for record in await own.records(lifecycle(own.epoch))}
        highest = {record.partition: place_of(record)[1] for record in await own.records(lifecycle(own.epoch))}
        frozen.thaw(tmp_path, writer.pid)

        async def late() -> list[int]:
            """Causes of what came behind newer records."""
            came = [one for one in await own.records(lifecycle(own.epoch)) if (one.partition, one.offset) not in there]
            return [cause for partition, cause in map(place_of, came) if cause < highest[partition]]

        await until_async(late, "the old batch to come")
        try:
            await until_async(lambda: mended(own), "all newest rows to be last", 60)
        except AssertionError as error:
            raise AssertionError(f"{error}: {await behind(own)}") from None
    await until_async(lambda: stored(own), "the other replica to have all", 60)
    events = await own.check()
    healed = [event["id"] for event in events if event["data"]["cause"]["index"]]
    print(f"{len(healed)} of {len(events)} records were written again: {healed}")
    assert any("clock:" in one for one in healed), "the clock"
    assert len(healed) > 3, "a whole batch"
    async with replica(own.backends, partitions=PARTITIONS) as before:
        period = {"from": "2026-03-01", "to": "2026-03-31"}
        await all_read(before, own)
        await compacted(own)
        wanted = (await all_read(before, own), (await before.get("/v1/indices", **period))["indices"])
        async with replica(own.backends, partitions=PARTITIONS) as anew:
            assert (await all_read(anew, own), (await anew.get("/v1/indices", **period))["indices"]) == wanted


async def test_what_came_while_nobody_ran_is_found_from_where_the_one_before_stood(bench: Bench) -> None:
    one = await bench.start()
    await bench.send([each for number in range(8) for each in dossier(number)] + [tick("2026-03-14T08:00:00+07:00")])
    await bench.caught_up()
    topic = lifecycle(bench.epoch)
    first: dict[bytes, Any] = {}
    for record in await bench.records(topic):
        first.setdefault(record.key, record)
    await until_async(lambda: read_back(bench), "all to be read back, and that to be stored")
    await bench.stop(one)
    producer = make_producer(bench.backends.kafka, "test")
    await producer.start()
    try:
        for forget in (False, True):
            for record in first.values():
                await producer.send_and_wait(topic, record.value, key=record.key, partition=record.partition)
            assert len(await behind(bench)) >= 8
            if forget:
                await bench.database["audits"].delete_many({})
            one = await bench.start()
            await until_async(lambda: mended(bench), "all newest rows to be last", 60)
            await bench.stop(one)
    finally:
        await producer.stop()
    await bench.check()


async def read_back(bench: Bench) -> bool:
    """Whether the stored place of every partition's audit is its topic's end."""
    ends: dict[int, int] = {}
    for record in await bench.records(lifecycle(bench.epoch)):
        ends[record.partition] = record.offset + 1
    return {one["_id"]: one["at"] async for one in bench.database["audits"].find({})} == ends


async def mended(bench: Bench) -> bool:
    """Whether the last record of every key is its newest."""
    return not await behind(bench)


async def all_read(one: Any, bench: Bench) -> list[Json]:
    """Every dossier as a replica of metrics has it, once it has read everything."""
    await one.read({partition: end - 1 for partition, end in enumerate(bench.offsets)})
    period = {"from": "2026-03-01", "to": "2026-03-31"}
    found: list[Json] = (await one.get("/v1/dossiers", figure="received", **period))["dossiers"]
    return found
