"""What each route needs, in the API's document, from what the routes themselves declare."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from fastapi import FastAPI
from fastapi.routing import APIRoute

from shared.access.rights import Right
from shared.access.routes import declared, routes_of

__all__ = ["describe_rights"]

_MEMBER: Final = "x-motcua-rights"


def describe_rights(app: FastAPI) -> None:
    """Make an application's document say of every operation which rights its key needs one of."""
    original: Callable[[], dict[str, Any]] = app.openapi

    def openapi() -> dict[str, Any]:
        document = original()
        for route in routes_of(app):
            if isinstance(route.original_route, APIRoute) and route.include_in_schema:
                try:
                    rights = declared(route)
                except LookupError:
                    # Tests refuse such a route of a service; those of their own need say nothing.
                    continue
                for method in route.methods or ():
                    _describe(document["paths"][str(route.path_format)][method.lower()], rights)
        return document

    app.openapi = openapi  # type: ignore[method-assign]


def _describe(operation: dict[str, Any], rights: tuple[Right, ...] | None) -> None:
    if rights is None or _MEMBER in operation:
        return
    operation[_MEMBER] = list(rights)
    named = " or ".join(f"`{right}`" for right in rights)
    needs = f"Needs a key with the right {named}." if rights else "Needs a key, whatever it may do."
    operation["description"] = "\n\n".join(filter(None, (operation.get("description"), needs)))
