"""A stack for commands that only ask: metrics' own API over a view in memory, and processing as a mapping of paths."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from types import SimpleNamespace
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

import motcua.cli.asking
from motcua.cli.figures import dossiers as lists
from motcua.cli.figures import entered, slip
from motcua.cli.reference import units
from services.metrics.follow.view import View
from services.metrics.http.api import make_router
from services.metrics.http.entered_api import make_entered_router
from services.metrics.http.routing_api import make_routing_router
from shared.access.bearer import Bearer
from shared.instants import to_rfc3339
from shared.problems.problem import install
from tests.keyring import ANYBODY, asking, hold_keys, key_of
from tests.unit.metrics.build import a_desk

__all__ = ["answer_from"]


def _app(view: View, *, simulated: bool) -> FastAPI:
    clock = view.clock
    status = {"clock": None if clock is None else to_rfc3339(clock)}
    app = FastAPI()
    app.include_router(make_router(lambda: view, lambda: status, a_desk(), simulated=simulated))
    app.include_router(make_routing_router(lambda: view, a_desk(), simulated=simulated))
    app.include_router(make_entered_router(lambda: view, a_desk(), simulated=simulated))
    install(app)
    hold_keys(app)
    return app


async def _ask(app: FastAPI, path: str, given: dict[str, Any], headers: dict[str, str]) -> httpx.Response:
    async with asking(app, headers) as client:
        return await client.get(path, params=given)


def answer_from(
    monkeypatch: pytest.MonkeyPatch,
    view: View,
    *,
    simulated: bool,
    processing: Mapping[str, Any] | None = None,
    bearer: Bearer | None = None,
) -> None:
    """Let commands ask this instead of a running stack.

    Args:
        monkeypatch: puts everything back.
        view: what metrics answers from.
        simulated: whether the stack is.
        processing: answers of processing by path.
        bearer: whose key commands show; None: of who may everything.
    """
    app = _app(view, simulated=simulated)
    key = ANYBODY
    if bearer is not None:
        hold_keys(app, bearer)
        key = key_of(bearer.name)
    told = dict(processing or {})

    class Stack:
        """Answers as services would."""

        stack = SimpleNamespace(zone=view.zone.key, simulated=simulated)

        def __init__(self, session: Any) -> None:
            self._language = session.language

        def get(self, service: str, path: str, /, **parameters: Any) -> Any:
            assert service == "metrics"
            given = {name: value for name, value in parameters.items() if value is not None}
            answer = asyncio.run(_ask(app, path, given, key | {"Accept-Language": self._language}))
            assert answer.status_code == 200, answer.text
            return answer.json()

        def replicas(self, kind: str) -> list[str]:
            return [kind]

        def get_at(self, address: str, path: str, /, **_parameters: Any) -> Any:
            assert address == "processing"
            return told[path]

    for module in (motcua.cli.asking, entered, lists, slip, units):
        monkeypatch.setattr(module, "Services", Stack)
