"""Sends entries to intake's doors and repeats until the outcome is known. Knows no files.

An answer 503 or a broken connection leaves open whether an entry was accepted; it is sent again with the same id, which
counts once. 429 says how long the key is to wait, which is waited and costs no patience.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from types import TracebackType
from typing import Any, Final, Self

import httpx
import orjson

from motcua.importing.reasons import ImportFailed, Reason
from shared.messages import Language

__all__ = ["IntakeClient"]

#: Seconds before the first repeat, the most between two, and the most where intake asks for more (Retry-After).
_FIRST_PAUSE, _LONGEST_PAUSE, _LONGEST_ASKED = 0.2, 2.0, 10.0
#: The most that is waited at once where intake says how long the key is to wait.
_LONGEST_TOLD = 3_600.0
_RETRIED = frozenset({408, 425, 429, 500, 502, 503, 504})
_NDJSON: Final = {"Content-Type": "application/x-ndjson"}

Sleep = Callable[[float], Awaitable[None]]


class IntakeClient:
    """A connection to intake with the importer's key.

    Args:
        url: such as http://127.0.0.1:8801.
        key: the key, `mc_…`.
        language: of the reasons intake gives.
        patience: seconds of waiting for an intake that does not answer, before giving up.
        transport, sleep: replaced in tests.
    """

    def __init__(
        self,
        url: str,
        key: str,
        *,
        language: Language = "en",
        patience: float = 300.0,
        transport: httpx.AsyncBaseTransport | None = None,
        sleep: Sleep = asyncio.sleep,
    ) -> None:
        self.url = url
        self._patience = patience
        self._sleep = sleep
        #: Seconds waited since the key sent more than its rate; what several requests wait at once counts once.
        self.waited = 0.0
        self._waits: list[float] = []
        if not key.isascii() or not key.isprintable():
            raise ImportFailed("bad_key")
        headers = {"Authorization": f"Bearer {key}", "Accept-Language": language}
        try:
            parsed = httpx.URL(url)
            if parsed.scheme not in ("http", "https") or not parsed.host:
                raise ImportFailed("bad_url", url=url)
            self._http = httpx.AsyncClient(
                base_url=parsed, headers=headers, timeout=httpx.Timeout(60.0, connect=5.0), transport=transport
            )
        except httpx.InvalidURL as error:
            raise ImportFailed("bad_url", url=url) from error

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._http.aclose()

    async def clock(self) -> tuple[str | None, str | None]:
        """`live` or `data`, and the last tick on the wire; None of what intake does not say.

        Raises:
            ImportFailed: intake is away, or refuses the key.
        """
        answer = await self._asked("GET", "/v1/clock")
        if answer.status_code in (401, 403):
            raise _refusal(answer)
        body = _json(answer)
        mode, tick = (body.get(name) if answer.is_success else None for name in ("mode", "last_tick"))
        return mode if isinstance(mode, str) else None, tick if isinstance(tick, str) else None

    async def send(self, payloads: Sequence[bytes]) -> list[Reason | None]:
        """Send entries, in their order, until each is accepted (None) or refused (the reason).

        What is sent again is sent in the same order; so in every partition an entry stands behind those before it,
        save where it was written twice.

        Raises:
            ImportFailed: intake stays away, or refuses everything (a wrong key, say).
        """
        outcomes: list[Reason | None] = [None] * len(payloads)
        open_ = list(range(len(payloads)))
        pause = _Pause(self._patience)
        while open_:
            answer = await self._asked("POST", "/v1/entries:batch", b"\n".join(payloads[i] for i in open_), _NDJSON)
            if answer.status_code == 413:
                return await self._halves(payloads, answer)
            if not answer.is_success:
                raise _refusal(answer)
            unknown = _settle(_json(answer).get("results"), open_, outcomes)
            if len(unknown) < len(open_):
                pause = _Pause(self._patience)
            open_ = unknown
            if open_:
                await self._sleep(pause.next(self.url, "503", answer))
        return outcomes

    async def _halves(self, payloads: Sequence[bytes], answer: httpx.Response) -> list[Reason | None]:
        if len(payloads) == 1:
            return [_reason(_json(answer), "entry_too_large")]
        half = len(payloads) // 2
        return [*await self.send(payloads[:half]), *await self.send(payloads[half:])]

    async def _asked(
        self, method: str, path: str, content: bytes | None = None, headers: dict[str, str] | None = None
    ) -> httpx.Response:
        """The first answer that is no "later"."""
        pause = _Pause(self._patience)
        while True:
            answer: httpx.Response | None = None
            try:
                answer = await self._http.request(method, path, content=content, headers=headers)
                if answer.status_code not in _RETRIED:
                    return answer
                why = str(answer.status_code)
                if answer.status_code == 429 and answer.headers.get("Retry-After", "").isdigit():
                    await self._wait_as_told(float(answer.headers["Retry-After"]))
                    pause = _Pause(self._patience)
                    continue
            except httpx.UnsupportedProtocol as error:
                raise ImportFailed("bad_url", url=self.url) from error
            except httpx.TransportError as error:
                why = type(error).__name__
            await self._sleep(pause.next(self.url, why, answer))

    async def _wait_as_told(self, told: float) -> None:
        seconds = min(told, _LONGEST_TOLD)
        self.waited += max(0.0, seconds - max(self._waits, default=0.0))
        self._waits.append(seconds)
        try:
            await self._sleep(seconds)
        finally:
            self._waits.remove(seconds)


class _Pause:
    """Growing pauses until patience ends."""

    def __init__(self, patience: float) -> None:
        self._left = patience
        self._next = _FIRST_PAUSE

    def next(self, url: str, why: str, answer: httpx.Response | None) -> float:
        """Seconds to wait before the next try.

        Raises:
            ImportFailed: patience has ended.
        """
        if self._left <= 0:
            raise ImportFailed("intake_away", url=url, reason=why)
        seconds = self._next
        asked = answer.headers.get("Retry-After", "") if answer is not None else ""
        if asked.isdigit():
            seconds = max(seconds, min(float(asked), _LONGEST_ASKED))
        self._next = min(2 * self._next, _LONGEST_PAUSE)
        self._left -= seconds
        return seconds


def _settle(results: Any, open_: list[int], outcomes: list[Reason | None]) -> list[int]:
    """Note what became of each line; those without a known outcome are to be sent again."""
    unknown = set(open_)
    for result in results if isinstance(results, list) else ():
        line = result.get("line") if isinstance(result, dict) else None
        if not isinstance(line, int) or not 1 <= line <= len(open_):
            continue
        at, status = open_[line - 1], result.get("status")
        if not isinstance(status, int) or status in _RETRIED:
            continue
        if status >= 300:
            problem = result.get("problem")
            outcomes[at] = _reason(problem if isinstance(problem, dict) else {}, "intake_refuses")
        unknown.discard(at)
    return sorted(unknown)


def _json(answer: httpx.Response) -> dict[str, Any]:
    try:
        body = orjson.loads(answer.content)
    except orjson.JSONDecodeError:
        return {}
    return body if isinstance(body, dict) else {}


def _reason(problem: dict[str, Any], code: str) -> Reason:
    """Intake's own words for a refusal."""
    said = " ".join(str(problem[name]) for name in ("detail", "remedy") if problem.get(name))
    given = problem.get("code")
    return Reason(given if isinstance(given, str) else code, literal=said or str(problem.get("title") or code))


def _refusal(answer: httpx.Response) -> ImportFailed:
    reason = _reason(_json(answer), "intake_refuses")
    return ImportFailed("intake_refuses", status=answer.status_code, reason=reason)
