"""Codes are found as asked and in normal form, told where they look like others, and listed where they are odd."""

from __future__ import annotations

import unicodedata
from collections.abc import AsyncIterator
from typing import Any
from urllib.parse import quote

import httpx
import pytest
from fastapi import FastAPI

from services.metrics.follow.view import View
from services.metrics.http.api import make_router
from services.metrics.http.routing_api import make_routing_router
from services.metrics.table.decode import PartitionClock
from services.metrics.units.registry import Registry
from shared.problems.problem import install
from tests.keyring import asking, hold_keys
from tests.unit.metrics.build import ZONE, a_desk, at, fact, step
from tests.unit.metrics.known import known, procedure, unit

DUE = at("2026-08-10 17:00")
AUGUST = {"from": "2026-08-01", "to": "2026-08-31"}
#: Taken by an older version: blanks, accents beside letters, a sign that nobody sees, a step of a path.
OLD = ["HS\u00a01", "HS ", "Hồ\u200bsơ", unicodedata.normalize("NFD", "HồSơ"), ".."]


def nfd(text: str) -> str:
    return unicodedata.normalize("NFD", text)


@pytest.fixture
def view() -> View:
    found = View(1, 1, ZONE)
    done = step("Thẩm định", unit="Sở Xây dựng", ended=DUE, budget=60)
    found.table.apply(
        [
            fact("Hồ sơ 1", unit="Sở Nội vụ", procedure="Đất đai", due=DUE, steps=(done,), holders="Sở Nội vụ"),
            fact("a/b%2F?#c", unit="Sở Nội vụ", due=DUE),
            fact("x1", unit="Sở  Nội vụ", due=DUE),
            fact("x2", unit="Н38.01", procedure="đất đai", due=DUE),
            fact("x3", unit="h38.01", due=DUE),
            fact("x4", unit="Lạ", due=DUE),
            *(fact(code, unit="Sở Nội vụ", due=DUE) for code in OLD),
        ]
    )
    found.registry = Registry(
        ZONE, known(unit("H38.01"), unit("Sở Nội vụ"), unit("Sở Хây dựng"), procedure("Đất đai"), unit("U\u00a0V"))
    )
    found.marks[0].clock = PartitionClock(5, at("2026-08-20 08:00"))
    found.caught_up.set()
    return found


@pytest.fixture
async def client(view: View) -> AsyncIterator[httpx.AsyncClient]:
    app = FastAPI()
    app.include_router(make_router(lambda: view, dict, a_desk(), simulated=False))
    app.include_router(make_routing_router(lambda: view, a_desk(), simulated=False))
    install(app)
    hold_keys(app)
    async with asking(app) as found:
        yield found


async def get(client: httpx.AsyncClient, path: str, **query: Any) -> dict[str, Any]:
    answer = await client.get(f"/v1/{path}", params=query)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


@pytest.mark.parametrize("asked", ["Sở Nội vụ", nfd("Sở Nội vụ"), " Sở\u00a0Nội vụ", "Sở \u3000Nội  vụ "])
async def test_a_unit_is_found_however_it_is_typed(client: httpx.AsyncClient, asked: str) -> None:
    [index] = (await get(client, "indices", unit=asked, **AUGUST))["indices"]
    assert (index["unit"], index["received"]) == ("Sở Nội vụ", 2 + len(OLD))
    assert (await get(client, "dossiers", unit=asked, state="overdue"))["total"] == 2 + len(OLD)
    assert (await get(client, "due-list", unit=asked))["overdue"] == 2 + len(OLD)
    assert "units" in await get(client, "blame", unit=asked, **AUGUST)


async def test_what_was_asked_for_exactly_is_meant(client: httpx.AsyncClient) -> None:
    [index] = (await get(client, "indices", unit="Sở  Nội vụ", **AUGUST))["indices"]
    assert (index["unit"], index["received"]) == ("Sở  Nội vụ", 1)
    answer = await client.get("/v1/indices", params={"unit": nfd("Sở  Ngoại vụ"), **AUGUST})
    assert (answer.status_code, answer.json()["code"]) == (404, "unknown_unit")


async def test_procedures_and_steps_are_found_too(client: httpx.AsyncClient) -> None:
    asked = nfd("Đất\u00a0đai")
    assert (await get(client, "dossiers", state="overdue", procedure=asked))["total"] == 1
    assert (await get(client, "steps", procedure=asked, **AUGUST))["groups"][0]["step"] == "Thẩm định"
    found = await get(client, "steps/occurrences", figure="ended", step=nfd("Thẩm  định"), **AUGUST)
    assert found["total"] == 1


@pytest.mark.parametrize("asked", ["Hồ sơ 1", nfd("Hồ  sơ 1"), "a/b%2F?#c", *OLD[:-1]])
async def test_a_dossier_is_found_however_it_is_typed(client: httpx.AsyncClient, asked: str) -> None:
    code = (await get(client, f"dossiers/{quote(asked, safe='')}"))["row"]["code"]
    assert code == (asked if asked in OLD else unicodedata.normalize("NFC", asked).replace("  ", " "))


async def test_what_nobody_registered_is_told_with_what_it_looks_like(client: httpx.AsyncClient) -> None:
    found = await get(client, "unregistered")
    alike = {one["unit"]: one.get("looks_like") for one in found["units"]["codes"]}
    assert alike == {
        "Н38.01": "H38.01",
        "h38.01": "H38.01",
        "Sở  Nội vụ": "Sở Nội vụ",
        "Lạ": None,
        "Sở Xây dựng": "Sở Хây dựng",
    }
    assert found["units"]["codes"][-1] == {
        "unit": "Sở Xây dựng",
        "dossiers": 0,
        "steps": 1,
        "looks_like": "Sở Хây dựng",
    }
    codes = {one["procedure"]: one.get("looks_like") for one in found["procedures"]["codes"]}
    assert codes["đất đai"] == "Đất đai"


async def test_without_any_registered_they_are_told_of_each_other(view: View, client: httpx.AsyncClient) -> None:
    view.registry = Registry(ZONE)
    alike = {one["unit"]: one.get("looks_like") for one in (await get(client, "unregistered"))["units"]["codes"]}
    assert (alike["Н38.01"], alike["Lạ"]) == ("h38.01", None)


async def test_codes_in_another_form_are_listed_with_what_is_odd(client: httpx.AsyncClient) -> None:
    found = await get(client, "odd-codes")
    told = {one["code"]: one["why"] for one in found["dossiers"]["codes"]}
    assert told == {OLD[0]: "blanks", OLD[1]: "blanks", OLD[2]: "U+200B", OLD[3]: "accents", OLD[4]: "dots"}
    assert found["dossiers"]["count"] == 5
    assert [one["code"] for one in found["units"]["codes"]] == ["Sở  Nội vụ", "U\u00a0V"]
    assert (found["procedures"]["count"], found["steps"]) == (0, {"count": 0, "codes": []})
