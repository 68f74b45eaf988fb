"""Which processes of a stack run on after their supervisor was killed and may be kept as they are. Starts nothing.

Beside who a process is (`processes.Identity`) it is noted what it was started as: one that would be started otherwise
now, with other settings or at another port, is no more what is wanted.
"""

from __future__ import annotations

import hashlib
import json
import signal
from collections.abc import Iterable, Mapping
from pathlib import Path

from deploy.local import processes
from deploy.local.children import ChildSpec
from deploy.local.home import Home, write_atomically

__all__ = ["note", "running", "taken_over"]

_OWN = "MOTCUA_"


def note(home: Home, spec: ChildSpec, identity: processes.Identity) -> None:
    """Record a process and what it was started as. Raises OSError."""
    write_atomically(_mark_file(home, spec.name), _mark(spec))
    processes.write_pid_file(home.pid_file(spec.name), identity)


def taken_over(home: Home, spec: ChildSpec) -> processes.Identity | None:
    """The process that runs as just this already; one that runs as something else, or is frozen, is ended first."""
    identity = processes.read_pid_file(home.pid_file(spec.name))
    if identity is None:
        return None
    try:
        same = _mark_file(home, spec.name).read_text(encoding="utf-8") == _mark(spec)
    except OSError:
        same = False
    frozen = processes.stopped(identity)
    if same and not frozen:
        return identity
    if frozen:
        # It is not woken: it would first write what is out of date.
        processes.send(identity, signal.SIGKILL)
    processes.end(identity, spec.grace)
    return None


def running(home: Home, names: Iterable[str]) -> list[str]:
    """Which of the processes run, though nobody may keep them."""
    return [name for name in names if processes.read_pid_file(home.pid_file(name)) is not None]


def _mark_file(home: Home, name: str) -> Path:
    return home.run / f"{name}.started-as"


def _mark(spec: ChildSpec) -> str:
    own: Mapping[str, str] = {key: value for key, value in spec.env.items() if key.startswith(_OWN)}
    content = json.dumps([spec.argv, spec.fallback, spec.port, own], sort_keys=True)
    return hashlib.sha256(content.encode()).hexdigest()
