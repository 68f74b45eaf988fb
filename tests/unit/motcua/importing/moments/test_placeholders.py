"""Dates that stand for none, in every notation: never a time of anything, told with their year and what to do."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from motcua.importing.mapping.times import TimeReader
from motcua.importing.moments.placeholders import NoDate, YearOutside, is_word_for_none, placeholder_year
from tests.unit.motcua.importing.fake_intake import read
from tests.unit.motcua.importing.tables.workbooks import HEAD, sheet_of, workbook

HANOI = ZoneInfo("Asia/Ho_Chi_Minh")
FORMATS = ["iso", "%d/%m/%Y", "%d/%m/%Y %H:%M", "%d-%b-%Y", "excel"]
MAPPING = """\
source: so
row: dossier
dossier: "{Mã}"
formats: ["%d/%m/%Y %H:%M", "%d/%m/%Y", iso]
entries:
  - type: dossier.accepted
    time: "{Nhận}"
    data: {unit: U, channel: direct, promised_due: "{Hẹn}"}
  - type: dossier.resolved
    time: "{Hẹn}"
"""


@pytest.mark.parametrize(
    ("text", "year"),
    [
        ("0001-01-01", 1), ("0001-01-01 00:00:00.000", 1), ("0001-01-01T00:00:00+07:00", 1), ("01/01/0001", 1),
        ("1753-01-01T00:00:00", 1753), ("01/01/1753 00:00", 1753), ("01/01/1753 12:00:00 SA", 1753),
        ("1899-12-30", 1899), ("31/12/1899", 1899), ("1899-12-30T17:17:56Z", 1899), ("30-Dec-1899", 1899),
        ("1900-01-01", 1900), ("01/01/1900", 1900), ("01-Jan-1900", 1900), ("1900-01-01T08:15:00", 1900),
        ("1/0/1900", 1900), ("00/01/1900 00:00:00", 1900), ("9999-12-31", 9999), ("31/12/9999 23:59", 9999),
        ("9999-12-31T23:59:59.9999999Z", 9999), ("99991231", 9999), ("31.12.9999", 9999), ("0000-00-00", 0),
        ("0000-00-00 00:00:00", 0), ("00/00/0000", 0), ("0/0/0", 0), ("00/00/00", 0), ("0000-01-01", 0),
        ("0", 1899), ("1", 1899), ("0.0", 1899), ("2958465", 9999),
    ],
)  # fmt: skip
def test_a_date_for_none_is_known_by_its_year(text: str, year: int) -> None:
    with pytest.raises(NoDate) as error:
        TimeReader(FORMATS, HANOI).read(text)
    assert error.value.year == year


@pytest.mark.parametrize("text", ["1900-01-02", "02/01/1900", "1970-01-01", "2079-06-06", "2199-12-31", "1999-12-31"])
def test_dates_that_may_be_meant_stay_dates(text: str) -> None:
    assert TimeReader(FORMATS, HANOI).read(text).day.year in (1900, 1970, 2079, 2199, 1999)
    assert placeholder_year(text) is None


@pytest.mark.parametrize(("text", "year"), [("2206-08-03", 2206), ("01/02/1026", 1026), ("1800-01-01T00:00:00Z", 1800)])
def test_a_year_that_nobody_writes_for_none_is_told_as_what_it_is(text: str, year: int) -> None:
    with pytest.raises(YearOutside) as error:
        TimeReader(FORMATS, HANOI).read(text)
    assert error.value.year == year


@pytest.mark.parametrize("text", ["12/0000", "0000", "00:00", "2026-00-12", "hạn 00/00/0000 (sửa)", "1.0.0", ""])
def test_other_texts_are_no_dates_for_none(text: str) -> None:
    assert placeholder_year(text) is None


def test_words_for_none() -> None:
    words = (
        "NULL",
        "null",
        "NA",
        "N/A",
        "None",
        "\\N",
        "NaT",
        "-",
        "--",
        "—",
        "__/__/____",
        "#N/A",
        "(null)",
        "Không có",
    )
    assert all(map(is_word_for_none, words))
    assert not any(map(is_word_for_none, ("H38", "sớm", "0", "A-1", "non", "2026")))


@pytest.mark.parametrize(
    ("text", "year"), [("9999-12-31", "9999"), ("01/01/1900", "1900"), ("0000-00-00 00:00:00", "0000")]
)
def test_a_row_is_refused_with_year_and_remedy_unless_the_mapping_says_what_it_means(
    tmp_path: Path, text: str, year: str
) -> None:
    path = tmp_path / "so.csv"
    path.write_text(f"Mã,Nhận,Hẹn\nD1,03/08/2026 08:00,{text}\nD2,03/08/2026 08:00,05/08/2026\n")
    made, refused, _ = read(path, MAPPING)
    assert [(one["subject"], one["type"]) for one in made] == [("D2", "dossier.accepted"), ("D2", "dossier.resolved")]
    assert [one.reason.code for one in refused] == ["time_is_placeholder"] * 2, "neither promised nor an end"
    assert f"'{text}' (year {year})" in refused[0].reason.text("en")
    assert f'empty: ["{text}"]' in refused[0].reason.text("en")
    assert f"(năm {year}) là giá trị điền thay" in refused[0].reason.text("vi")
    made, refused, _ = read(path, f'{MAPPING}empty: ["{text}"]\n')
    assert not refused
    assert [one["data"].get("promised_due") for one in made] == [None, "2026-08-05", None]


def test_cells_that_a_workbook_stores_as_dates(tmp_path: Path) -> None:
    """The numbers 0 and 1 too, which are shown as days of 1899 or 1900."""
    day = datetime(2026, 8, 3, 8)  # noqa: DTZ001
    path = workbook(
        tmp_path / "t.xlsx",
        so=sheet_of(
            HEAD, ["D1", day, date(9999, 12, 31)], ["D2", day, 0], ["D3", day, 1], ["D4", day, date(1900, 1, 1)]
        ),
    )
    for cell in ("C3", "C4"):
        _as_date(path, cell)
    made, refused, _ = read(path, MAPPING)
    assert not made
    assert [one.reason.parameters["year"] for one in refused[::2]] == ["9999", "1899", "1900", "1900"]
    empties = 'empty: ["9999-12-31", "00:00:00", "1900-01-01"]\n'
    made, refused, _ = read(path, MAPPING + empties)
    assert not refused
    assert [one["subject"] for one in made] == ["D1", "D2", "D3", "D4"]


def _as_date(path: Path, cell: str) -> None:
    import openpyxl

    book = openpyxl.load_workbook(path)
    book["so"][cell].number_format = "dd/mm/yyyy"
    book.save(path)


def test_a_process_log(tmp_path: Path) -> None:
    path = tmp_path / "log.xes"
    path.write_text(
        '<log xmlns="http://www.xes-standard.org/"><trace><string key="concept:name" value="c1"/>'
        '<date key="planned" value="0001-01-01T00:00:00.000+00:00"/>'
        '<date key="start" value="2026-08-03T08:00:00+07:00"/>'
        "</trace></log>"
    )
    mapping = MAPPING.replace("{Mã}", "{case:concept:name}").replace("{Nhận}", "{case:start}")
    made, refused, _ = read(path, mapping.replace("{Hẹn}", "{case:planned}"))
    assert not made
    assert {one.reason.parameters["year"] for one in refused} == {"0001"}
