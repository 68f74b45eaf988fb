"""The live clock: when it ticks, what it writes, and when it refuses to."""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass

from services.intake.presence import Presence
from services.intake.stream import make_stream
from services.intake.ticker import LastTick, Ticker, make_tick
from shared.catalogue.base import Meters
from shared.catalogue.intake import SPECS
from shared.clock import FixedClock
from shared.contract.entries import ENTRY_ADAPTER
from shared.instants import MINUTE, SECOND, parse_instant
from shared.problems.problem import Problem
from tests.unit.intake.parts import MemoryJournal

START = parse_instant("2026-08-25T10:00:17.250+07:00")


class EnoughError(Exception):
    """Ends a run."""


class Pauses:
    """Moves the clock by what was waited, and ends the run after some waits."""

    def __init__(self, clock: FixedClock, most: int) -> None:
        self.clock = clock
        self.left = most
        self.waited: list[float] = []

    async def __call__(self, seconds: float) -> None:
        self.waited.append(seconds)
        self.clock.instant += round(seconds * SECOND)
        self.left -= 1
        if self.left == 0:
            raise EnoughError


@dataclass
class Parts:
    clock: FixedClock
    meters: Meters
    journal: MemoryJournal
    presence: Presence
    last: LastTick
    pauses: Pauses
    ticker: Ticker

    def run(self) -> None:
        try:
            asyncio.run(self.ticker.run())
        except EnoughError:
            return

    def sample(self, name: str) -> float | None:
        value: float | None = self.meters.registry.get_sample_value(name)
        return value


def make_parts(pauses: int, skew: float | None = 0.1) -> Parts:
    clock, meters, journal, last = FixedClock(START), Meters(SPECS), MemoryJournal(), LastTick()
    presence = Presence(make_stream("nowhere:1"), journal, clock, 5.0, meters)
    presence.skew = skew
    waits = Pauses(clock, pauses)
    ticker = Ticker(journal, presence, clock, last, meters, simulated=False, pause=waits)
    return Parts(clock, meters, journal, presence, last, waits, ticker)


def test_a_tick_comes_at_once_and_then_at_every_full_minute() -> None:
    parts = make_parts(3)
    parts.run()
    times = [record.time for record in parts.journal.records[0]]
    assert times == [START - START % SECOND, START - START % MINUTE + MINUTE, START - START % MINUTE + 2 * MINUTE]
    assert parts.journal.records[0] == parts.journal.records[1]
    assert parts.last.value == times[-1]
    assert parts.pauses.waited == [42.75, 60.0, 60.0]
    assert parts.sample("motcua_intake_ticks_total") == 3


def test_two_replicas_ticking_in_the_same_second_give_the_same_identity_and_content() -> None:
    first, second = make_tick(START, simulated=False), make_tick(START + SECOND // 2, simulated=False)
    assert (first.source, first.id, first.time) == (second.source, second.id, second.time)
    entry = ENTRY_ADAPTER.validate_json(first.value)
    assert entry.type == "clock.ticked"
    assert json.loads(first.value)["data"] == {}
    assert json.loads(make_tick(START, simulated=True).value)["simulated"] is True


def test_a_clock_that_is_off_does_not_tick() -> None:
    parts = make_parts(2, skew=-6.0)
    parts.run()
    assert parts.journal.entries == []
    assert parts.sample("motcua_intake_ticks_refused_total") == 2
    assert parts.last.value is None


def test_nothing_ticks_before_the_clock_was_compared_or_while_the_broker_is_away() -> None:
    parts = make_parts(3, skew=None)
    parts.run()
    assert parts.journal.entries == []
    away = make_parts(3)
    away.journal.away = Problem(503, "broker_away")
    away.run()
    assert away.journal.entries == []
    assert max(away.pauses.waited) < 1


def test_a_tick_that_was_not_confirmed_is_tried_again_soon() -> None:
    parts = make_parts(3)
    parts.journal.fails = {1}
    parts.run()
    assert max(parts.pauses.waited) < 1
    assert parts.sample("motcua_intake_ticks_total") == 0


def test_the_last_tick_is_a_maximum_and_a_correction_replaces_it() -> None:
    last = LastTick()
    late, early = make_tick(START + MINUTE, simulated=False), make_tick(START, simulated=False)
    last.note(late)
    last.note(early)
    assert last.value == late.time


def test_the_clock_is_compared_with_the_brokers_append_time() -> None:
    parts = make_parts(1)
    parts.presence._measure(START, START + SECOND, (START - 4 * SECOND) // 1_000)
    assert parts.presence.skew == 4.5
    assert not parts.presence.clock_off
    parts.presence._measure(START, START + SECOND, (START - 6 * SECOND) // 1_000)
    assert parts.presence.clock_off
    parts.presence._measure(START, START + SECOND, (START + 7 * SECOND) // 1_000)
    assert parts.presence.clock_off
    assert parts.sample("motcua_intake_clock_skew_seconds") == -6.5
    # A slow answer leaves open where in between the record was appended.
    parts.presence._measure(START, START + 4 * SECOND, (START - 4 * SECOND) // 1_000)
    assert not parts.presence.clock_off
