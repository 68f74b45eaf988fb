"""Which grant a replayed dead letter carries: its own, that of whoever it is admitted for, or the corrector's."""

from __future__ import annotations

import json
from typing import Any

import httpx
import pytest

from services.intake.deadletters.letters import Kept
from services.intake.senders.sender import SenderRecord
from shared.access.keys import hash_key
from shared.broker.topics import JOURNAL, agency_outbox
from tests.unit.intake.deadletters.deadletter_parts import make_letter
from tests.unit.intake.parts import Parts, body, entry, make_parts, unit

STAMPS = {"sender": "agency-hcm.q1", "recordedtime": "2026-08-24T01:00:00.000000Z"}
OUTBOX = agency_outbox("hcm.q1")


@pytest.fixture
async def parts() -> Parts:
    """With an agency that may name hcm.q1 and hcm.q2, and an administrator of some units."""
    parts = make_parts()
    for sender, agency, units, roles in (
        ("agency-hcm.q1", "hcm.q1", ["hcm.q1", "hcm.q2"], ["sender"]),
        ("operator", None, ["hcm"], ["admin", "sender"]),
    ):
        parts.store.records[sender] = SenderRecord(
            sender=sender, sources=["*"], units=units, roles=roles, hash=hash_key(f"mc_{sender}"), agency=agency
        )
    assert await parts.door.directory.refresh()
    return parts


def put(parts: Parts, value: bytes, offset: int = 7, topic: str = JOURNAL) -> str:
    letter = make_letter(value, offset=offset, topic=topic)
    parts.letters.kept[letter.id] = Kept(letter, letter.seen_at, 1, "open")
    return letter.id


async def ask(parts: Parts, path: str, content: bytes = b"") -> dict[str, Any]:
    transport = httpx.ASGITransport(app=parts.app)
    async with httpx.AsyncClient(transport=transport, base_url="http://intake") as client:
        headers = {"Authorization": "Bearer mc_operator", "Content-Type": "application/json"}
        answer = await client.post(path, headers=headers, content=content)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def replayed(parts: Parts, value: bytes, *, bulk: bool, topic: str = JOURNAL) -> bytes:
    """What stands in the journal after a letter of these bytes was replayed."""
    id_ = put(parts, value, topic=topic)
    if bulk:
        told = await ask(parts, "/v1/deadletters/replay", json.dumps({"letters": [id_]}).encode())
        assert told["letters"][0]["answer"]["state"] == "replayed", told
    else:
        await ask(parts, f"/v1/deadletters/{id_.replace(':', '/')}/replay")
    found = [record.value for records in parts.journal.records.values() for record in records]
    assert len(found) == 1
    return found[0]


def grant_in(value: bytes) -> str | None:
    found: str | None = json.loads(value).get("grant")
    return found


@pytest.mark.parametrize("bulk", [False, True])
class TestReplay:
    @pytest.mark.parametrize("grant", ["[]", '["*"]', '["hn"]'])
    async def test_one_with_a_grant_keeps_it_with_all_its_bytes(self, parts: Parts, bulk: bool, grant: str) -> None:
        value = json.dumps(entry(**STAMPS, grant=grant), indent=1).encode()
        assert await replayed(parts, value, bulk=bulk) == value

    async def test_one_of_before_grants_gets_that_of_its_sender(self, parts: Parts, bulk: bool) -> None:
        sent = entry(**STAMPS, data={"channel": "online", "unit": "hn"})
        found = json.loads(await replayed(parts, json.dumps(sent).encode(), bulk=bulk))
        assert found == sent | {"grant": '["hcm.q1","hcm.q2"]'}

    async def test_of_a_sender_that_is_disabled_as_well(self, parts: Parts, bulk: bool) -> None:
        await parts.door.directory.disable("agency-hcm.q1", disabled=True)
        assert grant_in(await replayed(parts, body(**STAMPS), bulk=bulk)) == '["hcm.q1","hcm.q2"]'

    async def test_where_nobody_knows_its_sender_any_more_it_stays_one_of_before(
        self, parts: Parts, bulk: bool
    ) -> None:
        value = body(**STAMPS | {"sender": "gone-since"})
        assert await replayed(parts, value, bulk=bulk) == value

    @pytest.mark.parametrize("forged", [5, "", "x", '["b","a"]', '["hcm.q1", "hn"]', {"a": 1}])
    async def test_what_is_no_stamp_of_intake_is_admitted_for_whoever_asks(
        self, parts: Parts, bulk: bool, forged: object
    ) -> None:
        found = json.loads(await replayed(parts, body(**STAMPS, grant=forged), bulk=bulk))
        assert (found["sender"], found["grant"]) == ("operator", '["hcm"]')

    @pytest.mark.parametrize("stamps", [{}, STAMPS, {**STAMPS, "sender": "operator"}])
    @pytest.mark.parametrize("forged", [..., '["*"]', '["hn"]', 5])
    async def test_of_an_outbox_it_has_that_of_the_agency_whatever_it_claims(
        self, parts: Parts, bulk: bool, stamps: dict[str, str], forged: object
    ) -> None:
        found = json.loads(await replayed(parts, body(**stamps, grant=forged), bulk=bulk, topic=OUTBOX))
        assert (found["sender"], found["grant"]) == ("agency-hcm.q1", '["hcm.q1","hcm.q2"]')

    async def test_a_unit_gets_none(self, parts: Parts, bulk: bool) -> None:
        value = json.dumps(unit("hcm.q1", **STAMPS)).encode()
        id_ = put(parts, value)
        if bulk:
            await ask(parts, "/v1/deadletters/replay", json.dumps({"letters": [id_]}).encode())
        else:
            await ask(parts, f"/v1/deadletters/{id_.replace(':', '/')}/replay")
        assert [parcel.values for parcel in parts.parcels.stored.values()] == [(value,)]


async def test_a_corrected_one_carries_the_grant_of_whoever_asks(parts: Parts) -> None:
    id_ = put(parts, body(**STAMPS, grant='["hcm.q1"]'))
    corrected = body(**STAMPS, grant='["*"]', data={"channel": "online", "unit": "hcm.q9"})
    await ask(parts, f"/v1/deadletters/{id_.replace(':', '/')}/replay", corrected)
    assert [(each["sender"], each["grant"]) for each in parts.journal.entries] == [("operator", '["hcm"]')]


async def test_many_of_before_ask_for_the_senders_once(parts: Parts) -> None:
    ids = [put(parts, body(**STAMPS, id=f"e{number}"), offset=number) for number in range(20)]
    before = parts.store.readings
    await ask(parts, "/v1/deadletters/replay", json.dumps({"letters": ids}).encode())
    assert {each["grant"] for each in parts.journal.entries} == {'["hcm.q1","hcm.q2"]'}
    assert parts.store.readings == before + 1
