"""Since when a transaction holds an outbox, what is told of it, and in which language."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import pytest
from aiokafka import TopicPartition
from fastapi import FastAPI
from fastapi.testclient import TestClient

from services.intake.agencies.state.holding import Holding
from shared.catalogue.base import Meters
from shared.catalogue.intake import SPECS
from shared.clock import FixedClock
from shared.http import add_operations
from shared.instants import SECOND, parse_instant
from shared.upkeep.loops import Loops

LAND, TAX = (TopicPartition(f"motcua.agency.{unit}.outbox.v1", 0) for unit in ("H29.4", "H29.7"))
NOON = parse_instant("2026-03-02T12:00:00+07:00")


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(NOON)


@pytest.fixture
def meters() -> Meters:
    return Meters(SPECS)


@pytest.fixture
def holding(clock: FixedClock, meters: Meters) -> Holding:
    return Holding(clock, ZoneInfo("Asia/Ho_Chi_Minh"), meters)


def test_held_from_when_all_before_it_is_read_until_it_has_ended(clock: FixedClock, holding: Holding) -> None:
    holding.look(LAND, position=4, stable=9, end=12)  # five messages before it can be read still
    clock.instant += 60 * SECOND
    assert holding.notes() == []
    holding.look(LAND, position=9, stable=9, end=12)
    clock.instant += 4 * SECOND
    holding.look(LAND, position=9, stable=9, end=500)
    assert holding.notes() == []  # most transactions take less
    clock.instant += 31 * SECOND
    (note,) = holding.notes()
    assert "the outbox of H29.4 is held by an open transaction, begun at offset 9" in note
    assert "since 2026-03-02T12:01:00+07:00 (35 s)" in note
    holding.look(LAND, position=9, stable=501, end=501)
    assert holding.notes() == []


def test_one_transaction_after_the_other_holds_nothing_for_long(clock: FixedClock, holding: Holding) -> None:
    for begin in range(0, 100, 10):
        holding.look(LAND, position=begin, stable=begin, end=begin + 3)
        clock.instant += 3 * SECOND
        assert holding.notes() == []


def test_a_broker_that_knows_no_transactions_holds_nothing(clock: FixedClock, holding: Holding) -> None:
    holding.look(LAND, position=3, stable=None, end=8)
    clock.instant += 60 * SECOND
    assert holding.notes() == []


def test_figures_are_of_the_outboxes_this_replica_reads(clock: FixedClock, meters: Meters, holding: Holding) -> None:
    def told(unit: str) -> float | None:
        return meters.registry.get_sample_value("motcua_intake_agency_transaction_seconds", {"unit": unit})

    holding.look(LAND, position=2, stable=2, end=3)
    clock.instant += 90 * SECOND
    holding.measure([LAND, TAX])
    assert (told("H29.4"), told("H29.7")) == (90, 0)
    holding.keep([TAX])
    holding.measure([TAX])
    assert (told("H29.4"), told("H29.7")) == (None, 0)
    assert holding.notes() == []


def test_health_says_it_in_english_and_in_vietnamese_where_that_is_asked_for(
    clock: FixedClock, meters: Meters, holding: Holding
) -> None:
    app = FastAPI()

    async def ready() -> list[str]:
        return []

    add_operations(app, ready, meters, Loops(meters), notes=lambda: ["a plain note", *holding.notes()])
    holding.look(TAX, position=7, stable=7, end=8)
    clock.instant += 10 * SECOND
    client = TestClient(app)
    plain = client.get("/health/ready").text.splitlines()
    assert plain[:2] == ["ready", "a plain note"]
    assert "commit or abort it" in plain[2].partition(" → ")[2]
    vietnamese = client.get("/health/ready", headers={"Accept-Language": "vi"}).text.splitlines()
    assert vietnamese[:2] == ["ready", "a plain note"]
    what, _, remedy = vietnamese[2].partition(" → ")
    assert "hộp gửi của H29.7 bị giữ bởi một giao dịch chưa kết thúc" in what
    assert f"--topic {TAX.topic} --partition 0 --start-offset 7" in remedy
