"""The command line against real stacks: a whole round, two stacks side by side, the demo and its end."""

from __future__ import annotations

import asyncio
import contextlib
import gzip
import io
import json
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from deploy.local.stack import LocalStack
from motcua.cli.main import main
from motcua.cli.services import Services
from motcua.cli.session import Session
from motcua.cli.waiting import wait_until_counted
from shared.instants import parse_instant, to_rfc3339
from simulator.state import SimulatorState
from tests.integration.operations.differing import kill_an_import, tell_otherwise
from tests.stack import StackFactory
from tests.waiting import until

pytestmark = pytest.mark.timeout(420)

FIRST, LAST = "2026-08-03", "2026-08-31"


def command(home: Path, *words: str) -> list[str]:
    return [sys.executable, "-m", "motcua.cli.main", "--home", str(home), *words]


def in_a_process(home: Path, *words: str, code: int = 0) -> subprocess.CompletedProcess[str]:
    done = subprocess.run(command(home, *words), capture_output=True, text=True, timeout=240, check=False)
    assert done.returncode == code, f"{words}\n{done.stdout}\n{done.stderr}"
    return done


def run(home: Path, *words: str, code: int = 0) -> tuple[str, str]:
    """Run a command here, without the start of an interpreter; what it wrote to standard output and error."""
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        ended = main(["--home", str(home), *words])
    assert ended == code, f"{words}\n{out.getvalue()}\n{err.getvalue()}"
    assert "Traceback" not in err.getvalue()
    return out.getvalue(), err.getvalue()


def ask(home: Path, *words: str) -> Any:
    return json.loads(run(home, *words, "--json")[0])


