"""While a stack is waited for it is said for what, and what that waits for itself."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from deploy.local.errors import StackError
from deploy.local.home import Stack
from deploy.local.report import ProcessStatus, StackStatus
from deploy.local.stack import LocalStack
from motcua.cli.words import progress_text

READY = ProcessStatus("intake", 1, "running", 1, "", "ready", 0)
LOADS = ProcessStatus("metrics", 2, "running", 2, "", "starting", 0, ("broker b", "reading epoch 1"))
SILENT = ProcessStatus("kafka", 3, "starting", 3, "", "unreachable", 0)


class Told(LocalStack):
    """A stack that is in one state after the other; the last one stays."""

    def __init__(self, home: Path, *states: StackStatus) -> None:
        super().__init__(home, "vi")
        self._states = list(states)

    def status(self) -> StackStatus:
        return self._states.pop(0) if len(self._states) > 1 else self._states[0]


def state(phase: str, *processes: ProcessStatus) -> StackStatus:
    return StackStatus(phase, "", Stack(), list(processes))


def test_it_is_said_what_is_waited_for(tmp_path: Path) -> None:
    told: list[str] = []
    stack = Told(
        tmp_path,
        state("backends", SILENT),
        state("topics"),
        state("running", READY, LOADS),
        state("running", READY, LOADS),
        state("running", READY, replace(LOADS, away=("reading epoch 1",))),
        state("running", READY, replace(LOADS, health="ready", away=())),
    )
    stack.wait_ready(told.append)
    assert told == [
        "waiting for kafka",
        "waiting for topics",
        "waiting for metrics (broker b; reading epoch 1)",
        "waiting for metrics (reading epoch 1)",
    ]
    assert [progress_text(line, "vi") for line in told] == [
        "đang chờ kafka",
        "đang chờ tạo các chủ đề của Kafka",
        "đang chờ metrics (broker b; reading epoch 1)",
        "đang chờ metrics (reading epoch 1)",
    ]


def test_who_was_not_ready_in_time_is_named_with_the_reason(tmp_path: Path) -> None:
    stack = Told(tmp_path, state("running", READY, LOADS))
    with pytest.raises(StackError, match=r"metrics \(broker b; reading epoch 1\) was not ready within 0 s") as raised:
        stack.wait_ready(timeout=0)
    assert "metrics (broker b; reading epoch 1) chưa sẵn sàng sau 0 giây" in raised.value.text("vi")


@pytest.mark.parametrize("phase", ["starting", "backends", "topics", "running", "stopped"])
def test_every_phase_has_vietnamese_words(phase: str) -> None:
    assert phase not in progress_text(f"waiting for {phase}", "vi")
