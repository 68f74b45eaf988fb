"""What a service that is not ready tells to do: to wait where it goes on by itself, and what else where it does not."""

from __future__ import annotations

import httpx
import pytest
from fastapi import FastAPI

from services.metrics.reading.losses import shortened
from shared.catalogue.base import Meters
from shared.catalogue.every_service import SPECS
from shared.http import add_operations
from shared.problems import install
from shared.upkeep.loops import Loops


@pytest.mark.parametrize(
    ("away", "language", "remedy"),
    [
        (["broker 127.0.0.1:1"], "en", "The service goes on by itself when what is missing returns"),
        (
            ["broker 127.0.0.1:1", shortened("t")],
            "en",
            "It does not go on by itself: derive them anew: `motcua",
        ),
        ([shortened("t")], "vi", "Dịch vụ không tự khỏi: suy ra lại: `motcua rebuild`"),
    ],
)
async def test_the_remedy_is_true_for_what_is_away(away: list[str], language: str, remedy: str) -> None:
    async def ready() -> list[str]:
        return away

    app, meters = FastAPI(), Meters(SPECS)
    add_operations(app, ready, meters, Loops(meters))
    install(app)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://service") as client:
        answer = await client.get("/health/ready", headers={"accept-language": language})
    told = answer.json()
    assert (answer.status_code, told["code"]) == (503, "not_ready")
    assert told["remedy"].startswith(remedy)
    assert " → " not in told["detail"]
    assert len(told["away"]) == len(away)
