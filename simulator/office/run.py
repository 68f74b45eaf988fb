"""The simulated province at work: plays its history quickly, then goes on at wall-clock time until told to stop.

Knows the order of saving and sending that lets it go on where it was; what is played is the player's.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

from shared.calendar import vn_public
from shared.clock import Clock
from shared.instants import HOUR, SECOND, local_date, local_midnight
from simulator.office.feed import Feed, tick_entry
from simulator.office.introduction import introduction
from simulator.office.office import PublicOffice
from simulator.office.player import Player
from simulator.office.state import SimulatorState

__all__ = ["Stage", "introduce", "new_state", "play_history", "play_live", "with_ticks"]

#: History is sent in spans of this length, with a tick at the end of each.
_SPAN: Final = 6 * HOUR
_LIVE_SPAN_SECONDS: Final = 1.0
_LIVE_TICK: Final = 3 * SECOND


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


def new_state(seed: int, per_day: int, first: date, zone: ZoneInfo) -> SimulatorState:
    """The state of a province that was never played, whose first day is `first`."""
    begin = local_midnight(first, zone)
    return SimulatorState(seed, per_day, first.isoformat(), begin, begin)


def with_ticks(player: Player, begin: int, end: int) -> Iterator[dict[str, Any]]:
    """The entries of [begin, end) with a tick at the end of each span, in the order of sending."""
    while begin < end:
        begin = min(begin + _SPAN, end)
        for _, entry in player.until(begin):
            yield entry
        yield tick_entry(begin)


def introduce(state: SimulatorState, stage: Stage) -> None:
    """Make the province's units, procedures and routes known, before anything is played that is judged by them.

    A province played by an earlier version gets them late, which changes nothing about what it promised.
    """
    if state.introduced:
        return
    stage.send(state, introduction(date.fromisoformat(state.start), stage.zone))
    state.introduced = True
    state.save(stage.home)


def play_history(state: SimulatorState, stage: Stage, until: int) -> None:
    """Send everything from where the province stands to an instant, a local day at a time; first what it is judged by.

    Args:
        state: where it stands; saved around each span.
        stage: where it is played.
        until: the end, UTC microseconds; nothing at or after it is sent.
    """
    introduce(state, stage)
    state.close_sessions()
    state.phase, state.goal = "history", max(until, state.sending)
    player = Player(state.score, PublicOffice(vn_public(stage.zone)), stage.zone, state.sent)
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
    """Go on at wall-clock time, second by second, until the stage is told to stop; the history was played to now."""
    state.close_sessions()
    state.sessions.append((state.sent, None))
    state.phase = "live"
    player = Player(state.score, PublicOffice(vn_public(stage.zone)), stage.zone, state.sent)
    ticked = 0
    while not stage.stop.wait(_LIVE_SPAN_SECONDS):
        now = clock.now()
        if now <= state.sent:
            continue  # the machine's clock was set back: wait until it has come up again
        state.sending = now
        state.save(stage.home)
        entries = [entry for _, entry in player.until(now)]
        if now - ticked >= _LIVE_TICK:
            entries.append(tick_entry(now))
            ticked = now
        stage.send(state, entries)
        state.sent = now
        stage.told(state)
    state.close_sessions()
    state.phase = "stopped"
    state.save(stage.home)
