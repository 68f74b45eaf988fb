"""A simulated year brought into a whole stack says what the simulator knows is true; a changed truth is found out."""

from __future__ import annotations

import contextlib
import gzip
import io
import json
import shlex
from pathlib import Path
from typing import Any

import orjson
import pytest

from motcua.cli.main import main
from tests.stack import StackFactory

GUIDES = Path(__file__).resolve().parents[3] / "docs/guides"

pytestmark = pytest.mark.timeout(180)


def run(home: Path, *words: str, code: int = 0) -> str:
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        ended = main(["--home", str(home), *words])
    assert ended == code, f"{words}\n{out.getvalue()}"
    return out.getvalue()


def ask(home: Path, *words: str, code: int = 0) -> Any:
    return json.loads(run(home, *words, "--json", code=code))


def commands(page: str) -> list[list[str]]:
    """The commands of a guide's first block."""
    text = (GUIDES / page).read_text(encoding="utf-8")
    block = text.split("```sh\n")[1].split("```")[0]
    return [shlex.split(line)[1:] for line in block.splitlines()]


def test_what_the_guide_plays_agrees_with_its_truth(
    local_stack: StackFactory, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = local_stack("data", simulated=True).home.path
    monkeypatch.chdir(tmp_path)
    _, play, bring, check, *looks, _ = commands("simulate.md")
    truth = check[2]

    written = ask(home, *play)
    assert 1_000 < written["entries"] < 6_000
    assert "not yet" in _error(home, *check)
    brought = ask(home, *bring)
    assert brought["accepted"] + brought["refused"] == written["entries"]
    shown = run(home, *check)
    assert "no difference" in shown
    assert shown.splitlines()[-1] in (GUIDES / "simulate.md").read_text(encoding="utf-8")
    for words in looks:
        assert "SIMULATED" in run(home, *words)

    # The same once more by the feed: all of it is there, and nothing is counted twice.
    fed = ask(home, *play[: play.index("--file")])
    assert fed["entries"] == written["entries"]
    told = ask(home, "simulate", "--check", truth, "--sample", "5")
    assert told == {"units": 17, "figures": 17 * 4 * 14, "dossiers": 5, "differences": []}

    lines = [orjson.loads(line) for line in gzip.decompress(Path(truth).read_bytes()).splitlines()]
    everything = next(line for line in lines if line["line"] == "figures" and line["unit"] is None)
    everything["late_by_instant"] += 1
    Path("wrong.ndjson").write_bytes(b"".join(orjson.dumps(line) + b"\n" for line in lines))
    shown = run(home, "simulate", "--check", "wrong.ndjson", "--sample", "5", code=1)
    assert shown.count("late_by_instant") == 1


def test_both_guides_show_the_same_commands() -> None:
    told = [[word for word in words if word not in ("--lang", "en")] for words in commands("simulate.md")]
    assert told == commands("simulate.vi.md")


def _error(home: Path, *words: str) -> str:
    err = io.StringIO()
    with contextlib.redirect_stderr(err):
        assert main(["--home", str(home), *words]) == 1
    return err.getvalue()
