"""The query API over a view in memory: answers, problems in two languages, and the OpenAPI document."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from services.metrics.follow.view import View
from services.metrics.http.answers import Index
from services.metrics.http.api import make_router
from services.metrics.indicators.figures import STATES
from services.metrics.table.decode import PartitionClock
from shared.problems.problem import Problem, install
from tests.keyring import asking, hold_keys
from tests.unit.metrics.build import ZONE, a_desk, at, fact

AUGUST = {"from": "2026-08-01", "to": "2026-08-31"}
DUE = at("2026-08-10 17:00")


@pytest.fixture
def view() -> View:
    found = View(1, 1, ZONE)
    found.table.apply(
        [
            fact("H44.01-1", due=DUE),
            fact("H44.01-2", due=DUE, finished=DUE, channel=2),
            fact("H44.02/3", unit="H44.02", due=DUE, finished=DUE + 1, procedure=None),
            fact("new", accepted=2**62, unit="H99", findings="end_without_acceptance"),
        ]
    )
    found.marks[0].clock = PartitionClock(5, at("2026-08-20 08:00"))
    found.caught_up.set()
    return found


@pytest.fixture
async def client(view: View) -> AsyncIterator[httpx.AsyncClient]:
    def ready() -> View:
        if not view.caught_up.is_set():
            raise Problem(503, "figures_loading", value="reading", headers={"Retry-After": "2"})
        return view

    app = FastAPI()
    app.include_router(make_router(ready, lambda: {"epoch": 1}, a_desk(), simulated=True))
    install(app)
    hold_keys(app)
    async with asking(app) as found:
        yield found


async def get(client: httpx.AsyncClient, path: str, **query: Any) -> dict[str, Any]:
    answer = await client.get(path, params=query)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def test_indices_of_everything(client: httpx.AsyncClient) -> None:
    answer = await get(client, "/v1/indices", **AUGUST)
    assert answer["simulated"] is True
    assert answer["rule"] == "766-2026"
    assert answer["as_of"] == "2026-08-20T01:00:00.000000Z"
    [index] = answer["indices"]
    Index.model_validate(index)
    assert index["unit"] is None
    assert (index["from"], index["to"], index["as_of"]) == ("2026-08-01", "2026-08-31", answer["as_of"])
    assert (index["received"], index["resolved"], index["open"], index["open_within_term"]) == (3, 2, 1, 0)
    assert index["components"]["2.1"] == {"numerator": 1, "denominator": 3, "ratio": "33.33", "score": "6.67"}
    assert index["components"]["3.3"] == {"numerator": 2, "denominator": 3, "ratio": "66.67", "score": "6.00"}


async def test_children_follow_their_parent(client: httpx.AsyncClient) -> None:
    rows = (await get(client, "/v1/indices", unit="H44", children=True, **AUGUST))["indices"]
    assert [(row["unit"], row["received"]) for row in rows] == [("H44", 3), ("H44.01", 2), ("H44.02", 1)]


async def test_breakdowns_name_their_group(client: httpx.AsyncClient) -> None:
    rows = (await get(client, "/v1/indices", by="channel", **AUGUST))["indices"]
    assert [(row["channel"], row["received"]) for row in rows] == [("online", 2), ("postal", 1)]
    rows = (await get(client, "/v1/indices", by="procedure", **AUGUST))["indices"]
    assert [(row["procedure"], row["received"]) for row in rows] == [("2.000815", 2), (None, 1)]
    rows = (await get(client, "/v1/indices", by="month", **{"from": "2026-07-15", "to": "2026-08-31"}))["indices"]
    assert [(row["month"], row["from"], row["scope"]) for row in rows] == [
        ("2026-07", "2026-07-15", 0),
        ("2026-08", "2026-08-01", 3),
    ]


async def test_a_future_period_says_so_in_both_languages(client: httpx.AsyncClient) -> None:
    query = {"from": "2026-09-01", "to": "2026-09-30"}
    [index] = (await get(client, "/v1/indices", **query))["indices"]
    assert index["future"] is True
    assert "chưa có số liệu" in index["note"]
    assert index["components"]["2.1"] == {"numerator": 0, "denominator": 0, "ratio": None, "score": None}
    assert index["scope"] == 0
    english = await client.get("/v1/indices", params=query, headers={"Accept-Language": "en"})
    assert "nothing to count" in english.json()["indices"][0]["note"]
    assert (await get(client, "/v1/dossiers", figure="scope", **query))["total"] == 0


async def test_the_list_behind_a_number(client: httpx.AsyncClient) -> None:
    late = await get(client, "/v1/dossiers", figure="2.1.denominator", unit="H44", limit=1, offset=2, **AUGUST)
    assert late["total"] == 3
    assert [row["code"] for row in late["dossiers"]] == ["H44.02/3"]
    assert late["dossiers"][0]["due"] == "2026-08-10T10:00:00.000000Z"
    assert (await get(client, "/v1/dossiers", figure="received", procedure="", **AUGUST))["total"] == 1
    assert (await get(client, "/v1/dossiers", figure="received", procedure="9.9", **AUGUST))["total"] == 0
    assert (await get(client, "/v1/dossiers", figure="received", channel="postal", **AUGUST))["total"] == 1


async def test_states(client: httpx.AsyncClient) -> None:
    assert [row["code"] for row in (await get(client, "/v1/dossiers", state="overdue"))["dossiers"]] == ["H44.01-1"]
    finding = await get(client, "/v1/dossiers", state="finding")
    assert [row["findings"] for row in finding["dossiers"]] == [["end_without_acceptance"]]
    assert (await get(client, "/v1/dossiers", state="due-soon"))["total"] == 0


async def test_open_dossiers_of_a_unit_and_those_below_page_by_page(client: httpx.AsyncClient, view: View) -> None:
    ended = fact("ended", unit="H44.01", finished=DUE)
    others = [fact(f"H44.01-{number}", unit=unit, due=DUE) for number, unit in ((3, "H44.01.02"), (4, "H44.010"))]
    view.table.apply([*others, fact("undated", unit="H44.01"), ended])
    codes, offset = [], 0
    while page := (await get(client, "/v1/dossiers", state="open", unit="H44.01", limit=1, offset=offset))["dossiers"]:
        codes += [(row["code"], row["unit"], row["accepted_at"]) for row in page]
        offset += len(page)
    accepted = "2026-08-03T01:00:00.000000Z"
    # The unit itself and those below it by their code, by due instant: without due last; no unit of a longer name.
    assert codes == [
        ("H44.01-1", "H44.01", accepted),
        ("H44.01-3", "H44.01.02", accepted),
        ("undated", "H44.01", accepted),
    ]
    assert (await get(client, "/v1/dossiers", state="open", unit="H44.01", limit=0))["total"] == 3


async def test_every_state_has_its_list(client: httpx.AsyncClient) -> None:
    for state in STATES["dossiers"]:
        assert (await get(client, "/v1/dossiers", state=state))["total"] >= 0


async def test_one_dossier_also_with_a_slash_in_its_code(client: httpx.AsyncClient) -> None:
    answer = await get(client, "/v1/dossiers/H44.02/3")
    assert answer["row"]["finish"] == "resolved"
    assert answer["cause"] == {"epoch": 1, "partition": 0, "offset": 0, "index": 0}
    assert (await get(client, "/v1/dossiers/H44.02%2F3"))["row"] == answer["row"]


async def test_units_are_a_tree_of_accepted_dossiers(client: httpx.AsyncClient) -> None:
    rows = (await get(client, "/v1/units"))["units"]
    assert [(row["unit"], row["parent"], row["dossiers"]) for row in rows] == [
        ("H44", None, 0),
        ("H44.01", "H44", 2),
        ("H44.02", "H44", 1),
    ]
    assert not any(row["registered"] for row in rows)


@pytest.mark.parametrize(
    ("path", "query", "expected"),
    [
        ("indices", {"from": "2026-08-01"}, (422, "missing_field", "to")),
        ("indices", {"from": "2026-08-32", "to": "2026-08-31"}, (422, "wrong_date", "from")),
        ("indices", {"from": "0", "to": "2026-08-31"}, (422, "wrong_date", "from")),
        ("indices", {"from": "2026-08-31", "to": "2026-08-01"}, (422, "period_reversed", "to")),
        ("indices", {"from": "1066-08-31", "to": "2026-08-01"}, (422, "period_out_of_range", "from")),
        ("indices", {"from": "1900-01-01", "to": "2026-08-01", "by": "month"}, (422, "too_many_months", "from")),
        ("indices", {**AUGUST, "by": "week"}, (422, "not_allowed_value", "by")),
        ("indices", {**AUGUST, "unit": "H44.0"}, (404, "unknown_unit", "unit")),
        ("dossiers", {}, (422, "state_or_figure", "figure")),
        ("dossiers", {"state": "overdue", "figure": "open"}, (422, "state_or_figure", "state")),
        ("dossiers", {"state": "overdue", **AUGUST}, (422, "state_or_figure", "state")),
        ("dossiers", {"state": "lost"}, (422, "not_allowed_value", "state")),
        ("dossiers", {"figure": "opened", **AUGUST}, (422, "unknown_figure", "figure")),
        ("dossiers", {"figure": "open", "from": "2026-08-01"}, (422, "missing_field", "to")),
        ("dossiers", {"figure": "open", "unit": "H44.0", **AUGUST}, (404, "unknown_unit", "unit")),
        ("dossiers", {"state": "overdue", "limit": 10_001}, (422, "out_of_range", "limit")),
        ("dossiers/none", {}, (404, "unknown_dossier", "code")),
    ],
)
async def test_problems_name_field_and_remedy(
    client: httpx.AsyncClient, path: str, query: dict[str, str], expected: tuple[int, str, str]
) -> None:
    for language in ("vi", "en"):
        answer = await client.get(f"/v1/{path}", params=query, headers={"Accept-Language": language})
        problem = answer.json()
        assert (answer.status_code, problem["code"], problem["field"]) == expected
        assert problem["remedy"]
        assert "{" not in problem["detail"] + problem["remedy"]


async def test_nothing_is_answered_before_the_facts_were_read(view: View, client: httpx.AsyncClient) -> None:
    view.caught_up.clear()
    answer = await client.get("/v1/indices", params=AUGUST)
    assert answer.status_code == 503
    assert answer.headers["retry-after"] == "2"


async def test_openapi_describes_answers_with_examples(client: httpx.AsyncClient) -> None:
    document = (await client.get("/openapi.json")).json()
    assert document["openapi"].startswith("3.1")
    assert set(document["paths"]) >= {"/v1/indices", "/v1/units", "/v1/dossiers", "/v1/dossiers/{code}", "/v1/status"}
    index = document["components"]["schemas"]["Index"]
    Index.model_validate(index["example"])
    assert all("description" in member for name, member in index["properties"].items() if name != "unit")
