"""A simulated year brought into a whole stack says what the simulator knows is true; a changed truth is found out."""

from __future__ import annotations

import contextlib
import gzip
import io
import json
from pathlib import Path
from typing import Any

import orjson
import pytest

from deploy.cli.main import main
from tests.stack import StackFactory

pytestmark = pytest.mark.timeout(180)


def run(home: Path, *words: str, code: int = 0) -> str:
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        ended = main(["--home", str(home), *words])
    assert ended == code, f"{words}\n{out.getvalue()}"
    return out.getvalue()


def ask(home: Path, *words: str, code: int = 0) -> Any:
    return json.loads(run(home, *words, "--json", code=code))


def test_a_year_brought_in_agrees_with_its_truth(local_stack: StackFactory, tmp_path: Path) -> None:
    home = local_stack("data", simulated=True).home.path
    file, truth = tmp_path / "year.ndjson.gz", tmp_path / "truth.ndjson.gz"
    small = ("--size", "province", "--dossiers", "700", "--units", "3", "--start", "2025-03-03", "--days", "60")
    written = ask(home, "simulate", *small, "--file", str(file), "--truth", str(truth))
    assert 1_000 < written["entries"] < 6_000
    assert "not yet" in _error(home, "simulate", "--check", str(truth), "--lang", "en")

    brought = ask(home, "import", str(file), "--clock", "data")
    assert brought["accepted"] + brought["refused"] == written["entries"]
    told = ask(home, "simulate", "--check", str(truth), "--sample", "60")
    assert told["differences"] == []
    assert (told["units"], told["dossiers"]) == (17, 60)
    assert told["figures"] == 17 * 4 * 14
    assert "no difference" in run(home, "simulate", "--check", str(truth), "--sample", "1", "--lang", "en")

    # The same once more by the feed: all of it is there, and nothing is counted twice.
    fed = ask(home, "simulate", *small)
    assert fed["entries"] == written["entries"]
    assert ask(home, "simulate", "--check", str(truth), "--sample", "5")["differences"] == []

    lines = [orjson.loads(line) for line in gzip.decompress(truth.read_bytes()).splitlines()]
    everything = next(line for line in lines if line["line"] == "figures" and line["unit"] is None)
    everything["late_by_instant"] += 1
    wrong = tmp_path / "wrong.ndjson"
    wrong.write_bytes(b"".join(orjson.dumps(line) + b"\n" for line in lines))
    differ = ask(home, "simulate", "--check", str(wrong), "--sample", "5", code=1)["differences"]
    assert [(one["figure"], one["truth"] - one["stack"]) for one in differ] == [("late_by_instant", 1)]
    shown = run(home, "simulate", "--check", str(wrong), "--sample", "5", "--lang", "vi", code=1)
    assert "late_by_instant" in shown


def _error(home: Path, *words: str) -> str:
    err = io.StringIO()
    with contextlib.redirect_stderr(err):
        assert main(["--home", str(home), *words]) == 1
    return err.getvalue()
