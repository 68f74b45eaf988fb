"""Processing while the broker or the database is away: it waits, says so, and goes on by itself."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys

import httpx
import pytest

from services.processing.stream.pace.membership import Membership
from services.processing.stream.session import Session, StoodStillError
from shared.mongo import open_database
from tests.integration.gate import Gate
from tests.integration.processing.bench import PARTITIONS, Bench, dossier, tick
from tests.stack import Backends, free_ports
from tests.waiting import until_async

LATER = "2026-03-20T08:00:00+07:00"


def through(gate: Gate) -> str:
    return f"mongodb://127.0.0.1:{gate.port}/?directConnection=true&retryWrites=false"


async def test_the_database_may_be_away_at_the_start_and_in_between(bench: Bench, gate: Gate) -> None:
    await bench.send([one for number in range(10) for one in dossier(number)[:2]])
    await gate.shut()
    replica = await bench.start(mongo=through(gate))

    async def says(word: str) -> bool:
        return any(word in one for one in await replica.away())

    async def says_only_the_database() -> bool:
        return await says("database does not answer") and not await says("broker")

    await until_async(says_only_the_database, "the outage to be told")
    await gate.open()
    await bench.caught_up()
    await gate.shut()
    await bench.send([tick("2026-03-09T18:00:00+07:00")])
    await bench.send([dossier(number)[2] for number in range(10)])
    await until_async(lambda: says("waiting"), "the partitions to wait")
    await bench.send([tick(LATER)])
    await gate.open()
    await bench.caught_up(seconds=60)
    await bench.check()
    assert await replica.away() == []


async def test_without_a_broker_it_waits_and_names_it_and_starts_when_it_comes(bench: Bench) -> None:
    host, _, port = bench.backends.kafka.partition(":")
    gate = Gate(host, int(port))
    await gate.open()
    await gate.shut()
    replica = await bench.start(kafka=f"127.0.0.1:{gate.port}")

    async def says() -> bool:
        return any("broker" in one and str(gate.port) in one for one in await replica.away())

    async def ready() -> bool:
        return await replica.away() == []

    await until_async(says, "the broker to be named")
    assert "database does not answer" not in await replica.away()
    try:
        await gate.open()
        await bench.send(dossier(1))
        await bench.send_raw(0, b"no JSON", None)
        await bench.caught_up(seconds=60)
        await bench.check()
        assert [letter["reason"] for letter in await bench.dead()] == ["not_json"]
        await until_async(ready, "readiness")
    finally:
        await bench.stop(replica)
        await gate.shut()


async def test_a_loop_that_stood_still_sends_nothing_from_memory(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    """What a process had read before it was stopped may be another's by the time it wakes, where nobody can tell."""
    turn = Session._turn
    seen: list[int] = []

    async def nobody_tells(_: Membership, _offset: int) -> bool:
        return False

    monkeypatch.setattr(Membership, "holds", nobody_tells)

    async def after_a_pause(self: Session) -> None:
        if self.handling is not None and len(self.handling.desk.writer) and not seen:
            self._runtime.pulse._last -= 60
            try:
                await turn(self)
            except StoodStillError:
                seen.append(self.partition)
                raise
        await turn(self)

    monkeypatch.setattr(Session, "_turn", after_a_pause)
    await bench.send([one for number in range(10) for one in dossier(number)])
    await bench.start()
    await bench.caught_up()
    assert len(seen) == 1
    await bench.check()


async def test_a_process_thrown_out_of_the_group_comes_back_by_itself(backends: Backends) -> None:
    """Stopped longer than its session, beside another replica; afterwards the other one ends."""
    bench = Bench(backends)
    await bench.open()
    processes: list[subprocess.Popen[bytes]] = []
    ports = [free_ports()["processing"] for _ in range(2)]
    environment = os.environ | {
        "MOTCUA_KAFKA": backends.kafka,
        "MOTCUA_MONGO": backends.mongo,
        "MOTCUA_EPOCH": str(bench.epoch),
        "MOTCUA_SESSION_SECONDS": "3",
        "MOTCUA_STORE_SECONDS": "0.1",
        "MOTCUA_PARTITIONS": str(PARTITIONS),
    }
    program = (
        "import sys, uvicorn; from services.processing.app import make_app;"
        "from services.processing.settings import ProcessingSettings as S;"
        "uvicorn.run(make_app(S(), journal=sys.argv[1]), port=S().port, log_level='warning')"
    )

    def start(port: int) -> None:
        command = [sys.executable, "-c", program, bench.journal]
        processes.append(subprocess.Popen(command, env=environment | {"MOTCUA_PORT": str(port)}))

    async def held_by(port: int) -> set[str]:
        try:
            async with httpx.AsyncClient() as client:
                told = (await client.get(f"http://127.0.0.1:{port}/metrics", timeout=5)).text
        except httpx.HTTPError:
            return set()
        return set(re.findall(r'motcua_processing_partition_state\{partition="(\d+)",state="running"\} 1', told))

    async def stored() -> bool:
        database = open_database(bench.mongo, f"motcua_processing_e{bench.epoch}")
        found = {one["_id"]: one["next"] async for one in database["checkpoints"].find({})}
        return [found.get(place, 0) for place in range(PARTITIONS)] == bench.offsets

    async def shared() -> bool:
        return [len(await held_by(port)) for port in ports] == [2, 2]

    async def alone(port: int) -> bool:
        return len(await held_by(port)) == PARTITIONS

    try:
        for port in ports:
            start(port)
        await until_async(shared, "two partitions each", 60)
        await bench.send([one for number in range(20) for one in dossier(number)[:2]])
        processes[0].send_signal(signal.SIGSTOP)
        await until_async(lambda: alone(ports[1]), "the other to have all", 60)
        await bench.send([tick("2026-03-09T18:00:00+07:00")])
        await until_async(stored, "all to be stored", 30)
        processes[0].send_signal(signal.SIGCONT)
        await until_async(shared, "the partitions to be shared again", 60)
        processes[1].send_signal(signal.SIGTERM)
        await bench.send([dossier(number)[2] for number in range(20)])
        await bench.send([tick(LATER)])
        await until_async(lambda: alone(ports[0]), "the first to have all", 60)
        await until_async(stored, "all to be stored", 30)
        await bench.check()
    finally:
        for process in processes:
            process.send_signal(signal.SIGCONT)
            process.kill()
            process.wait(10)
        await bench.close()
