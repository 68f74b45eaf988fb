"""Intake's HTTP routes over memory parts: keys, bodies, answers, administration, and the OpenAPI document."""

from __future__ import annotations

import dataclasses
import gzip
import json
from collections.abc import AsyncIterator

import httpx
import pytest
from jsonschema import Draft202012Validator

from services.intake.doors.examples import EXAMPLES
from shared.contract.entries import ENTRY_MODELS
from shared.problems.problem import Problem
from tests.unit.intake.parts import Parts, body, make_parts

SENDER = {"Authorization": "Bearer mc_sender"}
ADMIN = {"X-Api-Key": "mc_admin"}
WANTED = {"sender": "new", "sources": ["hcm/new"], "units": ["hcm"], "roles": ["sender"]}
RIGHTS = {"rights": ["read", "send"]}


@pytest.fixture
def parts() -> Parts:
    return make_parts()


@pytest.fixture
async def client(parts: Parts) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(parts.app)
    async with httpx.AsyncClient(transport=transport, base_url="http://test") as open_client:
        yield open_client


async def test_an_entry_is_accepted_and_stamped(client: httpx.AsyncClient, parts: Parts) -> None:
    answer = await client.post("/v1/entries", content=body(), headers=SENDER)
    assert answer.status_code == 202
    assert answer.json()["offset"] == 0
    assert parts.journal.entries[0]["sender"] == "sender"


@pytest.mark.parametrize("path", ["/v1/entries", "/v1/entries:batch"])
@pytest.mark.parametrize(
    ("headers", "code"),
    [
        ({}, "key_missing"),
        ({"Authorization": "Basic eDp5"}, "key_missing"),
        ({"Authorization": "Bearer mc_other"}, "key_unknown"),
        ({"X-Api-Key": "mc_other"}, "key_unknown"),
    ],
)
async def test_nobody_writes_without_a_key(
    client: httpx.AsyncClient, parts: Parts, path: str, headers: dict[str, str], code: str
) -> None:
    await parts.door.directory.refresh()
    answer = await client.post(path, content=body(), headers=headers)
    assert answer.status_code == 401
    assert answer.json()["code"] == code
    assert answer.headers["www-authenticate"].startswith("Bearer")
    assert parts.journal.entries == []


async def test_problems_speak_the_readers_language(client: httpx.AsyncClient) -> None:
    english = await client.post("/v1/entries", content=b"x", headers=SENDER | {"Accept-Language": "en"})
    assert english.json()["title"] == "Not JSON"
    assert (await client.post("/v1/entries", content=b"x", headers=SENDER)).json()["title"] == "Không phải JSON"


async def test_binary_mode_is_told_by_its_name(client: httpx.AsyncClient) -> None:
    attributes = {"ce-specversion": "1.0", "ce-type": "dossier.accepted", "ce-source": "x", "ce-id": "1"}
    data = b'{"unit": "hcm.q1", "channel": "online"}'
    answer = await client.post("/v1/entries", content=data, headers=SENDER | attributes)
    assert (answer.status_code, answer.json()["code"]) == (422, "binary_mode")
    assert "ce-specversion" in answer.json()["detail"]
    assert (await client.post("/v1/entries", content=body(), headers=SENDER | attributes)).status_code == 202


async def test_the_door_is_shut_at_once_while_the_broker_is_away(client: httpx.AsyncClient, parts: Parts) -> None:
    parts.journal.away = Problem(503, "broker_away", headers={"Retry-After": "2"})
    for path in ("/v1/entries", "/v1/entries:batch"):
        answer = await client.post(path, content=body(), headers=SENDER)
        assert answer.status_code == 503
        assert answer.headers["retry-after"] == "2"


async def test_an_unconfirmed_entry_is_to_be_sent_again(client: httpx.AsyncClient, parts: Parts) -> None:
    parts.journal.fails = {0, 1}
    answer = await client.post("/v1/entries", content=body(), headers=SENDER | {"Accept-Language": "en"})
    assert answer.status_code == 503
    assert answer.json()["code"] == "outcome_unknown"
    assert "same `id`" in answer.json()["remedy"]


async def test_a_batch_is_taken_plain_and_gzipped(client: httpx.AsyncClient) -> None:
    text = body() + b"\n" + body(id="2") + b"\nx\n"
    plain = await client.post("/v1/entries:batch", content=text, headers=SENDER)
    packed = await client.post(
        "/v1/entries:batch", content=gzip.compress(text), headers=SENDER | {"Content-Encoding": "gzip"}
    )
    for answer in (plain, packed):
        assert answer.status_code == 200
        assert (answer.json()["accepted"], answer.json()["refused"]) == (2, 1)


@pytest.mark.parametrize(("path", "size"), [("/v1/entries", 2_000_000), ("/v1/entries:batch", 17_000_000)])
async def test_large_bodies_are_refused(client: httpx.AsyncClient, path: str, size: int) -> None:
    answer = await client.post(path, content=b"x" * size, headers=SENDER)
    assert answer.status_code == 413
    packed = gzip.compress(b"x" * size)
    answer = await client.post(path, content=packed, headers=SENDER | {"Content-Encoding": "gzip"})
    assert answer.status_code == 413


async def test_a_sender_can_ask_what_it_may_do(client: httpx.AsyncClient) -> None:
    answer = await client.get("/v1/senders/me", headers=SENDER)
    told = {"sender": "sender", "sources": ["*"], "units": ["*"], "roles": ["sender"], "rights": ["read", "send"]}
    assert answer.json() == told


