"""Processes by identity, and the keeper that keeps one alive."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from deploy.local import ports, processes
from deploy.local.children import ChildSpec
from deploy.local.home import Home
from deploy.local.keeper import Keeper
from tests.waiting import until, until_async

LISTEN = (
    "import socket,sys,time; s=socket.create_server(('127.0.0.1', int(sys.argv[1]))); "
    "print('up', flush=True); time.sleep(600)"
)
STUBBORN = "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); " + LISTEN


@pytest.fixture
def home(tmp_path: Path) -> Home:
    home = Home(tmp_path)
    home.create()
    return home


@pytest.fixture
def sleeper() -> Iterator[subprocess.Popen[bytes]]:
    process = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
    yield process
    process.kill()
    process.wait()


def identity_of(process: subprocess.Popen[bytes]) -> processes.Identity:
    found = processes.identify(process.pid)
    assert found is not None
    return found


def test_a_recycled_number_is_never_touched(sleeper: subprocess.Popen[bytes], home: Home) -> None:
    mine = identity_of(sleeper)
    for other in (replace(mine, started=mine.started - 1), replace(mine, boot="another")):
        assert not processes.alive(other)
        assert not processes.send(other, signal.SIGKILL)
        processes.write_pid_file(home.pid_file("kafka"), other)
        assert processes.end_orphans(home) == []
    assert sleeper.poll() is None
    assert processes.alive(mine)


def test_an_ended_process_that_waits_to_be_collected_is_gone(sleeper: subprocess.Popen[bytes]) -> None:
    mine = identity_of(sleeper)
    assert sleeper.pid in processes.children(os.getpid())
    os.kill(sleeper.pid, signal.SIGKILL)
    until(lambda: not processes.alive(mine), "the process to end")
    assert sleeper.pid not in processes.children(os.getpid())


def test_a_frozen_orphan_is_ended(sleeper: subprocess.Popen[bytes], home: Home) -> None:
    processes.write_pid_file(home.pid_file("metrics"), identity_of(sleeper))
    os.kill(sleeper.pid, signal.SIGSTOP)
    assert processes.end_orphans(home, grace=5) == ["metrics"]
    assert sleeper.wait(timeout=5) == -signal.SIGTERM
    assert not home.pid_file("metrics").exists()


@pytest.mark.parametrize("content", ["", "{}", '{"pid": 1}', "[1]"])
def test_a_damaged_pid_file_names_nobody(tmp_path: Path, content: str) -> None:
    path = tmp_path / "x.pid.json"
    path.write_text(content)
    assert processes.read_pid_file(path) is None


Make = Callable[..., Keeper]


@pytest.fixture
async def make(home: Home) -> AsyncIterator[Make]:
    made: list[Keeper] = []

    def build(program: str, *, grace: float = 5.0, fallback: str = "", argv: tuple[str, ...] = ()) -> Keeper:
        port = ports.choose(25_000 + 10 * len(made))
        command = argv or (sys.executable, "-c", program, str(port))
        other = (sys.executable, "-c", fallback, str(port)) if fallback else ()
        spec = ChildSpec("dummy", 0, command, dict(os.environ), port=port, grace=grace, fallback=other)
        made.append(Keeper(spec, home, shortest=0.05, longest=0.2))
        return made[-1]

    yield build
    for keeper in made:
        await keeper.stop()


async def test_what_dies_is_started_again(make: Make, home: Home) -> None:
    keeper = make(LISTEN)
    keeper.start()
    await keeper.wait_ready()
    first = keeper.identity
    assert first is not None
    assert processes.read_pid_file(home.pid_file("dummy")) == first
    assert os.getsid(first.pid) == first.pid, "a session of its own: Ctrl-C does not reach it"
    os.kill(first.pid, signal.SIGKILL)
    await until_async(lambda: keeper.restarts == 1, "a restart")
    await keeper.wait_ready()
    assert keeper.identity not in (None, first)
    assert keeper.last_exit == -signal.SIGKILL
    await keeper.stop()
    assert keeper.state == "stopped"
    assert not home.pid_file("dummy").exists()
    assert "up" in home.log_tail("dummy")


async def test_the_deaf_are_ended_by_force(make: Make) -> None:
    keeper = make(STUBBORN, grace=0.3)
    keeper.start()
    await keeper.wait_ready()
    await keeper.stop()
    assert keeper.last_exit == -signal.SIGKILL


async def test_the_frozen_are_woken_to_end(make: Make) -> None:
    keeper = make(LISTEN)
    keeper.start()
    await keeper.wait_ready()
    assert keeper.identity is not None
    os.kill(keeper.identity.pid, signal.SIGSTOP)
    await keeper.stop()
    assert keeper.last_exit == -signal.SIGTERM


async def test_a_command_that_never_answers_gives_way_to_its_fallback(make: Make) -> None:
    keeper = make("raise SystemExit(3)", fallback=LISTEN)
    keeper.start()
    await keeper.wait_ready()
    assert keeper.restarts == 1
    assert keeper.last_exit == 3


async def test_a_command_that_does_not_exist_is_tried_again_and_can_be_stopped(make: Make) -> None:
    keeper = make("", argv=("/nonexistent/command",))
    keeper.start()
    await until_async(lambda: keeper.restarts >= 2, "two restarts")
    await keeper.stop()
    assert keeper.state == "stopped"


async def test_stopped_and_started_again(make: Make) -> None:
    keeper = make(LISTEN)
    for _ in range(2):
        keeper.start()
        await keeper.wait_ready()
        await keeper.stop()
    assert keeper.restarts == 0
    with socket.socket() as probe:
        assert probe.connect_ex((ports.HOST, keeper.spec.port or 0)) != 0
