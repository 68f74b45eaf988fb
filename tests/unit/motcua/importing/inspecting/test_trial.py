"""What a dry run tells of a mapping: rows and their entries, counts, refusals with examples, warnings."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from motcua.cli.main import main
from motcua.importing.inspecting.trial import Trial, try_mapping
from motcua.importing.reasons import ImportFailed, Reason
from shared.instants import parse_instant
from tests.unit.motcua.importing.fake_intake import EVENTS, mapping
from tests.unit.motcua.importing.tables.workbooks import HEAD, sheet_of, workbook
from tests.unit.motcua.importing.tables.workbooks import REGISTER as SHEET

HEADER = "code,opened,unit,done,step,group\n"
SUBMITTED = EVENTS.replace("dossier.accepted", "dossier.submitted")
NOW = parse_instant("2026-01-01T00:00:00Z")


def trial(path: Path, rows: str, text: str = EVENTS, **more: int) -> Trial:
    path.write_text(HEADER + rows)
    return try_mapping(path, mapping(text), now=NOW, zone="UTC", **more)


def codes(warnings: list[Reason]) -> list[str]:
    return [warning.code for warning in warnings]


def test_rows_with_what_they_give(tmp_path: Path) -> None:
    rows = "A,01/02/2025,U,02/02/2025 10:00,s,G\nA,02/02/2025,U,,,\nA\nB,01/02/2025,U,soon,s,G\nX,,,,,\n"
    made = trial(tmp_path / "t.csv", rows, EVENTS + "drop: {column: code, is: X}\n", shown=4)
    assert [row.place for row in made.shown] == ["2", "3", "4", "5"]
    assert [[entry["type"] for entry in row.entries] for row in made.shown] == [
        ["dossier.accepted", "step.completed"], [], [], ["dossier.accepted"]
    ]  # fmt: skip
    assert [[one.reason.code for one in row.refused] for row in made.shown] == [
        [], ["contradiction"], ["ragged_row"], ["time_not_understood"]
    ]  # fmt: skip
    assert (made.rows, made.whole, made.entries, made.dossiers, made.filtered) == (5, True, 3, 2, 1)
    assert (dict(made.refused), made.contradictions) == ({"ragged_row": 1, "time_not_understood": 1}, 1)
    assert made.examples["time_not_understood"].line == 5
    assert made.warnings == []


def test_a_long_file_is_judged_by_its_beginning(tmp_path: Path) -> None:
    made = trial(tmp_path / "t.csv", "A,01/02/2025,U,,,\n" * 50, most=20)
    assert (made.rows, made.whole, len(made.shown)) == (20, False, 10)


@pytest.mark.parametrize(
    ("rows", "text", "wanted"),
    [
        ("A,01/02/2025,U,02/02/2025 10:00,s,\n", SUBMITTED, ["warn_no_acceptance"]),
        ("A,01/02/2025,U,,,\nB,,,02/02/2025 10:00,s,\n", EVENTS, ["warn_some_not_accepted"]),
        ("".join(f"A{n},01/02/2025,U,,,\n" for n in range(5)), EVENTS, ["warn_midnights"]),
        ("A,01/02/2026 10:00,U,,,\n", EVENTS, ["warn_future"]),
        ("A,,,,,\n", EVENTS, ["warn_nothing"]),
    ],
)  # fmt: skip
def test_warnings(tmp_path: Path, rows: str, text: str, wanted: list[str]) -> None:
    made = trial(tmp_path / "t.csv", rows, text)
    assert codes(made.warnings) == wanted
    assert all(warning.text("vi") != warning.text("en") for warning in made.warnings)


def test_a_workbook_names_its_rows_and_the_sheets_that_are_left(tmp_path: Path) -> None:
    path = workbook(tmp_path / "t.xlsx", so=sheet_of(HEAD, ["D1", date(2025, 8, 3), None]), khac=sheet_of(["a"], ["b"]))
    made = try_mapping(path, mapping(SHEET), now=NOW, zone="UTC")
    assert [row.place for row in made.shown] == ["so!2"]
    assert codes(made.warnings) == ["sheets_left"]


def test_damage_is_told_after_what_could_be_read(tmp_path: Path) -> None:
    path = tmp_path / "l.xes"
    log = '<log><trace><string key="code" value="A"/><event><date key="t" value="2025-01-01T00:00:00Z"/></event>'
    text = 'source: s\nrow: event\ndossier: "{case:code}"\nentries: [{type: dossier.resolved, time: "{t}"}]\n'
    path.write_text(log)
    made = try_mapping(path, mapping(text), now=NOW, zone="UTC")
    assert (made.entries, codes(made.warnings)) == (1, ["file_broken", "warn_no_acceptance"])
    path.write_text(log[:50])
    with pytest.raises(ImportFailed, match="damaged"):
        try_mapping(path, mapping(text), now=NOW, zone="UTC")


@pytest.mark.parametrize("language", ["vi", "en"])
def test_the_command_tells_all_of_it(tmp_path: Path, capsys: pytest.CaptureFixture[str], language: str) -> None:
    file, written = tmp_path / "t.csv", tmp_path / "m.yaml"
    file.write_text(HEADER + "A,01/02/2025,U,02/02/2025 10:00,[s],G\nA,02/02/2025,U,,,\nB,soon,U,,,\nC,,,,,\n")
    written.write_text(EVENTS)
    words = ["--home", str(tmp_path), "--lang", language, "import", str(file), "--mapping", str(written), "--dry-run"]
    assert main(words) == 0
    shown = capsys.readouterr().out
    for part in ("2025-02-02 10:00:00", "step [s] · unit G", "1 × step.completed", "soon", "%d/%m/%Y"):
        assert part in shown
    assert ("Nothing was sent." if language == "en" else "Chưa gửi gì.") in shown
    assert main([*words, "--json"]) == 0
    out, err = capsys.readouterr()
    assert [json.loads(line)["type"] for line in out.strip().split("\n")] == ["dossier.accepted", "step.completed"]
    assert err.startswith("3: ")
