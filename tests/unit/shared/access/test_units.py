"""Every route by which somebody reads or sends is tried with the key of another unit: no case of a unit goes by it.

Which routes these are is taken from the applications; a new one fails until it is written here how it is tried.
"""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any, Final

import httpx
import pytest
from fastapi import FastAPI

from services.metrics.app import make_app as make_metrics
from services.metrics.follow.view import View
from services.metrics.settings import MetricsSettings
from services.metrics.table.decode import Decoder, PartitionClock
from services.processing.app import make_app as make_processing
from services.processing.cases import Case, dossier_case, petition_case
from services.processing.engine import Reference
from services.processing.facts.row import encoder
from services.processing.settings import ProcessingSettings
from services.processing.states.layers import HeldState
from services.processing.stream.output import Records
from shared.access.bearer import Bearer
from shared.instants import HOUR
from shared.populations.petitions import PETITIONS
from tests.keyring import hold_keys, key_of
from tests.unit.intake.parts import body, make_parts
from tests.unit.metrics.build import ZONE, at, fact, step
from tests.unit.processing.http.test_dossier_api import CODE, RECEIPT, state_of
from tests.unit.processing.petitions.acts import facts, pet
from tests.unit.processing.stream.build import REFERENCE
from tests.unit.shared.access.test_routes import CLOSED, NOWHERE

#: A case of H29.1, in processing and in metrics; its unit's key, and another's.
OWN, OTHER = "H29.1", "H29.9"
AUGUST: Final = "from=2026-08-01&to=2026-08-31"
PATH: Final = CODE.replace("/", "%2F")

#: What tells numbers, or what is of no unit, and therefore to everybody who may ask: it names no case.
OF_ALL: Final[dict[tuple[str, str, str], str]] = {
    ("intake", "GET", "/v1/reference"): "",
    ("intake", "GET", "/v1/agencies"): "",
    ("processing", "GET", "/v1/positions"): "",
    ("metrics", "GET", "/v1/units"): "",
    ("metrics", "GET", "/v1/unregistered"): "",
    ("metrics", "GET", "/v1/status"): "",
    ("metrics", "GET", "/v1/figures"): "",
    ("metrics", "GET", "/v1/entered"): "superseded=true",
    ("metrics", "GET", "/v1/indices"): f"{AUGUST}&children=true",
    ("metrics", "GET", "/v1/steps"): AUGUST,
    ("metrics", "GET", "/v1/bottlenecks"): AUGUST,
    ("metrics", "GET", "/v1/blame"): AUGUST,
}
#: What tells cases: the path asked for, by which the unit's own key gets the case.
CASES: Final[dict[tuple[str, str, str], str]] = {
    ("processing", "GET", "/v1/entries"): "/v1/entries?source=test&id=1/accepted",
    ("processing", "GET", "/v1/entries/{source:path}/{id:path}"): "/v1/entries/test/1%2Faccepted",
    ("processing", "GET", "/v1/dossiers/{code:path}"): f"/v1/dossiers/{PATH}",
    ("processing", "GET", "/v1/dossiers/{code:path}/slip"): f"/v1/dossiers/{PATH}/slip",
    ("processing", "GET", "/v1/dossiers/{code:path}/apology"): f"/v1/dossiers/{PATH}/apology",
    ("processing", "GET", "/v1/petitions/{code:path}"): f"/v1/petitions/{PATH}",
    ("metrics", "GET", "/v1/petitions"): "/v1/petitions",
    ("metrics", "GET", "/v1/dossiers"): f"/v1/dossiers?figure=received&{AUGUST}",
    ("metrics", "GET", "/v1/dossiers/{code:path}"): f"/v1/dossiers/{PATH}",
    ("metrics", "GET", "/v1/steps/occurrences"): f"/v1/steps/occurrences?figure=under_way&{AUGUST}",
    ("metrics", "GET", "/v1/due-list"): "/v1/due-list?day=2026-08-20",
    ("metrics", "GET", "/v1/odd-codes"): "/v1/odd-codes",
}
#: What takes entries.
SENT: Final = {("intake", "POST", "/v1/entries"), ("intake", "POST", "/v1/entries:batch")}
#: Reference data are the stack's: who may send them names what its key covers, as by /v1/entries.
REFERENCE_DATA: Final = {("processing", "GET", "/v1/reference")}
#: In another form than doors keep codes in now, so that the list of such has it too.
ODD: Final = f"{CODE}  x"


def bearers() -> list[Bearer]:
    return [Bearer(unit, ("*",), (unit,), frozenset({"agency"})) for unit in (OWN, OTHER)]


