"""The simulated province of a stack: plays its history quickly, then goes on before people's eyes until told to stop.

Knows the order of saving and sending that lets it go on where it was; what is played is the simulation's.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

import orjson

from shared.calendar import vn_public
from shared.clock import Clock
from shared.instants import HOUR, SECOND, local_date, local_midnight
from simulator.feed import Feed, Stopped, tick_entry
from simulator.score import Score
from simulator.simulation import Simulation
from simulator.state import SimulatorState

__all__ = ["PACE", "Player", "Stage", "history_ends", "new_state", "play_history", "play_live", "with_ticks"]

#: History is sent in spans of this length, with a tick at the end of each.
_SPAN: Final = 6 * HOUR
_LIVE_SPAN_SECONDS: Final = 1.0
_LIVE_TICK: Final = 3 * SECOND
#: Seconds of the province in one of ours, while it comes up to the wall clock: a working day in some ten minutes.
PACE: Final = 60


@dataclass(frozen=True, slots=True)
class Stage:
    """Where a province is played.

    Args:
        home: folder of the state file.
        feed: where entries go.
        zone: zone of local days.
        stop: set when the operator wants the end.
        told: called after each span, for progress.
    """

    home: Path
    feed: Feed
    zone: ZoneInfo
    stop: threading.Event
    told: Callable[[SimulatorState], None] = lambda _: None

    def send(self, state: SimulatorState, entries: list[dict[str, Any]]) -> None:
        """Send a span's entries and count what became of them."""
        result = self.feed.send(entries)
        state.accepted += result.accepted
        state.refused += result.refused


class Player:
    """Plays a score from an instant on, whatever was played of it before: the same score says the same.

    Args:
        score: what is played.
        zone: zone of its days.
        since: nothing that was sent before this is given.
        stop: set when the operator wants the end.
    """

    def __init__(self, score: Score, zone: ZoneInfo, since: int, stop: threading.Event | None = None) -> None:
        self._lines = Simulation(score, vn_public(zone)).entries_sent()
        self._since = since
        self._stop = stop
        self._next: tuple[int, bytes] | None = None

    def until(self, end: int) -> Iterator[dict[str, Any]]:
        """What is sent before an instant and was not given yet, in the order of sending.

        Raises:
            Stopped: the operator wanted the end while what was sent already was gone through.
        """
        while (line := self._next or next(self._lines, None)) is not None:
            self._next = None
            sent, entry = line
            if sent >= end:
                self._next = line
                return
            if sent >= self._since:
                yield orjson.loads(entry)
            elif self._stop is not None and self._stop.is_set():
                raise Stopped


def new_state(seed: int, per_day: int, first: date, zone: ZoneInfo) -> SimulatorState:
    """The state of a province that was never played, whose first day is `first`."""
    begin = local_midnight(first, zone)
    return SimulatorState(seed, per_day, first.isoformat(), begin, begin)


def history_ends(now: int, zone: ZoneInfo) -> int:
    """When the history gives way to what people look on at: the opening of the last working day that is over."""
    calendar = vn_public(zone)
    return calendar.opening(calendar.previous_working_day(local_date(now, zone)))


def with_ticks(player: Player, begin: int, end: int) -> Iterator[dict[str, Any]]:
    """The entries of [begin, end) with a tick at the end of each span, in the order of sending."""
    while begin < end:
        begin = min(begin + _SPAN, end)
        yield from player.until(begin)
        yield tick_entry(begin)


def play_history(state: SimulatorState, stage: Stage, until: int) -> None:
    """Send everything from where the province stands to an instant, a local day at a time.

    Args:
        state: where it stands; saved around each span.
        stage: where it is played.
        until: the end, UTC microseconds; nothing at or after it is sent.
    """
    state.phase, state.goal = "history", max(until, state.sending)
    player = Player(state.score, stage.zone, state.sent, stage.stop)
    while state.sent < state.goal and not stage.stop.is_set():
        # A span broken off is finished first, with its own end, since it may have been sent in part.
        begin = state.sent
        next_day = local_midnight(local_date(begin, stage.zone) + timedelta(days=1), stage.zone)
        state.sending = state.sending if state.sending > begin else min(next_day, state.goal)
        state.save(stage.home)
        stage.send(state, list(with_ticks(player, begin, state.sending)))
        state.sent = state.sending
        state.save(stage.home)
        stage.told(state)


def play_live(state: SimulatorState, stage: Stage, clock: Clock) -> None:
    """Go on second by second until the stage is told to stop: faster than the wall clock up to it, then with it."""
    state.phase = "live"
    player = Player(state.score, stage.zone, state.sent, stage.stop)
    looked = ticked = clock.now()
    while not stage.stop.wait(_LIVE_SPAN_SECONDS):
        now = clock.now()
        reached = min(now, state.sent + PACE * max(0, now - looked))
        looked = now
        if reached <= state.sent:
            continue  # the machine's clock was set back: wait until it has come up again
        state.sending = reached
        state.save(stage.home)
        entries = list(player.until(reached))
        if now - ticked >= _LIVE_TICK:
            entries.append(tick_entry(reached))
            ticked = now
        stage.send(state, entries)
        state.sent = reached
        stage.told(state)
    state.phase = "stopped"
    state.save(stage.home)
