"""What a command runs for a stack elsewhere ends with the command, also when nothing could be said before."""

from __future__ import annotations

import signal
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from deploy.local import processes
from tests.waiting import until

COMMAND = """
    import os, subprocess, sys, time
    line = [sys.executable, "-m", "deploy.operations.epochs.beside", str(os.getpid()), "sleeper"]
    print(subprocess.Popen(line).pid, flush=True)
    time.sleep(600)
"""


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM])
def test_it_ends_with_its_command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: signal.Signals) -> None:
    (tmp_path / "sleeper.py").write_text("import pathlib, time\npathlib.Path('runs').touch()\ntime.sleep(600)\n")
    root = Path(__file__).resolve().parents[5]
    monkeypatch.setenv("PYTHONPATH", f"{root}:{tmp_path}")
    line = [sys.executable, "-c", textwrap.dedent(COMMAND)]
    with subprocess.Popen(line, stdout=subprocess.PIPE, text=True, cwd=tmp_path) as command:
        try:
            assert command.stdout is not None
            identity = processes.identify(int(command.stdout.readline()))
            assert identity is not None
            until((tmp_path / "runs").exists, "the module to run")
        finally:
            command.send_signal(number)
        command.wait()
    until(lambda: not processes.alive(identity), "the end of what it ran", seconds=10)


def test_it_does_not_begin_for_a_command_that_has_ended() -> None:
    line = [sys.executable, "-m", "deploy.operations.epochs.beside", "1", "this"]
    done = subprocess.run(line, capture_output=True, text=True, timeout=60, check=True)
    assert done.stdout == ""
