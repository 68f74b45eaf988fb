"""Ports of a local stack: the preferred one, else the next free one; a stack keeps the ports it once had.

Knows only sockets of 127.0.0.1; who uses a port is decided elsewhere. Stacks that start at the same time do not
choose the same port: a supervisor claims its ports by locks that the kernel releases when it ends.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import socket
import tempfile
from collections.abc import Collection, Iterable, Iterator, Mapping
from pathlib import Path
from typing import IO

from deploy.local.errors import StackError

__all__ = ["HOST", "PREFERRED", "answers", "assign", "choose", "choosing", "claim", "is_free"]

HOST = "127.0.0.1"

#: First choice by process name; replicas and further epochs look upwards from these.
PREFERRED: dict[str, int] = {
    "intake": 8801,
    "processing": 8802,
    "metrics": 8803,
    "kafka": 19092,
    "controller": 19093,
    "mongo": 27117,
}

_ATTEMPTS = 500

#: Claims of this process, by port; closed by the kernel at its end.
_claims: dict[int, IO[str]] = {}


def _claims_folder() -> Path:
    folder = Path(tempfile.gettempdir()) / f"motcua-ports-{os.getuid()}"
    folder.mkdir(mode=0o700, exist_ok=True)
    return folder


@contextlib.contextmanager
def choosing() -> Iterator[None]:
    """Only one stack of this user chooses ports at a time; hold it until the chosen ports are claimed."""
    with (_claims_folder() / "choosing.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def claim(wanted: Iterable[int]) -> None:
    """Hold these ports until this process ends, also while nobody listens on them (a service being restarted)."""
    for port in wanted:
        if port not in _claims and (lock := _lock(port)) is not None:
            _claims[port] = lock


def _lock(port: int) -> IO[str] | None:
    lock = (_claims_folder() / f"{port}.lock").open("w")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        lock.close()
        return None
    return lock


def _claimed_by_another(port: int) -> bool:
    if port in _claims:
        return False
    lock = _lock(port)
    if lock is None:
        return True
    lock.close()
    return False


def is_free(port: int) -> bool:
    """Whether nobody listens on this port and no other stack claims it (connections in closing wait do not count)."""
    if _claimed_by_another(port):
        return False
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
    return True


def answers(port: int, timeout: float = 0.5) -> bool:
    """Whether somebody accepts connections on this port within `timeout` seconds."""
    try:
        with socket.create_connection((HOST, port), timeout=timeout):
            return True
    except OSError:
        return False


def choose(preferred: int, taken: Collection[int] = ()) -> int:
    """The preferred port, else the next one upwards that is free and not in `taken`.

    Raises:
        StackError: none of the next 500 ports is free.
    """
    for port in range(preferred, min(preferred + _ATTEMPTS, 65_536)):
        if port not in taken and is_free(port):
            return port
    raise StackError(f"port {preferred}: neither it nor the next {_ATTEMPTS} are free; end what listens there")


def assign(wanted: Mapping[str, int], remembered: Mapping[str, int], held: Collection[str] = ()) -> dict[str, int]:
    """A distinct free port for each name: the remembered one if it still is free, else upwards from the wanted one.

    The next free one is none that another name prefers, so one busy port does not shift all others.

    Args:
        wanted: preferred port by name.
        remembered: ports the stack had before; those of names not wanted are never given to others.
        held: names whose remembered port is in use by themselves.
    """
    given: dict[str, int] = {}
    for name, preferred in wanted.items():
        others = {port for other, port in remembered.items() if other != name} | set(given.values())
        others |= {port for other, port in wanted.items() if other != name} - {preferred}
        before = remembered.get(name)
        if before is not None and before not in given.values() and (name in held or is_free(before)):
            given[name] = before
        else:
            given[name] = choose(preferred, others)
    return given
