"""The list of entered figures over HTTP: what it tells, whom it asks for, and what is wrong with a question."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any
from unicodedata import normalize

import httpx
import pytest
from fastapi import FastAPI

from services.metrics.follow.view import View
from services.metrics.http.api import make_router
from services.metrics.http.entered_api import EnteredFigures, make_entered_router
from services.metrics.table.decode import Decoder, PartitionClock
from services.metrics.units.registry import Registry
from shared.access.bearer import Bearer
from shared.populations.indicators import INDICATORS
from shared.problems.problem import install
from tests.keyring import asking, hold_keys, key_of
from tests.unit.metrics.build import ZONE, a_desk, at
from tests.unit.metrics.entered.figures import figure, records
from tests.unit.metrics.known import known, unit

ELSEWHERE = Bearer("elsewhere", units=("H99",), roles=frozenset({"officer"}))


@pytest.fixture
def view() -> View:
    """Two say a share of H44, one a value of an unregistered unit; the clock stands in August."""
    found = View(1, 1, ZONE)
    sent = [
        figure("1", "Chỉ số", "H44", numerator=1, denominator=2),
        figure("2", "Chỉ số", "H44", time="2026-08-02T01:00:00Z", numerator=3, denominator=4, document="7/BC"),
        {**figure("3|x", "PAPI", "h44", value="42.50"), "subject": "a|b", "source": "50%"},
    ]
    found.tables[INDICATORS.name].apply([Decoder(1)(0, *record) for record in records(sent)])
    found.registry = Registry(ZONE, known(unit("H44", name="Tỉnh")))
    found.marks[0].clock = PartitionClock(5, at("2026-08-20 08:00"))
    found.caught_up.set()
    return found


@pytest.fixture
async def client(view: View) -> AsyncIterator[httpx.AsyncClient]:
    app = FastAPI()
    app.include_router(make_router(lambda: view, lambda: {"epoch": 1}, a_desk(), simulated=False))
    app.include_router(make_entered_router(lambda: view, a_desk(), simulated=False))
    install(app)
    hold_keys(app, ELSEWHERE)
    async with asking(app) as found:
        yield found


async def get(client: httpx.AsyncClient, **asked: Any) -> dict[str, Any]:
    answer = await client.get("/v1/entered", params=asked)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    EnteredFigures.model_validate(found)
    return found


async def test_each_figure_is_told_with_the_identity_it_comes_from(client: httpx.AsyncClient) -> None:
    found = await get(client)
    assert (found["total"], found["as_of"], found["simulated"]) == (2, "2026-08-20T01:00:00.000000Z", False)
    share, value = found["figures"]
    assert share == {
        "subject": "s",
        "source": "survey",
        "id": "2",
        "holds": True,
        "indicator": "Chỉ số",
        "unit": "H44",
        "unit_name": "Tỉnh",
        "first_day": "2026-08-01",
        "last_day": "2026-08-31",
        "value": None,
        "numerator": 3,
        "denominator": 4,
        "document": "7/BC",
        "entered_at": "2026-08-02T01:00:00.000000Z",
        "findings": [],
        "simulated": False,
    }
    assert (value["subject"], value["source"], value["id"]) == ("a|b", "50%", "3|x")
    assert (value["value"], value["numerator"], value["denominator"]) == ("42.50", None, None)


async def test_what_it_is_asked_for(client: httpx.AsyncClient) -> None:
    async def ids(**asked: Any) -> list[str]:
        return [one["id"] for one in (await get(client, **asked))["figures"]]

    assert await ids(superseded="true") == ["2", "1", "3|x"]
    assert await ids(unit="H44") == ["2"]
    # A name is looked for as it is, else in the form in which doors keep it.
    assert await ids(indicator=normalize("NFD", "Chỉ số")) == ["2"]
    assert await ids(indicator=" Chỉ  số ") == ["2"]
    assert await ids(**{"from": "2026-08-01", "to": "2026-08-31"}) == ["2", "3|x"]
    assert await ids(**{"from": "2026-08-02"}) == []
    assert await ids(offset=1, limit=1) == ["3|x"]


async def test_figures_of_units_are_open_to_every_reader(client: httpx.AsyncClient) -> None:
    answer = await client.get("/v1/entered", headers=key_of("elsewhere"))
    assert (answer.status_code, answer.json()["total"]) == (200, 2)
    assert (await client.get("/v1/entered", headers={"Authorization": "Bearer x"})).status_code == 401


async def test_what_is_wrong_with_a_question_is_told(client: httpx.AsyncClient) -> None:
    for asked, status, field in (({"from": "8/2026"}, 422, "from"), ({"unit": "H99"}, 404, "unit")):
        answer = await client.get("/v1/entered", params=asked)
        assert answer.status_code == status
        assert field in answer.text


async def test_a_unit_that_only_a_figure_names_is_told_as_unregistered(client: httpx.AsyncClient) -> None:
    """Else a figure under a mistyped code would stand beside the one it was meant for, and nobody would see it."""
    told = (await client.get("/v1/unregistered")).json()
    assert told["units"]["codes"] == [{"unit": "h44", "dossiers": 0, "figures": 1, "looks_like": "H44"}]
    assert told["units"]["dossiers"] == 0
