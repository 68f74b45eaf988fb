"""Workbooks as offices keep them: typed dates, codes that are numbers, merged headings, several sheets."""

from __future__ import annotations

import zipfile
from datetime import date, datetime, time, timedelta
from pathlib import Path

import pytest
from openpyxl.worksheet.worksheet import Worksheet

from motcua.importing.reasons import MappingMistakes, Refused
from motcua.importing.stream import TableEntries
from motcua.importing.tables.cells import LostDigits, Stamp, cell_text
from motcua.importing.tables.header import Places
from motcua.importing.tables.heading import column_names
from motcua.importing.tables.rows import Row
from tests.unit.motcua.importing.fake_intake import mapping, read
from tests.unit.motcua.importing.tables.workbooks import HEAD, REGISTER, rows, sheet_of, workbook, workbook_1904


def _local(*parts: int) -> datetime:
    """A time as a cell holds it: without a zone."""
    return datetime(*parts)  # type: ignore[arg-type]  # noqa: DTZ001


@pytest.mark.parametrize(
    ("value", "text", "kind"),
    [
        (12345.0, "12345", str),
        (1.2e15, "1200000000000000", str),
        (79201012345678.0, "79201012345678", str),
        (1234567890123456789.0, "1234567890123456768", LostDigits),
        (0.1, "0.1", str),
        (-3.0, "-3", str),
        (float("nan"), "", str),
        (7, "7", str),
        (True, "true", str),
        (date(2026, 8, 3), "2026-08-03", Stamp),
        (_local(2026, 8, 3, 8, 20), "2026-08-03T08:20:00", Stamp),
        (time(8, 15), "08:15:00", Stamp),
        (timedelta(hours=30, seconds=5), "30:00:05", Stamp),
        (timedelta(seconds=-90), "-00:01:30", Stamp),
        ("Hồ", "Hồ", str),
        (None, "", str),
        (object(), "", str),
    ],
)  # fmt: skip
def test_cells_become_the_texts_people_see(value: object, text: str, kind: type) -> None:
    made = cell_text(value)
    assert (made, type(made)) == (text, kind)


@pytest.mark.parametrize("epoch_1904", [False, True])
def test_dates_as_the_office_stored_them(tmp_path: Path, *, epoch_1904: bool) -> None:
    """Typed cells are understood whatever the formats say; texts and day numbers by the formats."""
    serial = 46237 - (1462 if epoch_1904 else 0) + 1 / 3
    path = (workbook_1904 if epoch_1904 else workbook)(
        tmp_path / "t.xlsx",
        so=sheet_of(
            HEAD,
            ["D1", _local(2026, 8, 3, 8, 0), date(2026, 8, 6)],
            ["D2", "03/08/2026", _local(2026, 8, 6, 17, 0)],
            ["D3", serial, "06/08/2026"],
            ["D4", "soon", None],
        ),
    )
    made, refused, _ = read(path, REGISTER.replace('"%d/%m/%Y"', '["%d/%m/%Y", excel]'))
    assert [(one["subject"], one["time"], one["data"]["promised_due"]) for one in made] == [
        ("D1", "2026-08-03T01:00:00.000000Z", "2026-08-06"),
        ("D2", "2026-08-02T17:00:00.000000Z", "2026-08-06T10:00:00.000000Z"),
        ("D3", "2026-08-03T01:00:00.000000Z", "2026-08-06"),
    ]
    assert [one.reason.code for one in refused] == ["time_not_understood"]


def test_a_date_and_a_time_of_day_in_two_columns(tmp_path: Path) -> None:
    path = workbook(
        tmp_path / "t.xlsx",
        so=sheet_of(["Mã", "Nhận", "Giờ", "Hẹn"], ["D1", date(2026, 8, 3), time(8, 15), None]),
    )
    made, _, _ = read(path, REGISTER.replace('"{Nhận}"', '"{Nhận} {Giờ}"'))
    assert [one["time"] for one in made] == ["2026-08-03T01:15:00.000000Z"]


