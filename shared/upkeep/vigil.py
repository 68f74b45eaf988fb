"""Decides from what a process answers at /health/live, or does not, when it has to be started anew. Asks nobody."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, Final, Literal

__all__ = ["Answer", "Vigil", "answer_of"]

#: What a process said: it is well, it still loads, it cannot go on, or nothing.
Answer = Literal["ok", "loading", "ended", "silent"]
#: One look accounts for so many seconds of silence at most: whoever looks may have been asleep itself.
_LONGEST_LOOK: Final = 15.0


def answer_of(status: int, body: str) -> Answer:
    """What an answer of /health/live says, by its HTTP status and body."""
    if status != 200:
        return "ended"
    return "loading" if body.strip() == "loading" else "ok"


@dataclass
class Vigil:
    """What was seen of one process so far.

    Args:
        patience: seconds without being told that it is well, after which it is started anew; 0: never.
        ill: seconds for which it has not been well.
        looked_at: when it was looked at last, in seconds of a clock that never goes back.
        loading: whether the last answer said that it still loads: for that it may be silent as long as it takes.
    """

    patience: float
    ill: float = 0.0
    looked_at: float | None = None
    loading: bool = False

    def look(self, now: float, answer: Answer) -> bool:
        """Take note of an answer; whether the process has to be started anew."""
        since = 0.0 if self.looked_at is None else min(now - self.looked_at, _LONGEST_LOOK)
        self.looked_at = now
        if answer in ("ok", "loading"):
            self.ill, self.loading = 0.0, answer == "loading"
            return False
        if answer == "silent" and self.loading:
            return False
        self.ill += since
        return 0 < self.patience <= self.ill

    def kept(self) -> dict[str, Any]:
        """Everything it knows, for JSON; `Vigil(**kept)` goes on from there."""
        return asdict(self)
