"""Keys for tests of routes: whose each is without asking intake, and the key of somebody who may everything."""

from __future__ import annotations

from typing import Final

import httpx
from fastapi import FastAPI

from shared.access.bearer import Bearer
from shared.catalogue.base import Meters
from shared.catalogue.metrics import SPECS
from shared.problems.problem import Problem

__all__ = ["ANYBODY", "KnownKeys", "asking", "hold_keys", "key_of"]


def key_of(name: str) -> dict[str, str]:
    """The header that shows a bearer's key."""
    return {"Authorization": f"Bearer mc_{name}"}


#: The key of who may everything, which every keyring knows.
ANYBODY: Final = key_of("anybody")


class KnownKeys:
    """The keys of some bearers, each `mc_` and its name; closed like one that asks."""

    def __init__(self, *bearers: Bearer) -> None:
        anybody = Bearer("anybody", ("*",), ("*",), frozenset({"administrator"}))
        self.bearers = {f"mc_{bearer.name}": bearer for bearer in (anybody, *bearers)}

    async def find(self, key: str) -> Bearer:
        """The bearer of a key.

        Raises:
            Problem: 401.
        """
        if key not in self.bearers:
            raise Problem(401, "key_unknown")
        return self.bearers[key]

    async def close(self) -> None:
        """Nothing is open."""


def hold_keys(app: FastAPI, *bearers: Bearer) -> KnownKeys:
    """Give an application the keys of some bearers, and meters to count whom it refuses where it has none."""
    app.state.keyring = keys = KnownKeys(*bearers)
    if not hasattr(app.state, "meters"):
        app.state.meters = Meters(SPECS)
    return keys


def asking(app: FastAPI, headers: dict[str, str] = ANYBODY) -> httpx.AsyncClient:
    """A client of an application in this process, with the key of who may everything."""
    return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://service", headers=headers)
