"""What intake knows: whose a key is, kept for some seconds, and which reference entries it would accept from it.

Keys themselves are neither kept nor logged, only their hashes.
"""

from __future__ import annotations

import hashlib
import time
from dataclasses import dataclass
from typing import Any, Final

import httpx

from shared.logging import get_logger
from shared.problems import Problem

__all__ = ["Asker", "Keys"]

_KEEP_SECONDS: Final = 15.0
_MOST_KEPT: Final = 10_000
#: A whole catalogue of procedures or units is judged within this.
_CHECK_SECONDS: Final = 120.0
_log = get_logger("processing.keys")


@dataclass(frozen=True, slots=True)
class Asker:
    """The sender behind a key and what it may do."""

    sender: str
    roles: frozenset[str]


class Keys:
    """Asks intake about keys.

    Args:
        intake: base URL of intake.
        transport: another way to reach it, for tests.
    """

    def __init__(self, intake: str, transport: httpx.AsyncBaseTransport | None = None) -> None:
        self._client = httpx.AsyncClient(base_url=intake, timeout=3.0, transport=transport, trust_env=False)
        self._known: dict[bytes, tuple[float, Asker]] = {}

    async def find(self, key: str) -> Asker:
        """The sender of a key.

        Raises:
            Problem: 401, no such key; 503, intake does not answer.
        """
        digest = hashlib.sha256(key.encode()).digest()
        kept = self._known.get(digest)
        if kept is not None and kept[0] > time.monotonic():
            return kept[1]
        asker = await self._ask(key)
        if len(self._known) >= _MOST_KEPT:
            self._known.clear()
        self._known[digest] = (time.monotonic() + _KEEP_SECONDS, asker)
        return asker

    async def _ask(self, key: str) -> Asker:
        if not key.isascii() or not key.isprintable():
            raise Problem(401, "key_unknown", headers={"WWW-Authenticate": "Bearer"})
        try:
            answer = await self._client.get("/v1/senders/me", headers={"Authorization": f"Bearer {key}"})
            if answer.status_code in (401, 403):
                raise Problem(401, "key_unknown", headers={"WWW-Authenticate": "Bearer"})
            answer.raise_for_status()
            told = answer.json()
            return Asker(str(told["sender"]), frozenset(told["roles"]))
        except (httpx.HTTPError, ValueError, KeyError, TypeError) as error:
            _log.warning("intake could not tell whose key it is", error=type(error).__name__)
            raise Problem(503, "not_ready", value="intake", headers={"Retry-After": "2"}) from None

    async def check(self, key: str, lines: bytes) -> dict[str, Any]:
        """What intake says would become of reference entries, one a line, sent with a key: `entries` and `faults`.

        Raises:
            Problem: 503, intake does not answer.
        """
        headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/x-ndjson"}
        try:
            answer = await self._client.post(
                "/v1/reference:check", content=lines, headers=headers, timeout=_CHECK_SECONDS
            )
            found: dict[str, Any] = answer.raise_for_status().json()
        except (httpx.HTTPError, ValueError) as error:
            _log.warning("intake could not judge reference entries", error=type(error).__name__)
            raise Problem(503, "not_ready", value="intake", headers={"Retry-After": "2"}) from None
        return found

    async def close(self) -> None:
        """Close the connections."""
        await self._client.aclose()
