"""The supervisor's commands with dummy processes, and its socket."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from deploy.local import children, control, kafka, topics
from deploy.local.errors import StackError
from deploy.local.home import Home, Stack
from deploy.local.supervisor import Supervisor
from tests.stack import free_ports
from tests.unit.deploy_local.test_processes import LISTEN
from tests.waiting import until_async


@pytest.fixture
async def supervisor(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Supervisor]:
    """A running supervisor whose services only listen on their port."""
    home = Home(tmp_path)
    home.create()
    home.save(Stack(ports=free_ports()))
    real = children.service
    pointed: list[int] = []

    def listening(home: Home, stack: Stack, kind: str, name: str, epoch: int | None = None) -> children.ChildSpec:
        spec = real(home, stack, kind, name, epoch)
        argv = (sys.executable, "-c", LISTEN, str(spec.port))
        return children.ChildSpec(name, spec.rank, argv, dict(os.environ), port=spec.port, grace=5)

    async def create(*_: object) -> None:
        pass

    async def point_to(_: str, epoch: int, partitions: int, generation: int) -> None:
        assert (partitions, generation) == (4, 1)
        pointed.append(epoch)

    monkeypatch.setattr(children, "service", listening)
    monkeypatch.setattr(topics, "create", create)
    monkeypatch.setattr(topics, "point_to", point_to)
    made = Supervisor(home, kafka.Distribution("java", tmp_path))
    for name in made.stack.services:
        made.keepers[name] = made.keep(children.service(home, made.stack, name, name))
    made.phase = "running"
    for keeper in made.keepers.values():
        await keeper.wait_ready()
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
    stack.ports["processing-e2"] = 1
    intake = children.service(home, stack, "intake", "intake").env
    assert intake["MOTCUA_KAFKA"] == f"127.0.0.1:{stack.ports['kafka']}"
    assert "MOTCUA_STRAY" not in intake, "settings of the caller may belong to another stack"
    assert intake["MOTCUA_SIMULATED"] == "true"
    assert intake["MOTCUA_LOG_LEVEL"] == "debug"
    assert intake["MOTCUA_KEYS_FILE"] == str(tmp_path / "keys" / "bootstrap.json")
    assert "MOTCUA_EPOCH" not in children.service(home, stack, "processing", "processing").env
    assert children.service(home, stack, "processing", "processing-e2", 2).env["MOTCUA_EPOCH"] == "2"
    metrics = children.service(home, stack, "metrics", "metrics").env
    assert metrics["MOTCUA_IMAGE_DIR"] == str(tmp_path / "metrics" / "metrics")
    with pytest.raises(StackError, match="service dance"):
        children.service(home, stack, "dance", "intake")
