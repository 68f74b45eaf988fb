"""Exports of a real stack: files agree with one another and with the figures, and none is ever half."""

from __future__ import annotations

import contextlib
import io
import json
import re
import signal
import subprocess
import sys
from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import polars as pl
import pytest
from lxml import etree

from motcua.cli.main import main
from shared.instants import local_midnight, parse_instant, to_datetime
from tests.integration.province.test_cli import command
from tests.stack import StackFactory
from tests.unit.docs.test_pages import commands
from tests.waiting import until

pytestmark = pytest.mark.timeout(240)

FIRST, LAST = "2026-08-03", "2026-08-31"
GUIDE = Path(__file__).parents[3] / "docs/guides/export.md"
ZONE = ZoneInfo("Asia/Ho_Chi_Minh")


def run(home: Path, *words: str, code: int = 0) -> tuple[str, str]:
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        ended = main(["--home", str(home), *words])
    assert ended == code, f"{words}\n{out.getvalue()}\n{err.getvalue()}"
    assert "Traceback" not in err.getvalue()
    return out.getvalue(), err.getvalue()


def ask(home: Path, *words: str) -> Any:
    return json.loads(run(home, *words, "--json")[0])


def index(home: Path, *words: str) -> dict[str, Any]:
    found: dict[str, Any] = ask(home, "index", "--from", FIRST, "--to", LAST, *words)[0]
    return found


def figures(facts: pl.DataFrame, as_of: int) -> dict[str, int]:
    """The figures of August, counted anew from exported facts."""
    start, end = (to_datetime(local_midnight(date(2026, month, day), ZONE)) for month, day in ((8, 3), (9, 1)))
    now = to_datetime(as_of)
    counts: Counter[str] = Counter()
    for row in facts.filter(pl.col("accepted_at").is_not_null()).to_dicts():
        counts["received"] += start <= row["accepted_at"] < end
        if row["accepted_at"] >= end or (row["finished_at"] is not None and row["finished_at"] < start):
            continue
        if row["finished_at"] is not None and row["finished_at"] < end:
            counts["resolved"] += 1
            counts["on_time_by_instant"] += row["on_time_by_instant"]
            counts[{"late": "late_by_date"}.get(row["class_by_date"], row["class_by_date"])] += 1
            counts["late_by_instant"] += row["due"] is not None and row["judged_at"] > row["due"]
            continue
        counts["open"] += 1
        paused = any(stop is None for _, stop in json.loads(row["pauses"]))
        in_term = paused or row["due"] is None or row["due"] >= now
        counts["open_within_term"] += in_term and (row["second_request_at"] is None or row["second_request_at"] > now)
    return dict(counts)


def check_tables(home: Path, folder: Path) -> None:
    """Entries, facts and figures agree with one another."""
    done = ask(home, "export", "journal", str(folder / "j.parquet"))
    entries = pl.read_parquet(folder / "j.parquet")
    facts_done = ask(home, "export", "facts", str(folder / "f.parquet"))
    facts = pl.read_parquet(folder / "f.parquet")
    assert done["rows"] == len(entries) == done["entries"] + done["reference"]
    assert done["dossiers"] == len(facts) == facts["code"].n_unique() == facts_done["rows"] > 60
    assert done["simulated"] is True
    assert done["unreadable"] == {}
    held = entries.filter(pl.col("subject").is_in(facts["code"].to_list()))["subject"].value_counts()
    assert dict(held.iter_rows()) == dict(facts.select("code", "entries").iter_rows())
    assert set(entries["simulated"]) == set(facts["simulated"]) == {True}
    assert pl.read_parquet_metadata(folder / "f.parquet")["motcua.simulated"] == "true"

    raw = ask(home, "export", "journal", str(folder / "raw.csv.gz"), "--raw")
    run(home, "journal", "export", str(folder / "all.ndjson"))
    lines = [json.loads(line) for line in (folder / "all.ndjson").read_text(encoding="utf-8").splitlines()]
    table = pl.read_csv(folder / "raw.csv.gz", infer_schema_length=None)
    assert raw["rows"] == len(lines)
    assert table.select("partition", "offset", "type", "id").rows() == [
        (one["partition"], one["offset"], one["entry"]["type"], one["entry"]["id"]) for one in lines
    ]

    shown = index(home)
    counted = figures(facts, parse_instant(shown["as_of"]))
    assert counted == {key: shown[key] for key in counted}
    assert counted["resolved"] > 20
    blame = ask(home, "blame", "--from", FIRST, "--to", LAST)
    ask(home, "export", "blame", str(folder / "b.csv"))
    assert pl.read_csv(folder / "b.csv")["delay_us"].sum() == blame["delay_us"] == facts["delay_us"].sum() > 0
    steps = ask(home, "steps", "--from", FIRST, "--to", LAST)
    ask(home, "export", "steps", str(folder / "s.parquet"))
    assert pl.read_parquet(folder / "s.parquet")["over_us"].sum() == steps["total"]["over_us"] > 0
    assert ask(home, "export", "rejections", str(folder / "r.csv"))["rows"] >= 0


