"""The doctor asks with the home's own key, and takes silence and refusals for nothing told."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import httpx
import pytest

from deploy.local import keys
from deploy.local.home import Home, Stack
from deploy.local.stack import LocalStack
from motcua.cli.stack.doctoring.asking import ask


def test_services_are_asked_with_the_homes_key(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[tuple[str, Any]] = []

    def get(url: str, **given: Any) -> httpx.Response:
        asked.append((url, given["headers"]))
        return httpx.Response(200 if url.endswith("/v1/clock") else 403, json={"mode": "data"})

    monkeypatch.setattr(httpx, "get", get)
    home = Home(tmp_path)
    home.create()
    home.save(Stack(ports={"intake": 1}))
    local = LocalStack(tmp_path)
    assert ask(local, "intake", "/v1/clock") is None, "a home whose key is gone is told of, not broken off"
    own = keys.create(home, keys.ADMIN)
    assert ask(local, "intake", "/v1/clock") == {"mode": "data"}
    assert ask(local, "intake", "/v1/refused") is None
    assert asked[0] == ("http://127.0.0.1:1/v1/clock", {"Authorization": f"Bearer {own}"})
