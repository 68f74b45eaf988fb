"""Feeding a stack: what intake may have is sent again, state is saved around each span, nothing is left out."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import httpx
import orjson
import pytest

from shared.calendar import vn_public
from shared.clock import FixedClock
from shared.instants import DAY, HOUR, SECOND, local_midnight
from simulator.feed import Feed, FeedError, tick_entry
from simulator.playing import PACE, Player, Stage, history_ends, new_state, play_history, play_live
from simulator.simulation import Simulation
from simulator.state import FILE, SimulatorState, StateError, only_one
from simulator.world.introducing import introducing

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
FIRST = date(2026, 8, 17)
BEGIN = local_midnight(FIRST, ZONE)


class Intake:
    """A batch door that keeps what it accepted, and misbehaves when told to."""

    def __init__(self) -> None:
        self.accepted: list[dict[str, Any]] = []
        self.answer: Callable[[int], httpx.Response | None] = lambda _count: None
        self.calls = 0

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.calls += 1
        entries = [orjson.loads(line) for line in request.content.split(b"\n")]
        special = self.answer(self.calls)
        if special is not None:
            return special
        results = []
        for line, entry in enumerate(entries, 1):
            if entry["time"] == "yesterday" or "applicant_phone" in (entry["data"] or {}):
                results.append({"line": line, "status": 422, "problem": {"code": "wrong_instant"}})
            else:
                results.append({"line": line, "status": 202})
                self.accepted.append(entry)
        return httpx.Response(200, json={"results": results})

    def identities(self) -> set[tuple[str, str, int, str]]:
        return {(e["source"], e["id"], e.get("revision", 0), str(e["data"])) for e in self.accepted}


class Impatient(threading.Event):
    """An event whose waiting takes no time."""

    def wait(self, timeout: float | None = None) -> bool:  # noqa: ARG002
        return self.is_set()


def stage(intake: Intake, home: Path, stop: threading.Event | None = None) -> Stage:
    stop = stop or Impatient()
    client = httpx.Client(transport=httpx.MockTransport(intake))
    return Stage(home, Feed("http://intake", "mc_x", stop, client), ZONE, stop)


def test_unknown_outcomes_are_sent_again() -> None:
    intake = Intake()
    answers = {1: httpx.Response(503), 2: httpx.Response(200, json={"results": [{"status": 202}, {"status": 503}]})}
    intake.answer = answers.get
    feed = Feed("http://i", "mc_x", Impatient(), httpx.Client(transport=httpx.MockTransport(intake)))
    told = feed.send([tick_entry(SECOND), tick_entry(2 * SECOND)])
    assert (told.accepted, told.refused, intake.calls) == (2, 0, 3)
    assert [entry["id"] for entry in intake.accepted] == [tick_entry(2 * SECOND)["id"]]


@pytest.mark.parametrize("code", ["simulated_on_real", "clock_is_live"])
def test_a_stack_of_another_kind_is_not_fed(code: str) -> None:
    problem = {"code": code, "detail": "Not here.", "remedy": "Use another."}
    answer = httpx.Response(200, json={"results": [{"line": 1, "status": 422, "problem": problem}]})
    feed = Feed("http://i", "mc_x", Impatient(), httpx.Client(transport=httpx.MockTransport(lambda _: answer)))
    with pytest.raises(FeedError, match="Use another"):
        feed.send([tick_entry(SECOND)])


def test_history_goes_on_where_it_was(tmp_path: Path) -> None:
    whole, parts = Intake(), Intake()
    one, two = tmp_path / "one", tmp_path / "two"
    one.mkdir()
    two.mkdir()
    play_history(new_state(5, 10, FIRST, ZONE), stage(whole, one), BEGIN + 9 * DAY)
    for days in (2, 5, 9):
        state = SimulatorState.load(two) or new_state(5, 10, FIRST, ZONE)
        play_history(state, stage(parts, two), BEGIN + days * DAY)
    assert parts.accepted == whole.accepted
    assert whole.accepted[-1] == tick_entry(BEGIN + 9 * DAY)


def test_what_the_province_is_judged_by_goes_first_and_once(tmp_path: Path) -> None:
    intake = Intake()
    state = new_state(5, 10, FIRST, ZONE)
    wanted = introducing(Simulation(state.score, vn_public(ZONE)).world, ZONE)
    play_history(state, stage(intake, tmp_path), BEGIN + 2 * DAY)
    assert intake.accepted[: len(wanted)] == wanted
    again = SimulatorState.load(tmp_path)
    assert again is not None
    play_history(again, stage(intake, tmp_path), BEGIN + 3 * DAY)
    units = [entry for entry in intake.accepted if entry["type"] == "unit.revised"]
    assert len(units) == 37, "a province, its departments and 24 communes"


def test_a_crash_between_sending_and_saving_leaves_nothing_out(tmp_path: Path) -> None:
    intake, whole = Intake(), Intake()

    def crash(count: int) -> httpx.Response | None:
        if count == 4:
            raise RuntimeError("killed")
        return None

    intake.answer = crash
    with pytest.raises(RuntimeError):
        play_history(new_state(5, 10, FIRST, ZONE), stage(intake, tmp_path), BEGIN + 6 * DAY)
    saved = SimulatorState.load(tmp_path)
    assert saved is not None
    assert saved.sent < saved.sending
    intake.answer = lambda _count: None
    play_history(saved, stage(intake, tmp_path), BEGIN + 6 * DAY)
    play_history(new_state(5, 10, FIRST, ZONE), stage(whole, tmp_path), BEGIN + 6 * DAY)
    assert intake.identities() == whole.identities()


def played_live(state: SimulatorState, intake: Intake, home: Path, clock: FixedClock, spans: int) -> None:
    """So many seconds of the wall clock before people's eyes."""
    stop = Impatient()
    passed = 0

    def told(_state: SimulatorState) -> None:
        nonlocal passed
        passed += 1
        clock.instant += SECOND
        if passed == spans:
            stop.set()

    class Passing(FixedClock):
        """The clock, a second later once it was looked at."""

        looked = False

        def now(self) -> int:
            found = clock.instant
            clock.instant += 0 if self.looked else SECOND
            self.looked = True
            return found

    live = stage(intake, home, stop)
    play_live(state, Stage(live.home, live.feed, ZONE, stop, told), Passing(clock.instant))


