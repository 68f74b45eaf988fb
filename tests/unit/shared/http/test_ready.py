"""What a service that is not ready tells to do: to wait where it goes on by itself, and what else where it does not."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from services.intake.app import build_app
from services.intake.settings import IntakeSettings
from services.metrics.app import make_app as make_metrics
from services.metrics.follow.reading.losses import shortened
from services.metrics.settings import MetricsSettings
from services.processing.app import make_app as make_processing
from services.processing.settings import ProcessingSettings
from shared.catalogue.base import Meters
from shared.catalogue.every_service import SPECS
from shared.http import add_operations
from shared.problems.problem import install
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


#: Nobody answers here.
NOWHERE: Any = {"kafka": "127.0.0.1:1", "mongo": "mongodb://127.0.0.1:1/?serverSelectionTimeoutMS=50"}
SERVICES: dict[str, Callable[[], FastAPI]] = {
    "intake": lambda: build_app(IntakeSettings(**NOWHERE)),
    "processing": lambda: make_processing(ProcessingSettings(**NOWHERE)),
    "metrics": lambda: make_metrics(MetricsSettings(**NOWHERE)),
}


@pytest.mark.parametrize("service", SERVICES)
async def test_what_a_starting_service_waits_for_is_told_in_the_language_asked_for(service: str) -> None:
    app = SERVICES[service]()
    told = {}
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://service") as client:
        for language in ("vi", "en"):
            answer = await client.get("/health/ready", headers={"accept-language": language})
            assert answer.status_code == 503
            assert answer.json()["remedy"].startswith(("The service goes on by itself", "Dịch vụ tự nối lại")), answer
            told[language] = answer.json()["away"]
    assert len(told["vi"]) == len(told["en"]) > 0
    assert not set(told["vi"]) & set(told["en"])
