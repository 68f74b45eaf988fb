"""A client that imports entries through the batch door and repeats whatever it does not know to be accepted.

Runs in a thread of its own, so that faults happen while it sends; the test opens its way stretch by stretch.
"""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Mapping
from typing import Any

import httpx

from tests.waiting import between_tries

__all__ = ["Sender"]

#: Small batches with a breath between them: the sender never stands still for long, nor is it done before the faults.
_BATCH = 10


class Sender(threading.Thread):
    """Sends entries in their order.

    Args:
        url: address of intake.
        key: a sender's key.
        entries: what to send.
        keys: by source, the key that speaks for it instead.
        patience: seconds without any progress after which it gives up.
    """

    def __init__(
        self,
        url: str,
        key: str,
        entries: list[dict[str, Any]],
        *,
        keys: Mapping[str, str] | None = None,
        patience: float = 90,
    ) -> None:
        super().__init__(name="sender", daemon=True)
        self.acknowledged: list[dict[str, Any]] = []
        self.repeated = 0
        self.failure: str | None = None
        self._entries = entries
        self._patience = patience
        self._limit = 0
        #: Why the newest try brought nothing in.
        self._last = ""
        self._moved = threading.Condition()
        self._key = key
        self._keys = keys or {}
        self._client = httpx.Client(base_url=url, trust_env=False, timeout=15)

    def allow(self, limit: int) -> None:
        """Let it send up to this many entries."""
        with self._moved:
            self._limit = limit
            self._moved.notify_all()

    def wait_for(self, count: int, seconds: float) -> None:
        """Return when this many entries are acknowledged.

        Raises:
            AssertionError: it failed, or did not get there in time.
        """
        with self._moved:
            self._moved.wait_for(lambda: self.failure or len(self.acknowledged) >= count, seconds)
        assert self.failure is None, self.failure
        assert len(self.acknowledged) >= count, f"{len(self.acknowledged)} of {count} after {seconds:.0f} s"

    def run(self) -> None:
        """Send everything; a failure is kept for `wait_for` to tell."""
        try:
            place = 0
            while place < len(self._entries):
                with self._moved:
                    self._moved.wait_for(lambda at=place: self._limit > at)  # type: ignore[misc]
                    end = min(self._limit, place + _BATCH)
                self._send(self._entries[place:end])
                place = end
                between_tries()
        except (AssertionError, httpx.HTTPError, ValueError, KeyError) as error:
            with self._moved:
                self.failure = f"{type(error).__name__}: {error}"
                self._moved.notify_all()

    def _send(self, batch: list[dict[str, Any]]) -> None:
        deadline = time.monotonic() + self._patience
        while batch:
            left = self._try(batch)
            with self._moved:
                self._moved.notify_all()
            if len(left) < len(batch):
                deadline = time.monotonic() + self._patience
            if left:
                assert time.monotonic() < deadline, f"nothing accepted for {self._patience:.0f} s; last: {self._last}"
                self.repeated += len(left)
                between_tries()
            batch = left

    def _try(self, batch: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """Send a batch once, each entry by its key; what has to be sent again."""
        by_key: dict[str, list[dict[str, Any]]] = {}
        for entry in batch:
            by_key.setdefault(self._keys.get(entry["source"], self._key), []).append(entry)
        return [entry for key, some in by_key.items() for entry in self._post(key, some)]

    def _post(self, key: str, batch: list[dict[str, Any]]) -> list[dict[str, Any]]:
        headers = {"Content-Type": "application/x-ndjson", "Authorization": f"Bearer {key}"}
        body = b"\n".join(json.dumps(entry).encode() for entry in batch)
        try:
            answer = self._client.post("/v1/entries:batch", content=body, headers=headers)
        except httpx.TransportError as error:
            self._last = repr(error)
            return batch
        if answer.status_code in (500, 502, 503, 504):
            self._last = f"{answer.status_code} {answer.text[:500]}"
            return batch
        assert answer.status_code == 200, f"{answer.status_code} {answer.text[:500]}"
        left = []
        for entry, result in zip(batch, answer.json()["results"], strict=True):
            if result["status"] == 202:
                self.acknowledged.append(entry)
            else:
                assert result["status"] == 503, result
                self._last = str(result)[:500]
                left.append(entry)
        return left