def check_selections(home: Path, folder: Path) -> None:
    """A unit with all below it, a period of receipt, single dossiers."""
    everything = pl.read_parquet(folder / "f.parquet")
    unit = everything["unit"].drop_nulls().mode().sort()[0]
    mine = ask(home, "export", "facts", str(folder / "u.parquet"), "--unit", unit)
    assert mine["rows"] == len(everything.filter(unit=unit)) > 0
    assert ask(home, "export", "facts", str(folder / "u.parquet"), "--unit", "H99")["rows"] == len(everything)
    first = index(home, unit, "--to", "2026-08-07")
    done = ask(home, "export", "journal", str(folder / "p.xes"), "--unit", unit, "--from", FIRST, "--to", "2026-08-07")
    refused = everything.filter(pl.col("unit") == unit, pl.col("accepted_at").is_null())
    assert first["received"] <= done["dossiers"] <= first["received"] + len(refused)
    code = everything["code"][0]
    out = subprocess.run(
        command(home, "export", "journal", "-", "--format", "csv", "--dossier", code),
        capture_output=True,
        timeout=120,
        check=True,
    )
    table = pl.read_csv(out.stdout)
    assert set(table["subject"]) == {code}
    assert len(table) == everything["entries"][0]
    assert "SIMULATED" in out.stderr.decode()
    assert "nobody" in run(home, "export", "facts", str(folder / "n.csv"), "--unit", "nobody", code=1)[1]
    assert "export journal" in run(home, "export", "facts", str(folder / "n.xes"), code=2)[1]
    assert ".parquet" in run(home, "export", "journal", str(folder / "n.doc"), code=2)[1]
    assert "--to" in run(home, "export", "facts", str(folder / "n.csv"), "--from", LAST, "--to", FIRST, code=2)[1]
    assert not [path for path in folder.iterdir() if path.name.startswith(("n.", "."))]


def check_logs(home: Path, folder: Path) -> None:
    """The logs tell the dossiers and entries that the tables tell."""
    facts, entries = pl.read_parquet(folder / "f.parquet"), pl.read_parquet(folder / "j.parquet")
    for name in ("log.xes.gz", "log.jsonocel", "log.sqlite"):
        mapping = ("--mapping", str(folder / "log.yaml")) if name == "log.xes.gz" else ()
        done = ask(home, "export", "journal", str(folder / name), *mapping)
        assert done["dossiers"] == len(facts)
        assert done["entries"] == facts["entries"].sum()
    assert "simulated: true" in (folder / "log.yaml").read_text(encoding="utf-8")
    screen = run(home, "export", "journal", str(folder / "again.xes.gz"), "--lang", "vi")[1]
    assert "MÔ PHỎNG" in screen
    assert f"{len(facts)} hồ sơ" in screen
    assert (folder / "again.xes.gz").read_bytes() == (folder / "log.xes.gz").read_bytes()
    root = etree.parse(folder / "log.xes.gz").getroot()
    space = root.nsmap[None]
    assert len(root.findall(f"{{{space}}}trace")) == len(facts)
    told = json.loads((folder / "log.jsonocel").read_text(encoding="utf-8"))
    assert len(told["events"]) == facts["entries"].sum()
    assert Counter(one["type"] for one in told["events"]) == Counter(
        entries.filter(pl.col("subject").is_in(facts["code"].to_list()))["type"]
    )


