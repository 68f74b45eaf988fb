"""What processing asks intake: whose a key is, and which reference entries it would accept from it."""

from __future__ import annotations

from typing import Any, Final

import httpx

from shared.access.asking import AskedKeys
from shared.logging import get_logger
from shared.problems.problem import Problem

__all__ = ["Keys"]

#: A whole catalogue of procedures or units is judged within this.
_CHECK_SECONDS: Final = 120.0
_log = get_logger("processing.keys")


class Keys(AskedKeys):
    """Asks intake about keys, and in their bearers' names."""

    async def check(self, key: str, lines: bytes) -> dict[str, Any]:
        """What intake says would become of reference entries, one a line, sent with a key: `entries` and `faults`.

        Raises:
            Problem: 503, intake does not answer.
        """
        headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/x-ndjson"}
        try:
            answer = await self.client.post(
                "/v1/reference:check", content=lines, headers=headers, timeout=_CHECK_SECONDS
            )
            found: dict[str, Any] = answer.raise_for_status().json()
        except (httpx.HTTPError, ValueError) as error:
            _log.warning("intake could not judge reference entries", error=type(error).__name__)
            raise Problem(503, "not_ready", value="intake", headers={"Retry-After": "2"}) from None
        return found
