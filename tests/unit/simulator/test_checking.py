"""Checking says what differs, and only that; feeding keeps the order, the ticks and the wall clock."""

from __future__ import annotations

import copy
import threading
from collections.abc import Sequence
from datetime import date
from itertools import pairwise
from typing import Any, cast

import orjson
import pytest

from shared.instants import HOUR, SECOND, parse_instant
from simulator.feed import Feed, Stopped, Told
from simulator.feeding import feed_data, feed_live
from simulator.truth.checking import check
from tests.unit.simulator.played import Played, play, year

LINE = orjson.dumps({"id": "a"})


@pytest.fixture(scope="module")
def played() -> Played:
    return play(year("commune", seed=6, dossiers=400, first=date(2026, 3, 1), last=date(2026, 5, 15)))


class Stack:
    """A stack that says what a truth says."""

    def __init__(self, truth: list[dict[str, Any]]) -> None:
        self.dossiers = {line["code"]: line for line in truth if line["line"] == "dossier"}
        self.figures = [line for line in truth if line["line"] == "figures"]

    def indices(self, unit: str | None, first: str, last: str, by: str | None) -> list[dict[str, Any]]:
        del first, last
        sides = ("numerator", "denominator")
        found = []
        for line in self.figures:
            if line["unit"] == unit and (line["month"] is None) == (by is None):
                index = {name: value for name, value in line.items() if value is not None or name == "unit"}
                index["components"] = {code: dict(zip(sides, line[code], strict=True)) for code in ("2.1", "3.3")}
                found.append(index)
        return found

    def dossier(self, code: str) -> dict[str, Any] | None:
        line = self.dossiers.get(code)
        if line is None or line["accepted"] is None:
            return None if line is None else {"code": code}
        blame = [{"unit": unit, "delay_us": delay} for unit, delay in line.get("delay", {}).items()]
        at = {f"{name}_at": line[name] for name in ("accepted", "finished", "judged", "second_request")}
        return line | at | {"blame": blame}


def test_a_stack_that_says_the_same_does_not_differ(played: Played) -> None:
    stack = Stack(played.truth)
    found = check(played.truth, stack.indices, stack.dossier, sample=None)
    assert found.differences == []
    assert found.dossiers == len(played.lines("dossier"))
    assert found.units == len({line["unit"] for line in played.lines("figures")})
    assert found.figures == 14 * len(played.lines("figures"))


def test_what_differs_is_named(played: Played) -> None:
    truth = copy.deepcopy(played.truth)
    stack = Stack(played.truth)
    late = next(line for line in truth if line["line"] == "dossier" and line.get("delay"))
    unit = next(iter(late["delay"]))
    late["delay"][unit] += 1
    figures = next(line for line in truth if line["line"] == "figures" and line["month"] == "2026-04")
    figures["2.1"][0] += 1
    gone = next(line for line in truth if line["line"] == "dossier" and line["accepted"] is not None)
    del stack.dossiers[gone["code"]]
    found = check(truth, stack.indices, stack.dossier, sample=None)
    named = {(what, name) for what, name, _, _ in found.differences}
    assert named == {(late["code"], "delay"), ("* 2026-04", "2.1"), (gone["code"], "dossier")}


def test_a_sample_is_drawn_of_all_dossiers(played: Played) -> None:
    stack = Stack(played.truth)
    asked: list[str] = []

    def dossier(code: str) -> dict[str, Any] | None:
        asked.append(code)
        return stack.dossier(code)

    assert check(played.truth, stack.indices, dossier, sample=20).dossiers == 20
    codes = [line["code"] for line in played.lines("dossier")]
    places = sorted(codes.index(code) for code in asked)
    assert len(set(places)) == 20
    assert places[0] < len(codes) / 3 < 2 * len(codes) / 3 < places[-1]


class Door(Feed):
    """Takes what is fed; time passes only where somebody waits for it."""

    def __init__(self) -> None:
        self.batches: list[list[dict[str, Any]]] = []

    def send(self, entries: Sequence[dict[str, Any]]) -> Told:
        self.batches.append(list(entries))
        return Told(accepted=len(entries))


class Time(threading.Event):
    """A clock and an event to wait at: waiting makes it later."""

    def __init__(self, now: int, until: int | None = None) -> None:
        super().__init__()
        self.time, self.until = now, until

    def now(self) -> int:
        return self.time

    def wait(self, timeout: float | None = None) -> bool:
        self.time += int((timeout or 0) * SECOND)
        return self.until is not None and self.time > self.until


def test_a_stack_on_the_data_clock_is_ticked_along(played: Played) -> None:
    door, simulation = Door(), played.simulation
    lines = [(at, orjson.dumps(entry)) for at, entry in played.sent]
    told = feed_data(lines, simulation.course.begin, simulation.horizon, door, lambda *_: None)
    given = [entry for batch in door.batches for entry in batch]
    assert [entry for entry in given if entry["type"] != "clock.ticked"] == played.entries
    ticks = [parse_instant(entry["time"]) for entry in given if entry["type"] == "clock.ticked"]
    assert ticks == sorted(set(ticks))
    assert ticks[-1] == simulation.horizon
    assert given[-1]["type"] == "clock.ticked"
    assert {after - before for before, after in pairwise(ticks)} == {6 * HOUR}
    assert told.accepted == len(given)
    place = 0
    for entry in given:
        if entry["type"] == "clock.ticked" and parse_instant(entry["time"]) < simulation.horizon:
            assert played.sent[place - 1][0] < parse_instant(entry["time"]) <= played.sent[place][0]
        elif entry["type"] != "clock.ticked":
            place += 1


def test_a_live_stack_is_fed_in_step_with_the_wall_clock() -> None:
    door, time = Door(), Time(100 * SECOND)
    lines = [(at * SECOND, LINE) for at in (1, 2, 99, 103, 103, 110)]
    feed_live(lines, cast("Any", time), door, time, rate=None, on_sent=lambda *_: None)
    assert [len(batch) for batch in door.batches] == [3, 2, 1]
    assert time.now() == 110 * SECOND


def test_a_live_stack_is_fed_at_a_rate() -> None:
    door, time = Door(), Time(1_000 * SECOND)
    feed_live([(SECOND, LINE)] * 100, cast("Any", time), door, time, rate=10, on_sent=lambda *_: None)
    assert sum(map(len, door.batches)) == 100
    assert time.now() - 1_000 * SECOND == pytest.approx(9 * SECOND)


def test_feeding_ends_when_it_is_told_to() -> None:
    door, time = Door(), Time(0, until=5 * SECOND)
    with pytest.raises(Stopped):
        feed_live([(100 * SECOND, LINE)], cast("Any", time), door, time, rate=None, on_sent=lambda *_: None)
    assert door.batches == []
