"""The same score gives the same bytes; memory grows with what is open, not with the length of the period."""

from __future__ import annotations

import gzip
import subprocess
import sys
from datetime import date
from itertools import pairwise
from pathlib import Path

import pytest

from motcua.cli.main import main
from simulator.files import TruthError, read_truth
from simulator.simulation import Simulation
from tests.unit.simulator.played import CALENDAR, play, year

WORDS = ("simulate", "--size", "province", "--dossiers", "800", "--units", "4", "--seed", "9")
DAYS = ("--start", "2025-03-03", "--days", "60")


def test_another_process_writes_the_same_bytes(tmp_path: Path) -> None:
    written = []
    for name, hash_seed in (("ours", None), ("theirs", "12345")):
        file, truth = tmp_path / f"{name}.ndjson.gz", tmp_path / f"{name}.truth.gz"
        words = [*WORDS, *DAYS, "--file", str(file), "--truth", str(truth)]
        if hash_seed is None:
            assert main(words) == 0
        else:
            command = [sys.executable, "-m", "motcua.cli.main", *words]
            subprocess.run(command, check=True, capture_output=True, env={"PYTHONHASHSEED": hash_seed})
        written.append((file.read_bytes(), truth.read_bytes()))
    assert written[0] == written[1]
    assert gzip.decompress(written[0][0]).count(b"\n") > 1_000
    assert sorted(path.name for path in tmp_path.iterdir() if path.suffix == ".part") == []


def test_another_seed_plays_something_else() -> None:
    one, other = (play(year("commune", seed=seed, dossiers=100, last=date(2026, 3, 1))) for seed in (1, 2))
    assert one.entries != other.entries


def test_a_longer_period_holds_no_more() -> None:
    """What is held at most in a year is about what is held at most in three months of it."""
    most = []
    for last in (date(2026, 3, 31), date(2026, 12, 31)):
        simulation = Simulation(year("province", dossiers=1_200, communes=5, last=last), CALENDAR)
        held = 0
        for number, _ in enumerate(simulation.entries_sent()):
            if number % 50 == 0:
                course = simulation.course
                held = max(held, len(course.open) + course.teller.unsent + course.pending)
        most.append(held)
    assert most[1] < 2 * most[0]
    assert most[1] < 0.04 * simulation.entries


def test_a_truth_cut_off_or_of_another_kind_is_told(tmp_path: Path) -> None:
    truth = tmp_path / "truth.ndjson"
    file = tmp_path / "file.ndjson"
    assert main([*WORDS, *DAYS, "--file", str(file), "--truth", str(truth)]) == 0
    whole = truth.read_bytes()
    assert len(list(read_truth(truth))) == whole.count(b"\n")
    truth.write_bytes(whole[: len(whole) // 2].rpartition(b"\n")[0] + b"\n")
    with pytest.raises(TruthError, match="cut off"):
        list(read_truth(truth))
    with pytest.raises(TruthError, match="no truth file"):
        list(read_truth(file))
    with pytest.raises(TruthError, match="cannot be read"):
        list(read_truth(tmp_path / "none"))


def test_figures_are_consistent_and_add_up() -> None:
    played = play(year("province", seed=5, dossiers=600, communes=5))
    figures = {(line["unit"], line["month"]): line for line in played.lines("figures")}
    for line in figures.values():
        assert line["scope"] == line["received"] + line["carried_over"] == line["resolved"] + line["open"], "3 = 7 + 11"
        assert line["resolved"] == line["early"] + line["same_day"] + line["late_by_date"]
        assert line["on_time_by_instant"] + line["late_by_instant"] <= line["resolved"]
        assert line["2.1"] == [line["on_time_by_instant"] + line["open_within_term"], line["scope"]]
    months = [line for (unit, month), line in figures.items() if unit is None and month]
    for before, after in pairwise(months):
        assert before["open"] == after["carried_over"]
    units = [line for (unit, month), line in figures.items() if unit in played.simulation.world.places and not month]
    assert (
        sum(line["received"] for line in units) == figures[None, None]["received"] == figures["H99", None]["received"]
    )