def check_interrupted(home: Path, folder: Path) -> None:
    """Ctrl-C ends an export and leaves no part of it."""
    target = folder / "interrupted"
    target.mkdir()
    words = command(home, "export", "journal", str(target / "x.xes"))
    with subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        until(lambda: [*target.iterdir()] or process.poll() is not None, "the export to begin", seconds=60)
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=60)
    # Either it was interrupted, or it had ended: never half.
    assert [path.name for path in target.iterdir()] == (["x.xes"] if process.returncode == 0 else [])
    assert process.returncode in (0, 130)


def check_guide(home: Path, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every export the guide shows is done as it stands there, and its few lines of Python run on the result."""
    monkeypatch.chdir(folder)
    shown = [words[1:] for words in commands(GUIDE) if words[:2] == ["motcua", "export"]]
    assert len(shown) > 8
    for words in shown:
        run(home, *(word.replace("H38", "H99") for word in words))
        assert (folder / words[2]).stat().st_size > 0
    snippet = re.findall(r"```python\n(.*?)```", GUIDE.read_text(encoding="utf-8"), re.DOTALL)
    subprocess.run([sys.executable, "-c", snippet[0]], cwd=folder, timeout=60, check=True)


def enter_figures(file: Path) -> None:
    """Add figures from outside to what is imported: two that say the same, one that is corrected, one withdrawn."""
    said = {"indicator": "1.4.reported", "unit": "H99", "first_day": "2026-07-01", "last_day": "2026-07-31"}
    plain = {"specversion": "1.0", "type": "indicator.entered", "source": "survey", "subject": "H99/2026"}
    sent: list[dict[str, Any]] = [
        {"id": "1", "data": said | {"value": "1"}},
        {"id": "2", "data": said | {"value": "2"}},
        {"id": "2", "revision": 1, "data": said | {"numerator": 1, "denominator": 3}},
        {"id": "3", "data": said | {"value": "3"}},
        {"id": "3", "revision": 1, "data": None},
    ]
    with file.open("a", encoding="utf-8") as lines:
        for number, one in enumerate(sent):
            time = f"2026-08-05T0{number}:00:00Z"
            lines.write(json.dumps(plain | one | {"time": time, "simulated": True}) + "\n")


def check_figures(home: Path, folder: Path) -> None:
    """Of figures the export has the entries that hold, and no dossier; the list tells which of them stands."""
    entries = pl.read_parquet(folder / "j.parquet").filter(type="indicator.entered")
    assert sorted(entries["id"].to_list()) == ["1", "2"]
    assert set(entries["subject"]).isdisjoint(pl.read_parquet(folder / "f.parquet")["code"])
    raw = pl.read_csv(folder / "raw.csv.gz", infer_schema_length=None).filter(type="indicator.entered")
    assert len(raw) == 5
    [figure] = ask(home, "entered", "--period", "2026-07")["figures"]
    assert (figure["id"], figure["numerator"], figure["denominator"], figure["simulated"]) == ("2", 1, 3, True)
    screen = run(home, "entered", "H99", "--superseded", "--lang", "vi")[0]
    assert "1 / 3" in screen
    assert "DỮ LIỆU MÔ PHỎNG / SIMULATED" in screen


def test_exports(local_stack: StackFactory, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    stack = local_stack("data", simulated=True)
    home, file, until_ = stack.home.path, tmp_path / "sim.ndjson", "2026-08-18T00:00:00+07:00"
    run(home, "simulate", "--days", "18", "--per-day", "30", "--start", FIRST, "--file", str(file))
    enter_figures(file)
    run(home, "import", str(file), "--clock", "data", "--until", until_)
    check_tables(home, tmp_path)
    check_figures(home, tmp_path)
    check_selections(home, tmp_path)
    check_logs(home, tmp_path)
    check_interrupted(home, tmp_path)
    (tmp_path / "guide").mkdir()
    check_guide(home, tmp_path / "guide", monkeypatch)
