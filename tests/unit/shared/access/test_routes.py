"""Every route of every service says what it needs, and refuses who has less: no key, another right, another's unit.

Made from the routes of the applications: one that is added without saying what it needs, or that lists or changes what
is a unit's without being tried here with another unit's key, fails.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

import httpx
import pytest
from fastapi import FastAPI
from fastapi.routing import APIRoute

from services.metrics.app import make_app as make_metrics
from services.metrics.settings import MetricsSettings
from services.processing.app import make_app as make_processing
from services.processing.settings import ProcessingSettings
from shared.access.bearer import Bearer
from shared.access.rights import RIGHTS, Right
from shared.access.routes import DOCUMENTS, declared, routes_of
from shared.problems.problem import Problem
from tests.unit.intake.parts import make_parts

#: Nobody answers here.
NOWHERE: Final[dict[str, Any]] = {"kafka": "127.0.0.1:1", "mongo": "mongodb://127.0.0.1:1/?serverSelectionTimeoutMS=50"}
MADE: Final[dict[str, Callable[[], FastAPI]]] = {
    "intake": lambda: make_parts().app,
    "processing": lambda: make_processing(ProcessingSettings(**NOWHERE)),
    "metrics": lambda: make_metrics(MetricsSettings(**NOWHERE)),
}
OPEN: Final = {"/health/live", "/health/ready", "/metrics"}


@dataclass(frozen=True)
class Only(Bearer):
    """Somebody with just some rights, which no role need give."""

    only: frozenset[Right] = frozenset()

    @property
    def rights(self) -> frozenset[Right]:
        return self.only


class Ring:
    """Keys `mc_` and the right they have; one of them disabled."""

    async def find(self, key: str) -> Bearer:
        right = key.removeprefix("mc_")
        if right == "disabled":
            raise Problem(403, "sender_disabled", value="x")
        if right == "none":
            return Only("none")
        if right not in RIGHTS:
            raise Problem(401, "key_unknown", headers={"WWW-Authenticate": "Bearer"})
        return Only(right, ("*",), ("H44",), only=frozenset({right}))


def _apps() -> dict[str, FastAPI]:
    found = {name: make() for name, make in MADE.items()}
    for app in found.values():
        app.state.keyring = Ring()
    return found


APPS: Final = _apps()
ROUTES: Final = [(name, route) for name, app in APPS.items() for route in routes_of(app)]
CLOSED: Final = [
    (name, method, route.path, declared(route))
    for name, route in ROUTES
    if isinstance(route.original_route, APIRoute) and route.path not in OPEN
    for method in sorted(route.methods or ())
]
_of_route: Final = pytest.mark.parametrize(
    ("service", "method", "path", "rights"), CLOSED, ids=[f"{name} {method} {path}" for name, method, path, _ in CLOSED]
)


async def ask(service: str, method: str, path: str, key: str | None) -> httpx.Response:
    headers = {"Accept-Language": "en"} | ({} if key is None else {"Authorization": f"Bearer {key}"})
    transport = httpx.ASGITransport(APPS[service], raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://service", headers=headers) as client:
        return await client.request(method, re.sub(r"\{[^}]+\}", "1", path))


@pytest.mark.parametrize(
    ("service", "route"), ROUTES, ids=[f"{name} {getattr(one, 'path', one)}" for name, one in ROUTES]
)
def test_a_route_says_once_what_it_needs(service: str, route: Any) -> None:
    needed = declared(route)
    assert (needed is None) == (route.path in OPEN), "open are health and metrics alone"
    assert needed is None or set(needed) <= set(RIGHTS)


def test_a_route_that_says_nothing_or_cannot_is_found() -> None:
    app = FastAPI()

    @app.get("/forgotten")
    async def forgotten() -> str:
        return "secret"

    app.mount("/mounted", FastAPI())
    (of_api, mounted) = routes_of(app)
    for route in (of_api, mounted):
        with pytest.raises(LookupError, match="say once what it needs"):
            declared(route)


@pytest.mark.parametrize("service", MADE)
async def test_what_is_open_asks_for_no_key(service: str) -> None:
    for path in sorted(OPEN | {one for one in DOCUMENTS if one not in ("/docs/oauth2-redirect", "/asyncapi")}):
        assert (await ask(service, "GET", path, None)).status_code in (200, 503)


@_of_route
async def test_without_a_key_that_is_somebodys_nothing_is_told(
    service: str, method: str, path: str, rights: tuple[Right, ...]
) -> None:
    for key, status, code in (
        (None, 401, "key_missing"),
        ("mc_guess", 401, "key_unknown"),
        ("mc_disabled", 403, "sender_disabled"),
    ):
        answer = await ask(service, method, path, key)
        assert (answer.status_code, answer.json()["code"]) == (status, code)
        assert (status != 401) or answer.headers["WWW-Authenticate"].startswith("Bearer")


@_of_route
async def test_another_right_is_not_enough_and_what_is_missing_is_named(
    service: str, method: str, path: str, rights: tuple[Right, ...]
) -> None:
    for right in ("none", *RIGHTS):
        answer = await ask(service, method, path, f"mc_{right}")
        told = answer.json() if answer.headers["content-type"] == "application/problem+json" else {}
        if rights and right not in rights:
            assert (answer.status_code, told["code"], told["rights"]) == (403, "right_missing", list(rights)), right
            assert all(wanted in told["detail"] for wanted in rights)
            assert "administrator" in told["remedy"]
        else:
            assert answer.status_code not in (401, 403), (right, told)


@_of_route
async def test_its_document_says_what_it_needs(service: str, method: str, path: str, rights: tuple[Right, ...]) -> None:
    document = APPS[service].openapi()
    told = document["paths"][path.replace(":path}", "}")][method.lower()]
    assert told["x-motcua-rights"] == list(rights)
    assert "Needs a key" in told["description"]
    assert told["security"]
