"""The keeper on a full disk, with a process that hangs, and with one that another keeper left running."""

from __future__ import annotations

import asyncio
import errno
import os
import signal
import sys
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest

from deploy.local import ports, processes
from deploy.local.children import ChildSpec
from deploy.local.home import Home, write_atomically
from deploy.local.keeper import Keeper
from deploy.local.upkeep import taking_over
from tests.small_disk import fill, small_disk
from tests.unit.shared.upkeep.test_checking import SERVING
from tests.waiting import until_async

Make = Callable[..., Keeper]


@pytest.fixture
def home(tmp_path: Path) -> Home:
    home = Home(tmp_path)
    home.create()
    return home


@pytest.fixture
async def make(home: Home) -> AsyncIterator[Make]:
    made: list[Keeper] = []

    def build(*, status: str = "200", body: str = "ok", patience: float = 0.0, setting: str = "1") -> Keeper:
        port = made[0].spec.port if made else ports.choose(25_500)
        command = (sys.executable, "-c", SERVING, str(port), status, body)
        env = dict(os.environ) | {"MOTCUA_SETTING": setting}
        spec = ChildSpec("dummy", 0, command, env, port=port, grace=0.3, patience=patience)
        made.append(Keeper(spec, home, shortest=0.05, longest=0.2))
        return made[-1]

    yield build
    for keeper in made:
        await keeper.stop()


async def started(keeper: Keeper) -> processes.Identity:
    keeper.start()
    await keeper.wait_ready()
    assert keeper.identity is not None
    return keeper.identity


@pytest.mark.parametrize("real", [True, False])
async def test_a_full_disk_ends_no_keeping(
    make: Make, home: Home, monkeypatch: pytest.MonkeyPatch, *, real: bool
) -> None:
    room = asyncio.Event()
    write = write_atomically

    def refuse(path: Path, content: str) -> None:
        if not room.is_set():
            raise OSError(errno.ENOSPC, "No space left on device")
        write(path, content)

    with small_disk(home.run, 1) as mounted:
        if real and not mounted:
            pytest.skip("no file system can be mounted here")
        filler = None
        if real:
            filler = fill(home.run)
        else:
            monkeypatch.setattr(taking_over, "write_atomically", refuse)
        keeper = make()
        first = await started(keeper)
        processes.send(first, signal.SIGKILL)
        await until_async(lambda: keeper.restarts == 1, "a restart in spite of the disk")
        await keeper.wait_ready()
        assert processes.read_pid_file(home.pid_file("dummy")) is None
        room.set()
        if filler is not None:
            filler.unlink()
        await until_async(
            lambda: processes.read_pid_file(home.pid_file("dummy")) == keeper.identity, "it to be noted who runs"
        )
        await keeper.stop()
        assert keeper.state == "stopped"


async def test_what_is_frozen_is_ended_by_force_and_started_again(make: Make) -> None:
    keeper = make(patience=0.5)
    first = await started(keeper)
    processes.send(first, signal.SIGSTOP)
    await until_async(lambda: keeper.restarts == 1, "a restart")
    assert keeper.last_exit == -signal.SIGKILL, "it was not woken"
    await keeper.wait_ready()


async def test_what_says_that_a_loop_ended_is_started_again_in_order(make: Make) -> None:
    keeper = make(status="503", body="{}", patience=0.5)
    await started(keeper)
    await until_async(lambda: keeper.restarts == 1, "a restart")
    assert keeper.last_exit == -signal.SIGTERM


@pytest.mark.parametrize(("body", "patience"), [("ok", 0.0), ("loading", 1.0)])
async def test_what_is_not_watched_or_loads_is_left_alone(make: Make, body: str, patience: float) -> None:
    keeper, watched = make(body=body, patience=patience), make(patience=1.5)
    first = await started(keeper)
    await until_async(lambda: keeper.loads == (body == "loading"), "it to say that it loads")
    processes.send(first, signal.SIGSTOP)
    # Long enough for one that is watched.
    watched.spec = replace(watched.spec, name="watched", port=ports.choose(25_600))
    watched.spec = replace(watched.spec, argv=(*watched.spec.argv[:3], str(watched.spec.port), "503", ""))
    await started(watched)
    await until_async(lambda: watched.restarts == 1, "the watched one to be started again")
    assert keeper.restarts == 0
    assert processes.alive(first)


async def test_what_runs_already_is_taken_over_and_kept(make: Make, home: Home) -> None:
    keeper = make()
    first = await started(keeper)
    await until_async(lambda: processes.read_pid_file(home.pid_file("dummy")) == first, "it to be noted")
    other = make()
    assert await started(other) == first
    assert other.state == "running"
    processes.send(first, signal.SIGKILL)
    await until_async(lambda: other.restarts == 1, "a restart by the one that took over")
    await keeper.stop()


async def test_what_runs_as_something_else_or_is_frozen_is_not_taken_over(make: Make, home: Home) -> None:
    spec = make().spec
    process = await asyncio.create_subprocess_exec(*spec.argv, env=spec.env)
    identity = processes.identify(process.pid)
    assert identity is not None
    taking_over.note(home, spec, identity)
    assert taking_over.taken_over(home, spec) == identity
    assert taking_over.running(home, ["dummy", "other"]) == ["dummy"]
    processes.send(identity, signal.SIGSTOP)
    await until_async(partial(processes.stopped, identity), "it to be frozen")
    assert taking_over.taken_over(home, spec) is None
    assert await process.wait() == -signal.SIGKILL

    process = await asyncio.create_subprocess_exec(*spec.argv, env=spec.env)
    identity = processes.identify(process.pid)
    assert identity is not None
    taking_over.note(home, spec, identity)
    assert taking_over.taken_over(home, make(setting="2").spec) is None
    assert await process.wait() == -signal.SIGTERM


async def test_a_stranger_with_a_recycled_number_is_not_taken_over(make: Make, home: Home) -> None:
    spec = make().spec
    process = await asyncio.create_subprocess_exec(*spec.argv, env=spec.env)
    identity = processes.identify(process.pid)
    assert identity is not None
    taking_over.note(home, spec, replace(identity, started=identity.started - 1))
    assert taking_over.taken_over(home, spec) is None
    assert processes.alive(identity), "and it is left alone"
    process.kill()
    await process.wait()
