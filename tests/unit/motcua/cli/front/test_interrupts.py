"""Ctrl-C at any moment of a command ends it without a trace, and the exit code says so."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from motcua.cli.front import interrupts
from motcua.cli.main import main

SECONDS = 60.0
#: Modules by which a start can be told how far it is, in their order.
MOMENTS = (
    "typer.models",
    "motcua.cli.session",
    "motcua.cli.front.app",
    "motcua.cli.dates",
    "httpx._models",
    "motcua.cli.asking",
    "pydantic.main",
)


@pytest.fixture
def deaf() -> Iterator[socket.socket]:
    """A service that takes connections and never answers, so that a command stays where it is."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(SECONDS)
        yield server


def started(server: socket.socket, home: Path, *flags: str) -> subprocess.Popen[str]:
    """A command under way, of the interpreter with these flags."""
    return subprocess.Popen(
        [sys.executable, *flags, "-m", "motcua.cli.main", "index"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).resolve().parents[5],
        env=os.environ | {"MOTCUA_INTAKE": f"http://127.0.0.1:{server.getsockname()[1]}", "HOME": str(home)},
    )


def ended(process: subprocess.Popen[str], told: list[str]) -> None:
    """Let it end by Ctrl-C: 130, and nothing said but what it had imported."""
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=SECONDS)
    told += err.splitlines()
    assert process.returncode == interrupts.INTERRUPTED
    assert out == ""
    assert [line for line in told if line and not line.startswith("import time:")] == []


@pytest.mark.parametrize("moment", MOMENTS)
def test_while_modules_are_imported(moment: str, deaf: socket.socket, tmp_path: Path) -> None:
    process = started(deaf, tmp_path, "-X", "importtime")
    assert process.stderr is not None
    told: list[str] = []
    for line in process.stderr:
        told.append(line.strip())
        if line.rpartition("|")[2].strip() == moment:
            break
    else:
        pytest.fail(f"{moment} was not imported: {told[-3:]}")
    ended(process, told)


def test_while_a_command_waits_for_an_answer(deaf: socket.socket, tmp_path: Path) -> None:
    process = started(deaf, tmp_path)
    connection, _ = deaf.accept()
    with connection:
        ended(process, [])


def test_a_command_gets_the_interrupt_it_expects() -> None:
    """Asyncio ends its task on Ctrl-C only where Python's own handler stands."""
    before, hook = signal.getsignal(signal.SIGINT), sys.unraisablehook
    try:
        signal.signal(signal.SIGINT, signal.default_int_handler)
        interrupts.end_at_once()
        assert signal.getsignal(signal.SIGINT) is not signal.default_int_handler
        interrupts.let_the_command_decide()
        assert signal.getsignal(signal.SIGINT) is signal.default_int_handler
        # As under nohup, and in the background of a shell without job control.
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        interrupts.end_at_once()
        interrupts.let_the_command_decide()
        assert signal.getsignal(signal.SIGINT) is signal.SIG_IGN
    finally:
        signal.signal(signal.SIGINT, before)
        sys.unraisablehook = hook


def test_within_another_program_the_signals_are_left_alone(capsys: pytest.CaptureFixture[str]) -> None:
    before, hook = signal.getsignal(signal.SIGINT), sys.unraisablehook
    assert main(["version"]) == 0
    assert "motcua" in capsys.readouterr().out
    assert signal.getsignal(signal.SIGINT) is before
    assert sys.unraisablehook is hook


def test_an_interrupt_where_nothing_can_be_raised_ends_the_process_all_the_same(tmp_path: Path) -> None:
    program = tmp_path / "program.py"
    program.write_text(
        "from motcua.cli.front.interrupts import end_at_once\n"
        "class Last:\n    def __del__(self):\n        raise KeyboardInterrupt\n"
        "end_at_once()\nLast()\nprint('went on')\n",
        encoding="utf-8",
    )
    done = subprocess.run([sys.executable, program], capture_output=True, text=True, timeout=SECONDS, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (interrupts.INTERRUPTED, "", "")
