"""The route that lets a standing partition go on: who may, which partition, and what it says about others."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from services.processing.app import make_app
from services.processing.http.keys import Keys
from services.processing.settings import ProcessingSettings
from services.processing.stream.checkpoint import DEADLETTER_RUN, Standstill, run_of_dead_letters
from services.processing.stream.halting.reasons import offsets_gone
from shared.mongo import DatabaseError
from tests.unit.processing.http.test_api import Intake


class Worker(SimpleNamespace):
    """A worker that stands for a reason, or runs."""

    def __init__(self, standing: Standstill | None, *, away: bool = False) -> None:
        reason = None if standing is None else f"{standing.reason}: {standing.remedy}"
        super().__init__(
            standing=standing,
            away=away,
            next=8,
            end=20,
            stored=8,
            clock=None,
            known=None,
            progress=None,
            state="running" if standing is None else "stopped",
            reason=reason,
        )

    async def resume(self, count: int | None = None, to: int | None = None) -> bool:
        self.asked = (count, to)
        if self.away:
            raise DatabaseError("away")
        if self.standing is None or self.standing.reason != DEADLETTER_RUN:
            return False
        self.state, self.reason = "loading", None
        return True


@pytest.fixture
def app(monkeypatch: pytest.MonkeyPatch) -> FastAPI:
    made = make_app(ProcessingSettings(), keys=Keys("http://intake", httpx.MockTransport(Intake())))
    run = run_of_dead_letters(200, 0, 7)
    workers = {
        0: Worker(run),
        1: Worker(None),
        2: Worker(offsets_gone("offset 7")),
        3: Worker(run, away=True),
    }
    monkeypatch.setattr(made.state.service, "workers", lambda: workers)
    return made


async def _resume(app: FastAPI, partition: Any, key: str = "mc_admin") -> httpx.Response:
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://test") as client:
        headers = {"Authorization": f"Bearer {key}", "Accept-Language": "en"}
        return await client.post(f"/v1/partitions/{partition}/resume", headers=headers)


async def test_a_partition_that_stands_for_dead_letters_goes_on(app: FastAPI) -> None:
    answer = await _resume(app, 0)
    assert (answer.status_code, answer.json()["state"], answer.json()["next"]) == (200, "loading", 8)


@pytest.mark.parametrize(
    ("partition", "status", "code", "said"),
    [
        (1, 409, "partition_not_standing", "running"),
        (2, 409, "partition_not_standing", "offset_out_of_range: offset 7"),
        (3, 503, "processing_not_readable", "database"),
        (9, 404, "partition_elsewhere", "9"),
        (5_000, 422, "out_of_range", "1023"),
    ],
)
async def test_others_do_not_and_it_is_told_why(
    app: FastAPI, partition: int, status: int, code: str, said: str
) -> None:
    answer = await _resume(app, partition)
    problem = answer.json()
    assert (answer.status_code, problem["code"]) == (status, code), problem
    assert said in problem["detail"]


async def test_only_an_administrator_may(app: FastAPI) -> None:
    refused = await _resume(app, 0, "mc_mine")
    assert (refused.status_code, refused.json()["code"]) == (403, "right_missing")
    assert (await _resume(app, 0, "mc_nobody")).status_code == 401


def test_the_alarm_names_the_commands() -> None:
    remedy = run_of_dead_letters(200, 3, 7).remedy
    assert "motcua deadletter list" in remedy
    assert "motcua deadletter resume 3" in remedy
