"""What a trial of reference entries refuses is what sending them refuses; nothing is written."""

from __future__ import annotations

from collections.abc import AsyncIterator

import httpx
import pytest

from tests.unit.intake.parts import Parts, entry, make_parts, unit
from tests.unit.intake.reference.test_reference_door import (
    ADMIN,
    REFERENCE,
    SENDER,
    calendar,
    lines,
    procedure,
    route,
    rule,
)


@pytest.fixture
def parts() -> Parts:
    return make_parts()


@pytest.fixture
async def client(parts: Parts) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(parts.app)
    async with httpx.AsyncClient(transport=transport, base_url="http://test") as open_client:
        yield open_client


async def test_a_trial_refuses_what_sending_would_and_writes_nothing(client: httpx.AsyncClient, parts: Parts) -> None:
    await client.post("/v1/entries", json=unit("hcm"), headers=REFERENCE)
    other_zone = calendar(day="2026-09-02", working=False)
    other_zone["data"] |= {"zone": "Europe/London"}
    ring = [{"step": "a", "unit": "hcm", "after": ["b"]}, {"step": "b", "unit": "hcm", "after": ["a"]}]
    sent = [
        unit("hcm"),
        unit("hcm", data={"kind": "province"}),
        unit("hcm", revision=1, data={"parent": "hcm"}),
        procedure(),
        route(*ring),
        other_zone,
        unit("q1", simulated=True),
        unit("q2", time="2027-01-01T00:00:00+07:00"),
        unit("q3", time="2026"),
        unit("q4", data={"kind": "village"}),
        rule(warning_hours="soon"),
        unit("q5", subject="q" * 300_000),
        unit("q6", parent="HCM") | {"colour": "red"},
    ]
    before = parts.journal.entries
    tried = await client.post("/v1/reference:check", content=lines(*sent), headers=REFERENCE)
    assert tried.status_code == 200
    found = tried.json()
    assert parts.journal.entries == before
    batch = (await client.post("/v1/entries:batch", content=lines(*sent), headers=REFERENCE)).json()
    refused = {one["line"] - 1: one["problem"] for one in batch["results"] if one["status"] != 202}
    assert {fault["entry"] for fault in found["faults"]} == set(refused) != set()
    for place, problem in refused.items():
        first = next(fault for fault in found["faults"] if fault["entry"] == place)
        assert (first["code"], first["field"] or None, first["value"]) == (
            problem["code"], problem.get("field"), problem.get("value")
        )  # fmt: skip
        assert first["status"] == problem["status"]
    codes = {fault["code"] for fault in found["faults"]}
    assert {"revision_taken", "other_zone", "simulated_on_real", "future_time", "line_too_long"} <= codes
    # What is well formed is given as it will stand in the journal.
    assert next(entry for entry in found["entries"] if entry["subject"] == "hcm") == before[0]
    again = await client.post("/v1/reference:check", content=lines(entry()), headers=ADMIN)
    assert [fault["code"] for fault in again.json()["faults"]] == ["not_allowed_value"]
    denied = await client.post("/v1/reference:check", content=lines(unit("x")), headers=SENDER)
    assert (denied.status_code, denied.json()["rights"]) == (403, ["reference"])


async def test_a_trial_takes_texts_in_any_form_and_refuses_signs_nobody_sees(client: httpx.AsyncClient) -> None:
    sent = [unit("Sở\u00a0Y tế", data={"name": "So\u031b\u0309 Y tế"}), unit("B", data={"parent": "b\u202e"})]
    found = (await client.post("/v1/reference:check", content=lines(*sent), headers=REFERENCE)).json()
    [kept] = found["entries"]
    assert (kept["data"]["unit"], kept["data"]["name"]) == ("Sở Y tế", "Sở Y tế")
    assert [(one["entry"], one["code"], one["field"]) for one in found["faults"]] == [(1, "odd_sign", "data.parent")]
