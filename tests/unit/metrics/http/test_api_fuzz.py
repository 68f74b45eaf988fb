"""Any request the OpenAPI document allows, and many it does not, gets an answer the document describes."""

from __future__ import annotations

from typing import Any

import schemathesis
from fastapi import FastAPI
from hypothesis import HealthCheck, settings
from schemathesis.specs.openapi.checks import positive_data_acceptance

from services.metrics.follow.view import View
from services.metrics.http.api import make_router
from services.metrics.http.routing_api import make_routing_router
from services.metrics.table.decode import PartitionClock
from services.metrics.units.registry import Registry
from shared.problems.problem import install
from tests.keyring import ANYBODY, hold_keys
from tests.unit.metrics.build import ZONE, a_desk, at, fact, step
from tests.unit.metrics.known import known, procedure, unit

STATUS: dict[str, Any] = {
    "epoch": 1,
    "loading_epoch": None,
    "rows": 2,
    "clock": None,
    "partitions": {"0": {"position": 2, "end": 2, "cause_offset": 5, "clock": None}},
    "caught_up": True,
    "figures_at": None,
    "simulated": False,
    "away": [],
}


def make_app() -> FastAPI:
    view = View(1, 1, ZONE)
    due = at("2026-08-10 17:00")
    late = fact("c", due=due, finished=due + 1, steps=(step(ended=due, budget=1, over=1, used=2),), blame=[(None, 1)])
    running = fact("a", due=due, holders="H44.01", steps=(step(budget=1, due=due),))
    view.table.apply([running, fact("b/ü", unit=None, channel=2, findings="second_end"), late])
    view.registry = Registry(ZONE, known(unit("H44", name="Phú Thọ", valid_from="2020-01-01"), procedure("2.000815")))
    view.marks[0].clock = PartitionClock(5, at("2026-08-20 08:00"))
    app = FastAPI()
    app.include_router(make_router(lambda: view, lambda: STATUS, a_desk(), simulated=False))
    app.include_router(make_routing_router(lambda: view, a_desk(), simulated=False))
    install(app)
    hold_keys(app)
    return app


schema = schemathesis.openapi.from_asgi("/openapi.json", make_app())


@schema.parametrize()
@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
def test_answers_are_those_of_the_document(case: Any) -> None:
    # Rules between parameters (from ≤ to, state or figure) are told by problems; a document cannot state them.
    case.call_and_validate(headers=ANYBODY, excluded_checks=[positive_data_acceptance])
