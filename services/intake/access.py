"""Who asks: the door of the application and the grant of the key, as the HTTP routes depend on them."""

from __future__ import annotations

from typing import Annotated, Any

import orjson
from fastapi import Depends, Request, Security
from fastapi.security import APIKeyHeader, HTTPAuthorizationCredentials, HTTPBearer
from starlette.responses import Response

from services.intake.door import Door
from services.intake.senders import Grant
from shared.problems import Problem

__all__ = ["InDoor", "MaybeKey", "OfAdmin", "OfKey", "as_json", "find_grant", "find_grant_if_any", "require_admin"]

_bearer = HTTPBearer(auto_error=False, scheme_name="key", description="the sender's API key, `mc_…`")
_header = APIKeyHeader(name="X-Api-Key", auto_error=False, scheme_name="keyHeader", description="the same key")


async def _door(request: Request) -> Door:
    door: Door = request.app.state.door
    return door


async def find_grant(
    request: Request,
    door: Annotated[Door, Depends(_door)],
    bearer: Annotated[HTTPAuthorizationCredentials | None, Security(_bearer)],
    header: Annotated[str | None, Security(_header)],
) -> Grant:
    """The grant of the request's key.

    Raises:
        Problem: 401 no key, or one that is not known; 403 its sender is disabled; 503 the database does not answer.
    """
    grant = await find_grant_if_any(request, door, bearer, header)
    if grant is None:
        raise Problem(401, "key_missing", headers={"WWW-Authenticate": "Bearer"})
    return grant


async def find_grant_if_any(
    request: Request,
    door: Annotated[Door, Depends(_door)],
    bearer: Annotated[HTTPAuthorizationCredentials | None, Security(_bearer)],
    header: Annotated[str | None, Security(_header)],
) -> Grant | None:
    """The grant of the request's key, None where it has no key.

    Raises:
        Problem: 401 the key is not known; 403 its sender is disabled; 503 the database does not answer.
    """
    key = bearer.credentials if bearer is not None else header
    if not key:
        return None
    grant = await door.directory.find(key)
    # What the request costs is counted to whoever asked (services/intake/rates/costs.py).
    request.state.grant = grant
    return grant


async def require_admin(grant: Annotated[Grant, Depends(find_grant)]) -> Grant:
    """The grant, if it has the role admin.

    Raises:
        Problem: 403 it has not.
    """
    if not grant.has(("admin",)):
        raise Problem(403, "role_missing", role="admin")
    return grant


InDoor = Annotated[Door, Depends(_door)]
OfKey = Annotated[Grant, Depends(find_grant)]
MaybeKey = Annotated[Grant | None, Depends(find_grant_if_any)]
OfAdmin = Annotated[Grant, Depends(require_admin)]


def as_json(content: Any, status: int = 200) -> Response:
    """An answer that is not checked against its model again."""
    return Response(orjson.dumps(content), status, media_type="application/json")
