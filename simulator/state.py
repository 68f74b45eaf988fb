"""Where the simulated province stands: `simulator.json` in the stack's home. Knows one file; plays and sends nothing.

`sending` is written before a span is sent and `sent` after it, so that after a crash the span is sent again with the
same ids (harmless) and nothing is left out.
"""

from __future__ import annotations

import fcntl
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any

from deploy.local.home import write_atomically
from simulator.score import Score

__all__ = ["FILE", "SimulatorState", "StateError", "only_one"]

FILE = "simulator.json"
_FORMAT = 2
_LOCK = "simulator.lock"
#: Working days of a year, to turn daily into yearly numbers.
_WORKING_DAYS = 249
#: Few enough that some dossiers a day reach each.
_COMMUNES = 24
_YEARS = 10


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
        accepted: entries intake took.
        refused: entries intake refused, as some must be.
    """

    seed: int
    per_day: int
    start: str
    sent: int
    sending: int
    goal: int = 0
    phase: str = "stopped"
    accepted: int = 0
    refused: int = 0

    @property
    def score(self) -> Score:
        """What is to be played: longer than anybody looks on, since the days before are the same whatever follows."""
        first = date.fromisoformat(self.start)
        last = date(first.year + _YEARS, 12, 31)
        return Score("province", self.seed, first, last, dossiers=self.per_day * _WORKING_DAYS, communes=_COMMUNES)

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
            state = cls(**content)
        except FileNotFoundError:
            return None
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
            raise StateError(f"{home / FILE} cannot be read ({error}); run `motcua demo-clean` or remove it") from error
        if written_as != _FORMAT:
            raise StateError(f"{home / FILE} was written by another version; run `motcua demo-clean` or remove it")
        return state
