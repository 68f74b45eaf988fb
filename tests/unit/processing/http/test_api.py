"""The routes over a service that never connects: whose entry it is, what a dossier's answer holds, what is refused."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from typing import Any
from urllib.parse import quote

import httpx
import pytest
import pytest_asyncio
from fastapi import FastAPI

from services.processing.app import make_app
from services.processing.cases import Case, dossier_case
from services.processing.engine import Reference, apply_entry
from services.processing.http.keys import Keys
from services.processing.record import EntryRecord
from services.processing.settings import ProcessingSettings
from services.processing.states.layers import HeldState
from services.processing.states.store import MOST_DOSSIERS
from services.processing.stream.judge import read_record
from shared.broker.partition import partition_of
from tests.unit.processing.stream.build import PARTITIONS, REFERENCE, accepted, code_in, record

CODE = code_in(2)
SENDERS = {
    "mc_mine": {"sender": "mine", "sources": ["*"], "units": ["H30"], "roles": ["sender"]},
    "mc_other": {"sender": "other", "sources": ["*"], "units": ["H30"], "roles": ["sender"]},
    "mc_unit": {"sender": "unit", "sources": [], "units": ["H29.2"], "roles": ["officer"]},
    "mc_admin": {"sender": "root", "sources": [], "units": [], "roles": ["admin"]},
}


class Intake:
    """Tells who a key is, and counts how often it was asked."""

    def __init__(self) -> None:
        self.asked = 0
        self.away = False

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.asked += 1
        if self.away:
            raise httpx.ConnectError("away")
        told = SENDERS.get(request.headers["Authorization"].removeprefix("Bearer "))
        return httpx.Response(401) if told is None else httpx.Response(200, json=told)


@pytest.fixture
def intake() -> Intake:
    return Intake()


@pytest.fixture
def app(intake: Intake, monkeypatch: pytest.MonkeyPatch) -> FastAPI:
    made = make_app(ProcessingSettings(), keys=Keys("http://intake", httpx.MockTransport(intake)))
    state: Any = None
    for offset, entry in enumerate(
        [
            accepted(CODE, "a/1", sender="mine"),
            accepted(CODE, "a/1", sender="mine", revision=1, data={"channel": "postal", "unit": "H29.2"}),
            accepted(CODE, "b", sender="other", type="dossier.resolved", data={}, time="2026-03-09T08:00:00+07:00"),
        ]
    ):
        one = read_record(record(entry, offset), PARTITIONS, simulated=False)
        assert isinstance(one, EntryRecord)
        state = apply_entry(state, one, None, REFERENCE).state

    async def find(code: str, case: Callable[[str], Case] = dossier_case) -> HeldState | None:
        return HeldState(state, 900, stored=True) if code == CODE and case is dossier_case else None

    async def dossiers_with(source: str, id_: str) -> list[str]:
        return [CODE] if source == "test" else []

    async def judged_by(_held: HeldState) -> tuple[Reference, int | None]:
        return REFERENCE, None

    monkeypatch.setattr(made.state.service, "find", find)
    monkeypatch.setattr(made.state.service, "judged_by", judged_by)
    monkeypatch.setattr(made.state.service, "dossiers_with", dossiers_with)
    return made


@pytest_asyncio.fixture
async def client(app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://processing") as made:
        yield made


def key(of: str) -> dict[str, str]:
    return {"Authorization": f"Bearer mc_{of}", "Accept-Language": "en"}


async def test_a_sender_learns_what_became_of_its_entries(client: httpx.AsyncClient, intake: Intake) -> None:
    answer = await client.get("/v1/entries", params={"source": "test", "id": "a/1"}, headers=key("mine"))
    assert answer.status_code == 200
    told = answer.json()["entries"]
    assert [(one["revision"], one["state"], one["offset"]) for one in told] == [
        (0, "superseded", 0),
        (1, "accepted", 1),
    ]
    assert {one["partition"] for one in told} == {partition_of(CODE, PARTITIONS)}
    by_path = await client.get(f"/v1/entries/test/{quote('a/1', safe='')}", headers=key("mine"))
    assert by_path.json() == answer.json()
    assert intake.asked == 1, "a key is asked about once in a while"


@pytest.mark.parametrize(("who", "status"), [("mine", 200), ("other", 422)])
async def test_an_id_of_more_dossiers_than_are_searched_needs_the_dossier(
    app: FastAPI, client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch, who: str, status: int
) -> None:
    searched: list[str] = []
    find = app.state.service.find

    async def dossiers_with(_source: str, _id: str) -> list[str]:
        return [CODE, *(f"H29-{number}" for number in range(MOST_DOSSIERS))]

    async def counted(code: str, case: Callable[[str], Case] = dossier_case) -> HeldState | None:
        if case is dossier_case:
            searched.append(code)
        found: HeldState | None = await find(code, case)
        return found

    monkeypatch.setattr(app.state.service, "dossiers_with", dossiers_with)
    monkeypatch.setattr(app.state.service, "find", counted)
    answer = await client.get("/v1/entries", params={"source": "test", "id": "a/1"}, headers=key(who))
    assert answer.status_code == status
    assert len(searched) == MOST_DOSSIERS
    if status == 200:
        assert answer.json()["more"] is True
    else:
        assert (answer.json()["code"], answer.json()["field"]) == ("id_of_many_dossiers", "subject")
    named = await client.get("/v1/entries", params={"source": "test", "id": "b", "subject": CODE}, headers=key("other"))
    assert named.json()["more"] is False


@pytest.mark.parametrize(("who", "found"), [("mine", False), ("other", True), ("unit", True), ("admin", True)])
async def test_nobody_learns_of_anothers_entries(client: httpx.AsyncClient, who: str, found: bool) -> None:
    answer = await client.get("/v1/entries/test/b", params={"subject": CODE}, headers=key(who))
    assert answer.status_code == (200 if found else 404)


async def test_keys_are_needed_known_and_asked_of_intake(client: httpx.AsyncClient, intake: Intake) -> None:
    assert (await client.get("/v1/entries/test/b")).json()["code"] == "key_missing"
    assert (await client.get("/v1/entries/test/b", headers=key("forged"))).json()["code"] == "key_unknown"
    intake.away = True
    answer = await client.get("/v1/entries/test/b", headers=key("mine"))
    assert (answer.status_code, answer.json()["value"]) == (503, "intake")


async def test_a_dossier_is_explained_with_the_places_of_its_entries(client: httpx.AsyncClient) -> None:
    told = (await client.get(f"/v1/dossiers/{CODE}", headers=key("admin"))).json()
    assert told["row"]["channel"] == "postal"
    assert [(one["offset"], one["holds"]) for one in told["entries"]] == [(0, False), (1, True), (2, True)]
    assert told["due_history"] == []
    assert told["position"] == 2
    missing = await client.get("/v1/dossiers/none/at/all", headers=key("admin"))
    assert (missing.status_code, missing.json()["code"]) == (404, "dossier_not_known")


async def test_before_the_start_it_is_alive_and_not_ready(client: httpx.AsyncClient) -> None:
    assert (await client.get("/health/live")).text == "ok"
    assert (await client.get("/v1/positions", headers=key("mine"))).json()["partitions"] == {}
    document = (await client.get("/openapi.json")).json()
    assert "/v1/entries/{source}/{id}" in document["paths"]
    assert (await client.get("/metrics")).status_code == 200
    assert (await client.get("/asyncapi", follow_redirects=True)).status_code == 200
