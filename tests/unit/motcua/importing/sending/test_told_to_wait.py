"""An import by a key that sends more than its rate: it waits as told, goes on, and tells for how long."""

from __future__ import annotations

import asyncio
from pathlib import Path

import httpx
import orjson
import pytest

from motcua.importing.client import IntakeClient
from motcua.importing.run import run_import
from tests.unit.motcua.importing.fake_intake import EVENTS, FakeIntake, options
from tests.waiting import until_async


def told_to_wait(*seconds: int) -> list[httpx.Response | httpx.TransportError]:
    return [httpx.Response(429, headers={"Retry-After": str(each)}, json={"code": "x"}) for each in seconds]


def payloads(count: int) -> list[bytes]:
    return [orjson.dumps({"id": str(number), "subject": "D", "source": "s", "type": "t"}) for number in range(count)]


async def test_an_import_waits_as_told_without_losing_patience_and_tells_it(tmp_path: Path) -> None:
    intake = FakeIntake()
    intake.failures = told_to_wait(30, 7, 400, 2)
    file, mapping = tmp_path / "log.csv", tmp_path / "log.yaml"
    rows = [f"D{number},05/01/2025 08:00,06/01/2025 09:00,hcm.q1,receive,hcm.q1\n" for number in range(20)]
    file.write_text("code,opened,done,unit,step,group\n" + "".join(rows), encoding="utf-8")
    mapping.write_text(EVENTS, encoding="utf-8")
    summary = await run_import(options(intake, tmp_path, file, mapping=mapping, patience=1.0, in_flight=1))
    assert intake.paused == [30.0, 7.0, 400.0, 2.0]
    assert summary.accepted == len(intake.identities) == 40
    assert summary.waited == 439.0
    assert [note.code for note in summary.notes] == ["rate_waited"]
    assert "439 s" in summary.notes[0].text("en")
    assert "439 giây" in summary.notes[0].text("vi")
    assert summary.as_dict()["waited"] == 439.0


async def test_what_several_requests_wait_at_once_counts_once() -> None:
    intake = FakeIntake()
    intake.failures = told_to_wait(30, 40, 20)
    go, waiting = asyncio.Event(), 0

    async def pause(_seconds: float) -> None:
        nonlocal waiting
        waiting += 1
        await go.wait()

    async with IntakeClient("http://intake.test", "mc_test", transport=intake.transport, sleep=pause) as client:
        sends = [asyncio.create_task(client.send(payloads(2))) for _ in range(3)]
        await until_async(lambda: waiting == 3, "all three wait")
        assert client.waited == 40.0
        go.set()
        assert await asyncio.gather(*sends) == [[None, None]] * 3


@pytest.mark.parametrize("told", ["", "soon"])
async def test_a_429_that_tells_no_time_costs_patience(told: str) -> None:
    intake = FakeIntake()
    intake.failures = [httpx.Response(429, headers={"Retry-After": told})]
    async with IntakeClient("http://intake.test", "mc_test", transport=intake.transport, sleep=intake.pause) as client:
        assert await client.send(payloads(2)) == [None, None]
        assert client.waited == 0.0
    assert intake.paused == [0.2]