def test_what_is_behind_the_wall_clock_is_played_faster_and_goes_on_from_there(tmp_path: Path) -> None:
    intake = Intake()
    begin = BEGIN + DAY + 8 * HOUR
    play_history(state := new_state(5, 60, FIRST, ZONE), stage(intake, tmp_path), begin)
    before = len(intake.accepted)
    clock = FixedClock(begin + DAY)
    played_live(state, intake, tmp_path, clock, 60)
    again = SimulatorState.load(tmp_path)
    assert again is not None
    assert again.sent == again.sending == begin + 60 * PACE * SECOND, "an hour in a minute"
    assert again.phase == "stopped"
    sent = intake.accepted[before:]
    assert [entry["time"] for entry in sent if entry["type"] == "clock.ticked"][-1] > tick_entry(begin)["time"]
    assert sum(entry["type"] != "clock.ticked" for entry in sent) > 10, "a morning at the counters"
    again.phase = "live"
    played_live(again, intake, tmp_path, clock, 30)
    dossiers = [entry for entry in intake.accepted if entry["type"] != "clock.ticked"]
    whole = list(Player(new_state(5, 60, FIRST, ZONE).score, ZONE, BEGIN).until(again.sent))
    assert dossiers == [entry for entry in whole if entry["time"] != "yesterday" and not _refused(entry)]


def _refused(entry: dict[str, Any]) -> bool:
    return "applicant_phone" in (entry["data"] or {})


def test_at_the_wall_clock_it_goes_as_fast_as_that(tmp_path: Path) -> None:
    intake = Intake()
    begin = BEGIN + DAY + 9 * HOUR
    play_history(state := new_state(5, 60, FIRST, ZONE), stage(intake, tmp_path), begin)
    played_live(state, intake, tmp_path, FixedClock(begin), 30)
    assert state.sent == begin + 30 * SECOND


def test_people_look_on_from_the_last_working_day_that_is_over() -> None:
    monday = local_midnight(date(2026, 8, 17), ZONE) + 3 * HOUR
    opening = vn_public(ZONE).opening(date(2026, 8, 14))
    assert history_ends(monday, ZONE) == opening, "Friday morning"


def test_a_damaged_state_is_told_with_the_remedy(tmp_path: Path) -> None:
    assert SimulatorState.load(tmp_path) is None
    earlier = '{"format": 1, "seed": 1, "per_day": 50, "start": "2026-08-17", "sent": 1, "sending": 1, "sessions": []}'
    for content in ("{", "[]", '{"format": 9}', '{"format": 2, "seed": 1}', earlier):
        (tmp_path / FILE).write_text(content, encoding="utf-8")
        with pytest.raises(StateError, match="demo-clean"):
            SimulatorState.load(tmp_path)


def test_only_one_simulator_plays_in_a_home(tmp_path: Path) -> None:
    with only_one(tmp_path), pytest.raises(StateError, match="already"), only_one(tmp_path):
        pass
    with only_one(tmp_path):
        pass
