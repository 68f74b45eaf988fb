"""Reference entries on a running stack: a whole catalogue, a killed process, a database that is away."""

from __future__ import annotations

import asyncio
import signal
import time
from collections.abc import Iterator, Sequence
from typing import Any

import httpx
import orjson
import pytest

from deploy.local.stack import LocalStack
from shared.broker.topics import JOURNAL
from tests.integration.intake.replica import ids, read, unit
from tests.stack import Backends, free_ports, stop
from tests.waiting import until


def procedure(code: str) -> dict[str, Any]:
    data = {
        "procedure": code,
        "version": "2025",
        "name": f"Thủ tục hành chính số {code} về lĩnh vực được giao " * 3,
        "levels": ["province", "commune"],
        "terms": [{"channel": channel, "amount": "3", "unit": "working_days"} for channel in ("online", "direct")],
        "online": "full",
    }
    return unit(code) | {"type": "procedure.published", "id": f"procedure/{code}", "data": data}


class Intake:
    """A stack with intake alone."""

    def __init__(self, stack: LocalStack) -> None:
        self.stack = stack
        self.http = httpx.Client(base_url=stack.addresses()["intake"], timeout=60, headers={"Accept-Language": "en"})
        self.http.headers["Authorization"] = f"Bearer {stack.admin_key()}"

    def send(self, sent: dict[str, Any]) -> httpx.Response:
        return self.http.post("/v1/entries", json=sent)

    def batch(self, entries: Sequence[dict[str, Any]]) -> dict[str, Any]:
        answer = self.http.post("/v1/entries:batch", content=b"\n".join(map(orjson.dumps, entries)))
        assert answer.status_code == 200, answer.text
        told: dict[str, Any] = answer.json()
        return told

    def get(self, path: str) -> dict[str, Any]:
        """An answer; a LookupError while nothing listens, or while it is none."""
        try:
            answer = self.http.get(path)
        except httpx.TransportError as error:
            raise LookupError(str(error)) from error
        if answer.status_code != 200:
            raise LookupError(answer.text)
        told: dict[str, Any] = answer.json()
        return told

    def journal(self) -> list[list[bytes]]:
        return asyncio.run(read(self.stack.addresses()["kafka"], JOURNAL))


@pytest.fixture(scope="module")
def intake(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Intake]:
    stack = LocalStack(tmp_path_factory.mktemp("intake-reference"))
    try:
        stack.up(clock="live", services=("intake",), preferred=free_ports())
        yield Intake(stack)
    finally:
        stop(stack)


def test_a_whole_catalogue_is_taken_in_batches(intake: Intake) -> None:
    units = [unit("p"), *(unit(f"p.{number:04}", parent="p", name=f"Xã số {number}") for number in range(3_354))]
    procedures = [procedure(f"1.{number:06}") for number in range(2_642)]
    steps = [{"step": "thẩm định", "unit": "p.0001", "budget": 480}]
    route = {"procedure": "1.000001", "version": "1", "steps": steps}
    every = [*units, *procedures, unit("p") | {"type": "route.revised", "id": "route/1", "data": route}]
    started = time.monotonic()
    for begin in range(0, len(every), 1_000):
        told = intake.batch(every[begin : begin + 1_000])
        assert (told["refused"], told["unknown"]) == (0, 0)
        assert all(result["distributed"] for result in told["results"])
    print(f"{len(every)} reference entries in {time.monotonic() - started:.1f} s")
    assert intake.get("/v1/reference?kind=unit&limit=1")["total"] == 3_355
    assert intake.get("/v1/reference/outbox")["waiting"] == []
    journal = intake.journal()
    assert ids(journal[0]) == [each["id"] for each in every]
    assert all(values == journal[0] for values in journal)
    told = intake.batch(every[:1_000])
    assert told["accepted"] == 1_000
    assert intake.journal() == journal


def test_a_kill_between_storing_and_sending_loses_nothing(intake: Intake) -> None:
    """The broker is frozen, so that the entry is stored and cannot be sent; then intake is killed."""
    name = Backends.unique("u")
    intake.stack.kill("kafka", signal.SIGSTOP)
    try:
        answer = intake.send(unit(name))
        assert answer.status_code == 202, answer.text
        assert answer.json()["distributed"] is False
        assert answer.json()["positions"] == {}
        (waiting,) = intake.get("/v1/reference/outbox")["waiting"]
        assert waiting["missing_partitions"] == [0, 1, 2, 3]
        intake.stack.kill("intake")
    finally:
        intake.stack.kill("kafka", signal.SIGCONT)
    until(lambda: intake.get("/v1/reference?kind=unit&code=" + name)["total"] == 1, "intake to be back")
    until(lambda: not intake.get("/v1/reference/outbox")["waiting"], "the outbox to be empty")
    for values in intake.journal():
        assert f"unit/{name}" in ids(values)
    again = intake.send(unit(name))
    assert (again.status_code, again.json()["distributed"]) == (202, True)


def test_without_the_database_nothing_is_sent_and_dossiers_go_on(intake: Intake) -> None:
    name = Backends.unique("u")
    dossier = unit(name) | {"type": "dossier.accepted", "data": {"channel": "direct", "unit": "hcm"}}
    before = intake.journal()
    intake.stack.request("stop", name="mongo")
    try:
        answer = intake.send(unit(name))
        assert (answer.status_code, answer.json()["code"]) == (503, "database_away")
        assert answer.headers["retry-after"]
        assert intake.send(dossier).status_code == 202
        mixed = intake.batch([unit(name), dossier])
        assert [(each["status"], each.get("code")) for each in mixed["results"]] == [
            (503, "database_away"),
            (202, None),
        ]
        assert intake.journal() == before
    finally:
        intake.stack.request("start", name="mongo")
    until(lambda: intake.send(unit(name)).status_code == 202, "the database to answer")
    assert all(f"unit/{name}" in ids(values) for values in intake.journal())