def test_codes_stored_as_numbers(tmp_path: Path) -> None:
    """12345.0 is 12345; a code of which the sheet lost digits is refused, where it is used."""
    path = workbook(
        tmp_path / "t.xlsx",
        so=sheet_of(
            [*HEAD, "Ghi chú"],
            [12345.0, date(2026, 8, 3), None, 1234567890123456789],
            [1234567890123456789, date(2026, 8, 3), None, None],
        ),
    )
    made, refused, entries = read(path, REGISTER)
    assert [one["subject"] for one in made] == ["12345"]
    assert [(entries.places.text(one.line), one.reason.code) for one in refused] == [("so!3", "digits_lost")]


def test_merged_headings_give_names_of_groups(tmp_path: Path) -> None:
    """The table stands in the sheet's second column: merged cells are counted from the first."""

    def fill(sheet: Worksheet) -> None:
        sheet["B1"] = "SỔ THEO DÕI"
        texts = {"B3": "Mã", "C3": "Hạn", "C4": "Hẹn trả", "D4": "Gia hạn", "E3": "Đơn vị", "F4": "Bước"}
        for place, text in texts.items():
            sheet[place] = text
        for merged in ("B1:F1", "B3:B4", "C3:D3", "E3:E4"):
            sheet.merge_cells(merged)
        sheet.append([None, "H1", "x", "y", "U", "b"])

    made, cells = rows(workbook(tmp_path / "t.xlsx", so=fill), header_line=3, header_rows=2)
    assert made.header.columns == ["Mã", "Hạn / Hẹn trả", "Hạn / Gia hạn", "Đơn vị", "Bước"]
    assert cells == [["H1", "x", "y", "U", "b"]]


def test_names_where_merges_reach_beyond_the_heading() -> None:
    heading = [["a", "b", ""], ["", "c", "d"]]
    assert column_names(heading, 4, [(4, 0, 9, 0), (4, 1, 4, 99), (0, 2, 3, 2)]) == ["a", "b / c", "b / d"]
    assert column_names([], 0, []) == []


def test_cells_merged_downwards_hold_for_each_row(tmp_path: Path) -> None:
    def fill(sheet: Worksheet) -> None:
        for row in (["Mã", "Bước"], ["H1", "a"], [None, "b"], [None, None], ["H2", "c"], [None, None]):
            sheet.append(row)
        sheet.merge_cells("A2:A4")
        sheet.merge_cells("A5:A6")

    _, cells = rows(workbook(tmp_path / "t.xlsx", so=fill))
    assert cells == [["H1", "a"], ["H1", "b"], ["H2", "c"]], "no rows of merged cells alone"


def test_empty_edges_notes_beside_the_table_and_empty_rows_are_passed_over(tmp_path: Path) -> None:
    def fill(sheet: Worksheet) -> None:
        sheet["B3"], sheet["C3"], sheet["B4"], sheet["C6"], sheet["F4"] = "a", "b", "1", "2", "a note"
        sheet["B900"] = "  "
        sheet["D3"] = " "

    made, cells = rows(workbook(tmp_path / "t.xlsx", so=fill))
    assert made.header.columns == ["a", "b"]
    assert cells == [["1", ""], ["", "2"]]
    assert [row.line - Places.of(0, 0) for row in made if isinstance(row, Row)] == [4, 6]


def test_several_sheets_with_rows_named_by_sheet(tmp_path: Path) -> None:
    day = date(2026, 8, 3)
    path = workbook(
        tmp_path / "t.xlsx",
        **{
            "Tháng 7": sheet_of(HEAD, ["D1", day, None], ["D9", "soon", None]),
            "Tháng 8": sheet_of(["Hẹn", "Nhận", "Mã"], [None, "soon", "D2"], [None, day, "D1"], [None, day, "D3"]),
            "Danh mục": sheet_of(["Mã", "Tên"], ["x", "y"]),
            "Trống": sheet_of(),
        },
    )
    made, refused, entries = read(path, REGISTER + 'file: {sheet: "*"}\n')
    assert [one["subject"] for one in made] == ["D1", "D3"]
    assert [(entries.places.text(one.line), one.reason.code) for one in refused] == [
        ("Tháng 7!3", "time_not_understood"), ("Tháng 8!2", "time_not_understood")
    ]  # fmt: skip
    assert [note.text("en") for note in entries.notes] == [
        'Sheets not read: Danh mục. If they belong to it, name them in file.sheet ("*": all that have the columns).'
    ]
    for written, wanted in (("2", ["D1", "D3"]), ("[Tháng 8, 1]", ["D1", "D3"]), ("Tháng 7", ["D1"])):
        made, _, _ = read(path, f"{REGISTER}file: {{sheet: {written}}}\n")
        assert sorted(one["subject"] for one in made) == wanted


