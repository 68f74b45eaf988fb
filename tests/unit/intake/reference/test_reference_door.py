"""Reference entries at the HTTP doors: answers, refusals in both languages, batches, and lists."""

from __future__ import annotations

import json
import re
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from shared.instants import SECOND
from shared.problems.problem import Problem
from tests.unit.intake.parts import Parts, body, entry, make_parts, unit

REFERENCE = {"Authorization": "Bearer mc_reference"}
ADMIN = {"X-Api-Key": "mc_admin"}
SENDER = {"X-Api-Key": "mc_sender"}


@pytest.fixture
def parts() -> Parts:
    return make_parts()


@pytest.fixture
async def client(parts: Parts) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(parts.app)
    async with httpx.AsyncClient(transport=transport, base_url="http://test") as open_client:
        yield open_client


def procedure(code: str = "1.001", **data: Any) -> dict[str, Any]:
    whole = {"procedure": code, "version": "1"} | data
    return entry(type="procedure.published", id=f"procedure/{code}", subject=code, data=whole)


def route(*steps: dict[str, Any], **data: Any) -> dict[str, Any]:
    whole = {"procedure": "1.001", "version": "1", "steps": list(steps)} | data
    return entry(type="route.revised", id="route/1", subject="1.001", data=whole)


def calendar(**day: Any) -> dict[str, Any]:
    data = {"calendar": "vn-public", "version": "2026-1", "days": [day]}
    return entry(type="calendar.revised", id="calendar/1", subject="vn-public", data=data)


def rule(**parameters: Any) -> dict[str, Any]:
    data = {"rule": "deadlines", "version": "2", "parameters": parameters}
    return entry(type="rule.activated", id="rule/2", subject="deadlines", data=data)


def lines(*entries: dict[str, Any]) -> bytes:
    return b"\n".join(json.dumps(each).encode() for each in entries)


async def test_an_accepted_entry_stands_in_every_partition(client: httpx.AsyncClient, parts: Parts) -> None:
    answer = await client.post("/v1/entries", json=unit("hcm"), headers=REFERENCE)
    assert answer.status_code == 202
    assert answer.json() == {
        "source": "hcm/one-stop",
        "id": "unit/hcm",
        "subject": "hcm",
        "partition": None,
        "offset": None,
        "positions": {"0": 0, "1": 0},
        "distributed": True,
    }
    for partition in (0, 1):
        (record,) = parts.journal.records[partition]
        assert record.key == b"reference"
        assert json.loads(record.value)["sender"] == "reference"
    assert parts.journal.values(0) == parts.journal.values(1)
    assert parts.door.last_tick.value is None


async def test_what_is_stored_and_not_everywhere_is_accepted(client: httpx.AsyncClient, parts: Parts) -> None:
    parts.journal.fails = {1}
    answer = await client.post("/v1/entries", json=unit("hcm"), headers=REFERENCE)
    assert answer.status_code == 202
    assert (answer.json()["distributed"], answer.json()["positions"]) == (False, {"0": 0})
    waiting = (await client.get("/v1/reference/outbox", headers=ADMIN)).json()
    assert waiting["entries"] == 1
    assert waiting["waiting"] == [
        {"number": 1, "entries": 1, "accepted_at": "2026-08-25T03:00:00.000000Z", "missing_partitions": [1]}
    ]
    parts.clock.instant += 61 * SECOND
    assert parts.door.reference.notes() == ["1 reference entries are not in every partition for 61 s; missing in 1"]
    parts.journal.fails = set()
    again = await client.post("/v1/entries", json=unit("hcm"), headers=REFERENCE)
    assert (again.status_code, again.json()["distributed"]) == (202, True)
    assert parts.door.reference.notes() == []
    assert (await client.get("/v1/reference/outbox", headers=ADMIN)).json() == {
        "entries": 0,
        "oldest_seconds": 0.0,
        "waiting": [],
    }


async def test_nothing_is_stored_while_the_broker_is_away(client: httpx.AsyncClient, parts: Parts) -> None:
    parts.journal.away = Problem(503, "broker_away", headers={"Retry-After": "2"})
    for path in ("/v1/entries", "/v1/entries:batch"):
        answer = await client.post(path, json=unit("hcm"), headers=REFERENCE)
        assert (answer.status_code, answer.json()["code"]) == (503, "broker_away")
    assert parts.parcels.stored == {}