async def test_an_admin_makes_and_forgets_senders(client: httpx.AsyncClient) -> None:
    made = await client.post("/v1/senders", json=WANTED, headers=ADMIN)
    assert made.status_code == 201
    key = {"X-Api-Key": made.json()["key"]}
    assert (await client.get("/v1/senders/me", headers=key)).json() == WANTED | RIGHTS
    refused = await client.post("/v1/entries", content=body(), headers=key)
    assert (refused.status_code, refused.json()["code"]) == (403, "source_not_granted")
    listed = await client.get("/v1/senders", headers=ADMIN)
    assert WANTED | RIGHTS in listed.json()["senders"]
    assert "mc_" not in listed.text
    assert "sha256" not in listed.text
    assert (await client.post("/v1/senders", json=WANTED, headers=ADMIN)).status_code == 409
    assert (await client.delete("/v1/senders/new", headers=ADMIN)).status_code == 204
    assert (await client.delete("/v1/senders/new", headers=ADMIN)).status_code == 404
    assert (await client.get("/v1/senders/me", headers=key)).status_code == 401


async def test_only_an_admin_administers(client: httpx.AsyncClient) -> None:
    for method, path in (("POST", "/v1/senders"), ("GET", "/v1/senders"), ("DELETE", "/v1/senders/admin")):
        answer = await client.request(method, path, json=WANTED, headers=SENDER)
        assert (answer.status_code, answer.json()["code"]) == (403, "right_missing")


async def test_an_address_names_all_its_methods(client: httpx.AsyncClient) -> None:
    answer = await client.put("/v1/senders")
    assert (answer.status_code, answer.headers["allow"]) == (405, "GET, POST")


async def test_a_wrong_sender_is_refused_by_field(client: httpx.AsyncClient) -> None:
    answer = await client.post("/v1/senders", json=WANTED | {"roles": ["king"], "sources": ["a*b"]}, headers=ADMIN)
    assert answer.status_code == 422
    assert [error["field"] for error in answer.json()["errors"]] == ["sources[0]", "roles[0]"]


async def test_the_clock_is_told(client: httpx.AsyncClient) -> None:
    answer = await client.get("/v1/clock", headers={"X-Api-Key": "mc_clock"})
    assert answer.json() == {
        "mode": "live",
        "now": "2026-08-25T03:00:00.000000Z",
        "last_tick": None,
        "skew_seconds": None,
        "simulated": False,
        "zone": "Asia/Ho_Chi_Minh",
    }


async def test_not_ready_names_what_is_away(client: httpx.AsyncClient) -> None:
    answer = await client.get("/health/ready", headers={"Accept-Language": "en"})
    assert answer.status_code == 503
    assert any("kafka" in each for each in answer.json()["away"])


async def test_the_document_has_every_entry_type_and_good_examples(client: httpx.AsyncClient) -> None:
    document = (await client.get("/openapi.json")).json()
    assert document["openapi"].startswith("3.1")
    schemas = document["components"]["schemas"]
    assert len(schemas["Entry"]["oneOf"]) == len(ENTRY_MODELS)
    assert set(schemas["Entry"]["discriminator"]["mapping"]) == set(ENTRY_MODELS)
    validator = Draft202012Validator({"$ref": "#/components/schemas/Entry", "components": document["components"]})
    for example in EXAMPLES.values():
        validator.validate(example["value"])
    operations = document["paths"]["/v1/entries"]["post"]["responses"]
    assert {"202", "400", "401", "403", "413", "415", "422", "503"} <= set(operations)
    assert "security" in document["paths"]["/v1/entries"]["post"]


async def test_the_examples_are_admitted(client: httpx.AsyncClient, parts: Parts) -> None:
    parts.clock.instant += 30 * 86_400_000_000
    for example in EXAMPLES.values():
        answer = await client.post("/v1/entries", json=example["value"], headers=ADMIN)
        assert answer.status_code == 202, answer.text


async def test_the_topics_are_documented(client: httpx.AsyncClient, parts: Parts) -> None:
    page = await client.get("/asyncapi", follow_redirects=True)
    assert page.status_code == 200
    assert "motcua.journal.v1" in page.text


async def test_two_stacks_do_not_share_what_they_count(client: httpx.AsyncClient, parts: Parts) -> None:
    other = make_parts()
    assert other.door.meters.registry is not parts.door.meters.registry
    assert dataclasses.is_dataclass(parts.door)
    assert json.loads(body())["id"] == "1/accepted"


async def test_units_of_a_key_stand_in_the_form_units_are_kept_in(client: httpx.AsyncClient) -> None:
    wanted = WANTED | {"units": ["Sở\u00a0Y te\u0302\u0301"]}
    made = await client.post("/v1/senders", json=wanted, headers=ADMIN)
    assert made.json()["units"] == ["Sở Y tế"]
    for field in ("units", "sources"):
        odd = WANTED | {"sender": "odd", field: ["a", "b\u200b"]}
        refused = await client.post("/v1/senders", json=odd, headers=ADMIN)
        assert (refused.status_code, refused.json()["code"]) == (422, "odd_sign")
        assert (refused.json()["field"], refused.json()["value"]) == (f"{field}[1]", "b<U+200B>")
