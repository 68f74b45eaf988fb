"""The connections of one HTTP server: how many, and which of them do nothing. Ends those that are idle or slow.

uvicorn bounds the time between two requests only: a connection that never began one, or never ends its head, or does
not read its answer, stays for ever (docs/decisions/0020). So this puts a deadline on every phase in which the other
side is awaited. How slow a body may come is shared/serving/bodies.py's, as only the application knows when it waits.
"""

from __future__ import annotations

import asyncio
import time
from typing import Any, Final, Literal

import h11
from starlette.types import ASGIApp, Receive, Scope, Send
from uvicorn.protocols.http.h11_impl import H11Protocol

from shared.catalogue.base import Meters
from shared.logging import get_logger
from shared.problems.problem import Problem, raw_answer, respond
from shared.seldom import Seldom
from shared.serving.limits import SPARE, ConnectionLimits, Phase

__all__ = ["Connections", "GuardedProtocol"]

_log = get_logger("shared.serving")
_LOG_SECONDS: Final = 60.0
#: What a connection beyond the limit may ask.
_OPERATIONS: Final = ("/health/", "/metrics")

#: Chunks of one piece that came, and bytes of each with its frame, from which on a body is in crumbs: the parser takes
#: each by itself and holds everybody meanwhile.
_MOST_CHUNKS: Final = 1_000
_CRUMB_BYTES: Final = 32

#: Why a connection was ended: beyond the limit; made room for another; in a phase for too long; its answer not read;
#: its body in crumbs.
Why = Literal["full", "room", "idle", "head", "rest", "unread", "crumbs"]


class Connections:
    """All connections of one server.

    At the limit the one that does nothing for longest makes room for a new one, as nobody waits for it. Where all are
    at work, a few more may ask how the service is; beyond those there is one answer, 503.

    Args:
        limits: what is allowed.
        meters: the service's metrics.
    """

    def __init__(self, limits: ConnectionLimits, meters: Meters) -> None:
        self.limits = limits
        self._open: set[GuardedProtocol] = set()
        #: Those that do nothing, longest first.
        self._waiting: dict[GuardedProtocol, None] = {}
        self._gauge = meters.gauge("motcua_http_connections")
        self._ended = meters.counter("motcua_http_connections_ended_total")
        self._seldom = Seldom(_LOG_SECONDS, time.monotonic)
        self.full_answer: Final = raw_answer(self._full())
        self.crumbs_answer: Final = raw_answer(Problem(400, "body_in_crumbs", bytes=_CRUMB_BYTES))
        self.slow_answer: Final = raw_answer(Problem(408, "head_too_slow", seconds=f"{limits.head:g}"))

    def enter(self, one: GuardedProtocol) -> Literal["free", "spare", "full"]:
        """Take a new connection in; what there is for it."""
        if len(self._open) >= self.limits.connections:
            longest = next(iter(self._waiting), None)
            if longest is not None:
                longest.end("room")
                self.leave(longest)
        others = len(self._open)
        self._open.add(one)
        self._gauge.set(len(self._open))
        if others < self.limits.connections:
            return "free"
        return "spare" if others < self.limits.connections + SPARE else "full"

    def leave(self, one: GuardedProtocol) -> None:
        """A connection is gone."""
        self._open.discard(one)
        self._waiting.pop(one, None)
        self._gauge.set(len(self._open))

    def note(self, one: GuardedProtocol, *, waits: bool) -> None:
        """Note whether a connection does nothing from now on."""
        self._waiting.pop(one, None)
        if waits and one in self._open:
            self._waiting[one] = None

    def ended(self, why: Why) -> None:
        """Count the end of a connection, and log it now and then."""
        self._ended.labels(why).inc()
        others = self._seldom.due(why)
        if others is not None:
            _log.warning("connection ended", why=why, others=others, open=len(self._open))

    def operations_of(self, app: ASGIApp) -> ASGIApp:
        """The application for a connection beyond the limit: health and metrics only."""

        async def serve(scope: Scope, receive: Receive, send: Send) -> None:
            if scope["type"] != "http" or scope["path"].startswith(_OPERATIONS):
                await app(scope, receive, send)
                return
            self.ended("full")
            await respond(self._full(), scope)(scope, receive, send)

        return serve

    def _full(self) -> Problem:
        headers = {"Retry-After": "2", "Connection": "close"}
        return Problem(503, "too_many_connections", limit=self.limits.connections, headers=headers)


