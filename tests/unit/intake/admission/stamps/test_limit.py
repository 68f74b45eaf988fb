"""A key that needs more patterns of units than an entry carries is refused when it is made; one of before goes on."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from services.intake.admission.admit import admit
from services.intake.senders.sender import SenderRecord, bearer_of
from shared.access.keys import hash_key
from tests.unit.intake.parts import NOW, REAL, body, make_parts

UNITS = [f"H44.{number:02}" for number in range(33)]


async def post(path: str, content: dict[str, Any]) -> httpx.Response:
    transport = httpx.ASGITransport(app=make_parts().app)
    async with httpx.AsyncClient(transport=transport, base_url="http://intake") as client:
        headers = {"Authorization": "Bearer mc_admin", "Accept-Language": "en"}
        return await client.post(path, headers=headers, json=content)


@pytest.mark.parametrize(
    ("path", "wanted"),
    [
        ("/v1/senders", {"sender": "one", "sources": ["*"], "roles": ["sender"]}),
        ("/v1/agencies", {"unit": "H44"}),
    ],
)
async def test_more_is_refused_with_the_remedy(path: str, wanted: dict[str, Any]) -> None:
    refused = await post(path, wanted | {"units": UNITS})
    told = refused.json()
    assert (refused.status_code, told["code"], told["field"], told["value"]) == (422, "too_many_units", "units", 33)
    assert "H44.*" in told["remedy"]
    assert (await post(path, wanted | {"units": UNITS[1:]})).status_code == 201
    assert (await post(path, wanted | {"units": [*UNITS, *UNITS, "H44.*"]})).status_code == 201


def test_one_of_before_is_stamped_for_every_unit_and_names_what_it_named() -> None:
    record = SenderRecord(sender="old", sources=["*"], units=UNITS, roles=["sender"], hash=hash_key("mc_old"))
    sent = body(data={"channel": "online", "unit": UNITS[0]})
    assert b'"grant":"[\\"*\\"]"' in admit(sent, bearer_of(record), REAL, NOW).value
    assert not bearer_of(record).names("H45")
