"""Plays a score for tests: entries, truth, and what somebody else makes of the entries."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

import orjson

from shared.calendar import vn_public
from simulator.score import Score
from simulator.simulation import Simulation

__all__ = ["CALENDAR", "ZONE", "Played", "play", "year"]

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
CALENDAR = vn_public(ZONE)


@dataclass
class Played:
    """What came of a score; `work` is (unit, case, begin, end)."""

    simulation: Simulation
    sent: list[tuple[int, dict[str, Any]]] = field(default_factory=list)
    truth: list[dict[str, Any]] = field(default_factory=list)
    work: list[tuple[str, str, int, int]] = field(default_factory=list)

    @property
    def entries(self) -> list[dict[str, Any]]:
        return [entry for _, entry in self.sent]

    def lines(self, kind: str) -> list[dict[str, Any]]:
        return [line for line in self.truth if line["line"] == kind]


def play(score: Score) -> Played:
    truth: list[dict[str, Any]] = []
    work: list[tuple[str, str, int, int]] = []
    simulation = Simulation(
        score, CALENDAR, truth.append, lambda unit, case, begin, end: work.append((unit, case.code, begin, end))
    )
    sent = [(at, orjson.loads(line)) for at, line in simulation.entries_sent()]
    return Played(simulation, sent, truth, work)


def year(size: Any = "province", **more: Any) -> Score:
    seed = more.pop("seed", 1)
    first, last = more.pop("first", date(2026, 1, 1)), more.pop("last", date(2026, 12, 31))
    return Score(size, seed, first, last, **more)
