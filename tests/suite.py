"""A running stack as a user has it: its command line, its HTTP doors, and waiting until its figures hold everything.

Knows the doors' addresses and topics' ends; knows nothing of how a service works inside.
"""

from __future__ import annotations

import asyncio
import contextlib
import io
import json
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import httpx

from deploy.local.stack import LocalStack
from deploy.operations.epochs.reading import ends_of
from motcua.cli.main import main
from shared.broker.topics import journal, lifecycle
from tests.oracle.journal import read_lines
from tests.waiting import until

__all__ = ["Suite"]


class Suite:
    """One stack from outside.

    Args:
        stack: the running stack.
    """

    def __init__(self, stack: LocalStack) -> None:
        self.stack = stack
        self._client = httpx.Client(trust_env=False, timeout=20)

    @property
    def partitions(self) -> int:
        """Partitions of the journal, of the generation that is live now."""
        return self.stack.home.load().partitions

    @property
    def journal(self) -> str:
        """Topic of the journal's live generation."""
        return journal(self.stack.home.load().generation)

    def motcua(self, *words: str, code: int = 0, seconds: float = 240) -> str:
        """Run `motcua` as a process of its own; its standard output.

        Raises:
            AssertionError: it ended with another code, or printed a stack trace.
        """
        line = [sys.executable, "-m", "motcua.cli.main", "--home", str(self.stack.home.path), "--lang", "en", *words]
        done = subprocess.run(line, capture_output=True, text=True, timeout=seconds, check=False)
        assert done.returncode == code, f"{words} ended with {done.returncode}\n{done.stdout}\n{done.stderr}"
        assert "Traceback" not in done.stderr, done.stderr
        return done.stdout if code == 0 else done.stdout + done.stderr

    def motcua_here(self, *words: str, code: int = 0) -> str:
        """The same in this process, without the start of an interpreter."""
        out, err = io.StringIO(), io.StringIO()
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            ended = main(["--home", str(self.stack.home.path), "--lang", "en", *words])
        assert ended == code, f"{words} ended with {ended}\n{out.getvalue()}\n{err.getvalue()}"
        assert "Traceback" not in err.getvalue(), err.getvalue()
        return out.getvalue() if code == 0 else out.getvalue() + err.getvalue()

    def index(self, first: str, last: str, *words: str) -> list[dict[str, Any]]:
        """What `motcua index --json` prints for a period."""
        found: list[dict[str, Any]] = json.loads(self.motcua("index", "--from", first, "--to", last, *words, "--json"))
        return found

    def export(self, path: Path) -> list[dict[str, Any]]:
        """The lines of `motcua journal export`."""
        self.motcua("journal", "export", str(path))
        return list(read_lines(path))

    def rebuild(self) -> dict[str, Any]:
        """What `motcua rebuild --json` says."""
        found: dict[str, Any] = json.loads(self.motcua("rebuild", "--json", seconds=300))
        return found

    def names(self, service: str) -> list[str]:
        """Processes of a service for the live epoch."""
        running = [item["name"] for item in self.stack.request("status")["processes"]]
        return [name for name in running if name == service or name.removeprefix(f"{service}-").isdigit()]

    def address(self, name: str) -> str:
        """Base URL of a process, or the address of a backend."""
        return self.stack.addresses()[name]

    def get(self, name: str, path: str, **parameters: Any) -> httpx.Response:
        """Ask a process with the administrator's key."""
        headers = {"Authorization": f"Bearer {self.stack.admin_key()}"}
        asked = {key: value for key, value in parameters.items() if value is not None}
        url = f"{self.address(name)}{path}"
        try:
            return self._client.get(url, params=asked, headers=headers)
        except httpx.RemoteProtocolError:
            # The connection that was kept is one to a process that was replaced since.
            return self._client.get(url, params=asked, headers=headers)

    def post(self, path: str, content: bytes, kind: str = "application/json") -> httpx.Response:
        """Send a body to intake with the administrator's key."""
        headers = {"Authorization": f"Bearer {self.stack.admin_key()}", "Content-Type": kind, "Accept-Language": "en"}
        return self._client.post(f"{self.address('intake')}{path}", content=content, headers=headers)

    def indices(self, first: str, last: str, *, replica: str = "metrics", **asked: Any) -> list[dict[str, Any]]:
        """Indices as one replica of metrics answers them."""
        answer = self.get(replica, "/v1/indices", **{"from": first, "to": last}, **asked)
        assert answer.status_code == 200, answer.text
        found: list[dict[str, Any]] = answer.json()["indices"]
        return found

    def positions(self) -> dict[int, int]:
        """Next journal offset by partition, of whichever replica of processing got furthest."""
        found: dict[int, int] = {}
        for name in self.names("processing"):
            try:
                places = self.get(name, "/v1/positions").json()["partitions"]
            except (httpx.HTTPError, ValueError, KeyError):
                continue
            for number, place in places.items():
                if place.get("next") is not None:
                    found[int(number)] = max(found.get(int(number), 0), int(place["next"]))
        return found

    def wait_counted(self, seconds: float = 90) -> None:
        """Return when every replica of metrics holds what came of the journal as it is now.

        Raises:
            AssertionError: not within `seconds`; says where everybody stands.
        """
        ends = until(lambda: self._ends(self.journal), "the journal's ends", seconds)

        def processed() -> bool:
            places = self.positions()
            if all(places.get(number, 0) >= end for number, end in ends.items()):
                return True
            raise LookupError(f"processing at {places}, journal ends at {ends}")

        until(processed, "processing to read the journal", seconds)
        for replica in self.names("metrics"):
            until(lambda name=replica: self._holds_all(name), f"{replica} to read the lifecycle topic", seconds)  # type: ignore[misc]

    def _ends(self, topic: str) -> dict[int, int]:
        return asyncio.run(ends_of(self.address("kafka"), topic, self.partitions))

    def _holds_all(self, replica: str) -> bool:
        try:
            status = self.get(replica, "/v1/status").json()
            places = {int(number): place["position"] for number, place in status["partitions"].items()}
        except (httpx.HTTPError, KeyError) as error:
            raise LookupError(f"{replica}: {error!r}") from error
        ends = self._ends(lifecycle(status["epoch"]))
        if all(places.get(number, 0) >= end for number, end in ends.items()):
            return True
        raise LookupError(f"{replica} at {places}, lifecycle ends at {ends}")

    def metric(self, name: str, metric: str, labels: Iterable[str] = ()) -> float:
        """Sum of a Prometheus metric's samples that carry all given label texts, such as `reason="not_json"`."""
        total = 0.0
        for line in self.get(name, "/metrics").text.splitlines():
            head, _, value = line.rpartition(" ")
            if head.split("{")[0] == metric and all(label in head for label in labels):
                total += float(value)
        return total
