"""Errors as RFC 9457 problems in Vietnamese or English, the same at every HTTP door. Knows no service.

A problem names the field, the value and the remedy; nothing of the inside (traces, hosts) ever leaves.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable, Iterable, Mapping, Sequence
from http import HTTPStatus
from typing import Any, Final

import orjson
import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.responses import Response
from starlette.routing import Match
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from shared.logging import get_logger
from shared.messages import MESSAGES, Language, choose_language
from shared.problems.field_errors import MOST_ERRORS, FieldError, cut_words, explain, shown
from shared.problems.schema import describe_problems

__all__ = [
    "LARGEST_LIST",
    "PROBLEM_JSON",
    "Problem",
    "RequestScope",
    "from_field_errors",
    "install",
    "raw_answer",
    "respond",
]

PROBLEM_JSON: Final = "application/problem+json"
#: Bytes of a problem's list of field errors; what it says beside it is a quarter of that at most.
LARGEST_LIST: Final = 49_152
_METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
_REQUEST_ID = re.compile(r"[A-Za-z0-9._:-]{1,128}")
_log = get_logger("shared.problems.problem")


class Problem(Exception):  # noqa: N818 (RFC 9457's word)
    """Something a caller is told about: an HTTP status, a declared code, and what the texts need.

    Args:
        status: HTTP status.
        code: a code declared in shared.messages; an undeclared one is a KeyError.
        field: path of the field concerned, such as `data.promised_due`.
        value: the value concerned, cut to 100 characters; never pass personal values.
        headers: HTTP headers of the answer, such as Retry-After.
        errors: field errors where there are several; the first 20 are told.
        more: field errors that there are beside them.
        extra: further members of the answer.
        words: whose declared texts are told, where a door needs others for the same code.
        parameters: what the texts name in braces.
    """

    def __init__(
        self,
        status: int,
        code: str,
        *,
        field: str | None = None,
        value: object = None,
        headers: Mapping[str, str] | None = None,
        errors: Sequence[FieldError] = (),
        more: int = 0,
        extra: Mapping[str, object] | None = None,
        words: str | None = None,
        **parameters: object,
    ) -> None:
        super().__init__(code)
        self.message = MESSAGES[words or code]
        self.status = status
        self.code = code
        self.field = field
        self.value = shown(value)
        self.headers = dict(headers or {})
        self.errors = tuple(errors[:MOST_ERRORS])
        self.more = len(errors) - len(self.errors) + more
        self.extra = dict(extra or {})
        self.parameters = parameters
        self.counted = False  # by shared/access/refusing.py

    def body(self, language: Language, instance: str | None = None, room: int = LARGEST_LIST) -> dict[str, Any]:
        """The members of the problem document in a language.

        Args:
            language: of its texts.
            instance: the request's id.
            room: bytes that the list of field errors may take; how many do not fit is told.
        """
        words = cut_words({"field": self.field or "", "value": self.value, **self.parameters})
        document: dict[str, Any] = {
            "type": f"urn:motcua:problem:{self.code}",
            "title": self.message.title.fill(language, words),
            "status": self.status,
            "detail": self.message.detail.fill(language, words),
            "remedy": self.message.remedy.fill(language, words),
            "code": self.code,
        }
        if self.field is not None:
            document["field"] = self.field
        if self.value is not None:
            document["value"] = self.value
        if instance is not None:
            document["instance"] = instance
        if len(self.errors) > 1:
            told = _fitting(self.errors, language, room)
            if told:
                document["errors"] = told
            more = self.more + len(self.errors) - (len(told) or 1)
            if more:
                document["more"] = more
        return document | self.extra

    def __str__(self) -> str:
        return f"{self.status} {self.code}" + (f" ({self.field})" if self.field else "")


def _fitting(errors: Iterable[FieldError], language: Language, room: int) -> list[dict[str, Any]]:
    """The first errors as they are told, as many as so many bytes hold."""
    told = []
    for error in errors:
        body = _error_body(error, language)
        room -= len(orjson.dumps(body))
        if room < 0:
            break
        told.append(body)
    return told


def _error_body(error: FieldError, language: Language) -> dict[str, Any]:
    words = cut_words({"field": error.field, "value": error.value, **error.parameters})
    message = MESSAGES[error.code]
    document: dict[str, Any] = {
        "field": error.field,
        "code": error.code,
        "detail": message.detail.fill(language, words),
        "remedy": message.remedy.fill(language, words),
    }
    if error.value is not None:
        document["value"] = error.value
    return document


def from_field_errors(status: int, errors: Sequence[FieldError], more: int = 0) -> Problem:
    """A problem that speaks of the first field error and lists the first 20.

    Args:
        status: HTTP status.
        errors: must not be empty.
        more: errors that there are beside them.
    """
    first = errors[0]
    problem = Problem(status, first.code, field=first.field or None, value=first.value, errors=errors, more=more)
    problem.parameters.update(first.parameters)
    return problem


def respond(problem: Problem, scope: Scope) -> Response:
    """The HTTP answer for a problem, in the language the request asks for."""
    language = choose_language(Headers(scope=scope).get("accept-language"))
    request_id = scope.get("state", {}).get("request_id")
    body = problem.body(language, f"urn:motcua:request:{request_id}" if request_id else None)
    headers = {"Content-Language": language, "Vary": "Accept-Language", **problem.headers}
    return Response(orjson.dumps(body), problem.status, headers, PROBLEM_JSON)


def raw_answer(problem: Problem) -> bytes:
    """The HTTP/1.1 answer for a problem to a client that has asked nothing yet, which ends its connection."""
    language = choose_language(None)
    answer = Response(orjson.dumps(problem.body(language)), problem.status, problem.headers, PROBLEM_JSON)
    answer.headers["Content-Language"] = language
    answer.headers["Connection"] = "close"
    head = b"".join(name + b": " + value + b"\r\n" for name, value in answer.raw_headers)
    return f"HTTP/1.1 {problem.status} {HTTPStatus(problem.status).phrase}\r\n".encode() + head + b"\r\n" + answer.body


class RequestScope:
    """ASGI middleware: gives each request an id, and turns an unexpected error into a problem without internals.

    The id is the header X-Request-Id when it is well formed, else a new one; it is echoed and bound to the logs.
    """

    def __init__(self, app: ASGIApp, on_problem: Callable[[Problem], None] | None = None) -> None:
        self._app = app
        self._told = on_problem or _untold

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        given = Headers(scope=scope).get("x-request-id", "")
        request_id = given if _REQUEST_ID.fullmatch(given) else uuid.uuid4().hex
        scope.setdefault("state", {})["request_id"] = request_id
        started = False

        async def send_with_id(message: Message) -> None:
            nonlocal started
            if message["type"] == "http.response.start":
                started = True
                MutableHeaders(scope=message)["X-Request-Id"] = request_id
            await send(message)

        with structlog.contextvars.bound_contextvars(request_id=request_id):
            try:
                await self._app(scope, receive, send_with_id)
            except Problem as problem:
                # Raised outside the routes, as by another middleware.
                if started:
                    raise
                self._told(problem)
                await respond(problem, scope)(scope, receive, send_with_id)
            except ClientDisconnect:
                # Nobody is there to be told, and nothing went wrong here.
                _log.info("client went away", method=scope["method"], route=_route(scope))
            except Exception:
                # The last net: whatever went wrong, the caller gets a problem and the log the trace.
                _log.exception("unexpected error", method=scope["method"], route=_route(scope))
                if started:
                    raise
                unexpected = Problem(500, "internal")
                self._told(unexpected)
                await respond(unexpected, scope)(scope, receive, send_with_id)


def _untold(_problem: Problem) -> None:
    """Nobody counts."""


def _route(scope: Scope) -> str:
    """The route's pattern, never the path itself, which may hold a code or an id."""
    return str(getattr(scope.get("route"), "path", "?"))


