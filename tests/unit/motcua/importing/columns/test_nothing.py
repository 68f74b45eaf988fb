"""Columns of times in which some cells say NULL or a date for none: times all the same, with an `empty` that works."""

from __future__ import annotations

import json
import random
from datetime import date, time
from pathlib import Path

import pytest

from motcua.cli.main import main
from motcua.importing.columns.distinct import Distinct
from motcua.importing.inspecting.first_mapping import first_mapping
from motcua.importing.inspecting.inspection import inspect_file
from motcua.importing.inspecting.profile import Profile
from motcua.importing.inspecting.trial import try_mapping
from motcua.importing.mapping.load import Loaded, read_mapping
from tests.unit.motcua.importing.tables.workbooks import sheet_of, workbook

NOW = 4_000_000_000_000_000
HEADING = "Mã hồ sơ,Đơn vị,Ngày nhận,Hẹn trả,Ngày trả"


def first(path: Path) -> Loaded:
    return read_mapping(first_mapping(inspect_file(path)).encode(), Path("m.yaml"))


def tried(path: Path) -> tuple[list[str], dict[str, int], int]:
    loaded = first(path)
    made = try_mapping(path, loaded, now=NOW, zone="Asia/Ho_Chi_Minh")
    return loaded.mapping.empty, dict(made.by_type), made.refused.total()


@pytest.mark.parametrize(
    "word",
    ["NULL", "null", "NA", "N/A", "-", "None", "\\N", "NaT", "nan", "#N/A", "—", "chưa có", "__/__/____", "[NULL]"],
)
def test_a_word_for_none_is_proposed_as_empty(tmp_path: Path, word: str) -> None:
    path = tmp_path / "so.csv"
    path.write_text(
        f"{HEADING}\nH1,U,03/08/2026,06/08/2026,{word}\nH2,U,04/08/2026,{word},05/08/2026\nH3,U,05/08/2026,,{word}\n"
    )
    assert tried(path) == ([word], {"dossier.accepted": 3, "dossier.resolved": 1}, 0)


@pytest.mark.parametrize(
    ("written", "years"),
    [
        ("31/12/9999", {9999}), ("01/01/1900 00:00", {1900}), ("0000-00-00", {0}), ("1753-01-01T00:00:00", {1753}),
        ("30/12/1899", {1899}), ("00/01/1900", {1900}), ("0001-01-01 00:00:00", {1}),
        ("31/12/9999 12:00:00 SA", {9999}),
    ],
)  # fmt: skip
def test_a_date_for_none_is_named_with_its_year_and_proposed(tmp_path: Path, written: str, years: set[int]) -> None:
    path = tmp_path / "so.csv"
    path.write_text(f"{HEADING}\nH1,U,03/08/2026,{written},05/08/2026\nH2,U,04/08/2026,07/08/2026,{written}\n")
    assert tried(path) == ([written], {"dossier.accepted": 2, "dossier.resolved": 1}, 0)
    found = inspect_file(path)
    columns = {column.name: column for column in found.main.columns}
    assert set(columns["Hẹn trả"].nothing.years.values()) == years
    assert columns["Hẹn trả"].latest == columns["Hẹn trả"].earliest, "the range is that of true dates"
    assert f"{written}: year {years.pop():04}" in first_mapping(found)


def test_a_column_that_is_nothing_yet(tmp_path: Path) -> None:
    path = tmp_path / "so.csv"
    path.write_text(f"{HEADING}\nH1,U,03/08/2026,9999-12-31,NULL\nH2,U,04/08/2026,9999-12-31,NULL\n")
    empty, made, refused = tried(path)
    assert (sorted(empty), made, refused) == (["9999-12-31", "NULL"], {"dossier.accepted": 2}, 0)
    assert first(path).mapping.entries[1].type == "dossier.resolved"


def test_a_unit_called_null_is_none(tmp_path: Path) -> None:
    path = tmp_path / "so.csv"
    path.write_text(f"{HEADING}\nH1,NULL,03/08/2026,06/08/2026,\nH2,-,04/08/2026,06/08/2026,\n")
    assert first(path).mapping.empty == ["NULL"], "a dash may be the code of a unit"


def test_day_numbers_that_mean_none(tmp_path: Path) -> None:
    path = tmp_path / "so.csv"
    path.write_text(f"{HEADING}\nH1,U,46237,46240,0\nH2,U,46238.5,2958465,46239\n")
    assert tried(path) == (["2958465", "0"], {"dossier.accepted": 2, "dossier.resolved": 1}, 0)


def test_a_workbook(tmp_path: Path) -> None:
    day = date(2026, 8, 3)
    path = workbook(
        tmp_path / "so.xlsx",
        so=sheet_of(
            [*HEADING.split(","), "Giờ"],
            ["H1", "U", day, date(9999, 12, 31), "NULL", time(0)],
            ["H2", "U", day, day, day, time(9)],
        ),
    )
    assert tried(path) == (["9999-12-31", "NULL"], {"dossier.accepted": 2, "dossier.resolved": 1}, 0)


def test_dates_that_may_be_meant_are_only_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "so.csv"
    path.write_text(f"{HEADING}\nH1,U,1970-01-01,2079-06-06,NULL\nH2,U,2026-08-03,9999-12-31,2026-08-05\n")
    assert first(path).mapping.empty == ["9999-12-31", "NULL"]
    assert "# 2079-06-06 (Hẹn trả): if it means none, add it to empty" in first_mapping(inspect_file(path))
    home = ["--home", str(tmp_path / "none")]
    assert main([*home, "--lang", "vi", "import", str(path), "--inspect"]) == 0
    shown = capsys.readouterr().out
    assert "Hẹn trả: không có ngày ở 9999-12-31 ×1 (năm 9999); ghi vào empty" in shown
    assert "Ngày nhận: 1970-01-01 ×1 có thể nghĩa là không có" in shown
    assert main([*home, "import", str(path), "--inspect", "--json"]) == 0
    columns = json.loads(capsys.readouterr().out)["parts"][0]["columns"]
    assert columns[3]["none"] == [{"value": "9999-12-31", "count": 1, "year": 9999}]
    assert columns[4]["none"] == [{"value": "NULL", "count": 1, "year": None}]


def test_different_values_are_counted_exactly_and_beyond_that_nearly() -> None:
    chance = random.Random(7)
    column = Profile("ma")
    for number in range(30_000):
        column.add(f"H{number * 7_919 % 30_011}")
    assert (column.lossy, column.approximate, column.distinct) == (True, False, 30_000)
    for _ in range(5_000):
        column.add(f"H{chance.randrange(30_011) * 7_919 % 30_011}")
    assert column.distinct <= 30_011, "what comes again counts once"
    distinct = Distinct(most=2_000)
    for number in range(40_000):
        distinct.add(str(number % 20_000))
    assert not distinct.exact
    assert abs(distinct.count - 20_000) < 2_000


def test_a_unique_column_of_a_long_file_has_its_exact_count(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "so.csv"
    path.write_text("ma,ngay\n" + "".join(f"H{n * 31 % 9_973},2026-08-03\n" for n in range(9_973)))
    assert main(["--home", str(tmp_path / "none"), "--lang", "en", "import", str(path), "--inspect"]) == 0
    shown = capsys.readouterr().out
    assert "9973" in shown
    assert "≈" not in shown
