"""The simulated province: the same seed plays the same, whatever was broken off and where."""

from __future__ import annotations

import subprocess
import sys
from collections import Counter
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import orjson
import pytest
from pydantic import ValidationError

from motcua.cli.main import main
from shared.calendar import vn_public
from shared.clock import SystemClock
from shared.contract.entries import ENTRY_ADAPTER
from shared.instants import DAY, HOUR, MINUTE, local_date, local_midnight, parse_instant
from simulator.office.office import PublicOffice
from simulator.office.player import Player, Score, day_count
from simulator.office.province import PROCEDURES, UNITS

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
OFFICE = PublicOffice(vn_public(ZONE))
FIRST = date(2026, 8, 17)
BEGIN = local_midnight(FIRST, ZONE)


def play(score: Score, begin: int, *ends: int) -> list[tuple[int, dict[str, Any]]]:
    player = Player(score, OFFICE, ZONE, begin)
    return [sent for end in ends for sent in player.until(end)]


def test_the_province_is_as_it_says() -> None:
    kinds = Counter(unit.kind for unit in UNITS)
    assert kinds == {"province": 1, "department": 12, "commune": 24}
    assert len(PROCEDURES) == len({one.code for one in PROCEDURES}) == 60
    assert all(unit.code.startswith("H99") for unit in UNITS)
    assert all(one.code.startswith("9.") for one in PROCEDURES)


def test_a_split_playing_is_the_whole_playing() -> None:
    score = Score(7, 12, FIRST)
    end = BEGIN + 12 * DAY
    whole = play(score, BEGIN, end)
    cuts = [BEGIN + n * 31 * HOUR for n in range(1, 8)]
    assert play(score, BEGIN, *cuts, end) == whole
    resumed = play(score, BEGIN, cuts[3]) + play(score, cuts[3], end)
    assert resumed == whole
    assert [sent for sent, _ in whole] == sorted(sent for sent, _ in whole)


def test_another_seed_plays_something_else() -> None:
    end = BEGIN + 3 * DAY
    assert play(Score(1, 10, FIRST), BEGIN, end) != play(Score(2, 10, FIRST), BEGIN, end)


def test_another_process_plays_the_same(tmp_path: Path) -> None:
    ours, theirs = tmp_path / "ours", tmp_path / "theirs"
    words = ["simulate", "--days", "5", "--per-day", "10", "--seed", "3", "--start", FIRST.isoformat(), "--file"]
    assert main([*words, str(ours)]) == 0
    command = [sys.executable, "-m", "motcua.cli.main", *words, str(theirs)]
    subprocess.run(command, check=True, env={"PYTHONHASHSEED": "12345"})
    assert ours.read_bytes() == theirs.read_bytes()
    assert ours.stat().st_size > 10_000


def test_entries_are_of_the_contract_but_for_a_few_that_must_be_refused() -> None:
    sent = play(Score(1, 60, FIRST), BEGIN, BEGIN + 40 * DAY)
    refused = 0
    types: Counter[str] = Counter()
    for _, entry in sent:
        assert entry["simulated"] is True
        try:
            ENTRY_ADAPTER.validate_json(orjson.dumps(entry), strict=True)
            types[entry["type"]] += 1
        except ValidationError:
            refused += 1
    assert 0 < refused < len(sent) * 0.01
    for wanted in ("supplement_requested", "extended", "handed_over", "withdrawn", "stopped", "refused", "returned"):
        assert types[f"dossier.{wanted}"], wanted


def test_what_sources_do_wrong_is_there() -> None:
    sent = [(at, entry) for at, entry in play(Score(1, 60, FIRST), BEGIN, BEGIN + 40 * DAY) if entry["time"][0] == "2"]
    identities = Counter((entry["source"], entry["id"], entry.get("revision", 0)) for _, entry in sent)
    assert max(identities.values()) > 1, "duplicates"
    assert any(entry.get("revision") for _, entry in sent), "corrections"
    assert any(entry["data"] is None for _, entry in sent), "withdrawn entries"
    late = [at - parse_instant(entry["time"]) for at, entry in sent]
    assert min(late) >= 0
    assert sum(one > HOUR for one in late) > len(late) * 0.02, "late sending"


def test_offices_keep_the_working_calendar() -> None:
    score = Score(1, 50, FIRST)
    assert day_count(score, date(2026, 8, 22), OFFICE) > 0, "a Saturday worked in exchange"
    assert day_count(score, date(2026, 9, 2), OFFICE) == 0, "the national day"
    assert day_count(score, date(2026, 8, 30), OFFICE) == 0, "a Sunday"
    accepted = [entry["subject"] for _, entry in play(score, BEGIN, BEGIN + 10 * DAY)]
    assert not [code for code in accepted if "-260823-" in code]


def test_a_live_session_goes_on_at_any_hour() -> None:
    night = local_midnight(FIRST + timedelta(days=10), ZONE) + 2 * HOUR
    score = Score(1, 20, FIRST, [(night, None)])
    sent = play(score, night, night + 20 * MINUTE)
    assert 2 < len(sent) / (20 * 60) < 7, "entries a second"
    middle = night + 7 * MINUTE
    assert play(score, night, middle) + play(score, middle, night + 20 * MINUTE) == sent


def test_a_session_that_ended_changes_nothing_after_it() -> None:
    """What was sent in a session stays; dossiers it did not get to follow their office's plan again."""
    start = BEGIN + 10 * DAY
    end = start + 30 * MINUTE
    during = play(Score(1, 20, FIRST, [(start, None)]), start, end)
    closed = Score(1, 20, FIRST, [(start, end)])
    assert play(closed, start, end) == during
    after = play(closed, end, end + 20 * DAY)
    ended = [entry["subject"] for _, entry in during + after if entry["type"] == "dossier.resolved"]
    sent_twice = [code for code, count in Counter(ended).items() if count > 1]
    assert len(sent_twice) < len(ended) * 0.05, "only duplicates and reopened ones end twice"


@pytest.mark.parametrize("days", [1, 30])
def test_pace(days: int) -> None:
    score = Score(1, 50, FIRST)
    working = [day_count(score, FIRST + timedelta(days=n), OFFICE) for n in range(days)]
    assert all(count == 0 or 20 <= count <= 75 for count in working)


@pytest.mark.parametrize(
    ("words", "named"),
    [
        (("--size", "town", "--file", "x"), "--size"),
        (("--province-year", "--per-day", "7", "--file", "x"), "--dossiers"),
        (("--province-year", "--rate", "5", "--file", "x"), "--rate"),
        (("--province-year", "--year", "2099", "--file", "x"), "--year"),
    ],
)
def test_options_that_do_not_fit_are_told(
    words: tuple[str, ...],
    named: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["simulate", *words]) == 2
    assert named in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_days_that_are_not_over_are_left_out_and_it_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    yesterday = local_date(SystemClock().now(), ZONE) - timedelta(1)
    first = yesterday - timedelta(20)
    words = ["simulate", "--size", "commune", "--dossiers", "60", "--start", first.isoformat(), "--days", "90"]
    truth = tmp_path / "truth"
    assert main([*words, "--file", str(tmp_path / "file"), "--truth", str(truth), "--lang", "en"]) == 0
    assert f"Only up to {yesterday}" in capsys.readouterr().err
    assert orjson.loads(truth.read_bytes().splitlines()[0])["last"] == yesterday.isoformat()
