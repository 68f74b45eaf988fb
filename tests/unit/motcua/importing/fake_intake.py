"""What the tests of file imports share: mappings and files from text, and an intake without a broker."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import httpx
import orjson

from motcua.importing.mapping.load import Loaded, read_mapping
from motcua.importing.options import ImportOptions
from motcua.importing.reasons import MappingMistakes, Refused
from motcua.importing.stream import TableEntries

__all__ = ["EVENTS", "FakeIntake", "entries_of", "mapping", "mistakes", "options", "read"]

#: A mapping of an event log that most tests vary.
EVENTS = """\
source: test/log
row: event
dossier: "{code}"
formats: ["%d/%m/%Y %H:%M", "%d/%m/%Y"]
entries:
  - type: dossier.accepted
    once: true
    time: "{opened}"
    data: {unit: "{unit}", channel: direct}
  - type: step.completed
    time: "{done}"
    data: {step: "{step}", unit: "{group}"}
"""


def mapping(text: str) -> Loaded:
    """A mapping from its text."""
    return read_mapping(text.encode(), Path("m.yaml"))


def mistakes(text: str) -> list[str]:
    """What is wrong in a mapping, one sentence per mistake."""
    try:
        mapping(text)
    except MappingMistakes as error:
        return error.text("en").split("\n")
    return []


def read(path: Path, text: str) -> tuple[list[dict[str, Any]], list[Refused], TableEntries]:
    """The entries and refused rows a mapping makes of a file."""
    entries = TableEntries(path, mapping(text))
    made, refused = [], []
    for item in entries.items():
        if isinstance(item, Refused):
            refused.append(item)
        else:
            made.append(orjson.loads(item.payload))
    entries.close()
    return made, refused, entries


def entries_of(directory: Path, csv: str, text: str) -> tuple[list[dict[str, Any]], list[Refused]]:
    """The entries and refused rows a mapping makes of CSV text."""
    path = directory / "data.csv"
    path.write_text(csv, encoding="utf-8")
    made, refused, _ = read(path, text)
    return made, refused


class FakeIntake:
    """Intake's doors over a dictionary: an identity is kept once per content, and failures come as told."""

    def __init__(self, mode: str = "live") -> None:
        self.mode = mode
        #: What was accepted, in order, ticks included.
        self.journal: list[dict[str, Any]] = []
        #: Answers to give before any work is done, first to last.
        self.failures: list[httpx.Response | httpx.TransportError] = []
        #: Ids refused with 403, and ids whose outcome is unknown the first time.
        self.forbidden: set[str] = set()
        self.unknown_once: set[str] = set()
        #: Batches taken before intake dies for good; None: never.
        self.dies_after: int | None = None
        self.batches = 0
        self.requests: list[httpx.Request] = []
        self.paused: list[float] = []
        self.last_tick: str | None = None

    @property
    def transport(self) -> httpx.MockTransport:
        """For an httpx client."""
        return httpx.MockTransport(self.answer)

    async def pause(self, seconds: float) -> None:
        """Notes the pause instead of making it."""
        self.paused.append(seconds)

    @property
    def identities(self) -> set[tuple[str, str, str]]:
        """Distinct entries, ticks left out."""
        return {(e["subject"], e["source"], e["id"]) for e in self.journal if e["type"] != "clock.ticked"}

    def answer(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        if request.url.path == "/v1/clock":
            return httpx.Response(
                200, json={"mode": self.mode, "now": "2026-01-01T00:00:00Z", "last_tick": self.last_tick}
            )
        if self.failures:
            failure = self.failures.pop(0)
            if isinstance(failure, httpx.TransportError):
                raise failure
            return failure
        if request.url.path == "/v1/entries":
            self.journal.append(orjson.loads(request.content))
            return httpx.Response(202, json={})
        if self.dies_after is not None and self.batches >= self.dies_after:
            raise httpx.ConnectError("gone", request=request)
        self.batches += 1
        results = [self._line(number, line) for number, line in enumerate(request.content.split(b"\n"), start=1)]
        return httpx.Response(200, json={"results": results})

    def _line(self, number: int, line: bytes) -> dict[str, Any]:
        entry = orjson.loads(line)
        if entry["id"] in self.forbidden:
            problem = {"code": "source_not_granted", "detail": "Not your source.", "remedy": "Ask for it."}
            return {"line": number, "status": 403, "problem": problem}
        if entry["id"] in self.unknown_once:
            self.unknown_once.discard(entry["id"])
            return {"line": number, "status": 503, "code": "outcome_unknown"}
        self.journal.append(entry)
        return {"line": number, "status": 202}


def options(intake: FakeIntake, home: Path, file: Path, **more: Any) -> ImportOptions:
    """Options that lead to a fake intake."""
    given: dict[str, Any] = {"batch_size": 2, "in_flight": 2, "patience": 30.0, **more}
    return ImportOptions(
        file=file,
        intake_url="http://intake.test",
        key="mc_test",
        home=home,
        transport=intake.transport,
        sleep=intake.pause,
        **given,
    )