async def test_nothing_is_sent_while_the_database_is_away(client: httpx.AsyncClient, parts: Parts) -> None:
    parts.parcels.away = True
    answer = await client.post("/v1/entries", json=unit("hcm"), headers=REFERENCE)
    assert (answer.status_code, answer.json()["code"]) == (503, "database_away")
    assert answer.headers["retry-after"]
    batch = await client.post("/v1/entries:batch", content=lines(unit("hcm"), unit("x")), headers=REFERENCE)
    assert (batch.status_code, batch.json()["code"]) == (503, "database_away")
    mixed = await client.post("/v1/entries:batch", content=lines(unit("hcm"), entry()), headers=ADMIN)
    assert mixed.status_code == 200
    assert (mixed.json()["accepted"], mixed.json()["unknown"]) == (1, 1)
    assert mixed.json()["results"][0] == {
        "line": 1,
        "status": 503,
        "source": "hcm/one-stop",
        "id": "unit/hcm",
        "code": "database_away",
    }
    assert [each["type"] for each in parts.journal.entries] == ["dossier.accepted"]


LOOP = route({"step": "a", "unit": "hcm", "after": ["b"]}, {"step": "b", "unit": "hcm", "after": ["a"]})
LONG = route({"step": "a", "unit": "hcm", "budget": 1000}, {"step": "b", "unit": "hcm", "budget": 500})
SWAP = calendar(day="2026-01-02", working=False, kind="swap", pair="2026-01-10")
BACKWARDS = procedure("1.002", valid_from="2026-02-01", valid_to="2026-01-01")
TWICE = procedure("1.002", terms=[{"amount": "3", "unit": "months"}, {"amount": "4", "unit": "months"}])


@pytest.mark.parametrize(
    ("sent", "place", "words"),
    [
        (route({"step": "a", "unit": "nowhere"}), ("data.steps[0].unit", "nowhere"), ("nowhere",)),
        (LOOP, ("data.steps", None), ("a", "b")),
        (LONG, ("data.steps", None), ("1500", "1440")),
        (rule(colour="red"), ("data.parameters.colour", "colour"), ("warning_hours",)),
        (rule(counting="backwards"), ("data.parameters.counting", "backwards"), ("same-time",)),
        (SWAP, ("data.days[0]", None), ("2026-01-10",)),
        (BACKWARDS, ("data.valid_to", "2026-01-01"), ("2026-02-01",)),
        (TWICE, ("data.terms[1]", None), ("data.terms[0]",)),
        (unit("hcm", revision=1, data={"parent": "hcm"}), ("data.parent", "hcm"), ()),
    ],
)
async def test_an_unfit_entry_is_refused_with_field_value_and_remedy_in_both_languages(
    parts: Parts, client: httpx.AsyncClient, sent: dict[str, Any], place: tuple[str, Any], words: tuple[str, ...]
) -> None:
    known = [unit("hcm"), procedure(terms=[{"amount": "3", "unit": "working_days"}])]
    taken = await client.post("/v1/entries:batch", content=lines(*known), headers=REFERENCE)
    assert taken.json()["accepted"] == 2, taken.text
    field, value = place
    told = []
    for language in ("vi", "en"):
        answer = await client.post("/v1/entries", json=sent, headers=REFERENCE | {"Accept-Language": language})
        assert answer.status_code == 422, answer.text
        problem = answer.json()
        assert problem["field"].startswith(field), problem
        if value is not None:
            assert problem["value"] == value
        text = f"{problem['detail']} {problem['remedy']}"
        # No parameter of the texts was forgotten.
        assert re.search(r"\{\w+\}", text) is None, text
        assert all(word in text for word in words), text
        told.append((problem["title"], problem["detail"], problem["remedy"]))
    assert all(vietnamese != english for vietnamese, english in zip(*told, strict=True))
    assert len(parts.journal.records[0]) == 2


async def test_a_mixed_batch_is_answered_line_by_line(client: httpx.AsyncClient, parts: Parts) -> None:
    sent = [
        entry(),
        unit("hcm"),
        route({"step": "a", "unit": "hcm"}),
        route({"step": "a", "unit": "nowhere"}) | {"id": "route/2"},
        unit("hcm"),
        entry(id="2"),
        {"type": "x"},
    ]
    answer = (await client.post("/v1/entries:batch", content=lines(*sent), headers=ADMIN)).json()
    assert [each["status"] for each in answer["results"]] == [202, 202, 202, 422, 202, 202, 422]
    assert (answer["accepted"], answer["refused"], answer["unknown"]) == (5, 2, 0)
    assert answer["results"][1]["positions"] == answer["results"][4]["positions"]
    assert answer["results"][1]["distributed"] is True
    assert "distributed" not in answer["results"][0]
    assert answer["results"][3]["problem"]["field"] == "data.steps[0].unit"
    assert answer["results"][3]["id"] == "route/2"
    kept = [json.loads(value)["id"] for value in parts.journal.values(0) + parts.journal.values(1)]
    assert sorted(kept) == ["1/accepted", "2", "route/1", "route/1", "unit/hcm", "unit/hcm"]
    registry = parts.door.meters.registry
    for group, count in (("unit", 2), ("route", 1), ("dossier", 2)):
        assert registry.get_sample_value("motcua_intake_entries_total", {"group": group}) == count
    assert registry.get_sample_value("motcua_intake_refused_total", {"code": "unknown_route_unit"}) == 1