class GuardedProtocol(H11Protocol):
    """uvicorn's protocol, with a deadline for whatever the other side is to do.

    Args:
        connections: those of the server.
        others: as uvicorn gives them.
    """

    def __init__(self, connections: Connections, **others: Any) -> None:
        super().__init__(**others)
        self._all = connections
        self._phase: Phase | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._unread_timer: asyncio.TimerHandle | None = None
        self._unread = 0

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """A client came."""
        super().connection_made(transport)
        place = self._all.enter(self)
        if place == "full":
            transport.write(self._all.full_answer)
            self.end("full")
            return
        if place == "spare":
            self.app = self._all.operations_of(self.app)
        self._look()

    def data_received(self, data: bytes) -> None:
        """Something of a request came."""
        if self._is_in_crumbs(data):
            if self.cycle is None or not self.cycle.response_started:
                self.transport.write(self._all.crumbs_answer)
            self.end("crumbs")
            return
        super().data_received(data)
        self._look()

    def on_response_complete(self) -> None:
        """An answer is out."""
        super().on_response_complete()
        if self.transport.is_closing():
            self._watch_reader()
        self._look()

    def connection_lost(self, exc: Exception | None) -> None:
        """The connection is gone."""
        super().connection_lost(exc)
        for timer in (self._timer, self._unread_timer):
            if timer is not None:
                timer.cancel()
        self._all.leave(self)

    def pause_writing(self) -> None:
        """More is to be sent than the client reads now."""
        super().pause_writing()
        self._watch_reader()

    def resume_writing(self) -> None:
        """The client read enough of it."""
        super().resume_writing()
        if self._unread_timer is not None and not self.transport.is_closing():
            self._unread_timer.cancel()
            self._unread_timer = None

    def end(self, why: Why) -> None:
        """End the connection; what is to be sent still goes out, as long as it is read."""
        self._all.ended(why)
        if why in ("room", "unread"):
            self.transport.abort()
        else:
            self.transport.close()
            self._watch_reader()

    def _is_in_crumbs(self, data: bytes) -> bool:
        """Whether what came is a chunked body in very many very small chunks; each has two ends of a line."""
        ends = data.count(b"\r\n")
        if ends <= 2 * _MOST_CHUNKS or len(data) >= ends // 2 * _CRUMB_BYTES:
            return False
        if self.conn.their_state is h11.SEND_BODY:
            return any(name == b"transfer-encoding" for name, _ in self.headers)
        return b"transfer-encoding:" in data.lower()

    def _now_in(self) -> Phase:
        if self.cycle is not None and not self.cycle.response_complete:
            return "work"
        if self.conn.their_state is h11.SEND_BODY:
            return "rest"
        return "head" if self.conn.trailing_data[0] else "idle"

    def _look(self) -> None:
        """Find the phase; a new one has a new deadline, and what comes within one does not put it off."""
        if self.transport.is_closing():
            return
        phase = self._now_in()
        if phase == self._phase:
            return
        self._phase = phase
        self._all.note(self, waits=phase != "work")
        seconds = self._all.limits.seconds(phase)
        if seconds is None:
            self._cancel_timer()
        else:
            self._set_timer(seconds, self._end_phase)

    def _end_phase(self) -> None:
        if self.transport.is_closing() or self._phase is None or self._phase == "work":
            return
        if self._phase == "head":
            self.transport.write(self._all.slow_answer)
        self.end(self._phase)

    def _watch_reader(self) -> None:
        """End the connection once nothing of what is to be sent was read for long."""
        if self._unread_timer is not None:
            self._unread_timer.cancel()
            self._unread_timer = None
        self._unread = self.transport.get_write_buffer_size()
        if self._unread:
            self._unread_timer = self.loop.call_later(self._all.limits.body, self._look_at_reader)

    def _look_at_reader(self) -> None:
        if self.transport.get_write_buffer_size() >= self._unread:
            self.end("unread")
        else:
            self._watch_reader()

    def _set_timer(self, seconds: float, call: Any) -> None:
        self._cancel_timer()
        self._timer = self.loop.call_later(seconds, call)

    def _cancel_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
