"""What an HTTP route needs of who asks, declared in its signature, and how that is found and refused.

Every route of every service declares it: `needs(…)` one of some rights, `any_key` a key whatever it may, or
`open_to_all`. tests/unit/shared/access reads the declarations of all routes and tries each.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any, Final, Protocol

from fastapi import Depends, FastAPI, Request, Security
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute, RouteContext, iter_route_contexts
from fastapi.security import APIKeyHeader, HTTPAuthorizationCredentials, HTTPBearer

from shared.access.bearer import Bearer
from shared.access.refusing import right_missing
from shared.access.rights import Right
from shared.problems.problem import Problem

__all__ = [
    "DOCUMENTS",
    "AnyKey",
    "Keyring",
    "Needs",
    "OfKey",
    "any_key",
    "declared",
    "find_bearer",
    "needs",
    "open_to_all",
    "routes_of",
]

#: Paths of the API documents, which are open: they tell what a key is needed for.
DOCUMENTS: Final = frozenset({"/openapi.json", "/docs", "/docs/oauth2-redirect", "/redoc", "/asyncapi"})

_bearer = HTTPBearer(auto_error=False, scheme_name="key", description="an API key, `mc_…`")
_header = APIKeyHeader(name="X-Api-Key", auto_error=False, scheme_name="keyHeader", description="the same key")


class Keyring(Protocol):
    """Knows whose a key is; a service has its own as `app.state.keyring`."""

    async def find(self, key: str) -> Bearer:
        """The bearer of a key.

        Raises:
            Problem: 401 nobody's; 403 its bearer is disabled; 503 nobody can say now.
        """
        ...


async def _key(
    bearer: Annotated[HTTPAuthorizationCredentials | None, Security(_bearer)],
    header: Annotated[str | None, Security(_header)],
) -> str:
    key = bearer.credentials if bearer is not None else header
    if not key:
        raise Problem(401, "key_missing", headers={"WWW-Authenticate": "Bearer"})
    return key


#: The key that is shown, for asking another service in its name; never kept.
OfKey = Annotated[str, Depends(_key)]


async def find_bearer(request: Request, key: OfKey) -> Bearer:
    """Whose the request's key is; noted in its state as `bearer`, to which its costs are counted.

    Raises:
        Problem: 401 no key, or nobody's; 403 its bearer is disabled; 503 nobody can say now.
    """
    keyring: Keyring = request.app.state.keyring
    found = await keyring.find(key)
    request.state.bearer = found
    return found


class Needs:
    """What a route needs: one of some rights; none named: a key, whatever it may."""

    def __init__(self, rights: tuple[Right, ...]) -> None:
        self.rights = rights

    async def __call__(self, bearer: Annotated[Bearer, Depends(find_bearer)]) -> Bearer:
        """The bearer, who has one of them.

        Raises:
            Problem: 403 naming what is missing.
        """
        if self.rights and not bearer.may_any(self.rights):
            raise right_missing(*self.rights)
        return bearer


def needs(*rights: Right) -> Any:
    """What a route depends on that takes one of some rights.

    As in `bearer: Annotated[Bearer, needs("read")]`.
    """
    if not rights:
        raise ValueError("name a right, or use any_key")
    return Depends(Needs(rights))


any_key: Final[Any] = Depends(Needs(()))
#: The bearer of any key that is somebody's.
AnyKey = Annotated[Bearer, any_key]


async def _open() -> None:
    """Nothing is needed."""


#: The dependency of a route that is open: health, metrics, documents.
open_to_all: Final[Any] = Depends(_open)


def routes_of(app: FastAPI) -> Iterator[RouteContext]:
    """All routes of an application, those of its routers too, but its documents."""
    for route in iter_route_contexts(app.routes):
        if isinstance(route.original_route, APIRoute) or route.path not in DOCUMENTS:
            yield route


def declared(route: RouteContext) -> tuple[Right, ...] | None:
    """The rights of which a route needs one; none of them: any key; None: it is open.

    Raises:
        LookupError: it declares nothing, or twice.
    """
    if isinstance(route.original_route, APIRoute):
        found = [call for call in _calls(route.dependant) if call is _open or isinstance(call, Needs)]
        if len(found) == 1:
            return found[0].rights if isinstance(found[0], Needs) else None
    raise LookupError(f"{route.path}: say once what it needs (shared/access/routes.py)")


def _calls(dependant: Dependant) -> Iterator[Any]:
    for one in dependant.dependencies:
        yield one.call
        yield from _calls(one)