def _allowed(request: Request) -> str:
    """The methods an address takes; the framework names those of one of its routes only."""
    routes = request.app.router.routes
    return ", ".join(
        method
        for method in _METHODS
        if any(route.matches({**request.scope, "method": method})[0] is Match.FULL for route in routes)
    )


def install(app: FastAPI, on_problem: Callable[[Problem], None] | None = None) -> None:
    """Make an application answer every error as a problem and say so in its OpenAPI document.

    Args:
        app: the application, before it serves.
        on_problem: told of every problem answered, for counting.
    """
    told = on_problem or _untold

    def answer(request: Request, problem: Problem) -> Response:
        told(problem)
        if problem.status in (401, 403) and (refused := getattr(request.app.state, "refused", None)):
            refused(request, problem)
        return respond(problem, request.scope)

    async def on_raised(request: Request, error: Exception) -> Response:
        assert isinstance(error, Problem)  # noqa: S101 (registered for this class only)
        return answer(request, error)

    async def on_invalid(request: Request, error: Exception) -> Response:
        assert isinstance(error, RequestValidationError)  # noqa: S101
        found = error.errors()
        told = explain(found)
        return answer(request, from_field_errors(422, told, len(found) - len(told)))

    async def on_http(request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)  # noqa: S101
        if isinstance(error.__cause__, Problem):
            # FastAPI wraps what is raised while it reads a body.
            problem = error.__cause__
        elif isinstance(error.__cause__, ClientDisconnect):
            raise error.__cause__
        elif error.status_code == 404:
            problem = Problem(404, "no_such_path", value=request.url.path)
        elif error.status_code == 405:
            headers = {**(error.headers or {}), "Allow": _allowed(request)}
            problem = Problem(405, "method_not_allowed", value=request.method, headers=headers)
        else:
            problem = Problem(error.status_code, "http_error", value=error.status_code, headers=error.headers)
        return answer(request, problem)

    app.add_exception_handler(Problem, on_raised)
    app.add_exception_handler(RequestValidationError, on_invalid)
    app.add_exception_handler(HTTPException, on_http)
    app.add_middleware(RequestScope, on_problem=on_problem)
    describe_problems(app, PROBLEM_JSON)
