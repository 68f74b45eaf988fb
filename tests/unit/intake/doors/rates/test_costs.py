"""Who costs more than its share is told, once in a while, by its name; others' time is never counted to it."""

from __future__ import annotations

import asyncio
from collections.abc import Generator

import httpx
import pytest
from structlog.testing import capture_logs

from services.intake.doors.rates.costs import Costs
from shared.catalogue.base import Meters
from shared.catalogue.intake import SPECS
from shared.serving.spent import Spent
from tests.unit.intake.parts import Parts, body, grant, make_parts
from tests.waiting import turns


class Times:
    """A clock, and what work costs."""

    def __init__(self) -> None:
        self.now = self.cost = 0.0


@pytest.fixture
def times() -> Times:
    return Times()


@pytest.fixture
def meters() -> Meters:
    return Meters(SPECS)


@pytest.fixture
def costs(times: Times, meters: Meters) -> Costs:
    return Costs(0.1, 0.25, meters, lambda: times.now, lambda: times.cost)


def told(meters: Meters, what: str, sender: str = "one-stop") -> float:
    return meters.registry.get_sample_value("motcua_intake_costly_total", {"sender": sender, "what": what}) or 0.0


def test_an_entry_that_costs_much_is_told_with_its_place_once_a_minute(
    costs: Costs, times: Times, meters: Meters
) -> None:
    with capture_logs() as logs:
        for line in range(1, 6):
            with costs.of_entry(grant(), 250_000, f"line {line}"):
                times.cost += 0.5 if line > 1 else 0.05
        times.now = 61.0
        with costs.of_entry(grant(), 9, "agency.hcm.q1.outbox.v1 17"):
            times.cost += 2.0
    assert told(meters, "entry") == 5
    assert [(each["place"], each["milliseconds"], each["others"]) for each in logs] == [
        ("line 2", 500, 0),
        ("agency.hcm.q1.outbox.v1 17", 2_000, 3),
    ]
    assert all(each["sender"] == "one-stop" for each in logs)


def test_a_sender_that_takes_much_of_a_minute_is_told_once_in_it(costs: Costs, times: Times, meters: Meters) -> None:
    with capture_logs() as logs:
        for _ in range(200):
            times.now += 1.0
            costs.spent(grant(), 0.3, "/v1/entries:batch")
            costs.spent(grant(sender="quiet"), 0.2, "/v1/entries:batch")
            costs.spent(grant("admin", sender="admin"), 0.9, "/v1/entries:batch")
    assert told(meters, "minute") == 3
    assert told(meters, "minute", "quiet") == 0
    assert {each["sender"] for each in logs} == {"one-stop"}, "the home's own key may take all there is"
    assert told(meters, "minute", "admin") > 0
    seconds = meters.registry.get_sample_value("motcua_intake_sender_seconds_total", {"sender": "one-stop"})
    assert seconds == pytest.approx(60.0)


class _Turn:
    """Gives the loop away once."""

    def __await__(self) -> Generator[None, None, None]:
        yield


async def test_only_the_time_of_a_coroutines_own_steps_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    spent_by = {"own": 0.0}
    monkeypatch.setattr("shared.serving.spent.time.thread_time", lambda: spent_by["own"])

    async def work() -> str:
        for _ in range(3):
            spent_by["own"] += 1.0
            await _Turn()
        return "done"

    async def other() -> None:
        for _ in range(50):
            spent_by["own"] += 100.0
            await _Turn()

    disturbing = asyncio.create_task(other())
    spent = Spent(work())
    assert await spent == "done"
    assert spent.seconds == 3.0
    await disturbing


async def test_what_is_measured_is_cancelled_and_fails_like_all_else() -> None:
    seen: list[str] = []

    async def held() -> None:
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            seen.append("cancelled")
            raise

    async def measured() -> None:
        await Spent(held())

    task = asyncio.create_task(measured())
    await turns(1)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert seen == ["cancelled"]

    async def fails() -> None:
        await turns(1)
        raise ValueError("so")

    with pytest.raises(ValueError, match="so"):
        await Spent(fails())


def _seconds(parts: Parts, sender: str) -> float:
    registry = parts.door.meters.registry
    return registry.get_sample_value("motcua_intake_sender_seconds_total", {"sender": sender}) or 0.0


async def test_requests_cost_whoever_asked() -> None:
    parts = make_parts()
    async with httpx.AsyncClient(transport=httpx.ASGITransport(parts.app), base_url="http://test") as client:
        for key in ("mc_sender", "mc_admin"):
            answer = await client.post("/v1/entries", content=body(), headers={"Authorization": f"Bearer {key}"})
            assert answer.status_code == 202
        await client.post("/v1/entries", content=body(), headers={"Authorization": "Bearer mc_unknown"})
        await client.get("/health/live")
    assert _seconds(parts, "sender") > 0
    assert _seconds(parts, "admin") > 0
    assert parts.door.meters.registry.get_sample_value("motcua_intake_sender_bytes_total", {"sender": "sender"}) == len(
        body()
    )
