"""The routes about dead letters over memory parts: who may, what is told, and that nothing enters the journal twice."""

from __future__ import annotations

import base64
import json
from typing import Any

import httpx
import pytest

from services.intake.deadletters.letters import Kept
from shared.access.bearer import Bearer
from shared.broker.partition import partition_of
from shared.broker.topics import JOURNAL, agency_outbox
from shared.problems.problem import Problem
from tests.keyring import hold_keys
from tests.unit.intake.deadletters.deadletter_parts import make_letter
from tests.unit.intake.parts import Parts, body, entry, make_parts, record, unit

STAMPED = json.dumps(
    entry(sender="gone-since", recordedtime="2026-08-24T01:00:00.000000Z"), separators=(",", ":")
).encode()
LETTER = f"/v1/deadletters/{JOURNAL}/1/7"


@pytest.fixture
def parts() -> Parts:
    return make_parts()


def _put(parts: Parts, value: bytes | None, **changes: Any) -> str:
    letter = make_letter(value, **changes)
    parts.letters.kept[letter.id] = Kept(letter, letter.seen_at - letter.offset, 1, "open")
    return f"/v1/deadletters/{letter.topic}/{letter.partition}/{letter.offset}"


async def _ask(parts: Parts, method: str, path: str, key: str = "mc_admin", **given: Any) -> httpx.Response:
    transport = httpx.ASGITransport(app=parts.app)
    async with httpx.AsyncClient(transport=transport, base_url="http://intake") as client:
        headers = {"Authorization": f"Bearer {key}", "Accept-Language": "en"}
        return await client.request(method, path, headers=headers, **given)


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/v1/deadletters"),
        ("GET", "/v1/deadletters/summary"),
        ("GET", LETTER),
        ("POST", f"{LETTER}/replay"),
        ("POST", f"{LETTER}/discard"),
    ],
)
async def test_only_an_administrator_may(parts: Parts, method: str, path: str) -> None:
    _put(parts, STAMPED)
    refused = await _ask(parts, method, path, "mc_sender")
    assert (refused.status_code, refused.json()["code"]) == (403, "right_missing")
    assert (await _ask(parts, method, path, "mc_nobody")).status_code == 401


async def test_pages_have_all_letters_once_and_no_bytes(parts: Parts) -> None:
    for offset in range(7):
        _put(parts, STAMPED, offset=offset, reason="wrong_key" if offset % 2 else "not_json")
    found: list[Any] = []
    after = None
    while True:
        page = (
            await _ask(parts, "GET", "/v1/deadletters", params={"limit": 3} | ({"after": after} if after else {}))
        ).json()
        found += page["letters"]
        after = page["next"]
        if after is None:
            break
    assert [letter["offset"] for letter in found] == [6, 5, 4, 3, 2, 1, 0], "the one first seen longest ago first"
    assert {letter["value"] for letter in found} == {None}
    some = (await _ask(parts, "GET", "/v1/deadletters", params={"reason": "wrong_key", "state": "open"})).json()
    assert [letter["offset"] for letter in some["letters"]] == [5, 3, 1]
    wrong = await _ask(parts, "GET", "/v1/deadletters", params={"after": "x"})
    assert (wrong.status_code, wrong.json()["code"]) == (422, "deadletter_filter")
    told = (await _ask(parts, "GET", "/v1/deadletters/summary")).json()
    assert [(one["reason"], one["state"], one["count"]) for one in told["groups"]] == [
        ("not_json", "open", 4),
        ("wrong_key", "open", 3),
    ]
    assert (told["open"], told["days"], told["newest"]) == (7, 30, "2026-08-25T01:00:00.000000Z")


async def test_a_letter_is_told_with_its_bytes(parts: Parts) -> None:
    told = (await _ask(parts, "GET", _put(parts, b"\xff"))).json()
    assert base64.b64decode(told["value"]) == b"\xff"
    assert (told["state"], told["seen"], told["settled"]) == ("open", 1, None)
    missing = await _ask(parts, "GET", f"/v1/deadletters/{JOURNAL}/1/8")
    assert (missing.status_code, missing.json()["code"]) == (404, "deadletter_unknown")


async def test_a_replayed_letter_stands_in_the_journal_once(parts: Parts) -> None:
    path = _put(parts, STAMPED)
    for _ in range(2):
        answer = await _ask(parts, "POST", f"{path}/replay")
        assert (answer.status_code, answer.json()["state"]) == (200, "replayed"), answer.text
        partition = partition_of("HS-1", 2)
        assert answer.json()["settled"]["positions"] == [{"topic": JOURNAL, "partition": partition, "offset": 0}]
        assert answer.json()["settled"]["by"] == "admin"
    assert [(one.key, one.value) for some in parts.journal.records.values() for one in some] == [(b"HS-1", STAMPED)]
    settled = await _ask(parts, "POST", f"{path}/replay", content=body(id="other"))
    assert (settled.status_code, settled.json()["code"]) == (409, "deadletter_settled")


