"""What a process says of its health, as the stack reads it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest

from deploy.local.report import health_of, needs_rebuild

Answering = Callable[..., int]


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
    assert health_of("processing", port) == "starting"
    assert needs_rebuild(port) == reason
    assert needs_rebuild(answering(503, {"away": ["broker b does not answer"]})) is None


def test_a_process_that_is_ready_or_does_not_answer_needs_none(answering: Answering) -> None:
    port = answering(200, "ready")
    assert health_of("processing", port) == "ready"
    assert needs_rebuild(port) is None
    assert needs_rebuild(1) is None
