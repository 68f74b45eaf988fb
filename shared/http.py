"""What every service's HTTP door has: a limit on bodies, and the routes for health and metrics. Knows no service."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Final

from fastapi import FastAPI, Request
from prometheus_client import CONTENT_TYPE_LATEST
from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from shared.access.documents import describe_rights
from shared.access.refusing import watch_refusals
from shared.access.routes import open_to_all
from shared.broker.transactions import log_transactions, measure_transactions, transaction_notes
from shared.catalogue.base import Meters
from shared.identity import STACK_HEADER
from shared.messages import Language, choose_language
from shared.notes import in_language
from shared.problems.problem import Problem
from shared.upkeep.loops import Loops

__all__ = ["LOADING", "BodyLimit", "add_operations"]


#: What /health/live answers while the service loads.
LOADING: Final = "loading"


class BodyLimit:
    """ASGI middleware: a body above the limit is a 413 problem, before it is held in memory.

    Add it before `problems.install`, which puts the layer that answers around it.

    Args:
        app: the application inside.
        limits: bytes allowed by path, or by the beginning of paths where it ends in `*`; others have `default`.
        default: bytes allowed elsewhere.
    """

    def __init__(self, app: ASGIApp, default: int = 65_536, limits: dict[str, int] | None = None) -> None:
        self._app = app
        self._default = default
        self._limits = limits or {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        limit = self._limit_of(scope["path"])
        announced = Headers(scope=scope).get("content-length", "")
        if announced.isdecimal() and int(announced[:20]) > limit:
            raise Problem(413, "body_too_large", limit=limit, headers={"Connection": "close"})
        seen = 0

        async def receive_limited() -> Message:
            nonlocal seen
            message = await receive()
            seen += len(message.get("body", b""))
            if seen > limit:
                raise Problem(413, "body_too_large", limit=limit, headers={"Connection": "close"})
            return message

        await self._app(scope, receive_limited, send)

    def _limit_of(self, path: str) -> int:
        if path in self._limits:
            return self._limits[path]
        covering = (limit for begin, limit in self._limits.items() if begin[-1:] == "*" and path.startswith(begin[:-1]))
        return max(covering, default=self._default)


def _not_ready(away: list[str], language: Language) -> Problem:
    """Why a service is not ready; of what does not go on by itself, a note says what is to be done."""
    told = [in_language(one, language) for one in away]
    remedies = [one.partition(" → ")[2] for one in told if " → " in one]
    return Problem(
        503,
        "not_ready",
        value="; ".join(one.partition(" → ")[0] for one in told),
        extra={"away": told},
        headers={"Retry-After": "2"},
        words="not_ready_until_mended" if remedies else None,
        remedy="; ".join(remedies),
    )


def add_operations(
    app: FastAPI,
    ready: Callable[[], Awaitable[list[str]]],
    meters: Meters,
    loops: Loops,
    *,
    notes: Callable[[], list[str]] | None = None,
    loading: Callable[[], bool] = lambda: False,
    stack: str = "",
) -> None:
    """Add /health/live, /health/ready and /metrics.

    Args:
        app: the application.
        ready: tells what is away or wrong, in a few words each; nothing means ready.
        meters: the service's metrics.
        loops: what the service lives by; one that ended makes it ill, which a supervisor mends by a new process.
        notes: what is wrong without keeping the service from its work, in a few words each; transactions in topics that
            only services write are told beside them.
        loading: whether it still loads what it works with, for which it may hold its own answers up: whoever watches
            over the process has patience with it.
        stack: identity of the stack, a header of what /health/live answers; none where it is empty.
    """
    log_transactions()
    identity = {STACK_HEADER: stack} if stack else {}
    app.state.meters = meters
    one_by_one = asyncio.Lock()

    describe_rights(app)
    watch_refusals(app, meters)

    @app.get(
        "/health/live",
        tags=["operations"],
        dependencies=[open_to_all],
        summary="Is the process alive?",
        response_class=PlainTextResponse,
        responses={503: {"description": "A loop it lives by ended; start the process anew. `value` names it"}},
    )
    async def live(response: Response) -> str:
        response.headers.update(identity)
        ended = loops.ended()
        if ended:
            raise Problem(503, "not_alive", value="; ".join(ended), extra={"ended": ended}, headers=identity)
        return LOADING if loading() else "ok"

    @app.get(
        "/health/ready",
        tags=["operations"],
        dependencies=[open_to_all],
        summary="Can the service do its work now?",
        response_class=PlainTextResponse,
        responses={503: {"description": "Something it needs is away; `value` and `away` name it"}},
    )
    async def is_ready(request: Request) -> str:
        ended = loops.ended()
        away = [*ended, *(note for note in await ready() if note not in ended)]
        if away:
            raise _not_ready(away, choose_language(request.headers.get("accept-language")))
        # Programs look at the status; notes are English, as logs are, unless somebody asks for Vietnamese.
        asked = request.headers.get("accept-language")
        language = "en" if asked is None else choose_language(asked)
        found = [*(notes() if notes else []), *transaction_notes()]
        return "\n".join(["ready", *(in_language(note, language) for note in found)])

    @app.get(
        "/metrics",
        tags=["operations"],
        summary="Prometheus metrics",
        response_class=PlainTextResponse,
        dependencies=[open_to_all],
    )
    async def metrics() -> Response:
        measure_transactions(meters)
        loops.ended()
        # Writing hundreds of samples takes its time, for which nobody else should stand still.
        async with one_by_one:
            text = await asyncio.to_thread(meters.exposition)
        return Response(text, media_type=CONTENT_TYPE_LATEST)