def metrics() -> FastAPI:
    app = make_metrics(MetricsSettings(**NOWHERE))
    view = View(1, 1, ZONE)
    due = at("2026-08-20 17:00")
    more: dict[str, Any] = {"unit": OWN, "holders": OWN, "due": due}
    view.table.apply(
        [
            fact(CODE, **more, steps=(step("Ký", OWN, due=due, budget=480),)),
            fact(ODD, **more, offset=1, steps=(step("Ký", OWN, due=due, budget=480),), blame=[(OWN, HOUR)]),
        ]
    )
    received = pet("received", "08-03 09:00", subject=CODE, unit=OWN)
    row = encoder(PETITIONS.facts)(facts(received))
    record = Records(1, 0).case(petition_case(CODE), 2, 0, row, [])
    view.tables[PETITIONS.name].apply([Decoder(1)(0, *record)])
    view.marks[0].clock = PartitionClock(5, at("2026-08-20 08:00"))
    view.caught_up.set()
    app.state.service.epochs.live = SimpleNamespace(view=view, trouble=None, reader=SimpleNamespace(loss=None))
    hold_keys(app, *bearers())
    return app


def processing() -> FastAPI:
    app = make_processing(ProcessingSettings(**NOWHERE))
    service: Any = app.state.service
    held = HeldState(state_of(RECEIPT | {"id": "1/accepted", "sender": "somebody"}), 900, stored=True)

    received = pet("received", "08-03 09:00", subject=CODE, unit=OWN)
    petition = HeldState(state_of(received), 900, stored=True)

    cases: dict[object, HeldState] = {dossier_case: held, petition_case: petition}

    async def find(code: str, case: Callable[[str], Case] = dossier_case) -> HeldState | None:
        return cases.get(case) if code == CODE else None

    async def judged_by(_held: HeldState) -> tuple[Reference, int | None]:
        return REFERENCE, at("2026-03-05 08:00")

    async def dossiers_with(_source: str, _id: str) -> list[str]:
        return [CODE]

    service.find, service.judged_by, service.dossiers_with = find, judged_by, dossiers_with
    hold_keys(app, *bearers())
    return app


def asked(app: FastAPI) -> httpx.AsyncClient:
    return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://service")


APPS: Final = {"metrics": metrics, "processing": processing}


def test_every_route_by_which_somebody_reads_or_sends_is_tried() -> None:
    concerned = {(name, method, path) for name, method, path, rights in CLOSED if {"read", "send"} & set(rights or ())}
    assert concerned == {*OF_ALL, *CASES, *SENT, *REFERENCE_DATA}


@pytest.mark.parametrize("route", [route for route in OF_ALL if route[0] in APPS], ids=" ".join)
async def test_numbers_are_told_to_all_who_read_and_name_no_case(route: tuple[str, str, str]) -> None:
    service, method, path = route
    async with asked(APPS[service]()) as client:
        own = await client.request(method, f"{path}?{OF_ALL[route]}", headers=key_of(OWN))
        other = await client.request(method, f"{path}?{OF_ALL[route]}", headers=key_of(OTHER))
    assert (own.status_code, other.status_code) == (200, 200)
    assert own.content == other.content
    assert CODE not in other.text


@pytest.mark.parametrize("route", list(CASES), ids=" ".join)
async def test_a_case_is_told_to_its_unit_and_to_no_other(route: tuple[str, str, str]) -> None:
    service, method, _ = route
    async with asked(APPS[service]()) as client:
        own = await client.request(method, CASES[route], headers=key_of(OWN))
        assert (own.status_code, CODE in own.text) == (200, True), own.text
        for more in ("", f"unit={OWN}"):
            mark = "&" if "?" in CASES[route] else "?"
            other = await client.request(method, CASES[route] + mark * bool(more) + more, headers=key_of(OTHER))
            if other.status_code == 200:
                assert CODE not in other.text
            else:
                # What was asked for is repeated; nothing else is said of it, as of one that is not there.
                assert other.status_code in (403, 404)
                missing = CASES[route].replace(PATH, "none").replace("id=1/", "id=2/").replace("1%2F", "2%2F")
                unknown = await client.request(method, missing + mark * bool(more) + more, headers=key_of(OTHER))
                assert other.json()["code"] == unknown.json()["code"]


@pytest.mark.parametrize("route", sorted(SENT), ids=" ".join)
async def test_nothing_is_taken_for_another_unit(route: tuple[str, str, str]) -> None:
    parts = make_parts()
    hold_keys(parts.app, *bearers())
    _, method, path = route
    async with asked(parts.app) as client:
        for unit, taken in ((OWN, True), (OTHER, False)):
            content = body(id=unit, data={"channel": "online", "unit": OWN})
            answer = (await client.request(method, path, content=content, headers=key_of(unit))).json()
            told = answer["results"][0] if "results" in answer else answer
            problem = told.get("problem", told)
            assert (problem.get("code") is None) == taken
            assert taken or (problem["status"], problem["code"], problem["value"]) == (403, "unit_not_granted", OWN)
    assert [one["id"] for one in parts.journal.entries] == [OWN]
