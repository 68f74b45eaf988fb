"""`python -m simulator`: the simulated province as a process of its own, as `motcua demo` runs it."""

from __future__ import annotations

import argparse
import os
import signal
import sys
import threading
from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from deploy.local.errors import StackError
from deploy.local.stack import LocalStack
from shared.clock import SystemClock
from shared.instants import local_date
from simulator.feed import Feed, FeedError, Stopped
from simulator.playing import Stage, history_ends, new_state, play_history, play_live
from simulator.state import SimulatorState, StateError, only_one

__all__ = ["main"]


def main() -> int:
    """Play the history up to now, then live, until SIGTERM or SIGINT; 0 after an orderly end."""
    parser = argparse.ArgumentParser(prog="simulator", description="The simulated province H99.")
    parser.add_argument("--home", required=True, type=Path, help="home folder of a running stack")
    parser.add_argument("--days", type=int, default=60, help="days of history played at the first run")
    parser.add_argument("--per-day", type=int, default=50, help="dossiers of an ordinary working day")
    parser.add_argument("--seed", type=int, default=1, help="seed of the province")
    wanted = parser.parse_args()
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    try:
        with only_one(wanted.home):
            _play(wanted, stop)
    except Stopped:
        return 0
    except (StackError, StateError, FeedError) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


def _play(wanted: argparse.Namespace, stop: threading.Event) -> None:
    local = LocalStack(wanted.home)
    parent = os.getppid()

    def told(_state: SimulatorState) -> None:
        # Whoever started us has been killed: nobody else would end us.
        if os.getppid() != parent:
            stop.set()

    clock, zone = SystemClock(), ZoneInfo(local.home.load().zone)
    stage = Stage(local.home.path, Feed(local.addresses()["intake"], local.admin_key(), stop), zone, stop, told)
    state = SimulatorState.load(stage.home)
    if state is None:
        first = local_date(clock.now(), zone) - timedelta(days=wanted.days)
        state = new_state(wanted.seed, wanted.per_day, first, zone)
    play_history(state, stage, history_ends(clock.now(), zone))
    if not stop.is_set():
        play_live(state, stage, clock)


if __name__ == "__main__":
    sys.exit(main())
