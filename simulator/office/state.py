"""Where the simulated province stands: `simulator.json` in the stack's home. Knows one file; plays and sends nothing.

`sending` is written before a span is sent and `sent` after it, so that after a crash the span is sent again with the
same ids (harmless) and nothing is left out.
"""

from __future__ import annotations

import fcntl
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from deploy.local.home import write_atomically
from simulator.office.player import Score

__all__ = ["FILE", "SimulatorState", "StateError", "only_one"]

FILE = "simulator.json"
_FORMAT = 1
_LOCK = "simulator.lock"


class StateError(Exception):
    """The state file cannot be used; the message says what to do."""


@contextmanager
def only_one(home: Path) -> Iterator[None]:
    """Hold a home's right to simulate; the kernel releases it whatever ends this process.

    Raises:
        StateError: another simulator plays there.
    """
    with (home / _LOCK).open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise StateError(f"a simulator is playing in {home} already: end it first (Ctrl-C in its demo)") from error
        yield


@dataclass(slots=True)
class SimulatorState:
    """What was played and how far; instants in UTC microseconds.

    Args:
        seed: seed of the province.
        per_day: dossiers of an ordinary working day.
        start: first simulated day, ISO text.
        sent: everything sent before this instant is with intake.
        sending: end of the span in hand; never before `sent`.
        goal: the instant the history in hand ends at, for progress.
        phase: history, live or stopped.
        sessions: live sessions as [start, end or None].
        accepted: entries intake took.
        refused: entries intake refused, as some must be.
        introduced: whether units, procedures and routes are with intake.
    """

    seed: int
    per_day: int
    start: str
    sent: int
    sending: int
    goal: int = 0
    phase: str = "stopped"
    sessions: list[tuple[int, int | None]] = field(default_factory=list)
    accepted: int = 0
    refused: int = 0
    introduced: bool = False

    @property
    def score(self) -> Score:
        """What is to be played, sessions included."""
        return Score(self.seed, self.per_day, date.fromisoformat(self.start), list(self.sessions))

    def close_sessions(self) -> None:
        """End a live session that was left open: it reached to the end of the span last begun."""
        self.sessions = [(start, self.sending if end is None else end) for start, end in self.sessions]

    def save(self, home: Path) -> None:
        """Write the state atomically."""
        write_atomically(home / FILE, json.dumps({"format": _FORMAT} | asdict(self), indent=1) + "\n")

    @classmethod
    def load(cls, home: Path) -> SimulatorState | None:
        """The state of a home folder; None where nothing was ever simulated.

        Raises:
            StateError: the file is damaged or of another version.
        """
        try:
            content: dict[str, Any] = json.loads((home / FILE).read_text(encoding="utf-8"))
            written_as = content.pop("format")
            content["sessions"] = [(start, end) for start, end in content["sessions"]]
            state = cls(**content)
        except FileNotFoundError:
            return None
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
            raise StateError(f"{home / FILE} cannot be read ({error}); run `motcua demo-clean` or remove it") from error
        if written_as != _FORMAT:
            raise StateError(f"{home / FILE} was written by another version; run `motcua demo-clean` or remove it")
        return state
