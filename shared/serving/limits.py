"""How long a connection may take for what, and how slow a body may come. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

__all__ = ["SPARE", "ConnectionLimits", "Pace", "Phase"]

#: Connections kept beside the limit for health checks and metrics.
SPARE: Final = 16

#: `idle`: nothing of a request is there; `head`: a part of its head; `work`: its head is there and its answer is not
#: out yet; `rest`: the answer is out and the body is still coming.
Phase = Literal["idle", "head", "work", "rest"]


@dataclass(frozen=True, slots=True)
class ConnectionLimits:
    """What one server allows; times are seconds.

    Args:
        connections: how many at a time.
        idle: how long one may wait for a request to begin.
        head: how long a request's head may take from its first byte.
        body: how long a body may stand still, and how long what is left of one is read once the answer is out.
        rate: bytes a second that a body must bring in the long run.
    """

    connections: int
    idle: float
    head: float
    body: float
    rate: int

    def seconds(self, phase: Phase) -> float | None:
        """How long a connection may stay in a phase; None for ever, as while it waits for the answer."""
        return {"idle": self.idle, "head": self.head, "rest": self.body, "work": None}[phase]


class Pace:
    """How long a body under way may still keep its server waiting.

    It may stand still for `seconds`; every byte gives back what it may take at `rate`, never more than `seconds`. So a
    slow body that moves goes on as long as it must, and one that drips does not.

    Args:
        seconds: how long it may stand still.
        rate: bytes a second it must bring in the long run.
    """

    def __init__(self, seconds: float, rate: int) -> None:
        self._most = seconds
        self._rate = rate
        #: Seconds it may still keep its server waiting.
        self.left = seconds

    def came(self, size: int, waited: float) -> None:
        """Note `size` bytes for which the server waited some seconds."""
        self.left = min(self._most, max(self.left - waited, 0.0) + size / self._rate)
