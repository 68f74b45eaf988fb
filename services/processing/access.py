"""What the routes are given: the service, and who asks. Decides nothing."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Request, Security
from fastapi.security import APIKeyHeader, HTTPAuthorizationCredentials, HTTPBearer

from services.processing.keys import Asker
from services.processing.service import Service
from shared.problems import Problem

__all__ = ["InService", "OfAdmin", "OfAsker", "OfKey"]

_bearer = HTTPBearer(auto_error=False, scheme_name="key", description="the sender's API key, `mc_…`")
_header = APIKeyHeader(name="X-Api-Key", auto_error=False, scheme_name="keyHeader", description="the same key")


async def _service(request: Request) -> Service:
    service: Service = request.app.state.service
    return service


InService = Annotated[Service, Depends(_service)]


async def _key(
    bearer: Annotated[HTTPAuthorizationCredentials | None, Security(_bearer)],
    header: Annotated[str | None, Security(_header)],
) -> str:
    key = bearer.credentials if bearer is not None else header
    if not key:
        raise Problem(401, "key_missing", headers={"WWW-Authenticate": "Bearer"})
    return key


#: The key that is shown, for asking intake in its name; never kept.
OfKey = Annotated[str, Depends(_key)]


async def _asker(service: InService, key: OfKey) -> Asker:
    return await service.keys.find(key)


OfAsker = Annotated[Asker, Depends(_asker)]


async def _admin(asker: OfAsker) -> Asker:
    if "admin" not in asker.roles:
        raise Problem(403, "role_missing", role="admin")
    return asker


OfAdmin = Annotated[Asker, Depends(_admin)]
