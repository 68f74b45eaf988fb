"""Processes by identity: number, start time and boot, so that a recycled number is never taken for ours.

Knows Linux's /proc and signals; knows nothing of the stack.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import time
from collections.abc import Collection, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from deploy.local.home import Home, write_atomically

__all__ = [
    "Identity",
    "alive",
    "children",
    "end",
    "end_orphans",
    "ended",
    "identify",
    "read_pid_file",
    "send",
    "stopped",
    "write_pid_file",
]

_STATE, _PARENT, _START_TIME = 0, 1, 19
_POLL = 0.05
_LOOK_SECONDS = 0.5


@dataclass(frozen=True, slots=True)
class Identity:
    """One process of one boot: its number and its start in clock ticks since that boot."""

    pid: int
    started: int
    boot: str


def _stat(pid: int) -> list[str] | None:
    """Fields of /proc/<pid>/stat from the state on; the name before may hold spaces and brackets."""
    try:
        text = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return None
    return text[text.rindex(")") + 2 :].split()


def _boot() -> str:
    return Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()


def identify(pid: int) -> Identity | None:
    """Identity of a running process; None when there is none or it has ended and only waits to be collected."""
    stat = _stat(pid)
    if stat is None or stat[_STATE] in "ZX":
        return None
    return Identity(pid, int(stat[_START_TIME]), _boot())


def alive(identity: Identity) -> bool:
    """Whether exactly this process still runs (a frozen one does)."""
    return identify(identity.pid) == identity


async def ended(identity: Identity) -> None:
    """Return once a process has ended, whatever ended it; it need be nobody's child."""
    import asyncio  # noqa: PLC0415 - commands that only ask for processes need no loop

    while alive(identity):  # noqa: ASYNC110 - no event tells the end of a process that is nobody's child
        await asyncio.sleep(_LOOK_SECONDS)


def stopped(identity: Identity) -> bool:
    """Whether a process is frozen: it has its port and does nothing."""
    stat = _stat(identity.pid)
    return stat is not None and stat[_STATE] in "Tt"


def send(identity: Identity, number: int) -> bool:
    """Send a signal to exactly this process; False when it is gone.

    A handle on the process is opened before its identity is compared, so the number cannot change hands in between.
    """
    try:
        handle = os.pidfd_open(identity.pid)
    except OSError:
        return False
    try:
        if identify(identity.pid) != identity:
            return False
        signal.pidfd_send_signal(handle, number)
    except ProcessLookupError:
        return False
    finally:
        os.close(handle)
    return True


def end(identity: Identity, grace: float) -> None:
    """End a process: a request, `grace` seconds of patience, then force. A frozen one is woken to hear the request."""
    if not send(identity, signal.SIGTERM):
        return
    send(identity, signal.SIGCONT)
    deadline = time.monotonic() + grace
    while alive(identity) and time.monotonic() < deadline:
        time.sleep(_POLL)
    if send(identity, signal.SIGKILL):
        deadline = time.monotonic() + 5
        while alive(identity) and time.monotonic() < deadline:
            time.sleep(_POLL)


def children(parent: int) -> Iterator[int]:
    """Numbers of a process's children, ended ones that wait to be collected left out."""
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            stat = _stat(int(entry.name))
            if stat is not None and int(stat[_PARENT]) == parent and stat[_STATE] not in "ZX":
                yield int(entry.name)


def write_pid_file(path: Path, identity: Identity) -> None:
    """Record a process, so that whoever comes later can find and end it."""
    write_atomically(path, json.dumps(asdict(identity)))


def read_pid_file(path: Path) -> Identity | None:
    """The recorded process if it still runs; None otherwise."""
    with contextlib.suppress(OSError, ValueError, TypeError):
        identity = Identity(**json.loads(path.read_text(encoding="utf-8")))
        return identity if alive(identity) else None
    return None


def end_orphans(home: Home, grace: float = 10.0, keep: Collection[str] = ()) -> list[str]:
    """End what a supervisor that was killed left running, services first; names of what was ended.

    Only processes whose number, start time and boot are those recorded are touched, and none that is to be kept.
    """
    ended = []
    for path in sorted(home.run.glob("*.pid.json"), key=lambda item: item.name.startswith(("kafka", "mongo"))):
        name = path.name.removesuffix(".pid.json")
        if name != "supervisor" and name not in keep:
            identity = read_pid_file(path)
            if identity is not None:
                end(identity, grace)
                ended.append(name)
            path.unlink(missing_ok=True)
    return ended
