"""The query API of steps, blame and what is due: shapes, problems, and figures with their lists."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from services.metrics.follow.view import View
from services.metrics.http.api import make_router
from services.metrics.http.routing_answers import BlameAnswer, Bottlenecks, DueList, Occurrences, Steps
from services.metrics.http.routing_api import make_routing_router
from services.metrics.table.decode import PartitionClock
from services.metrics.units.registry import Registry
from shared.instants import HOUR
from shared.problems.problem import install
from tests.keyring import asking, hold_keys
from tests.unit.metrics.build import ZONE, a_desk, at, fact, step
from tests.unit.metrics.known import known, procedure, unit

AUGUST = {"from": "2026-08-01", "to": "2026-08-31"}
DUE = at("2026-08-10 17:00")


@pytest.fixture
def view() -> View:
    found = View(1, 1, ZONE)
    over = step(ended=DUE, used=10 * HOUR, over=2 * HOUR, budget=480, due=DUE - HOUR)
    found.table.apply(
        [
            fact("a", due=DUE, holders="H44.01", steps=(step("Ký", due=DUE, budget=480),)),
            fact("b", due=DUE, finished=DUE + HOUR, steps=(over,), blame=[("H44.01", 7), (None, 3)]),
            fact("c", due=at("2026-08-20 17:00"), holders="H44.02", unit="H44.02"),
        ]
    )
    found.registry = Registry(ZONE, known(unit("H44.01", name="Sở Một"), procedure("2.000815", name="Cấp bản sao")))
    found.marks[0].clock = PartitionClock(5, at("2026-08-20 08:00"))
    found.caught_up.set()
    return found


@pytest.fixture
async def client(view: View) -> AsyncIterator[httpx.AsyncClient]:
    app = FastAPI()
    app.include_router(make_router(lambda: view, lambda: {"epoch": 1}, a_desk(), simulated=True))
    app.include_router(make_routing_router(lambda: view, a_desk(), simulated=True))
    install(app)
    hold_keys(app)
    async with asking(app) as found:
        yield found


async def get(client: httpx.AsyncClient, path: str, **query: Any) -> dict[str, Any]:
    answer = await client.get(f"/v1/{path}", params=query)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def test_steps_by_what_was_asked(client: httpx.AsyncClient) -> None:
    answer = await get(client, "steps", **AUGUST)
    Steps.model_validate(answer)
    assert (answer["by"], answer["simulated"], answer["as_of"]) == ("unit-step", True, "2026-08-20T01:00:00.000000Z")
    signing, judging = answer["groups"]
    assert (signing["unit"], signing["unit_name"], signing["step"]) == ("H44.01", "Sở Một", "Ký")
    assert (signing["under_way"], signing["over_now"], signing["ended"]) == (1, 1, 0)
    assert (judging["over_minutes"], judging["median_minutes"], judging["over_share"]) == (120, 600, "100.00")
    assert answer["total"]["under_way"] == 1
    by_procedure = await get(client, "steps", by="procedure", unit="H44", **AUGUST)
    [group] = by_procedure["groups"]
    assert (group["procedure"], group["procedure_name"], group["ended"]) == ("2.000815", "Cấp bản sao", 1)


async def test_the_occurrences_behind_a_number(client: httpx.AsyncClient) -> None:
    answer = await get(client, "steps/occurrences", figure="over_budget", **AUGUST)
    Occurrences.model_validate(answer)
    assert answer["total"] == 1
    [item] = answer["occurrences"]
    assert (item["code"], item["used_us"], item["over_us"], item["outcome"]) == ("b", 10 * HOUR, 2 * HOUR, "completed")
    [running] = (await get(client, "steps/occurrences", figure="over_now", step="Ký", **AUGUST))["occurrences"]
    assert (running["used_us"], running["ended_at"], running["budget"]) == (None, None, 480)
    assert (await get(client, "steps/occurrences", figure="over_now", step="Khác", **AUGUST))["total"] == 0


async def test_bottlenecks_say_what_they_are_ranked_by(client: httpx.AsyncClient) -> None:
    answer = await get(client, "bottlenecks", **AUGUST)
    Bottlenecks.model_validate(answer)
    assert answer["ranked_by"] == ["total_over_us", "over_share", "p90_us"]
    assert "quá định mức" in answer["note"]
    assert [(item["rank"], item["step"]) for item in answer["bottlenecks"]] == [(1, "Ký"), (2, "Thẩm định")]
    english = await client.get("/v1/bottlenecks", params=AUGUST, headers={"Accept-Language": "en"})
    assert "Ranked by" in english.json()["note"]
    one = await get(client, "bottlenecks", limit=1, **AUGUST)
    assert (one["total"], len(one["bottlenecks"])) == (2, 1)


async def test_blame_with_parts_and_holders(client: httpx.AsyncClient) -> None:
    answer = await get(client, "blame", **AUGUST)
    BlameAnswer.model_validate(answer)
    assert (answer["late"], answer["delay_us"]) == (1, 10)
    assert [(part["unit"], part["delay_us"], part["share"]) for part in answer["units"]] == [
        ("H44.01", 7, "70.00"),
        (None, 3, "30.00"),
    ]
    # Open and overdue since the 10th at closing time: seven and a bit working days by the 20th, 8:00.
    assert [(item["holder"], item["dossiers"]) for item in answer["overdue"]["holders"]] == [("H44.01", 1)]
    assert answer["overdue"]["delay_minutes"] == 7 * 480 + 30
    assert (await get(client, "blame", unit="H44.02", **AUGUST))["late"] == 0
    for figure in ("late_by_instant", "late_within_budgets", "on_time_with_step_over"):
        listed = (await get(client, "dossiers", figure=figure, **AUGUST))["total"]
        assert listed == answer["late" if figure == "late_by_instant" else figure]


async def test_what_is_due_today_and_overdue(client: httpx.AsyncClient) -> None:
    answer = await get(client, "due-list")
    DueList.model_validate(answer)
    assert (answer["day"], answer["total"], answer["due"], answer["overdue"]) == ("2026-08-20", 2, 1, 1)
    assert [(item["code"], item["state"], item["held_by"]) for item in answer["dossiers"]] == [
        ("a", "overdue", ["H44.01"]),
        ("c", "due", ["H44.02"]),
    ]
    assert [(item["holder"], item["holder_name"]) for item in answer["holders"]] == [
        ("H44.01", "Sở Một"),
        ("H44.02", None),
    ]
    assert (await get(client, "due-list", unit="H44.02"))["total"] == 1
    assert (await get(client, "due-list", day="2026-08-21"))["due"] == 0


async def test_states_and_figures_of_apologies(client: httpx.AsyncClient) -> None:
    assert (await get(client, "dossiers", state="overdue-without-apology"))["total"] == 1
    assert (await get(client, "dossiers", state="intake-overdue"))["total"] == 0
    [index] = (await get(client, "indices", **AUGUST))["indices"]
    assert (index["apology_due"], index["without_apology"], index["intake_submitted"]) == (2, 2, 0)
    assert (await get(client, "dossiers", figure="without_apology", **AUGUST))["total"] == 2


async def test_what_nobody_registered(client: httpx.AsyncClient) -> None:
    answer = await get(client, "unregistered")
    assert answer["units"]["codes"] == [{"unit": "H44.02", "dossiers": 1}]
    assert answer["procedures"]["dossiers"] == 0


@pytest.mark.parametrize(
    ("path", "query", "expected"),
    [
        ("steps", {"from": "2026-08-01"}, (422, "missing_field", "to")),
        ("steps", {**AUGUST, "by": "month"}, (422, "not_allowed_value", "by")),
        ("steps", {"from": "2026-08-31", "to": "2026-08-01"}, (422, "period_reversed", "to")),
        ("steps", {**AUGUST, "unit": "H9"}, (404, "unknown_unit", "unit")),
        ("steps/occurrences", {**AUGUST, "figure": "lost"}, (422, "not_allowed_value", "figure")),
        ("bottlenecks", {**AUGUST, "limit": 1001}, (422, "out_of_range", "limit")),
        ("blame", {**AUGUST, "unit": "H9"}, (404, "unknown_unit", "unit")),
        ("blame", {**AUGUST, "units_on": "1/7/2025"}, (422, "wrong_date", "units_on")),
        ("due-list", {"unit": "H9"}, (404, "unknown_unit", "unit")),
        ("due-list", {"day": "tomorrow"}, (422, "wrong_date", "day")),
    ],
)
async def test_problems_name_their_field(
    client: httpx.AsyncClient, path: str, query: dict[str, Any], expected: tuple[int, str, str]
) -> None:
    answer = await client.get(f"/v1/{path}", params=query)
    problem = answer.json()
    assert (answer.status_code, problem["code"], problem["field"]) == expected
    assert problem["remedy"]
