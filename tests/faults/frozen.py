"""Freezes a replica of processing with a batch in its producer, so that it lands behind what others wrote meanwhile.

A process frozen at a random moment holds such a batch once in a dozen times; here it is every time. The replica has to
be started with the environment of `environment` (see `freezing/sitecustomize.py`).
"""

from __future__ import annotations

import os
import signal
from collections.abc import Iterable
from pathlib import Path

from tests.waiting import until

__all__ = ["environment", "freeze", "stands", "thaw"]

_HERE = Path(__file__).parent / "freezing"


def environment(folder: Path) -> dict[str, str]:
    """What a replica needs in its environment to be frozen so.

    Args:
        folder: where wishes are put, one file a process.
    """
    path = os.environ.get("PYTHONPATH", "")
    return {"PYTHONPATH": f"{_HERE}{os.pathsep}{path}" if path else str(_HERE), "FREEZE_FOLDER": str(folder)}


def freeze(folder: Path, pids: Iterable[int]) -> None:
    """Have these processes stop with their next batch in hand."""
    for pid in pids:
        (folder / str(pid)).touch()


def stands(pid: int) -> bool:
    """Whether a process is stopped."""
    return Path(f"/proc/{pid}/stat").read_text(encoding="ascii", errors="replace").rpartition(")")[2].split()[0] == "T"


def thaw(folder: Path, pid: int) -> None:
    """Let a process go on, whether it had been stopped or not."""
    (folder / str(pid)).unlink(missing_ok=True)
    os.kill(pid, signal.SIGCONT)
    until(lambda: not stands(pid), f"process {pid} to go on", 10)
