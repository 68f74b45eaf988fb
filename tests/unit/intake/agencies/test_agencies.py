"""Units with software of their own: made by an administrator, listed to everybody by code, disabled and enabled."""

from __future__ import annotations

from collections.abc import AsyncIterator

import httpx
import pytest

from services.intake.agencies.agencies import Agencies
from shared.access.bearer import Bearer
from shared.problems.problem import Problem
from tests.unit.intake.parts import Parts, admitted, body, make_parts, unit

ADMIN = {"X-Api-Key": "mc_admin"}
OWN = {"source": "agency/hcm.q1", "data": {"channel": "online", "unit": "hcm.q1"}}


@pytest.fixture
async def parts() -> Parts:
    parts = make_parts()
    await parts.door.directory.refresh()
    return parts


@pytest.fixture
async def client(parts: Parts) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(parts.app)
    async with httpx.AsyncClient(transport=transport, base_url="http://test") as open_client:
        yield open_client


async def make(client: httpx.AsyncClient, code: str = "hcm.q1", **wanted: object) -> httpx.Response:
    return await client.post("/v1/agencies", json={"unit": code, **wanted}, headers=ADMIN | {"Accept-Language": "en"})


async def test_an_agency_gets_a_key_for_its_own_sources_and_units(client: httpx.AsyncClient) -> None:
    made = await make(client)
    assert made.status_code == 201
    told = made.json()
    key = {"X-Api-Key": told.pop("key")}
    assert told == {
        "unit": "hcm.q1",
        "sender": "agency-hcm.q1",
        "sources": ["agency/hcm.q1", "agency/hcm.q1/*"],
        "units": ["hcm.q1"],
        "topics": {
            "outbox": "motcua.agency.hcm.q1.outbox.v1",
            "tasks": "motcua.agency.hcm.q1.tasks.v1",
            "answers": "motcua.agency.hcm.q1.answers.v1",
        },
    }
    assert (await client.post("/v1/entries", content=body(**OWN), headers=key)).status_code == 202
    for change, code in (
        ({"source": "hcm/one-stop"}, "source_not_granted"),
        ({"type": "unit.revised"}, "right_missing"),
    ):
        wanted = OWN | change | ({"data": {"unit": "hcm.q1", "kind": "commune"}} if "type" in change else {})
        refused = await client.post("/v1/entries", content=body(**wanted), headers=key)
        assert refused.status_code == 403
        assert refused.json()["code"].startswith(code)


async def test_other_sources_and_units_are_given_by_name(client: httpx.AsyncClient) -> None:
    made = await make(client, sources=["hcm/*"], units=["hcm"])
    assert (made.json()["sources"], made.json()["units"]) == (["hcm/*"], ["hcm"])


@pytest.mark.parametrize("code", ["", "Quận 1", "hcm/q1", "x" * 122])
async def test_a_code_that_cannot_be_a_topic_is_refused_by_field(client: httpx.AsyncClient, code: str) -> None:
    refused = await make(client, code)
    assert (refused.status_code, refused.json()["field"]) == (422, "unit")


async def test_one_that_is_there_is_told_how_to_get_a_new_key(client: httpx.AsyncClient) -> None:
    await make(client)
    again = await make(client)
    assert (again.status_code, again.json()["code"]) == (409, "agency_exists")
    assert "DELETE /v1/senders/agency-hcm.q1" in again.json()["remedy"]
    assert (await client.delete("/v1/senders/agency-hcm.q1", headers=ADMIN)).status_code == 204
    assert (await make(client)).status_code == 201


async def test_once_a_unit_is_registered_others_are_refused(client: httpx.AsyncClient, parts: Parts) -> None:
    await parts.door.reference.take(admitted(unit("hcm.q1")))
    assert (await make(client)).status_code == 201
    refused = await make(client, "hcm.q2")
    assert (refused.status_code, refused.json()["code"]) == (422, "agency_unregistered")
    assert "unit.revised" in refused.json()["remedy"]


