"""The supervisor's commands with dummy processes, and its socket."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from deploy.local import children, control, processes
from deploy.local.backends import fence, kafka, topics
from deploy.local.errors import StackError
from deploy.local.home import Home, Stack
from deploy.local.supervisor import Supervisor
from tests.stack import free_ports
from tests.unit.deploy.local.test_processes import LISTEN
from tests.waiting import until_async


@dataclass(frozen=True, slots=True)
class Tried:
    """What the broker was asked: pointers written, topics that are fenced."""

    pointed: list[tuple[int, int, int]]
    fenced: list[str]


def tried(supervisor: Supervisor) -> Tried:
    found: Tried = vars(supervisor)["tried"]
    return found


@pytest.fixture
async def supervisor(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Supervisor]:
    """A running supervisor whose services only listen on their port."""
    home = Home(tmp_path)
    home.create()
    home.save(Stack(ports=free_ports()))
    real = children.service
    pointed: list[tuple[int, int, int]] = []
    fenced: list[str] = []

    def listening(home: Home, stack: Stack, kind: str, name: str, epoch: int | None = None) -> children.ChildSpec:
        spec = real(home, stack, kind, name, epoch)
        argv = (sys.executable, "-c", LISTEN, str(spec.port))
        return children.ChildSpec(name, spec.rank, argv, dict(os.environ), port=spec.port, grace=5)

    async def create(*_: object) -> None:
        pass

    async def point_to(_: str, epoch: int, partitions: int, generation: int) -> None:
        pointed.append((epoch, partitions, generation))

    async def put_up(_kafka: str, topic: str) -> None:
        fenced.append(topic)

    async def lower(_kafka: str, topic: str) -> None:
        if topic in fenced:
            fenced.remove(topic)

    monkeypatch.setattr(children, "service", listening)
    monkeypatch.setattr(topics, "create", create)
    monkeypatch.setattr(topics, "point_to", point_to)
    monkeypatch.setattr(fence, "put_up", put_up)
    monkeypatch.setattr(fence, "lower", lower)
    made = Supervisor(home, kafka.Distribution("java", tmp_path))
    for name in made.stack.services:
        made.keepers[name] = made.keep(children.service(home, made.stack, name, name))
    made.phase = "running"
    for keeper in made.keepers.values():
        await keeper.wait_ready()
    made.tried = Tried(pointed, fenced)  # type: ignore[attr-defined]
    yield made
    await made._stop_all()


async def ask(supervisor: Supervisor, command: str, **arguments: Any) -> dict[str, Any]:
    return await supervisor.handle({"command": command, **arguments})


async def test_replicas_come_and_go(supervisor: Supervisor) -> None:
    first = supervisor.keepers["metrics"].identity
    answer = await ask(supervisor, "replicas", name="metrics", count=2)
    assert answer["names"] == ["metrics", "metrics-2"]
    await supervisor.keepers["metrics-2"].wait_ready()
    saved = supervisor.home.load()
    assert saved.replicas == {"metrics": 2}
    assert saved.ports["metrics"] == supervisor.keepers["metrics"].spec.port, "a running process keeps its port"
    assert saved.ports["metrics-2"] != saved.ports["metrics"]
    await ask(supervisor, "replicas", name="metrics", count=1)
    assert "metrics-2" not in supervisor.keepers
    assert supervisor.keepers["metrics"].identity == first


async def test_another_epoch_runs_beside_the_live_one_and_replaces_it(supervisor: Supervisor) -> None:
    answer = await ask(supervisor, "start-epoch", epoch=2)
    assert answer["name"] == "processing-e2"
    assert supervisor.keepers["processing"].state == "running"
    with pytest.raises(StackError, match="live"):
        await ask(supervisor, "start-epoch", epoch=1)
    before = supervisor.keepers["processing"].identity
    await ask(supervisor, "live-epoch", epoch=2)
    await supervisor.keepers["processing"].wait_ready()
    assert "processing-e2" not in supervisor.keepers
    assert supervisor.keepers["processing"].identity != before
    assert supervisor.home.load().epoch == 2
    await ask(supervisor, "stop-epoch", epoch=3)


async def test_a_new_journal_replaces_the_old_one_at_once(
    supervisor: Supervisor, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def ends(_kafka: str, topic: str, partitions: int) -> dict[int, int]:
        assert supervisor.keepers["intake"].state == "stopped", "it could still write"
        return dict.fromkeys(range(partitions), 7) if topic == "motcua.journal.v1" else {}

    monkeypatch.setattr("deploy.local.epochs.ends_of", ends)
    metrics = supervisor.keepers["metrics"].identity
    await ask(supervisor, "fence", pid=os.getpid())
    answer = await ask(supervisor, "start-epoch", epoch=2, generation=2, partitions=6)
    beside = supervisor.keepers[answer["name"]].spec.name
    moved = {"0": 7, "1": 7, "2": 7, "3": 8}
    with pytest.raises(StackError, match="written to"):
        await ask(supervisor, "generation", epoch=2, generation=2, partitions=6, ends=moved)
    assert tried(supervisor).fenced == [], "entries are taken again"
    await supervisor.keepers["intake"].wait_ready()
    assert (supervisor.home.load().generation, tried(supervisor).pointed) == (1, [])

    await ask(supervisor, "fence", pid=os.getpid())
    same = dict.fromkeys(("0", "1", "2", "3"), 7)
    await ask(supervisor, "generation", epoch=2, generation=2, partitions=6, ends=same)
    assert tried(supervisor).pointed == [(2, 6, 2)]
    assert tried(supervisor).fenced == ["motcua.journal.v1"], "the old journal stays closed"
    saved = supervisor.home.load()
    assert (saved.epoch, saved.generation, saved.partitions) == (2, 2, 6)
    assert beside not in supervisor.keepers
    assert supervisor.keepers["metrics"].identity == metrics, "metrics follows by itself"
    for name in ("intake", "processing"):
        await supervisor.keepers[name].wait_ready()
    await ask(supervisor, "unfence")
    assert tried(supervisor).fenced == ["motcua.journal.v1"], "only the live journal is opened"


async def test_a_fence_comes_down_with_the_process_it_was_for(supervisor: Supervisor) -> None:
    process = await asyncio.create_subprocess_exec(sys.executable, "-c", "input()", stdin=asyncio.subprocess.PIPE)
    await ask(supervisor, "fence", pid=process.pid)
    await ask(supervisor, "start-epoch", epoch=2, generation=2, partitions=6, pid=process.pid)
    assert tried(supervisor).fenced == ["motcua.journal.v1"]
    process.kill()
    await process.wait()
    await until_async(lambda: "processing-e2" not in supervisor.keepers, "the end of what it had begun")
    await until_async(lambda: tried(supervisor).fenced == [], "the end of the fence")
    with pytest.raises(StackError, match="does not run"):
        await ask(supervisor, "fence", pid=process.pid)


async def test_a_derivation_ends_with_the_process_it_was_for(supervisor: Supervisor) -> None:
    async def asker() -> asyncio.subprocess.Process:
        return await asyncio.create_subprocess_exec(sys.executable, "-c", "input()", stdin=asyncio.subprocess.PIPE)

    killed, frozen = await asker(), await asker()
    await ask(supervisor, "start-epoch", epoch=2, pid=killed.pid)
    await ask(supervisor, "start-epoch", epoch=3, pid=frozen.pid)
    await supervisor.keepers["processing-e2"].wait_ready()
    beside = supervisor.keepers["processing-e2"].identity
    assert beside is not None
    killed.kill()
    frozen.send_signal(signal.SIGSTOP)
    await killed.wait()
    await until_async(lambda: not processes.alive(beside), "the end of what it had begun", seconds=10)
    assert "processing-e2" not in supervisor.keepers
    assert supervisor.keepers["processing"].state == "running"
    with pytest.raises(StackError, match="does not run"):
        await ask(supervisor, "start-epoch", epoch=2, pid=killed.pid)

    # A frozen one still wants it; and what became live is nobody's any more.
    assert "processing-e3" in supervisor.keepers
    await ask(supervisor, "live-epoch", epoch=3)
    frozen.kill()
    await frozen.wait()
    await supervisor.keepers["processing"].wait_ready()
    assert supervisor.home.load().epoch == 3
    assert supervisor.epochs._guards == {}


async def test_services_may_come_later(supervisor: Supervisor) -> None:
    for name in ("metrics", "processing"):
        await supervisor.keepers.pop(name).stop()
    supervisor.stack.services = ["intake"]
    answer = await ask(supervisor, "services", names=["metrics", "intake", "processing"])
    assert answer["names"] == ["intake", "processing", "metrics"] == supervisor.home.load().services
    await supervisor.keepers["metrics"].wait_ready()


async def test_an_outage_lasts_until_it_is_ended(supervisor: Supervisor) -> None:
    await ask(supervisor, "stop", name="intake")
    status = await ask(supervisor, "status")
    assert {item["name"]: item["state"] for item in status["processes"]}["intake"] == "stopped"
    await ask(supervisor, "start", name="intake")
    await supervisor.keepers["intake"].wait_ready()
    before = supervisor.keepers["intake"].identity
    await ask(supervisor, "restart", name="intake")
    await until_async(lambda: supervisor.keepers["intake"].state == "running", "intake's return")
    assert supervisor.keepers["intake"].identity != before


@pytest.mark.parametrize(
    ("request_", "reason"),
    [
        ({"command": "dance"}, "not known"),
        ({"command": "stop", "name": "kafkaesque"}, "not part of this stack"),
        ({"command": "replicas", "name": "intake", "count": 2}, "processing or metrics"),
        ({"command": "replicas", "name": "metrics", "count": 9}, "between 1 and"),
        ({"command": "stop"}, "malformed"),
        ({"command": "stop", "name": "intake", "force": True}, "malformed"),
    ],
)
async def test_what_is_refused_says_why(supervisor: Supervisor, request_: dict[str, Any], reason: str) -> None:
    path = supervisor.home.socket_path()
    server = await control.serve(path, supervisor.handle)
    try:
        with pytest.raises(StackError, match=reason):
            await asyncio.to_thread(control.ask, path, request_)
        assert (await asyncio.to_thread(control.ask, path, {"command": "status"}))["phase"] == "running"
    finally:
        server.close()


async def test_commands_wait_for_the_start(supervisor: Supervisor) -> None:
    supervisor.phase = "topics"
    with pytest.raises(StackError, match="ask again"):
        await ask(supervisor, "stop", name="intake")


def test_services_get_their_settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MOTCUA_KAFKA", "elsewhere:9092")
    monkeypatch.setenv("MOTCUA_STRAY", "1")
    home, stack = Home(tmp_path), Stack(ports=free_ports(), simulated=True, settings={"MOTCUA_LOG_LEVEL": "debug"})
    stack.cluster = "us"
    stack.ports["processing-e2"] = 1
    intake = children.service(home, stack, "intake", "intake").env
    assert intake["MOTCUA_KAFKA"] == f"127.0.0.1:{stack.ports['kafka']}"
    assert "MOTCUA_STRAY" not in intake, "settings of the caller may belong to another stack"
    assert intake["MOTCUA_STACK"] == "us"
    assert intake["MOTCUA_SIMULATED"] == "true"
    assert intake["MOTCUA_LOG_LEVEL"] == "debug"
    assert intake["MOTCUA_KEYS_FILE"] == str(tmp_path / "keys" / "bootstrap.json")
    assert "MOTCUA_EPOCH" not in children.service(home, stack, "processing", "processing").env
    assert children.service(home, stack, "processing", "processing-e2", 2).env["MOTCUA_EPOCH"] == "2"
    metrics = children.service(home, stack, "metrics", "metrics").env
    assert metrics["MOTCUA_IMAGE_DIR"] == str(tmp_path / "metrics" / "metrics")
    for kind in ("processing", "metrics"):
        given = children.service(home, stack, kind, kind).env
        assert given["MOTCUA_SERVICE_KEY_FILE"] == str(tmp_path / "keys" / f"service-{kind}.key")
        assert given["MOTCUA_INTAKE"] == f"http://127.0.0.1:{stack.ports['intake']}"
    assert "MOTCUA_SERVICE_KEY_FILE" not in intake
    with pytest.raises(StackError, match="service dance"):
        children.service(home, stack, "dance", "intake")
