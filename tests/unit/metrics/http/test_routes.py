"""Every question to metrics with keys of one unit, another, both, an auditor, and none: what each is told."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from services.metrics.follow.view import View
from services.metrics.http.api import make_router
from services.metrics.http.routing_answers import DueList, Occurrences
from services.metrics.http.routing_api import make_routing_router
from shared.access.bearer import Bearer
from shared.problems.problem import install
from tests.keyring import asking, hold_keys, key_of
from tests.unit.metrics.build import a_desk, at, fact, step
from tests.unit.metrics.sight.test_seen import OFFICER, view_of

AUGUST = {"from": "2026-08-01", "to": "2026-08-31"}
DUE = at("2026-08-10 17:00")
BEARERS = (
    Bearer("one", units=("H44.01",), roles=OFFICER),
    Bearer("two", sources=("h44/two",), units=("H44.02",), roles=frozenset({"agency"})),
    Bearer("old", sources=("*",), units=("H44.02",), roles=frozenset({"sender"})),
    Bearer("province", units=("H44",), roles=OFFICER),
    Bearer("none", roles=OFFICER),
    Bearer("auditor", roles=frozenset({"auditor"})),
    Bearer("operator", roles=frozenset({"operator"})),
    Bearer("rules", units=("*",), roles=frozenset({"reference"})),
)
#: What each bearer sees of the dossiers below.
SEEN = {
    "one": ["a", "b"],
    "two": ["b", "c"],
    "old": ["b", "c"],
    "province": ["a", "b", "c"],
    "none": [],
    "auditor": ["a", "b", "c", "nobody's"],
    "operator": ["a", "b", "c", "nobody's"],
}
LISTS: dict[str, dict[str, Any]] = {
    "dossiers": {"state": "open"},
    "due-list": {},
    "steps/occurrences": {"figure": "under_way", **AUGUST},
}
NUMBERS: dict[str, dict[str, Any]] = {
    "indices": {"children": True, **AUGUST},
    "steps": AUGUST,
    "bottlenecks": AUGUST,
    "blame": AUGUST,
    "units": {},
    "unregistered": {},
    "status": {},
}


@pytest.fixture
def view() -> View:
    made = view_of(
        [
            fact("a", due=DUE, holders="H44.01", steps=(step("Ký", due=DUE, budget=480),)),
            fact("b", due=DUE, unit="H44.01", steps=(step("Ký", "H44.02.07", due=DUE, budget=480),)),
            fact("c", due=DUE, unit="H44.02", holders="H44.02", steps=(step("Ký", "H44.02", due=DUE, budget=480),)),
            fact("nobody's", due=DUE, unit=None, steps=(step("Ký", None, due=DUE, budget=480),)),
        ]
    )
    made.caught_up.set()
    return made


@pytest.fixture
async def client(view: View) -> AsyncIterator[httpx.AsyncClient]:
    app = FastAPI()
    desk = a_desk()
    app.include_router(make_router(lambda: view, lambda: {"epoch": 1}, desk, simulated=True))
    app.include_router(make_routing_router(lambda: view, desk, simulated=True))
    install(app)
    hold_keys(app, *BEARERS)
    async with asking(app, {"Accept-Language": "en"}) as found:
        yield found


async def get(client: httpx.AsyncClient, who: str, path: str, **query: Any) -> dict[str, Any]:
    answer = await client.get(f"/v1/{path}", params=query, headers=key_of(who))
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def codes(answer: dict[str, Any]) -> list[str]:
    rows = answer["occurrences"] if "occurrences" in answer else answer["dossiers"]
    assert answer["total"] == len(rows)
    return sorted(row["code"] for row in rows)


@pytest.mark.parametrize("path", LISTS)
async def test_a_list_without_a_unit_is_of_what_the_key_sees_and_says_so(client: httpx.AsyncClient, path: str) -> None:
    # One after the other, so that an answer that is kept would be given to another key.
    for _ in range(2):
        for who, seen in SEEN.items():
            answer = await get(client, who, path, **LISTS[path])
            assert codes(answer) == seen, who
            units = next(list(bearer.units) for bearer in BEARERS if bearer.name == who)
            assert answer.get("limited_to") == (None if who in ("auditor", "operator") else units)
            if path == "due-list":
                DueList.model_validate(answer)
                assert answer["overdue"] == len(seen)
            elif path == "steps/occurrences":
                Occurrences.model_validate(answer)


@pytest.mark.parametrize("path", LISTS)
async def test_a_list_of_another_unit_is_refused(client: httpx.AsyncClient, path: str) -> None:
    for who, unit in (("one", "H44.02"), ("one", "H44"), ("two", "H44.01"), ("none", "H44.01")):
        refused = await client.get(f"/v1/{path}", params=LISTS[path] | {"unit": unit}, headers=key_of(who))
        told = refused.json()
        assert (refused.status_code, told["code"]) == (403, "unit_not_readable"), who
        assert (told["field"], told["value"]) == ("unit", unit)
    assert codes(await get(client, "province", path, **LISTS[path] | {"unit": "H44.01"})) != []
    below = await get(client, "two", path, **LISTS[path] | {"unit": "H44.02.07"})
    assert codes(below) in ([], ["b"]), "below its own unit it may ask"
    nowhere = await client.get(f"/v1/{path}", params=LISTS[path] | {"unit": "H77"}, headers=key_of("one"))
    assert (nowhere.status_code, nowhere.json()["code"]) == (404, "unknown_unit")


@pytest.mark.parametrize("path", NUMBERS)
async def test_numbers_of_all_units_are_told_to_whoever_reads(client: httpx.AsyncClient, path: str) -> None:
    whole = await get(client, "auditor", path, **NUMBERS[path])
    for who in SEEN:
        assert await get(client, who, path, **NUMBERS[path]) == whole


@pytest.mark.parametrize("path", [*LISTS, *NUMBERS, "odd-codes", "dossiers/a"])
async def test_nothing_is_told_without_a_key_or_without_the_right(client: httpx.AsyncClient, path: str) -> None:
    query = (LISTS | NUMBERS).get(path, {})
    for headers, wanted in (
        ({}, (401, "key_missing")),
        (key_of("forged"), (401, "key_unknown")),
        (key_of("rules"), (403, "right_missing")),
    ):
        refused = await client.get(f"/v1/{path}", params=query, headers=headers)
        assert (refused.status_code, refused.json()["code"]) == wanted


async def test_a_dossier_of_others_is_answered_as_one_that_is_not_there(client: httpx.AsyncClient) -> None:
    for who, seen in SEEN.items():
        for code in ("a", "b", "c", "nobody's"):
            answer = await client.get(f"/v1/dossiers/{code}", headers=key_of(who))
            if code in seen:
                assert answer.json()["row"]["code"] == code
                continue
            there = answer.json()
            absent = (await client.get("/v1/dossiers/absent", headers=key_of(who))).json()
            assert (answer.status_code, there["code"]) == (404, "dossier_unknown_or_hidden")
            for told in (there, absent):
                told["detail"] = told["detail"].replace(f"the code {told.pop('value')} is", "the code … is")
                told.pop("instance", None)
            assert there == absent
    nothing = await client.get("/v1/dossiers/absent", headers=key_of("auditor"))
    assert nothing.json()["code"] == "unknown_dossier"
