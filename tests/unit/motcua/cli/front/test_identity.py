"""A stranger at the address of the home's stack is noticed before anything is sent."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import httpx
import pytest

from deploy.local.home import Stack
from deploy.local.stack import LocalStack
from motcua.cli.errors import CommandError
from motcua.cli.front.identity import check_own
from motcua.cli.services import Services
from motcua.cli.session import Session
from services.intake.app import build_app as intake_app
from services.intake.settings import IntakeSettings
from services.metrics.app import make_app as metrics_app
from services.metrics.settings import MetricsSettings
from services.processing.app import make_app as processing_app
from services.processing.settings import ProcessingSettings

ADDRESS = "http://127.0.0.1:8801"


class Answering:
    """Who answers about health, and how often it was asked."""

    def __init__(self, stack: str | None) -> None:
        self.stack = stack
        self.asked: list[str] = []

    def __call__(self, url: str, **_: Any) -> httpx.Response:
        self.asked.append(url)
        if self.stack is None:
            raise httpx.ConnectError("nobody listens")
        return httpx.Response(200, headers={"motcua-stack": self.stack} if self.stack else {})


@pytest.fixture
def answering(monkeypatch: pytest.MonkeyPatch) -> Answering:
    made = Answering("us")
    monkeypatch.setattr(httpx, "get", made)
    return made


@pytest.mark.parametrize("other", ["them", ""], ids=["another", "without-identity"])
def test_another_stack_is_refused_in_both_languages(answering: Answering, other: str) -> None:
    check_own(ADDRESS, "us")
    answering.stack = other
    with pytest.raises(CommandError) as refused:
        check_own(ADDRESS, "us")
    assert "another stack" in refused.value.text("en")
    assert "một hệ thống khác" in refused.value.text("vi")
    assert ADDRESS in refused.value.text("en")


def test_nothing_is_compared_without_identity_nor_where_nobody_answers(answering: Answering) -> None:
    answering.stack = "them"
    check_own(ADDRESS, "")
    assert answering.asked == []
    answering.stack = None
    check_own(ADDRESS, "us")


def test_addresses_of_a_home_are_given_out_while_its_own_stack_answers(
    answering: Answering, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    local = LocalStack(tmp_path)
    local.home.create()
    local.home.save(Stack(ports={"kafka": 1, "mongo": 2, "intake": 8801}, cluster="us"))
    monkeypatch.setattr(LocalStack, "request", lambda *_: {"processes": [{"name": "intake"}]})
    services = Services(Session(tmp_path, "en"))
    assert services.address("intake") == ADDRESS
    answering.stack = "them"
    assert services.address("intake") == ADDRESS, "looked at a moment ago"
    services._looked_at.clear()
    for ask in (lambda: services.address("intake"), lambda: services.replicas("intake")):
        with pytest.raises(CommandError, match="another stack"):
            ask()
    assert services.kafka.endswith(":1")


async def test_every_service_tells_its_stack_with_its_health() -> None:
    apps = (
        intake_app(IntakeSettings(stack="us")),
        processing_app(ProcessingSettings(stack="us")),
        metrics_app(MetricsSettings(stack="us")),
    )
    for app in apps:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://test") as client:
            assert (await client.get("/health/live")).headers["motcua-stack"] == "us"
