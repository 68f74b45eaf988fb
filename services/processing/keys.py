"""Who asks: the sender of a key, told by intake, which alone knows keys. Answers are kept for some seconds.

Keys themselves are neither kept nor logged, only their hashes.
"""

from __future__ import annotations

import hashlib
import time
from dataclasses import dataclass
from typing import Final

import httpx

from shared.logging import get_logger
from shared.problems import Problem

__all__ = ["Asker", "Keys"]

_KEEP_SECONDS: Final = 15.0
_MOST_KEPT: Final = 10_000
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

    async def close(self) -> None:
        """Close the connections."""
        await self._client.aclose()