async def test_who_reads_may_know_the_codes_and_only_administrators_the_rest(client: httpx.AsyncClient) -> None:
    await make(client)
    await make(client, "hcm.q0")
    await client.post("/v1/agencies/hcm.q1/disable", headers=ADMIN)
    codes = [{"unit": "hcm.q0", "enabled": True}, {"unit": "hcm.q1", "enabled": False}]
    assert (await client.get("/v1/agencies", headers={"X-Api-Key": "mc_sender"})).json() == {"agencies": codes}
    whole = (await client.get("/v1/agencies", headers=ADMIN)).json()["agencies"]
    assert whole[1] == codes[1] | {
        "sender": "agency-hcm.q1",
        "sources": ["agency/hcm.q1", "agency/hcm.q1/*"],
        "units": ["hcm.q1"],
        "lost": 0,
    }
    assert (await client.get("/v1/agencies", headers={"X-Api-Key": "mc_guess"})).status_code == 401
    assert (await client.get("/v1/agencies")).json()["code"] == "key_missing"
    refused = await client.get("/v1/agencies", headers={"X-Api-Key": "mc_clock"})
    assert (refused.status_code, refused.json()["rights"]) == (403, ["agencies", "read"])


async def test_a_list_that_was_never_read_is_not_an_empty_list() -> None:
    parts = make_parts()
    async with httpx.AsyncClient(transport=httpx.ASGITransport(parts.app), base_url="http://test") as client:
        assert (await client.get("/v1/agencies", headers={"X-Api-Key": "mc_sender"})).status_code == 503


async def test_a_disabled_agency_gets_403_until_it_is_enabled(client: httpx.AsyncClient, parts: Parts) -> None:
    key = {"X-Api-Key": (await make(client)).json()["key"]}
    for _ in range(2):
        assert (await client.post("/v1/agencies/hcm.q1/disable", headers=ADMIN)).json()["enabled"] is False
    refused = await client.post("/v1/entries", content=body(**OWN), headers=key)
    assert (refused.status_code, refused.json()["code"]) == (403, "sender_disabled")
    await parts.door.directory.refresh()
    assert (await client.get("/v1/senders/me", headers=key)).status_code == 403
    for _ in range(2):
        assert (await client.post("/v1/agencies/hcm.q1/enable", headers=ADMIN)).json()["enabled"] is True
    assert (await client.post("/v1/entries", content=body(**OWN), headers=key)).status_code == 202


async def test_only_an_administrator_makes_and_switches(client: httpx.AsyncClient) -> None:
    for path in ("", "/hcm.q1/disable", "/hcm.q1/enable"):
        refused = await client.post(f"/v1/agencies{path}", json={"unit": "hcm.q1"}, headers={"X-Api-Key": "mc_sender"})
        assert (refused.status_code, refused.json()["code"]) == (403, "right_missing")
    unknown = await client.post("/v1/agencies/hcm.q9/disable", headers=ADMIN)
    assert (unknown.status_code, unknown.json()["code"]) == (404, "agency_unknown")


async def test_who_may_not_send_is_refused_only_at_the_databases_word(client: httpx.AsyncClient, parts: Parts) -> None:
    agencies = Agencies(parts.door.directory, parts.door.reference.registry)
    unknown = await agencies.bearer("hcm.q1")
    assert isinstance(unknown, Problem)
    assert unknown.code == "agency_unknown"
    other = make_parts()
    other.store.records = parts.store.records
    await other.door.directory.refresh()
    await make(client)
    # Made at another replica a moment ago: this one has not read it yet.
    elsewhere = Agencies(other.door.directory, other.door.reference.registry)
    found = await elsewhere.bearer("hcm.q1")
    assert isinstance(found, Bearer)
    assert found.name == "agency-hcm.q1"
    other.store.away = True
    assert isinstance(await elsewhere.bearer("hcm.q1"), Bearer)
    with pytest.raises(Problem) as caught:
        await elsewhere.bearer("hcm.q2")
    assert caught.value.status == 503


@pytest.mark.parametrize("code", [".", "..", "...", "_", "-._"])
async def test_a_code_of_signs_alone_is_no_agency(client: httpx.AsyncClient, parts: Parts, code: str) -> None:
    refused = await make(client, code)
    assert (refused.status_code, refused.json()["code"]) == (422, "agency_code_of_signs")
    assert await Agencies(parts.door.directory, parts.door.reference.registry).all() == []


async def test_codes_whose_topics_collide_are_not_both_agencies(client: httpx.AsyncClient) -> None:
    assert (await make(client, "k.1")).status_code == 201
    refused = await make(client, "k_1")
    assert (refused.status_code, refused.json()["code"]) == (409, "agency_collides")
    assert "k.1" in refused.json()["detail"]
    assert (await make(client, "k-1")).status_code == 201
    assert (await make(client, "k.1")).json()["code"] == "agency_exists"