def index(home: Path, *words: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = ask(home, "index", "--from", FIRST, "--to", LAST, *words)
    return found


def check_routing(home: Path, index_: dict[str, Any]) -> None:
    """Figures of steps, delays and what is due agree with those of the dossiers."""
    overdue = ask(home, "dossiers", "--state", "overdue")
    assert overdue["total"] == len(overdue["dossiers"])
    period = ("--from", FIRST, "--to", LAST)
    assert ask(home, "dossiers", "open", "--limit", "1")["total"] == index_["open"]
    told = ask(home, "blame", *period)
    assert told["late"] == index_["late_by_instant"] > 0
    assert sum(part["delay_us"] for part in told["units"]) == told["delay_us"] > 0
    assert told["overdue"]["dossiers"] == overdue["total"] == ask(home, "due-list", "--limit", "1")["overdue"]
    groups = ask(home, "steps", *period)
    assert sum(group["over_us"] for group in groups["groups"]) == groups["total"]["over_us"] > 0
    assert all(group["median_us"] <= group["p90_us"] for group in groups["groups"] if group["ended"])
    worst = ask(home, "bottlenecks", *period)["bottlenecks"][0]
    screen, _ = run(home, "bottlenecks", *period, "--limit", "1", "--lang", "vi")
    assert worst["step"] in screen
    listed = ask(home, "steps", *period, "--list", "over_budget", "--limit", "1")
    assert listed["total"] == groups["total"]["over_budget"]


def check_dossier(home: Path, code: str) -> None:
    """A dossier, its explanation and its slip say the same."""
    known = ask(home, "dossier", code)
    assert known["row"]["code"] == code
    shown, _ = run(home, "dossier", code, "--lang", "en")
    assert f"motcua.journal.v1/{known['partition']}/" in shown
    assert "promised" in shown
    assert "Committed term" in run(home, "dossier", code, "--explain", "--lang", "en")[0]
    assert ask(home, "dossier", code, "--explain") == known["explanation"]
    slip = ask(home, "slip", code)
    lines = [(line["step"], line["unit"]) for line in slip["lines"] if line["begun_at"]]
    assert lines == [(step["step"], step["unit"]) for step in known["row"]["steps"]]
    assert sum(part["delay_us"] for part in slip["blame"]) == slip["total"]["delay_us"]
    for command in ("dossier", "slip", "apology"):
        assert "nope" in run(home, command, "nope", code=1)[1]


def check_that_a_difference_never_switches(stack: LocalStack) -> list[dict[str, Any]]:
    """After a killed import, with a row that differs: only who accepts it gets the new epoch. The true figures."""
    home = stack.home.path
    wait_until_counted(Services(Session(home)), lambda *_: None)
    true = index(home, "H99", "--children")
    code = asyncio.run(tell_otherwise(stack.addresses()["kafka"], 2))

    def beside() -> list[str]:
        return [
            item["name"] for item in stack.request("status")["processes"] if item["name"].startswith("processing-e")
        ]

    told = json.loads(run(home, "rebuild", "--json", code=1)[0])
    assert (told["old"], told["new"], told["differences"], told["switched"]) == (2, 3, 1, False)
    assert told["sample"] == [{"code": code, "fields": ["channel"]}]
    assert (stack.request("status")["epoch"], beside()) == (2, [])

    killed = subprocess.Popen(command(home, "rebuild"), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    until(lambda: beside() == ["processing-e4"], "the derivation", 60)
    killed.kill()
    killed.wait()
    until(lambda: beside() == [], "the end of what a killed rebuild had begun", 30)
    assert stack.request("status")["epoch"] == 2

    accepted = ask(home, "rebuild", "--accept-differences")
    assert (accepted["new"], accepted["differences"], accepted["switched"]) == (5, 1, True)
    assert index(home, "H99", "--children") == true
    return true


def test_a_whole_round(local_stack: StackFactory, tmp_path: Path) -> None:
    stack = local_stack("data", simulated=True)
    home = stack.home.path
    file = tmp_path / "province.ndjson"
    run(home, "simulate", "--days", "20", "--per-day", "30", "--start", FIRST, "--file", str(file))
    lines = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]

    until_ = "2026-08-22T00:00:00+07:00"
    summary = ask(home, "import", str(file), "--clock", "data", "--until", until_)
    assert summary["accepted"] + summary["refused"] + summary["after_until"] == len(lines)
    repeated = ask(home, "import", str(file), "--clock", "data", "--until", until_)
    assert repeated["accepted"] == summary["accepted"]

    end = to_rfc3339(parse_instant(until_))
    # What counts of each acceptance is its highest revision; one of these dossiers was withdrawn again.
    of_acceptance = [line for line in lines if line["type"] == "dossier.accepted" and line["time"] < end]
    in_order = sorted(of_acceptance, key=lambda line: line.get("revision", 0))
    held = {(line["subject"], line["source"], line["id"]): line for line in in_order}
    accepted = {line["subject"] for line in held.values() if line["data"] is not None}
    everything = index(home)[0]
    assert everything["received"] == len(accepted)
    assert everything["as_of"] == "2026-08-21T17:00:00.000000Z"
    assert sum(item["received"] for item in index(home, "--by", "channel")) == len(accepted)
    assert sum(item["received"] for item in index(home, "H99", "--children")[1:]) == len(accepted)
    assert index(home, "--by", "month")[0]["month"] == "2026-08"
    screen, _ = run(home, "index", "H99", "--children", "--from", FIRST, "--to", LAST, "--lang", "vi")
    assert "DỮ LIỆU MÔ PHỎNG / SIMULATED" in screen
    assert f"/{everything['scope']})" in screen

    run(home, "dossiers", "--state", "waiting", "--unit", "H99")
    check_routing(home, everything)
    check_dossier(home, sorted(accepted)[0])

    packed = tmp_path / "journal.ndjson.gz"
    run(home, "journal", "export", str(packed))
    with gzip.open(packed, "rt", encoding="utf-8") as opened:
        exported = [json.loads(line) for line in opened]
    assert len({(line["partition"], line["offset"]) for line in exported}) == len(exported)
    assert accepted <= {line["entry"]["subject"] for line in exported}
    assert in_a_process(home, "journal", "export").stdout.count("\n") == len(exported)

    before = index(home, "H99", "--children")
    done = ask(home, "rebuild")
    assert (done["old"], done["new"], done["differences"], done["switched"]) == (1, 2, 0, True)
    assert done["dossiers"] >= len(accepted)
    assert index(home, "H99", "--children") == before
    assert all(check["ok"] for check in ask(home, "doctor"))
    kill_an_import(stack, command(home, "import", str(file), "--clock", "data"))
    before = check_that_a_difference_never_switches(stack)

    run(home, "down")
    assert "motcua up" in run(home, "index", code=1)[1]
    status = ask(home, "up")
    assert (status["stack"]["epoch"], status["ready"]) == (5, True)
    assert index(home, "H99", "--children") == before
    run(home, "down")


def check_by_variables(stack: LocalStack, folder: Path, file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Commands know the stack by variables alone as they do by its home, and say what only a home has."""
    addresses = stack.addresses()
    monkeypatch.chdir(folder)
    for name in ("intake", "processing", "metrics", "kafka", "mongo"):
        monkeypatch.setenv(f"MOTCUA_{name.upper()}", addresses[name])
    monkeypatch.setenv("MOTCUA_KEY", stack.admin_key())

    def told(*words: str, code: int = 0) -> str:
        out = io.StringIO()
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(io.StringIO()) as err:
            assert main(list(words)) == code, err.getvalue()
        return out.getvalue() or err.getvalue()

    home = stack.home.path
    for words in (("index", "--from", FIRST, "--to", LAST), ("dossiers", "open", "--limit", "3")):
        assert json.loads(told(*words, "--json")) == ask(home, *words)
    assert "SIMULATED" in told("index", "--lang", "en")
    again = json.loads(told("import", str(file), "--clock", "data", "--json"))
    assert again["accepted"] > 20
    assert (folder / ".motcua").is_dir()
    told("journal", "export", str(folder / "all.ndjson"))
    assert (folder / "all.ndjson").read_text(encoding="utf-8") == in_a_process(home, "journal", "export").stdout
    assert json.loads(told("status", "--json"))["ready"]
    assert "MOTCUA_INTAKE" in told("down", code=1)
    monkeypatch.undo()


def test_two_stacks_side_by_side_and_a_simulator_that_goes_on(
    local_stack: StackFactory, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    known = local_stack("data", simulated=True)
    one, two = known.home.path, local_stack("data", simulated=False).home.path
    first = ask(one, "simulate", "--days", "4", "--per-day", "8", "--start", FIRST)
    again = ask(one, "simulate", "--days", "4")
    assert (first["sent_until"], again["sent_until"]) == ("2026-08-06T17:00:00.000000Z", "2026-08-10T17:00:00.000000Z")
    exported = in_a_process(one, "journal", "export").stdout
    entries = [json.loads(line)["entry"] for line in exported.splitlines()]
    days = {entry["subject"].split("-")[1] for entry in entries if entry["type"] == "dossier.accepted"}
    assert days == {"260803", "260804", "260805", "260806", "260807", "260810"}

    assert "--simulated" in run(two, "simulate", code=1)[1]
    file = tmp_path / "few.ndjson"
    file.write_text(exported, encoding="utf-8")
    _, refused = run(two, "import", str(file), "--clock", "data", "--lang", "en", code=1)
    assert "simulated" in refused
    assert index(one)[0]["received"] > 20
    check_by_variables(known, tmp_path, file, monkeypatch)
    assert index(two)[0]["received"] == 0
    run(one, "down")
    assert ask(two, "status")["ready"]


def test_the_demo_ends_all_it_started_and_goes_on_later(local_stack: StackFactory, tmp_path: Path) -> None:
    home = tmp_path / "demo"
    local_stack.stacks.append(LocalStack(home))  # ended whatever happens
    words = ("demo", "--days", "6", "--per-day", "10")
    first = in_a_process(home, *words, "--seconds", "4")
    assert "DỮ LIỆU MÔ PHỎNG / SIMULATED" in first.stdout
    assert "/asyncapi" in first.stdout
    assert LocalStack(home).status().phase == "stopped"
    state = SimulatorState.load(home)
    assert state is not None
    assert state.accepted > 100

    log = tmp_path / "demo.log"
    with log.open("wb") as out:
        second = subprocess.Popen(command(home, *words), stdout=out, stderr=out)
        try:
            until(lambda: "trực tiếp" in log.read_text(encoding="utf-8"), "the demo to be live", seconds=120)
            second.send_signal(signal.SIGTERM)
            assert second.wait(60) == 0
        finally:
            if second.poll() is None:
                second.kill()
    assert LocalStack(home).status().phase == "stopped"
    later = SimulatorState.load(home)
    assert later is not None
    assert later.start == state.start
    assert later.sent > state.sent
    assert later.phase == "stopped"
    assert not [entry for entry in Path("/proc").iterdir() if entry.name.isdigit() and _plays_in(entry, home)]

    with subprocess.Popen(command(home, *words), stdout=subprocess.PIPE, stderr=subprocess.STDOUT) as third:
        assert third.stdout is not None
        assert third.stdout.readline()
        third.stdout.close()  # as a terminal that is closed, or `| head -1`
        try:
            third.wait(90)
        finally:
            if third.poll() is None:
                third.kill()
    assert LocalStack(home).status().phase == "stopped"

    run(home, "demo-clean")
    assert not home.exists()


def _plays_in(process: Path, home: Path) -> bool:
    try:
        line = (process / "cmdline").read_bytes()
    except OSError:
        return False
    return b"simulator" in line and str(home).encode() in line
