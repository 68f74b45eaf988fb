"""A keyring that asks intake, which keeps the keys, and goes on with what it knew while intake does not answer.

Keys themselves are neither kept nor logged, only their hashes.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import httpx

from shared.access.bearer import Bearer
from shared.access.keys import hash_key, is_sendable
from shared.logging import get_logger
from shared.problems.problem import Problem

__all__ = ["AGAIN_SECONDS", "HOLD_SECONDS", "KEEP_SECONDS", "AskedKeys"]

#: Seconds an answer is remembered: as long a disabled key goes on.
KEEP_SECONDS: Final = 15.0
#: Seconds from the last answer that a known key goes on while intake does not answer.
HOLD_SECONDS: Final = 3_600.0
#: Seconds from a try that failed to the next one about a known key, so that not every question waits for it.
AGAIN_SECONDS: Final = 2.0
_ASK_SECONDS: Final = 3.0
_MOST_KEPT: Final = 10_000
_log = get_logger("access")


@dataclass(slots=True)
class _Known:
    bearer: Bearer
    told_at: float
    tried_at: float


class AskedKeys:
    """Whose a key is, by intake's word.

    Args:
        intake: base URL of intake.
        transport: another way to reach it, for tests.
        clock: monotonic seconds.
    """

    def __init__(
        self,
        intake: str,
        transport: httpx.AsyncBaseTransport | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.client = httpx.AsyncClient(base_url=intake, timeout=_ASK_SECONDS, transport=transport, trust_env=False)
        self._clock = clock
        self._known: dict[str, _Known] = {}
        self._under_way: dict[str, asyncio.Task[Bearer]] = {}
        self._answers = True

    @property
    def answers(self) -> bool:
        """Whether intake answered when it was asked last."""
        return self._answers

    async def find(self, key: str) -> Bearer:
        """The bearer of a key, as intake said within the last 15 s, or within the last hour while it does not answer.

        Raises:
            Problem: 401 nobody's; 403 its bearer is disabled; 503 intake does not answer, and the key is not known.
        """
        if not is_sendable(key):
            raise _unknown()
        hashed = hash_key(key)
        known = self._known.get(hashed)
        if known is not None:
            now = self._clock()
            if now - known.told_at < KEEP_SECONDS:
                return known.bearer
            if now - known.tried_at < AGAIN_SECONDS and now - known.told_at < HOLD_SECONDS:
                return known.bearer
        asking = self._under_way.get(hashed)
        if asking is None:
            asking = self._under_way[hashed] = asyncio.create_task(self._ask(key, hashed))
            asking.add_done_callback(lambda done: self._asked(hashed, done))
        # Who leaves does not take the answer from the others.
        return await asyncio.shield(asking)

    def _asked(self, hashed: str, done: asyncio.Task[Bearer]) -> None:
        del self._under_way[hashed]
        if not done.cancelled():
            done.exception()

    async def _ask(self, key: str, hashed: str) -> Bearer:
        asked_at = self._clock()
        try:
            answer = await self.client.get("/v1/senders/me", headers={"Authorization": f"Bearer {key}"})
            if answer.status_code in (401, 403):
                self._answers = True
                self._known.pop(hashed, None)
                raise _refused(answer)
            answer.raise_for_status()
            bearer = _bearer(answer)
        except (httpx.HTTPError, ValueError, KeyError, TypeError) as error:
            return self._unanswered(hashed, error)
        if not self._answers:
            _log.info("intake tells again whose keys are")
        self._answers = True
        self._known.pop(hashed, None)
        if len(self._known) >= _MOST_KEPT:
            del self._known[next(iter(self._known))]
        # By the moment of asking: an answer may have been on its way for seconds.
        self._known[hashed] = _Known(bearer, asked_at, asked_at)
        return bearer

    def _unanswered(self, hashed: str, error: Exception) -> Bearer:
        if self._answers:
            _log.warning("intake does not tell whose keys are; those known go on", error=type(error).__name__)
        self._answers = False
        known, now = self._known.get(hashed), self._clock()
        if known is None or now - known.told_at >= HOLD_SECONDS:
            raise Problem(503, "not_ready", value="intake", headers={"Retry-After": "2"}) from None
        known.tried_at = now
        return known.bearer

    async def close(self) -> None:
        """Close the connections."""
        for task in list(self._under_way.values()):
            task.cancel()
        await self.client.aclose()


def _bearer(answer: httpx.Response) -> Bearer:
    told = answer.json()
    return Bearer(
        str(told["sender"]),
        tuple(map(str, told.get("sources", ()))),
        tuple(map(str, told.get("units", ()))),
        frozenset(map(str, told["roles"])),
    )


def _unknown() -> Problem:
    return Problem(401, "key_unknown", headers={"WWW-Authenticate": 'Bearer error="invalid_token"'})


def _refused(answer: httpx.Response) -> Problem:
    """What intake refused, in its words where they are of a disabled bearer."""
    if answer.status_code == 403:
        try:
            told = answer.json()
            return Problem(403, "sender_disabled", value=told.get("value"))
        except (ValueError, AttributeError):
            pass
    return _unknown()
