"""Every error of an application is a problem: right type, language, request id, and nothing of the inside."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Annotated, Any

import httpx
import pytest
import structlog
from fastapi import FastAPI, HTTPException, Query, Request
from pydantic import BaseModel

from shared.catalogue.base import Meters, Spec
from shared.catalogue.every_service import SPECS
from shared.http import LOADING, BodyLimit, add_operations
from shared.notes import Note, since
from shared.problems.problem import PROBLEM_JSON, Problem, install
from shared.upkeep.loops import Loops


class Thing(BaseModel):
    number: int
    parts: list[str]


@pytest.fixture
def told() -> list[Problem]:
    return []


@pytest.fixture
def away() -> list[str]:
    return []


@pytest.fixture
async def client(told: list[Problem], away: list[str]) -> AsyncIterator[httpx.AsyncClient]:
    app = FastAPI()
    app.add_middleware(BodyLimit, default=100, limits={"/big": 1_000})
    install(app, told.append)

    async def ready() -> list[str]:
        return away

    meters = Meters([*SPECS, Spec("a_total", "counter", "things", "Things", "None")])
    add_operations(app, ready, meters, Loops(meters), notes=lambda: ["a note"])

    @app.post("/thing")
    async def thing(_thing: Thing, at_least: Annotated[int, Query(alias="atLeast", ge=3)] = 3) -> int:
        return at_least

    @app.post("/big")
    async def big(_thing: Thing) -> str:
        return "ok"

    @app.get("/boom")
    async def boom() -> None:
        raise RuntimeError("secret host db-17")

    @app.get("/things")
    async def things() -> None: ...

    @app.put("/things")
    async def put_things() -> None: ...

    @app.get("/teapot")
    async def teapot() -> None:
        raise HTTPException(418, headers={"X-Tea": "green"})

    @app.get("/known")
    async def known() -> None:
        raise Problem(409, "sender_exists", field="sender", value="x" * 500, headers={"Retry-After": "3"})

    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://test") as open_client:
        yield open_client


def _problem(answer: httpx.Response, status: int, code: str) -> dict[str, Any]:
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == PROBLEM_JSON
    body: dict[str, Any] = answer.json()
    assert body["code"] == code
    assert body["status"] == status
    assert body["type"] == f"urn:motcua:problem:{code}"
    assert body["instance"] == f"urn:motcua:request:{answer.headers['x-request-id']}"
    assert all(body[name] for name in ("title", "detail", "remedy"))
    return body


async def test_a_raised_problem_is_answered_with_its_texts_and_headers(client: httpx.AsyncClient) -> None:
    answer = await client.get("/known", headers={"Accept-Language": "en"})
    body = _problem(answer, 409, "sender_exists")
    assert body["field"] == "sender"
    assert body["value"] == "x" * 100 + "…"
    assert answer.headers["retry-after"] == "3"
    assert answer.headers["content-language"] == "en"
    assert "There is a sender" in body["detail"]
    vietnamese = await client.get("/known")
    assert vietnamese.headers["content-language"] == "vi"
    assert "Đã có" in vietnamese.json()["detail"]


async def test_every_wrong_field_is_named_with_its_path(client: httpx.AsyncClient) -> None:
    answer = await client.post("/thing?atLeast=1", json={"number": "q", "parts": ["a", 2], "more": 1})
    body = _problem(answer, 422, "out_of_range")
    assert body["field"] == "atLeast"
    assert [(error["field"], error["code"]) for error in body["errors"]] == [
        ("atLeast", "out_of_range"),
        ("number", "wrong_type"),
        ("parts[1]", "wrong_type"),
    ]
    missing = _problem(await client.post("/thing", json={"parts": []}), 422, "missing_field")
    assert missing["field"] == "number"
    assert "errors" not in missing


async def test_a_body_that_is_no_json_is_told_so(client: httpx.AsyncClient) -> None:
    answer = await client.post("/thing", content=b"{,", headers={"Content-Type": "application/json"})
    assert "field" not in _problem(answer, 422, "not_json")


async def test_unknown_paths_methods_and_other_statuses_are_problems(client: httpx.AsyncClient) -> None:
    assert _problem(await client.get("/nowhere"), 404, "no_such_path")["value"] == "/nowhere"
    wrong = await client.get("/thing")
    _problem(wrong, 405, "method_not_allowed")
    assert wrong.headers["allow"] == "POST"
    assert (await client.patch("/things")).headers["allow"] == "GET, PUT"
    tea = await client.get("/teapot")
    _problem(tea, 418, "http_error")
    assert tea.headers["x-tea"] == "green"


async def test_an_unexpected_error_shows_nothing_of_the_inside(client: httpx.AsyncClient, told: list[Problem]) -> None:
    answer = await client.get("/boom")
    _problem(answer, 500, "internal")
    assert "secret" not in answer.text
    assert "RuntimeError" not in answer.text
    assert [problem.code for problem in told] == ["internal"]


@pytest.mark.parametrize("announced", [True, False])
async def test_a_body_above_the_limit_is_refused(
    client: httpx.AsyncClient, told: list[Problem], *, announced: bool
) -> None:
    async def parts() -> AsyncIterator[bytes]:
        for _ in range(30):
            yield b"x" * 10

    answer = await client.post("/thing", content=b"x" * 300 if announced else parts())
    _problem(answer, 413, "body_too_large")
    assert [problem.code for problem in told] == ["body_too_large"]


async def test_a_path_can_have_a_limit_of_its_own(client: httpx.AsyncClient) -> None:
    answer = await client.post("/big", json={"number": 1, "parts": ["x" * 300]})
    assert answer.status_code == 200


@pytest.mark.parametrize(("given", "kept"), [("abc-1", True), ("", False), ("a b", False), ("x" * 200, False)])
async def test_a_request_id_is_echoed_when_well_formed_and_made_otherwise(
    client: httpx.AsyncClient, given: str, *, kept: bool
) -> None:
    answer = await client.get("/nowhere", headers={"X-Request-Id": given})
    assert (answer.headers["x-request-id"] == given) is kept
    assert answer.headers["x-request-id"]


async def test_health_names_what_is_away(client: httpx.AsyncClient, away: list[str]) -> None:
    assert (await client.get("/health/live")).text == "ok"
    assert (await client.get("/health/ready")).text == "ready\na note"
    away.append("kafka")
    body = _problem(await client.get("/health/ready"), 503, "not_ready")
    assert body["away"] == ["kafka"]
    assert "tự nối lại" in body["remedy"]


@pytest.mark.parametrize(
    ("language", "words"), [("vi", "hỏng → sửa"), ("en", "broken → mend it"), (None, "hỏng → sửa")]
)
async def test_what_does_not_go_on_by_itself_says_what_to_do_in_the_language_asked_for(
    client: httpx.AsyncClient, away: list[str], language: str | None, words: str
) -> None:
    away.append("kafka")
    away.append(since("partition 1", Note("broken", "mend it", vi="hỏng", vi_remedy="sửa")))
    headers = {} if language is None else {"Accept-Language": language}
    body = _problem(await client.get("/health/ready", headers=headers), 503, "not_ready")
    assert body["away"] == ["kafka", f"partition 1: {words}"]
    what, _, remedy = words.partition(" → ")
    assert f"partition 1: {what}" in body["detail"]
    assert remedy in body["remedy"]
    assert "# TYPE a_total counter" in (await client.get("/metrics")).text


async def test_the_document_says_that_errors_are_problems(client: httpx.AsyncClient) -> None:
    document = (await client.get("/openapi.json")).json()
    assert document["openapi"].startswith("3.1")
    assert "HTTPValidationError" not in document["components"]["schemas"]
    for path in document["paths"].values():
        for operation in path.values():
            for status, answer in operation["responses"].items():
                if not status.startswith("2"):
                    assert list(answer["content"]) == [PROBLEM_JSON]


@pytest.mark.parametrize("path", ["/thing", "/raw"])
async def test_a_client_that_goes_away_is_no_error(path: str) -> None:
    """In the middle of its body: by a model that is read, and by a route that reads bytes."""
    app = FastAPI()
    told: list[Problem] = []
    install(app, told.append)

    @app.post("/thing")
    async def thing(_thing: Thing) -> None: ...

    @app.post("/raw")
    async def raw(request: Request) -> None:
        await request.body()

    messages = iter([{"type": "http.request", "body": b"{", "more_body": True}, {"type": "http.disconnect"}])
    sent: list[Any] = []

    async def receive() -> Any:
        return next(messages)

    async def send(message: Any) -> None:
        sent.append(message)

    headers = [(b"content-type", b"application/json"), (b"content-length", b"100")]
    scope = {"type": "http", "method": "POST", "path": path, "headers": headers, "query_string": b"", "state": {}}
    with structlog.testing.capture_logs() as logs:
        await app(scope, receive, send)
    assert [(line["log_level"], line["event"]) for line in logs] == [("info", "client went away")]
    assert (sent, told) == ([], [])


async def test_a_loop_that_ended_makes_it_ill_and_unready_and_one_that_loads_says_so() -> None:
    meters, app = Meters(SPECS), FastAPI()
    install(app)
    loops, state = Loops(meters), {"loads": True}

    async def ready() -> list[str]:
        return loops.ended()

    add_operations(app, ready, meters, loops, loading=lambda: state["loads"])
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://test") as client:
        assert (await client.get("/health/live")).text == LOADING
        state["loads"] = False
        assert (await client.get("/health/live")).text == "ok"
        loop = loops.start("reading", asyncio.Event().wait)  # type: ignore[arg-type]
        loop.task.cancel()
        await asyncio.wait([loop.task])
        body = _problem(await client.get("/health/live"), 503, "not_alive")
        assert body["ended"] == ["the loop reading ended"]
        body = _problem(await client.get("/health/ready"), 503, "not_ready")
        assert body["away"] == ["the loop reading ended"]
        assert "motcua_loops_ended 1.0" in (await client.get("/metrics")).text
