"""Whose a key is, by intake's word: remembered 15 s, for an hour while intake does not answer, disabled within 15 s."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx
import pytest

from shared.access import asking
from shared.access.asking import AGAIN_SECONDS, HOLD_SECONDS, KEEP_SECONDS, AskedKeys
from shared.access.bearer import Bearer
from shared.access.own import OwnKey
from shared.catalogue.base import Meters
from shared.catalogue.every_service import SPECS
from shared.problems.problem import Problem

OFFICER = {"sender": "q1", "sources": [], "units": ["H44.01"], "roles": ["officer"], "rights": ["read"]}
METERS = Meters(SPECS)


class Intake:
    """Knows some keys; `status` answers all alike, `away` not at all."""

    def __init__(self) -> None:
        self.now = 1_000.0
        self.known: dict[str, dict[str, Any]] = {"mc_q1": OFFICER}
        self.disabled: set[str] = set()
        self.away = False
        self.status = 200
        self.asked: list[str] = []
        self.hold: asyncio.Event | None = None
        self.heard = asyncio.Event()
        self.keys = AskedKeys("http://intake", httpx.MockTransport(self._answer), lambda: self.now)

    async def _answer(self, request: httpx.Request) -> httpx.Response:
        assert request.url.path == "/v1/senders/me"
        key = request.headers["Authorization"].removeprefix("Bearer ")
        self.asked.append(key)
        self.heard.set()
        if self.hold is not None:
            await self.hold.wait()
        if self.away:
            raise httpx.ConnectError("away")
        if self.status != 200:
            return httpx.Response(self.status, content=b"<html>")
        if key in self.disabled:
            return httpx.Response(403, json={"code": "sender_disabled", "value": self.known[key]["sender"]})
        told = self.known.get(key)
        return httpx.Response(401, json={"code": "key_unknown"}) if told is None else httpx.Response(200, json=told)

    async def refused(self, key: str = "mc_q1") -> tuple[int, str]:
        with pytest.raises(Problem) as caught:
            await self.keys.find(key)
        return caught.value.status, caught.value.code


@pytest.fixture
def intake() -> Intake:
    return Intake()


async def test_a_bearer_is_who_intake_says(intake: Intake) -> None:
    assert await intake.keys.find("mc_q1") == Bearer("q1", (), ("H44.01",), frozenset({"officer"}))
    assert await intake.refused("mc_guess") == (401, "key_unknown")


async def test_an_answer_is_remembered_for_a_while(intake: Intake) -> None:
    await intake.keys.find("mc_q1")
    intake.now += KEEP_SECONDS - 0.001
    await intake.keys.find("mc_q1")
    assert len(intake.asked) == 1
    intake.now += 0.001
    await intake.keys.find("mc_q1")
    assert len(intake.asked) == 2


@pytest.mark.parametrize("how", ["disabled", "revoked"])
async def test_a_key_that_is_taken_stops_within_15_seconds(intake: Intake, how: str) -> None:
    await intake.keys.find("mc_q1")
    if how == "disabled":
        intake.disabled.add("mc_q1")
    else:
        del intake.known["mc_q1"]
    assert KEEP_SECONDS <= 15
    intake.now += KEEP_SECONDS
    wanted = (403, "sender_disabled") if how == "disabled" else (401, "key_unknown")
    assert await intake.refused() == wanted
    # And does not come back while intake is away: what it knew last is that the key is nobody's.
    intake.away = True
    assert await intake.refused() == (503, "not_ready")


async def test_roles_that_change_hold_within_15_seconds(intake: Intake) -> None:
    await intake.keys.find("mc_q1")
    intake.known["mc_q1"] = OFFICER | {"roles": ["clock"]}
    intake.now += KEEP_SECONDS
    assert not (await intake.keys.find("mc_q1")).may("read")


@pytest.mark.parametrize("how", ["away", "ill", "strange"])
async def test_what_was_known_holds_for_an_hour_while_intake_does_not_answer(intake: Intake, how: str) -> None:
    await intake.keys.find("mc_q1")
    if how == "away":
        intake.away = True
    else:
        intake.status = 503 if how == "ill" else 204
    intake.now += HOLD_SECONDS - 0.001
    assert (await intake.keys.find("mc_q1")).name == "q1"
    assert await intake.refused("mc_new") == (503, "not_ready")
    intake.now += AGAIN_SECONDS
    assert await intake.refused() == (503, "not_ready")
    intake.away, intake.status = False, 200
    assert (await intake.keys.find("mc_q1")).name == "q1"


async def test_not_every_question_waits_for_an_intake_that_is_away(intake: Intake) -> None:
    await intake.keys.find("mc_q1")
    intake.away = True
    intake.now += KEEP_SECONDS
    for _ in range(5):
        await intake.keys.find("mc_q1")
    assert len(intake.asked) == 2
    intake.now += AGAIN_SECONDS
    await intake.keys.find("mc_q1")
    assert len(intake.asked) == 3


async def test_a_key_disabled_meanwhile_stops_soon_after_intake_is_back(intake: Intake) -> None:
    await intake.keys.find("mc_q1")
    intake.away = True
    intake.now += 1_800
    await intake.keys.find("mc_q1")
    intake.away = False
    intake.disabled.add("mc_q1")
    intake.now += AGAIN_SECONDS
    assert await intake.refused() == (403, "sender_disabled")


async def test_many_at_once_ask_once_and_who_leaves_takes_nothing_from_the_others(intake: Intake) -> None:
    intake.hold = asyncio.Event()
    tasks = [asyncio.create_task(intake.keys.find("mc_q1")) for _ in range(20)]
    await intake.heard.wait()
    tasks[0].cancel()
    intake.hold.set()
    found = await asyncio.gather(*tasks, return_exceptions=True)
    assert isinstance(found[0], asyncio.CancelledError)
    assert {one.name for one in found[1:] if isinstance(one, Bearer)} == {"q1"}
    assert len(found[1:]) == 19
    assert intake.asked == ["mc_q1"]


async def test_an_answer_counts_from_when_it_was_asked(intake: Intake) -> None:
    intake.hold = asyncio.Event()
    task = asyncio.create_task(intake.keys.find("mc_q1"))
    await intake.heard.wait()
    intake.now += KEEP_SECONDS
    intake.hold.set()
    await task
    await intake.keys.find("mc_q1")
    assert len(intake.asked) == 2, "intake may have said it before the key was disabled"


@pytest.mark.parametrize("key", ["mc_\x00", "khoá", "mc_\n", "\ud800"])
async def test_what_no_header_holds_is_nobodys_and_not_asked_about(intake: Intake, key: str) -> None:
    assert await intake.refused(key) == (401, "key_unknown")
    assert intake.asked == []


async def test_what_is_remembered_is_bounded_and_the_oldest_goes_first(
    intake: Intake, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(asking, "_MOST_KEPT", 2)
    for number in range(3):
        intake.known[f"mc_{number}"] = OFFICER
        await intake.keys.find(f"mc_{number}")
    intake.asked.clear()
    for number in (2, 1, 0):
        await intake.keys.find(f"mc_{number}")
    assert intake.asked == ["mc_0"]


async def test_a_service_tells_where_intake_does_not_know_it(intake: Intake) -> None:
    intake.known["mc_own"] = {"sender": "service-metrics", "sources": [], "units": [], "roles": ["service"]}
    own = OwnKey(intake.keys, "mc_own", METERS)
    await own.look()
    assert own.notes() == []
    del intake.known["mc_own"]
    intake.now += KEEP_SECONDS
    await own.look()
    (note,) = own.notes()
    assert note.startswith("this service has a key that intake refuses")
    assert b"motcua_access_own_key_refused 1.0" in METERS.exposition()
    assert "motcua up" in note
    intake.known["mc_own"] = OFFICER
    await own.look()
    assert own.notes() == []
    assert b"motcua_access_own_key_refused 0.0" in METERS.exposition()
    intake.away = True
    intake.now += KEEP_SECONDS
    await own.look()
    (note,) = own.notes()
    assert "for an hour" in note


async def test_a_service_without_a_key_says_so_and_asks_nothing(intake: Intake) -> None:
    own = OwnKey(intake.keys, None, METERS)
    await own.look()
    (note,) = own.notes()
    assert note.startswith("this service has no key of its own")
    assert b"motcua_access_own_key_refused 1.0" in METERS.exposition()
    assert intake.asked == []
