"""Sends the simulated province's entries and ticks through intake's batch door, again until intake has them.

Knows the door's answers; knows nothing of what is played. Harmless to repeat: every entry has its own fixed id.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import httpx
import orjson

from shared.instants import to_rfc3339

__all__ = ["Feed", "FeedError", "Stopped", "tick_entry"]

_LARGEST_BATCH: Final = 2_000
_PAUSE_SECONDS: Final = 1.0
_OF_ANOTHER_KIND: Final = frozenset({"simulated_on_real", "clock_is_live", "right_missing"})


class FeedError(Exception):
    """The stack will not take simulated entries; the message says what to do."""


class Stopped(Exception):  # noqa: N818 - no error: the operator asked for it
    """The operator asked for the end while entries were being sent again."""


@dataclass(slots=True)
class Told:
    """What became of a batch."""

    accepted: int = 0
    refused: int = 0


def tick_entry(instant: int) -> dict[str, Any]:
    """A tick of the simulated clock; its id is its instant, so that a repeated tick is the same entry."""
    time = to_rfc3339(instant)
    return {
        "specversion": "1.0",
        "type": "clock.ticked",
        "source": "sim/clock",
        "id": f"tick/{time}",
        "subject": "clock",
        "time": time,
        "simulated": True,
        "data": {},
    }


class Feed:
    """A sender at intake's batch door.

    Args:
        intake: base URL of intake.
        key: sender key with the roles sender and clock.
        stop: set when the operator wants the end.
        client: an HTTP client of one's own, for tests.
    """

    def __init__(self, intake: str, key: str, stop: threading.Event, client: httpx.Client | None = None) -> None:
        self._url = f"{intake}/v1/entries:batch"
        self._headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/x-ndjson"}
        self._stop = stop
        self._client = client or httpx.Client(trust_env=False, timeout=httpx.Timeout(60, connect=3))

    def send(self, entries: Sequence[dict[str, Any]]) -> Told:
        """Send entries in order; returns when each is accepted or refused.

        Raises:
            FeedError: the stack is of another kind, or the key does not do.
            Stopped: the operator wanted the end while intake was away.
        """
        told = Told()
        for first in range(0, len(entries), _LARGEST_BATCH):
            left = list(entries[first : first + _LARGEST_BATCH])
            while left:
                left = self._attempt(left, told)
                if left and self._stop.wait(_PAUSE_SECONDS):
                    raise Stopped
        return told

    def _attempt(self, entries: list[dict[str, Any]], told: Told) -> list[dict[str, Any]]:
        """Send once; returns the entries of which it is not known that they were accepted."""
        body = b"\n".join(orjson.dumps(entry) for entry in entries)
        try:
            answer = self._client.post(self._url, content=body, headers=self._headers)
        except httpx.TransportError:
            return entries
        if answer.status_code in (401, 403):
            raise FeedError(f"intake refused the key ({answer.status_code}): stop the stack and run `motcua up` again")
        if answer.status_code == httpx.codes.TOO_MANY_REQUESTS and self._stop.wait(_told_pause(answer)):
            raise Stopped
        if answer.status_code != httpx.codes.OK:
            return entries
        unknown = []
        for entry, result in zip(entries, answer.json()["results"], strict=True):
            status = result["status"]
            if status == httpx.codes.ACCEPTED:
                told.accepted += 1
            elif status >= httpx.codes.INTERNAL_SERVER_ERROR:
                unknown.append(entry)
            else:
                told.refused += 1
                _check_kind(result.get("problem", {}))
        return unknown


def _told_pause(answer: httpx.Response) -> float:
    """Seconds that intake tells the key to wait."""
    told = answer.headers.get("Retry-After", "")
    return float(told) if told.isdigit() else _PAUSE_SECONDS


def _check_kind(problem: dict[str, Any]) -> None:
    if problem.get("code") in _OF_ANOTHER_KIND:
        raise FeedError(f"{problem.get('detail')} {problem.get('remedy')}")