async def test_a_correction_stands_in_for_the_bytes(parts: Parts) -> None:
    path = _put(parts, b"no JSON")
    refused = await _ask(parts, "POST", f"{path}/replay")
    assert (refused.status_code, refused.json()["code"]) == (422, "not_json")
    wrong = await _ask(parts, "POST", f"{path}/replay", content=body(type="dossier.eaten"))
    assert (wrong.status_code, wrong.json()["field"]) == (422, "type")
    for _ in range(2):
        answer = await _ask(parts, "POST", f"{path}/replay", content=body())
        assert (answer.status_code, answer.json()["settled"]["corrected"]) == (200, True)
    written = [json.loads(one.value) for some in parts.journal.records.values() for one in some]
    assert [one["sender"] for one in written] == ["admin"]


async def test_an_operator_settles_letters_and_says_nothing_of_its_own(parts: Parts) -> None:
    hold_keys(parts.app, Bearer("operator", ("*",), ("*",), frozenset({"operator"})))
    path = _put(parts, STAMPED)
    refused = await _ask(parts, "POST", f"{path}/replay", "mc_operator", content=body())
    assert (refused.status_code, refused.json()["rights"]) == (403, ["send"]), "a corrected entry is the asker's own"
    assert parts.journal.entries == []
    replayed = await _ask(parts, "POST", f"{path}/replay", "mc_operator")
    assert (replayed.status_code, replayed.json()["settled"]["by"]) == (200, "operator")
    assert [one["sender"] for one in parts.journal.entries] == ["gone-since"]


async def test_a_long_correction_is_taken(parts: Parts) -> None:
    answer = await _ask(parts, "POST", f"{_put(parts, None)}/replay", content=body().ljust(200_000))
    assert answer.status_code == 200, answer.text


async def test_a_reference_entry_goes_by_the_registry(parts: Parts) -> None:
    value = json.dumps(unit("hcm.q1", sender="gone", recordedtime="2026-08-24T01:00:00.000000Z")).encode()
    path = _put(parts, value)
    answer = await _ask(parts, "POST", f"{path}/replay")
    assert answer.status_code == 200, answer.text
    assert [one["partition"] for one in answer.json()["settled"]["positions"]] == [0, 1]
    assert [one.value for one in parts.journal.records[0]] == [value]
    twin = await _ask(parts, "POST", f"{_put(parts, value, offset=8)}/replay")
    assert twin.json()["settled"]["positions"] == answer.json()["settled"]["positions"]
    assert len(parts.journal.records[0]) == 1


async def test_an_outbox_is_admitted_by_the_agencys_grant(parts: Parts) -> None:
    path = _put(parts, body(), topic=agency_outbox("hcm.q1"), partition=0, offset=0)
    nobody = await _ask(parts, "POST", f"{path}/replay")
    assert (nobody.status_code, nobody.json()["code"]) == (422, "sender_unknown")
    agency = record("agency-hcm.q1", "mc_agency").model_copy(update={"disabled": True})
    await parts.door.directory.add(agency)
    disabled = await _ask(parts, "POST", f"{path}/replay")
    assert (disabled.status_code, disabled.json()["code"]) == (422, "sender_disabled")
    await parts.door.directory.disable("agency-hcm.q1", disabled=False)
    answer = await _ask(parts, "POST", f"{path}/replay")
    assert answer.status_code == 200, answer.text
    written = [json.loads(one.value) for some in parts.journal.records.values() for one in some]
    assert [one["sender"] for one in written] == ["agency-hcm.q1"]


async def test_one_that_is_discarded_says_why_and_can_be_replayed_after_all(parts: Parts) -> None:
    path = _put(parts, STAMPED)
    for reason in ("", " ", "x" * 201, "two\nlines", None):
        refused = await _ask(parts, "POST", f"{path}/discard", json={"reason": reason})
        assert refused.status_code == 422, reason
    for reason in ("supplier_test", "another"):
        answer = await _ask(parts, "POST", f"{path}/discard", json={"reason": reason})
        assert (answer.json()["state"], answer.json()["settled"]["reason"]) == ("discarded", "supplier_test")
    assert (await _ask(parts, "POST", f"{path}/replay")).json()["state"] == "replayed"
    late = await _ask(parts, "POST", f"{path}/discard", json={"reason": "late"})
    assert (late.status_code, late.json()["code"]) == (409, "deadletter_settled")


async def test_while_the_broker_is_away_nothing_is_claimed(parts: Parts) -> None:
    path = _put(parts, STAMPED)
    parts.journal.away = Problem(503, "broker_away")
    answer = await _ask(parts, "POST", f"{path}/replay")
    assert (answer.status_code, answer.json()["code"]) == (503, "broker_away")
    assert {kept.state for kept in parts.letters.kept.values()} == {"open"}
