"""What a process says of its health, as the stack reads it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest

from deploy.local.report import ProcessStatus, health_of, needs_rebuild

Answering = Callable[..., int]


def process(name: str, health: str, away: tuple[str, ...]) -> ProcessStatus:
    return ProcessStatus(name, 1, "running", 1, "", health, 0, away)


@pytest.fixture
def answering() -> Iterator[Answering]:
    servers: list[ThreadingHTTPServer] = []

    def start(status: int, body: object) -> int:
        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self.send_response(status)
                self.end_headers()
                self.wfile.write(json.dumps(body).encode())

            def log_message(self, *_: object) -> None:
                """Say nothing."""

        server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        servers.append(server)
        Thread(target=server.serve_forever, daemon=True).start()
        return int(server.server_address[1])

    yield start
    for server in servers:
        server.shutdown()
        server.server_close()


def test_what_another_engine_derived_is_told_from_other_reasons(answering: Answering) -> None:
    reason = "database d was derived by engine 1, this is 2; derive a new epoch with `motcua rebuild`"
    port = answering(503, {"away": ["broker b does not answer", reason]})
    health, away = health_of("processing", port)
    assert (health, away) == ("starting", ("broker b does not answer", reason))
    assert needs_rebuild(process("processing", health, away)) == reason
    assert needs_rebuild(process("processing", health, away[:1])) is None
    assert needs_rebuild(process("processing-2", health, away)) is None


def test_a_process_that_is_ready_or_does_not_answer_needs_none(answering: Answering) -> None:
    port = answering(200, "ready")
    assert health_of("processing", port) == ("ready", ())
    assert health_of("processing", 1) == ("unreachable", ())
    assert health_of("processing", answering(503, ["no document"])) == ("starting", ())
    assert needs_rebuild(process("processing", "ready", ())) is None


def test_reasons_are_told_in_the_language_asked_for() -> None:
    asked: list[str | None] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.headers["Accept-Language"])
            self.send_response(503)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    Thread(target=server.serve_forever, daemon=True).start()
    health_of("intake", server.server_address[1], "vi")
    server.shutdown()
    server.server_close()
    assert asked == ["vi"]
