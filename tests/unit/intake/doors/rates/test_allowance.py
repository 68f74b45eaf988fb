"""What a sender may send: taken whole or not at all, refused with a true Retry-After, at one cost for all."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest

from services.intake.doors.rates.allowance import Allowance, Rates
from services.intake.doors.rates.bucket import Bucket
from shared.access.bearer import Bearer
from shared.catalogue.base import Meters
from shared.catalogue.intake import SPECS
from shared.problems.problem import Problem
from tests.unit.intake.parts import grant


class Desk:
    """An allowance with a clock of its own."""

    def __init__(self, entries: int = 100, size: int = 0, burst: float = 10.0) -> None:
        self.now = 0.0
        self.meters = Meters(SPECS)
        self.allowance = Allowance(Rates(entries, size, burst), self.meters, lambda: self.now)

    def take(self, entries: int = 1, size: int = 1, of: Bearer | None = None) -> Problem | None:
        try:
            self.allowance.take(of or grant(), entries, size)
        except Problem as problem:
            return problem
        return None

    def value(self, name: str, **labels: str) -> float:
        return self.meters.registry.get_sample_value(f"motcua_intake_{name}_total", labels) or 0.0


def test_a_burst_is_taken_then_only_the_rate() -> None:
    desk = Desk(entries=100, burst=10)
    assert [desk.take(500), desk.take(500), desk.take(50)] == [None, None, None]
    refused = desk.take(1)
    assert refused is not None
    assert (refused.status, refused.code, refused.headers["Retry-After"]) == (429, "rate_limited_entries", "1")
    assert desk.value("sender_entries", sender="one-stop") == 1_050
    assert desk.value("sender_limited", sender="one-stop", limited="entries") == 1
    taken = 0
    for _ in range(100):
        desk.now += 0.1
        while desk.take(5) is None:
            taken += 5
    assert 950 <= taken <= 1_000


@pytest.mark.parametrize("entries", [1, 7, 1_999, 5_000, 1_000_000])
def test_retry_after_is_true_to_the_second_however_large_the_debt(entries: int) -> None:
    desk = Desk(entries=3, burst=1)
    assert desk.take(entries) is None
    refused = desk.take()
    if refused is None:
        assert entries <= 3
        return
    told = int(refused.headers["Retry-After"])
    desk.now = told - 1 - 1e-3
    assert desk.take() is not None
    desk.now = told
    assert desk.take() is None


def test_a_batch_larger_than_every_limit_is_taken_whole_once() -> None:
    desk = Desk(entries=1, size=10, burst=1)
    assert desk.take(5_000, 16_000_000) is None
    refused = desk.take()
    assert refused is not None
    assert refused.extra == {"limit": 10, "limited": "bytes"}
    assert refused.headers["Retry-After"] == "1599999"


def test_the_limit_is_named_in_both_languages() -> None:
    desk = Desk(entries=50, burst=1)
    desk.take(1_000)
    refused = desk.take()
    assert refused is not None
    assert "50 entries a second" in refused.body("en")["detail"]
    assert "50 mục mỗi giây" in refused.body("vi")["detail"]
    assert refused.body("en")["limit"] == 50


def test_admins_and_keys_with_rates_of_their_own() -> None:
    desk = Desk(entries=10, size=1_000, burst=1)
    home = grant("admin", "sender", sender="admin")
    free = dataclasses.replace(grant(sender="portal"), entries_per_second=0, bytes_per_second=0)
    slow = dataclasses.replace(grant(sender="slow"), entries_per_second=1)
    for _ in range(50):
        assert desk.take(5_000, 10**7, home) is None
        assert desk.take(5_000, 10**7, free) is None
    assert desk.value("sender_entries", sender="admin") == 250_000
    assert desk.take(3, 1, slow) is None
    refused = desk.take(1, 1, slow)
    assert refused is not None
    assert refused.headers["Retry-After"] == "2"
    assert desk.take(10) is None, "one sender's debt is nobody else's"


def test_what_came_by_an_outbox_counts_from_when_it_came() -> None:
    desk = Desk(entries=100, burst=1)
    assert desk.allowance.owing(grant()) is None
    desk.now = 3_600.0
    desk.allowance.charge(grant(), 400, 0)
    owing = desk.allowance.owing(grant())
    assert owing is not None
    assert (owing.what, owing.limit, owing.seconds) == ("entries", 100, 3.0)


def test_a_decision_looks_at_two_numbers_however_much_was_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    desk = Desk(entries=1_000, size=10**9, burst=1)
    for number in range(1_000):
        desk.take(of=grant(sender=f"s{number}"))
    looked: list[Any] = []
    whole = Bucket._fill

    def counted(bucket: Bucket, rate: float, most: float, now: float) -> None:
        looked.append(bucket)
        whole(bucket, rate, most, now)

    monkeypatch.setattr(Bucket, "_fill", counted)
    for _ in range(100):
        looked.clear()
        desk.take(of=grant(sender="s7"))
        assert len(set(map(id, looked))) == 2
        assert len(looked) <= 4
