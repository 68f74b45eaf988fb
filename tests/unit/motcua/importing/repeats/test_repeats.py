"""Rows that say what an earlier row said: told with their lines, and each counted where the mapping says so."""

from __future__ import annotations

import asyncio
import contextlib
import random
from collections import Counter
from pathlib import Path

import pytest

from motcua.cli.main import main
from motcua.importing.inspecting.inspection import inspect_file
from motcua.importing.reasons import ImportFailed
from motcua.importing.repeats.ledger import Ledger, digest
from motcua.importing.run import run_import
from tests.unit.motcua.importing.fake_intake import FakeIntake, mistakes, options, read
from tests.unit.motcua.importing.tables.workbooks import sheet_of, workbook

LOG = """\
source: test/log
row: event
dossier: "{case}"
formats: "%d/%m/%Y"
time: "{day}"
REPEATS
entries:
  - type: dossier.accepted
    once: earliest
    data: { unit: U, channel: direct }
  - type: step.completed
    data: { step: "{step}" }
"""
ONCE, COUNT = LOG.replace("REPEATS", ""), LOG.replace("REPEATS", "repeats: count")
HEADER = "case,day,step,who"
ROWS = [
    "A,03/08/2026,check,x", "B,03/08/2026,check,x", "A,03/08/2026,check,x", "A,04/08/2026,sign,x",
    "A,03/08/2026,check,y", "B,05/08/2026,check,x", "A,03/08/2026,check,x",
]  # fmt: skip


def table(path: Path, rows: list[str]) -> Path:
    path.write_text("\n".join([HEADER, *rows]) + "\n")
    return path


def steps(path: Path, text: str) -> list[str]:
    made, refused, _ = read(path, text)
    assert not refused
    return sorted(entry["id"] for entry in made if entry["type"] == "step.completed")


def told(path: Path, text: str) -> list[str]:
    return [f"{one.code} {one.parameters['count']}: {one.parameters['lines']}" for one in read(path, text)[2].noted
            if one.code.startswith("repeats")]  # fmt: skip


def test_equal_rows_are_told_with_their_first_lines(tmp_path: Path) -> None:
    path = table(tmp_path / "t.csv", ROWS)
    assert told(path, ONCE) == ["repeats_equal 2: 4, 8", "repeats_alike 1: 6"]
    assert told(path, COUNT) == ["repeats_counted 3: 4, 6, 8"]
    assert told(table(path, ROWS[:2]), ONCE) == []
    many = table(path, [ROWS[0]] * 20)
    assert told(many, ONCE) == ["repeats_equal 19: 3, 4, 5…"]
    (note,) = [one for one in read(many, ONCE)[2].noted if one.code == "repeats_equal"]
    assert note.text("en").startswith("19 rows are equal to an earlier row in every column (line 3, 4, 5…)")
    assert "repeats: count" in note.text("vi")


def test_rows_are_counted_however_many_events_they_give(tmp_path: Path) -> None:
    more = '\n  - type: step.assigned\n    data: { step: "{step}", unit: V }\n'
    path = table(tmp_path / "t.csv", ROWS)
    assert told(path, ONCE.rstrip() + more) == ["repeats_equal 2: 4, 8", "repeats_alike 2: 6, 6"]
    assert told(path, COUNT.rstrip() + more) == ["repeats_counted 3: 4, 6, 8"]


def test_each_counts_where_the_mapping_says_so(tmp_path: Path) -> None:
    path = table(tmp_path / "t.csv", ROWS)
    once, each = steps(path, ONCE), steps(path, COUNT)
    assert len(set(once)) == 4
    assert len(each) == len(set(each)) == len(ROWS)
    assert set(once) < set(each), "the first of equals keeps the id it would have alone"


@pytest.mark.parametrize("seed", range(5))
def test_ids_do_not_depend_on_places_and_grow_with_the_log(tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)
    rows = [f"{chance.choice('AB')},0{chance.randint(1, 3)}/08/2026,s{chance.randint(1, 2)},w" for _ in range(40)]
    first = steps(table(tmp_path / "t.csv", rows), COUNT)
    assert len(set(first)) == len(rows)
    shuffled = chance.sample(rows, len(rows))
    assert steps(table(tmp_path / "u.csv", shuffled), COUNT) == first
    longer = [*shuffled, *chance.choices(rows, k=10)]
    chance.shuffle(longer)
    assert set(first) < set(steps(table(tmp_path / "v.csv", longer), COUNT))