def test_a_contradiction_names_the_sheet_of_the_first_row(tmp_path: Path) -> None:
    path = workbook(
        tmp_path / "t.xlsx",
        a=sheet_of(HEAD, ["D1", date(2026, 8, 3), None]),
        b=sheet_of(HEAD, ["D1", date(2026, 8, 4), None]),
    )
    _, refused, _ = read(path, REGISTER + 'file: {sheet: "*"}\n')
    assert [one.reason.text("en").partition(" about")[0] for one in refused] == ["This row contradicts line a!2"]


def test_formulas_give_their_stored_value_and_errors_are_empty(tmp_path: Path) -> None:
    path = workbook(tmp_path / "t.xlsx", so=sheet_of(["a", "b", "c"], ["=1+1", "#N/A", True]))
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    sheet = "xl/worksheets/sheet1.xml"
    parts[sheet] = parts[sheet].replace(b"<v />", b"<v>2</v>").replace(b"<v></v>", b"<v>2</v>")
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    assert rows(path)[1] == [["2", "", "true"]]


@pytest.mark.parametrize(
    ("sheet", "said"),
    [("Tháng 9", "has no sheet 'Tháng 9'. → 'Tháng 8'? Its sheets: Tháng 8, x."), ("3", "has no sheet '3'.")],
)
def test_a_sheet_that_is_not_there_is_a_mistake_with_its_line(tmp_path: Path, sheet: str, said: str) -> None:
    path = workbook(tmp_path / "t.xlsx", **{"Tháng 8": sheet_of(HEAD, ["D1"]), "x": sheet_of(["y"])})
    with pytest.raises(MappingMistakes) as error:
        read(path, f"{REGISTER}file:\n  sheet: {sheet}\n")
    assert error.value.text("en").startswith(f"m.yaml:10: file.sheet: {path} {said}")
    assert "không có trang tính" in error.value.text("vi")


def test_a_named_sheet_must_have_the_columns(tmp_path: Path) -> None:
    path = workbook(tmp_path / "t.xlsx", a=sheet_of(HEAD, ["D1"]), b=sheet_of(["Mã", "Hẹn"], ["D2"]))
    with pytest.raises(MappingMistakes, match=r"The sheet 'b' has no column 'Nhận'"):
        read(path, REGISTER + "file: {sheet: [a, b]}\n")
    with pytest.raises(MappingMistakes, match=r"no column 'Nhận'"):
        read(path, REGISTER + "file: {sheet: b}\n")


def test_a_refused_row_is_told_with_sheet_and_row(tmp_path: Path) -> None:
    path = workbook(tmp_path / "t.xlsx", so=sheet_of(HEAD, ["D1", "soon", None]))
    entries = TableEntries(path, mapping(REGISTER))
    (refused,) = [one for one in entries.items() if isinstance(one, Refused)]
    assert (entries.places.sheet(refused.line), entries.places.row(refused.line)) == ("so", 2)
    assert entries.position == entries.size


def test_hidden_sheets_are_read_only_by_name(tmp_path: Path) -> None:
    def hidden(sheet: Worksheet) -> None:
        sheet.sheet_state = "hidden"
        sheet_of(HEAD, ["D1", date(2026, 8, 3), None])(sheet)

    path = workbook(tmp_path / "t.xlsx", kho=hidden, so=sheet_of(HEAD, ["D2", date(2026, 8, 3), None]))
    for written, wanted in (("", ["D2"]), ('file: {sheet: "*"}\n', ["D2"]), ("file: {sheet: kho}\n", ["D1"])):
        made, _, entries = read(path, REGISTER + written)
        assert [one["subject"] for one in made] == wanted
        assert entries.notes == ()