async def test_what_is_known_is_listed_page_by_page(client: httpx.AsyncClient) -> None:
    sent = [unit(f"u{number}") for number in range(5)]
    sent += [procedure(), route({"step": "a", "unit": "u1"}), unit("u3", revision=1, data={"name": "U3"})]
    sent += [unit("u4", revision=1) | {"data": None}]
    await client.post("/v1/entries:batch", content=lines(*sent), headers=REFERENCE)
    first = (await client.get("/v1/reference", params={"kind": "unit", "limit": 3}, headers=SENDER)).json()
    assert first["total"] == 4
    assert [each["subject"] for each in first["entries"]] == ["u0", "u1", "u2"]
    rest = {"kind": "unit", "limit": 3, "after": first["next"]}
    second = (await client.get("/v1/reference", params=rest, headers=SENDER)).json()
    assert [(each["subject"], each["revision"]) for each in second["entries"]] == [("u3", 1)]
    assert second["entries"][0]["data"] == {"unit": "u3", "kind": "commune", "name": "U3"}
    assert second["next"] is None
    about = (await client.get("/v1/reference", params={"code": "1.001"}, headers=SENDER)).json()
    assert [each["type"] for each in about["entries"]] == ["procedure.published", "route.revised"]
    assert about["version"] == first["version"]
    wrong = await client.get("/v1/reference", params={"after": "x"}, headers=SENDER)
    assert (wrong.status_code, wrong.json()["field"]) == (422, "after")


async def test_without_a_database_the_list_is_what_is_known(client: httpx.AsyncClient, parts: Parts) -> None:
    parts.parcels.away = True
    answer = await client.get("/v1/reference", headers=SENDER)
    assert (answer.status_code, answer.json()["code"]) == (503, "database_away")
    parts.parcels.away = False
    await client.post("/v1/entries", json=unit("hcm"), headers=REFERENCE)
    parts.parcels.away = True
    assert (await client.get("/v1/reference", headers=SENDER)).json()["total"] == 1


async def test_lists_need_a_key_and_the_outbox_that_of_who_revises(client: httpx.AsyncClient, parts: Parts) -> None:
    await parts.door.directory.refresh()
    for path in ("/v1/reference", "/v1/reference/outbox"):
        assert (await client.get(path)).status_code == 401
    refused = await client.get("/v1/reference/outbox", headers=SENDER)
    assert (refused.status_code, refused.json()["rights"]) == (403, ["reference"])
    assert (await client.get("/v1/reference/outbox", headers=REFERENCE)).status_code == 200


async def test_dossiers_need_no_role_of_reference_entries_nor_the_reverse(client: httpx.AsyncClient) -> None:
    refused = await client.post("/v1/entries", json=unit("hcm"), headers=SENDER)
    assert (refused.status_code, refused.json()["code"]) == (403, "right_missing")
    refused = await client.post("/v1/entries", content=body(), headers=REFERENCE)
    assert (refused.status_code, refused.json()["code"]) == (403, "right_missing")


async def test_what_is_listed_is_found_however_its_code_is_typed(client: httpx.AsyncClient) -> None:
    sent = unit("Sở\u00a0Y tế", data={"name": "So\u031b\u0309  Y tế"})
    assert (await client.post("/v1/entries", json=sent, headers=REFERENCE)).json()["subject"] == "Sở Y tế"
    for code in ("Sở Y tế", "Sở Y te\u0302\u0301 ", "Sở\u00a0 Y tế"):
        answer = await client.get("/v1/reference", params={"kind": "unit", "code": code}, headers=REFERENCE)
        [entry_] = answer.json()["entries"]
        assert (entry_["data"]["unit"], entry_["data"]["name"]) == ("Sở Y tế", "Sở Y tế")
