"""A refusal names the right that is missing and who gives it, in both languages; it is counted and logged."""

from __future__ import annotations

import httpx
import pytest
from structlog.testing import capture_logs

from shared.access.bearer import Bearer
from shared.access.refusing import right_missing
from shared.access.rights import RIGHTS, Right
from tests.keyring import hold_keys, key_of
from tests.unit.intake.parts import Parts, body, make_parts


@pytest.fixture
def parts() -> Parts:
    return make_parts()


def client_of(parts: Parts, *bearers: Bearer) -> httpx.AsyncClient:
    hold_keys(parts.app, *bearers)
    return httpx.AsyncClient(transport=httpx.ASGITransport(parts.app), base_url="http://intake")


def counted(parts: Parts, right: str) -> float:
    return float(parts.door.meters.counter("motcua_access_refused_total").labels(right)._value.get())


@pytest.mark.parametrize("right", RIGHTS)
def test_it_is_told_in_both_languages_with_a_remedy(right: Right) -> None:
    problem = right_missing(right)
    vi, en = problem.body("vi"), problem.body("en")
    assert vi["code"] == en["code"] == "right_missing"
    assert right in vi["detail"]
    assert right in en["detail"]
    assert vi["detail"].startswith("Khoá này không có quyền")
    assert "administrator" in vi["remedy"]
    assert "administrator" in en["remedy"]
    assert en["rights"] == [right]


async def test_a_request_is_counted_by_what_is_missing_and_told_with_name_and_pattern(parts: Parts) -> None:
    bearer = Bearer("refusals-1", roles=frozenset({"officer"}))
    with capture_logs() as logs:
        async with client_of(parts, bearer) as client:
            for _ in range(3):
                await client.delete("/v1/senders/secret-name", headers=key_of("refusals-1"))
            await client.get("/v1/senders")
            await client.get("/v1/senders", headers={"X-Api-Key": "mc_guess"})
    assert (counted(parts, "keys"), counted(parts, "key")) == (3, 2)
    told = [one for one in logs if one["event"] == "refused" and one["bearer"] == "refusals-1"]
    assert [(one["missing"], one["where"]) for one in told] == [("keys", "/v1/senders/{sender}")], "once a minute"
    assert "secret-name" not in str(logs)
    assert "mc_" not in str(logs)


@pytest.mark.parametrize(
    ("role", "units", "sources", "why"),
    [
        ("officer", ("*",), ("*",), "send,reference,clock"),
        ("clock", ("*",), ("*",), "send"),
        ("agency", ("hcm.q9",), ("*",), "unit"),
        ("agency", ("*",), ("other",), "source"),
    ],
)
async def test_an_entry_is_counted_by_what_its_key_lacks(
    parts: Parts, role: str, units: tuple[str, ...], sources: tuple[str, ...], why: str
) -> None:
    name = f"refusals-{why.replace(',', '-')}"
    with capture_logs() as logs:
        async with client_of(parts, Bearer(name, sources, units, frozenset({role}))) as client:
            answer = await client.post("/v1/entries:batch", content=body(), headers=key_of(name))
            single = await client.post("/v1/entries", content=body(), headers=key_of(name))
    status = answer.status_code if role == "officer" else answer.json()["results"][0]["status"]
    assert status == 403
    assert (single.status_code, counted(parts, why)) == (403, 2), "each once"
    told = [(one["bearer"], one["missing"]) for one in logs if one["event"] == "refused"]
    assert set(told) == {(name, why)}
    assert parts.journal.entries == []


async def test_what_is_wrong_for_other_reasons_is_not_counted(parts: Parts) -> None:
    async with client_of(parts, Bearer("refusals-2", ("*",), ("*",), frozenset({"agency"}))) as client:
        assert (await client.post("/v1/entries", content=b"{", headers=key_of("refusals-2"))).status_code == 400
        assert (await client.post("/v1/entries", content=body(), headers=key_of("refusals-2"))).status_code == 202
    exposed = parts.door.meters.exposition().decode()
    assert "motcua_access_refused_total{" not in exposed
