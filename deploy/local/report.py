"""How a local stack is doing: its processes, where they are reached and what they say of their health.

Asks the processes; starts and stops nothing.
"""

from __future__ import annotations

import contextlib
from dataclasses import dataclass

import httpx

from deploy.local import ports
from deploy.local.backends import secantus
from deploy.local.home import SERVICES, Stack

__all__ = ["ProcessStatus", "StackStatus", "address_of", "health_of", "needs_rebuild"]


@dataclass(frozen=True, slots=True)
class ProcessStatus:
    """One process: `health` is ready, starting (answers, but not ready), unreachable, or stopped.

    `away` is what keeps it from being ready, by its own word.
    """

    name: str
    pid: int | None
    state: str
    port: int | None
    address: str
    health: str
    restarts: int
    away: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class StackStatus:
    """A whole stack: `phase` is stopped, starting, backends, topics, running, stopping or failed.

    `note` says what the start found and mended, such as a growth that was broken off.
    """

    phase: str
    error: str
    stack: Stack
    processes: list[ProcessStatus]
    note: str = ""

    @property
    def ready(self) -> bool:
        """Whether everything runs and says it is ready."""
        return self.phase == "running" and all(item.health == "ready" for item in self.processes)


def address_of(name: str, port: int | None) -> str:
    """Where a process is reached: bootstrap server, MongoDB URI or base URL; nothing without a port."""
    if port is None:
        return ""
    if name.startswith("kafka"):
        return f"{ports.HOST}:{port}"
    return secantus.uri(port) if name == "mongo" else f"http://{ports.HOST}:{port}"


def health_of(name: str, port: int | None, language: str = "en") -> tuple[str, tuple[str, ...]]:
    """What a process says of itself now: ready, starting (answers, but not ready) or unreachable; and why not ready.

    Args:
        name: of the process.
        port: its port; None for one without.
        language: of the reasons, "vi" or "en".
    """
    if port is None:
        return "ready", ()
    if not name.startswith(SERVICES):
        return "ready" if ports.answers(port) else "unreachable", ()
    headers = {"Accept-Language": language}
    try:
        with httpx.Client(trust_env=False, timeout=2.0, headers=headers) as client:
            answer = client.get(f"http://{ports.HOST}:{port}/health/ready")
    except httpx.HTTPError:
        return "unreachable", ()
    if answer.status_code == httpx.codes.OK:
        return "ready", ()
    with contextlib.suppress(ValueError, AttributeError, TypeError):
        return "starting", tuple(map(str, answer.json().get("away", [])))
    return "starting", ()


def needs_rebuild(process: ProcessStatus) -> str | None:
    """Why processing waits for a rebuild: another engine derived what is there; None where it does not."""
    if process.name != "processing" or process.health != "starting":
        return None
    return next((reason for reason in process.away if "motcua rebuild" in reason), None)
