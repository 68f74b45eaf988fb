"""How problems look in an OpenAPI document: one schema, used by every error answer of every service."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from fastapi import FastAPI

__all__ = ["describe_problems"]

_TEXT: Final = {"type": "string"}
_ERROR: Final[dict[str, Any]] = {
    "type": "object",
    "required": ["field", "code", "detail", "remedy"],
    "properties": {"field": _TEXT, "code": _TEXT, "detail": _TEXT, "remedy": _TEXT, "value": {}},
}
PROBLEM_SCHEMA: Final[dict[str, Any]] = {
    "title": "Problem",
    "description": "RFC 9457 problem details; texts in the language of Accept-Language (vi by default, or en).",
    "type": "object",
    "required": ["type", "title", "status", "detail", "remedy", "code"],
    "properties": {
        "type": {"type": "string", "format": "uri", "description": "urn:motcua:problem:<code>"},
        "title": {"type": "string", "description": "what kind of problem it is"},
        "status": {"type": "integer", "description": "HTTP status"},
        "detail": {"type": "string", "description": "what happened here"},
        "remedy": {"type": "string", "description": "what to do about it"},
        "code": {"type": "string", "description": "stable code for programs"},
        "field": {"type": "string", "description": "path of the field concerned, such as data.promised_due"},
        "value": {"description": "the value concerned, cut to 100 characters; never a personal one"},
        "instance": {"type": "string", "description": "urn:motcua:request:<X-Request-Id>"},
        "errors": {"type": "array", "description": "field errors where there are several, 20 at most", "items": _ERROR},
        "more": {"type": "integer", "description": "field errors that there are beside those told"},
    },
    "example": {
        "type": "urn:motcua:problem:missing_field",
        "title": "Dữ liệu không hợp lệ",
        "status": 422,
        "detail": "Thiếu trường subject.",
        "remedy": "Bổ sung trường subject.",
        "code": "missing_field",
        "field": "subject",
        "instance": "urn:motcua:request:5f0c",
    },
}


def describe_problems(app: FastAPI, media_type: str) -> None:
    """Make the application's OpenAPI document say that every error answer is a problem."""
    original: Callable[[], dict[str, Any]] = app.openapi

    def openapi() -> dict[str, Any]:
        if app.openapi_schema is None:
            app.openapi_schema = _with_problems(original(), media_type)
        return app.openapi_schema

    app.openapi = openapi  # type: ignore[method-assign]


def _with_problems(document: dict[str, Any], media_type: str) -> dict[str, Any]:
    schemas = document.setdefault("components", {}).setdefault("schemas", {})
    # FastAPI's own error form is never sent.
    schemas.pop("HTTPValidationError", None)
    schemas.pop("ValidationError", None)
    schemas["Problem"] = PROBLEM_SCHEMA
    content = {media_type: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    for path in document.get("paths", {}).values():
        for operation in path.values():
            answers = operation.get("responses", {})
            for status, answer in answers.items():
                if status == "default" or status.startswith(("4", "5")):
                    answer["content"] = content
            answers.setdefault("default", {"description": "Any other problem", "content": content})
    return document