def test_a_workbook_and_a_process_log_say_the_same(tmp_path: Path) -> None:
    rows = [row.split(",") for row in ROWS]
    book = workbook(tmp_path / "t.xlsx", S=sheet_of(HEADER.split(","), *rows))
    assert steps(book, COUNT) == steps(table(tmp_path / "t.csv", ROWS), COUNT)
    assert told(book, ONCE) == ["repeats_equal 2: S!4, S!8", "repeats_alike 1: S!6"]
    events = "".join(
        f'<trace><string key="concept:name" value="{case}"/><event><string key="day" value="{day}"/>'
        f'<string key="step" value="{step}"/></event></trace>'
        for case, day, step, _ in rows
    )
    log = tmp_path / "t.xes"
    log.write_text(f"<log>{events}</log>")
    assert steps(log, COUNT.replace("{case}", "{case:concept:name}")) == steps(book, COUNT)
    assert told(log, ONCE.replace("{case}", "{case:concept:name}")) == ["repeats_equal 3: 3, 5, 7"]


def test_a_killed_import_goes_on_with_the_same_ids(tmp_path: Path) -> None:
    file, mapping = table(tmp_path / "t.csv", ROWS * 3), tmp_path / "m.yaml"
    mapping.write_text(COUNT)
    intake = FakeIntake()
    intake.dies_after = 4
    with contextlib.suppress(ImportFailed):
        asyncio.run(run_import(options(intake, tmp_path, file, mapping=mapping, patience=0.0)))
    assert 0 < len(intake.journal) < 23
    intake.dies_after = None
    for _ in range(2):
        summary = asyncio.run(run_import(options(intake, tmp_path, file, mapping=mapping)))
    assert Counter(entry["type"] for entry in intake.journal)["step.completed"] > 21
    assert len({one for one in intake.identities if "/step.completed/" in one[2]}) == 21
    assert [one.code for one in summary.noted if one.code.startswith("repeats")] == ["repeats_counted"]
    data = options(FakeIntake("data"), tmp_path, file, mapping=mapping, clock="data")
    asyncio.run(run_import(data))


def test_ids_of_the_sources_own_are_no_repeats(tmp_path: Path) -> None:
    own = ONCE.replace('data: { step: "{step}" }', 'id: "{case}-{@row}"\n    data: { step: "{step}" }')
    assert told(table(tmp_path / "t.csv", ROWS), own) == []
    assert mistakes(own.replace("entries:", "repeats: count\nentries:"))[0].startswith("m.yaml:7: repeats: repeats:")
    assert mistakes(COUNT.replace("count", "twice"))[0].startswith("m.yaml:6: repeats:")


def test_inspection_and_dry_run_tell_of_them(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file, mapping = table(tmp_path / "t.csv", ROWS), tmp_path / "m.yaml"
    (note,) = inspect_file(file).main.notes
    assert (note.code, note.parameters) == ("repeats_seen", {"count": 2, "lines": "4, 8"})
    home = ["--home", str(tmp_path / "none"), "--lang", "en"]
    assert main([*home, "import", str(file), "--inspect"]) == 0
    assert "2 rows are equal to an earlier row in every column (line 4, 8)" in capsys.readouterr().out
    mapping.write_text(ONCE)
    assert main([*home, "import", str(file), "--mapping", str(mapping), "--dry-run"]) == 0
    assert "2 rows are equal to an earlier row in every column (line 4, 8)" in capsys.readouterr().out


def test_the_ledger_finds_equals_beyond_what_it_holds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("motcua.importing.repeats.ledger._HELD", 20_000)
    chance = random.Random(3)
    given = [chance.randrange(3_000) for _ in range(5_000)]
    ledger = Ledger()
    for place, number in enumerate(given):
        ledger.note(digest(str(number)), b"\0" * 8, place)
    places: dict[bytes, list[int]] = {}
    for place, number in enumerate(given):
        places.setdefault(digest(str(number)), []).append(place)
    for _ in range(2):
        assert sorted(ledger.repeated()) == sorted(key for key, held in places.items() if len(held) > 1)
        equal, alike = ledger.equals()
        assert equal.places == sorted(place for held in places.values() for place in held[1:])[:3]
        assert (equal.count, alike.count) == (len(given) - len(places), 0)
    ledger.close()
    assert list(ledger.repeated()) == []
