"""What hangs is started again, and services that lost their supervisor are kept by the next one as they are."""

from __future__ import annotations

import signal

from deploy.local import processes
from deploy.local.stack import LocalStack
from tests.stack import StackFactory
from tests.waiting import until


def pids(stack: LocalStack) -> dict[str, int | None]:
    return {one.name: one.pid for one in stack.status().processes}


def restarts(stack: LocalStack, name: str) -> int:
    return next(one.restarts for one in stack.status().processes if one.name == name)


def test_a_frozen_service_and_a_lost_supervisor(local_stack: StackFactory) -> None:
    stack = local_stack("data", services=("intake",), settings={"MOTCUA_PATIENCE_SECONDS": "4"})
    frozen = stack.kill("intake", signal.SIGSTOP)
    until(lambda: restarts(stack, "intake") == 1, "the frozen service to be started again", 60)
    stack.wait_ready()
    before = pids(stack)
    assert before["intake"] != frozen

    lost = stack.kill("supervisor")
    told: list[str] = []
    stack.up(progress=told.append)
    assert pids(stack) == before, "nothing was started beside them"
    assert {line for line in told if line.startswith("taking over ")} == {
        f"taking over {name}, left by a supervisor that was killed" for name in before
    }
    supervisor = stack.supervisor()
    assert supervisor is not None
    assert supervisor.pid != lost
    stack.kill("intake")
    until(lambda: restarts(stack, "intake") == 1, "the new supervisor to start it again", 60)
    stack.wait_ready()
    assert stack.down() == []
    assert all(not processes.identify(pid) for pid in before.values() if pid is not None)
