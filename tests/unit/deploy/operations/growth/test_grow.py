"""When a growth switches and when it leaves everything as it was; deriving and reading are played by stand-ins."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import SimpleNamespace
from typing import Any

import pytest
from aiokafka.errors import KafkaConnectionError

from deploy.local.errors import StackError
from deploy.operations.epochs.compare import Comparison, Difference
from deploy.operations.epochs.watching import Places
from deploy.operations.growth import grow
from deploy.operations.growth.grow import Growth
from shared.clock import FixedClock
from shared.contract.housekeeping import LiveEpoch

SAME = Comparison(3, 0, [])
OTHER = Comparison(3, 1, [Difference("a", ["due"])])
TAKEN = {"motcua.journal.v1", "motcua.journal.v1.g2", "motcua.lifecycle.v1.e4", "motcua.lifecycle.v1.e5"}


class PlayedSite:
    """A stack that writes down what it is asked."""

    kafka, key, partitions, generation = "127.0.0.1:1", "mc_admin", 2, 1

    def __init__(self) -> None:
        self.asked: list[str] = []
        #: What intake owes, and the partitions' clocks, at each look; the last ones stay.
        self.owes: list[int] = [0]
        self.clocks: list[tuple[str, str]] = [("t1", "t1")]

    def epoch(self) -> int:
        return 4

    def live(self) -> Sequence[str]:
        return []

    def log(self, name: str) -> str:
        return name

    def owed(self) -> Sequence[Any]:
        return range(self.owes.pop(0) if len(self.owes) > 1 else self.owes[0])

    def places(self) -> Places:
        clocks = self.clocks.pop(0) if len(self.clocks) > 1 else self.clocks[0]
        return Places({0: 5, 1: 5}, frozenset(), dict(enumerate(clocks)))

    def fence(self) -> None:
        self.asked.append("fence")

    def unfence(self) -> None:
        self.asked.append("unfence")

    def start(self, epoch: int, generation: int, partitions: int) -> tuple[str, str]:
        self.asked.append(f"start e{epoch} g{generation} p{partitions}")
        return "http://127.0.0.1:2", "processing-e6"

    def stop(self, epoch: int) -> None:
        self.asked.append(f"stop e{epoch}")

    def flip(self, epoch: int) -> str:
        raise AssertionError(epoch)

    def switch(self, epoch: int, generation: int, partitions: int, ends: Mapping[int, int]) -> str:
        self.asked.append(f"switch e{epoch} g{generation} p{partitions} at {dict(ends)}")
        return "http://127.0.0.1:3"


def growth(
    monkeypatch: pytest.MonkeyPatch, comparison: Comparison, failure: Exception | None = None
) -> tuple[PlayedSite, Growth]:
    async def compared(*_: Any) -> Comparison:
        if failure is not None:
            raise failure
        return comparison

    async def taken(_kafka: str) -> set[str]:
        return TAKEN

    async def pointed(*_: str) -> tuple[list[LiveEpoch], set[str]]:
        return [], TAKEN

    async def ends(*_: Any) -> dict[int, int]:
        return {0: 5, 1: 5}

    monkeypatch.setattr(grow, "topics_of", taken)
    monkeypatch.setattr("deploy.operations.epochs.watching.read_pointers", pointed)
    monkeypatch.setattr(grow, "ends_of", ends)
    monkeypatch.setattr(grow, "_POLL", 0.001)
    site = PlayedSite()
    made = Growth(site, FixedClock(0), lambda *_: None)
    copied = SimpleNamespace(done={0: 5, 1: 5}, ends={0: 4, 1: 4, 2: 2})
    monkeypatch.setattr(Growth, "_copy", lambda *_: copied)
    monkeypatch.setattr(Growth, "_compare", compared)
    monkeypatch.setattr(made._watch, "live_places", site.places)
    monkeypatch.setattr(made._watch, "wait_derived", lambda *_: None)
    monkeypatch.setattr(made._watch, "wait_followed", lambda *_: site.asked.append("followed"))
    return site, made


def test_equal_epochs_are_switched_behind_the_fence(monkeypatch: pytest.MonkeyPatch) -> None:
    site, made = growth(monkeypatch, SAME)
    done = made.run(3, accept_differences=False)
    assert (done.generation, done.partitions, done.epoch, done.records, done.switched) == (3, 3, 6, 10, True)
    assert site.asked == ["fence", "start e6 g3 p3", "switch e6 g3 p3 at {0: 5, 1: 5}", "followed"]


def test_differences_leave_everything_as_it_was(monkeypatch: pytest.MonkeyPatch) -> None:
    site, made = growth(monkeypatch, OTHER)
    assert made.run(3, accept_differences=False).switched is False
    assert site.asked == ["fence", "start e6 g3 p3", "stop e6", "unfence"]
    assert made.run(3, accept_differences=True).switched is True


@pytest.mark.parametrize("failure", [StackError("stands"), KafkaConnectionError(), TimeoutError()])
def test_a_failure_takes_the_fence_down(monkeypatch: pytest.MonkeyPatch, failure: Exception) -> None:
    site, made = growth(monkeypatch, SAME, failure)
    with pytest.raises(StackError):
        made.run(3, accept_differences=True)
    assert site.asked[-2:] == ["stop e6", "unfence"]


@pytest.mark.parametrize("partitions", [1, 2, 1025])
def test_fewer_are_refused_before_anything_is_asked(monkeypatch: pytest.MonkeyPatch, partitions: int) -> None:
    site, made = growth(monkeypatch, SAME)
    with pytest.raises(StackError, match="not more than"):
        made.run(partitions, accept_differences=False)
    assert site.asked == []


def test_what_reached_some_partitions_only_is_let_through_before(monkeypatch: pytest.MonkeyPatch) -> None:
    site, made = growth(monkeypatch, SAME)
    # Unequal clocks; then equal, yet behind the fence a tick turns out to be missing; then parcels are owed.
    site.clocks = [("t1", "t2"), ("t2", "t2"), ("t3", "t2"), ("t3", "t3")]
    site.owes = [0, 0, 0, 2, 1, 0]
    made.run(3, accept_differences=False)
    assert site.asked[:4] == ["fence", "unfence", "fence", "start e6 g3 p3"]


def test_partitions_that_are_never_equal_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    site, made = growth(monkeypatch, SAME)
    site.clocks = [("t1", "t2")]
    monkeypatch.setattr(grow, "_QUIET_SECONDS", 0.01)
    with pytest.raises(StackError, match="clocks differ"):
        made.run(3, accept_differences=False)
    assert site.asked == ["stop e6", "unfence"]
