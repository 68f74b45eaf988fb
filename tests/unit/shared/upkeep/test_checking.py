"""A container's health check ends what hangs, by force where a request is not heard."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from shared.upkeep import checking
from shared.upkeep.checking import ask, check
from tests.stack import free_ports
from tests.waiting import until

SERVING = """
import http.server, sys
class Answer(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(int(sys.argv[2])); self.end_headers(); self.wfile.write(sys.argv[3].encode())
    def log_message(self, *_): pass
http.server.ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Answer).serve_forever()
"""


@pytest.fixture
def port() -> int:
    return free_ports()["intake"]


@pytest.fixture
def service(port: int, request: pytest.FixtureRequest) -> Iterator[subprocess.Popen[bytes]]:
    status, body = getattr(request, "param", ("200", "ok"))
    process = subprocess.Popen([sys.executable, "-c", SERVING, str(port), status, body])
    yield process
    process.kill()
    process.wait()


@pytest.mark.parametrize(
    ("service", "answer"),
    [(("200", "ok"), "ok"), (("200", "loading"), "loading"), (("503", "{}"), "ended")],
    indirect=["service"],
)
def test_it_asks(service: subprocess.Popen[bytes], port: int, answer: str) -> None:
    assert service.poll() is None
    until(lambda: ask(port) == answer, f"the answer {answer}")


def test_nobody_there_is_silence(port: int) -> None:
    assert ask(port) == "silent"


def test_a_frozen_service_is_ended_once_patience_is(
    service: subprocess.Popen[bytes], port: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checking, "ASK_SECONDS", 0.2)
    monkeypatch.setattr(checking, "GRACE_SECONDS", 0.0)
    notes = tmp_path / "notes.json"
    until(lambda: ask(port) == "ok", "the service to answer")
    assert check(notes, 30, "ok", [service.pid], 0) == 0
    service.send_signal(signal.SIGSTOP)
    for now in (10, 20):
        assert check(notes, 30, ask(port), [service.pid], now) == 1
        assert service.poll() is None
    assert check(notes, 30, ask(port), [service.pid], 30) == 1
    assert service.wait(10) == -signal.SIGKILL
    assert check(notes, 30, "silent", [], 40) == 1, "its successor has all the patience again"


def test_one_that_loads_is_called_well(tmp_path: Path) -> None:
    notes = tmp_path / "notes.json"
    assert check(notes, 30, "loading", [], 0) == 0
    for now in range(10, 200, 10):
        assert check(notes, 30, "silent", [], now) == 0
