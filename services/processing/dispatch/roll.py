"""Asks intake which agencies are disabled. Knows its HTTP interface; tells nobody anything."""

from __future__ import annotations

from typing import Final

import httpx

from shared.logging import get_logger

__all__ = ["Roll"]

#: Telling waits for it, every ten seconds at most.
_SECONDS: Final = 2.0
_log = get_logger("processing.dispatch")


class Roll:
    """Asks intake which agencies are disabled.

    Args:
        intake: base URL of intake.
        key: processing's own; None where it has none, and intake refuses.
        transport: another way to reach it, for tests.
    """

    def __init__(self, intake: str, key: str | None, transport: httpx.AsyncBaseTransport | None = None) -> None:
        headers = {} if key is None else {"Authorization": f"Bearer {key}"}
        self._client = httpx.AsyncClient(
            base_url=intake, headers=headers, timeout=_SECONDS, transport=transport, trust_env=False
        )
        self._answers = True

    async def disabled(self) -> frozenset[str] | None:
        """The disabled units; None while intake does not say, which is told in the log once."""
        try:
            answer = await self._client.get("/v1/agencies")
            answer.raise_for_status()
            found = frozenset(str(one["unit"]) for one in answer.json()["agencies"] if not one["enabled"])
        except (httpx.HTTPError, ValueError, KeyError, TypeError) as error:
            if self._answers:
                _log.warning("intake does not tell the agencies; the last list holds", error=type(error).__name__)
            self._answers = False
            return None
        self._answers = True
        return found

    async def close(self) -> None:
        """Close the connections."""
        await self._client.aclose()
