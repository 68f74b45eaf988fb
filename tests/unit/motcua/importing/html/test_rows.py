"""Registers saved as HTML: which table, where its heading is, spans, groups, what cells hold, and what is left."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from motcua.importing.inspecting.first_mapping import first_mapping
from motcua.importing.inspecting.inspection import inspect_file
from motcua.importing.reasons import ImportFailed, MappingMistakes
from motcua.importing.run import run_import
from tests.unit.motcua.importing.fake_intake import FakeIntake, options
from tests.unit.motcua.importing.html.registers import HEAD, REGISTER, ROWS, accepted, cells, page, places, table

WANTED = [("H40.11-26-0007", "2026-02-09T00:45:00.000000Z", "2026-02-12"),
          ("H40.11-26-0008", "2026-02-09T06:30:00.000000Z", None)]  # fmt: skip


def told(made: list[dict[str, object]]) -> list[tuple[object, object, object]]:
    return [(one["subject"], one["time"], one["data"].get("promised_due")) for one in made]  # type: ignore[attr-defined]


SPANNED = (
    "<tr><td colspan=4 align=center><b>UBND TỈNH<br>SỔ THEO DÕI</b></td></tr>"
    '<tr><td colspan="4">Tháng 2 năm 2026</td></tr>'
    "<tr><td rowspan=2>STT</td><td rowspan=2>Số hồ sơ</td><td colspan=2>Thời gian</td></tr>"
    "<tr><td>Tiếp nhận</td><td>Hẹn trả</td></tr>"
)


@pytest.mark.parametrize(
    "text",
    [
        page(table(HEAD, ROWS)),
        table(HEAD, ROWS).upper().replace("SỐ HỒ SƠ", "Số hồ sơ").replace("TIẾP NHẬN", "Tiếp nhận").replace(
            "HẸN TRẢ", "Hẹn trả"),
        HEAD + ROWS,
        "<style>td{color:red} .x{y:z}</style>" * 4_000 + table(HEAD, ROWS),
        f"<!-- {'báo cáo > <table> ' * 9_000} -->\n<!DOCTYPE html>" + page(table(HEAD, ROWS)),
        '<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml">' + table(HEAD, ROWS) + "</html>",
        "Sổ theo dõi hồ sơ tháng 2\n" + table(HEAD, ROWS),
        table(HEAD, ROWS).replace("</td>", "").replace("</tr>", "").replace("</th>", ""),
        table("<thead>", HEAD, "</thead><tbody>", ROWS, "</tbody>"),
        table("<tr><td colspan=4>SỔ THEO DÕI</td></tr>", cells("", "&nbsp;", "", ""), HEAD, ROWS),
        page("<table><tr><td>Trang chủ</td><td>Đăng xuất</td></tr></table>", table(HEAD, ROWS), "<table><tr><td>Hết"),
        page(f"<table><tr><td>Menu</td><td>{table(HEAD, ROWS)}</td></tr></table>"),
        page(f"<form><table width=100%><tr><td><div>{table(HEAD, ROWS)}</div></td></tr></table></form>"),
        table(HEAD, cells("(1)", "(2)", "(3)", "(4)=(3)+n"), ROWS),
        table(HEAD, cells("A", "B", "1", "2"), ROWS),
        table(HEAD, ROWS.replace("</tr>\n", "</tr>" + HEAD, 1)),
        table(HEAD.replace("Số hồ sơ", "Số\n  hồ<br>sơ"), ROWS.replace("H40.11-26-0007", "&nbsp;H<b>40</b>.11-26-0007")
        ),
        table(HEAD, ROWS.replace("07:45", "<span style='display:none'>0745</span>07:45<script>x()</script>")),
    ],
)  # fmt: skip
def test_a_register_is_found_and_read(tmp_path: Path, text: str) -> None:
    made, refused, entries = accepted(tmp_path, text)
    assert not refused
    assert told(made) == WANTED
    assert entries.rows == 2


def test_a_heading_of_two_rows_is_joined(tmp_path: Path) -> None:
    mapping = REGISTER.replace("{Tiếp nhận}", "{Thời gian / Tiếp nhận}").replace("{Hẹn trả}", "{Thời gian / Hẹn trả}")
    made, refused, _ = accepted(tmp_path, table(SPANNED, ROWS), mapping=mapping)
    assert (told(made), refused) == (WANTED, [])
    # The rows may be said, and then they are taken as said.
    made, _, entries = accepted(tmp_path, table(SPANNED, ROWS), "{header_line: 3, header_rows: 2}", mapping)
    assert told(made) == WANTED
    with pytest.raises(MappingMistakes, match="has no column 'Thời gian / Tiếp nhận'"):
        accepted(tmp_path, table(SPANNED, ROWS), "{header_line: 4}", mapping)
    names = "{header_line: 5, columns: [n, Số hồ sơ, Tiếp nhận, Hẹn trả]}"
    assert told(accepted(tmp_path, table(SPANNED, ROWS), names)[0]) == WANTED
    assert entries.notes == ()


GROUPED = table(
    HEAD,
    "<tr><td colspan=4><b>I. Sở Tư pháp</b></td></tr>", cells("1", "A-1", "02/02/2026", ""),
    "<tr><td>II</td><td colspan=3>Sở Xây dựng</td></tr>", cells("2", "A-2", "03/02/2026", ""),
    cells("3", "A-3", "04/02/2026", ""), cells("III. Thanh tra", "", "", ""), cells("", "", "", ""),
    cells("4", "A-4", "soon", ""), "<tr><td colspan=3>Tổng số hồ sơ: 4</td></tr>",
)  # fmt: skip


def test_rows_of_groups_are_no_dossiers_and_their_names_a_column(tmp_path: Path) -> None:
    made, refused, entries = accepted(tmp_path, GROUPED)
    assert [one["subject"] for one in made] == ["A-1", "A-2", "A-3"]
    assert places(entries, refused) == ["9"]
    (note,) = entries.notes
    assert note.text("en").startswith("Passed over 4 rows of the table that are no data: 4 with a single cell")
    assert "Dòng đầu tiên: 2 'I. Sở Tư pháp'" in note.text("vi")
    mapping = REGISTER.replace("unit: H40.11", 'unit: {column: "@group", map: {I. Sở Tư pháp: TP, II Sở Xây dựng: XD}}')
    made, _, _ = accepted(tmp_path, GROUPED, mapping=mapping)
    assert [(one["subject"], one["data"]["unit"]) for one in made] == [("A-1", "TP"), ("A-2", "XD"), ("A-3", "XD")]


def test_cells_that_reach_down_hold_for_each_row_and_across_only_once(tmp_path: Path) -> None:
    rows = (
        "<tr><td rowspan=2>9</td><td>B-1</td><td rowspan='2'>02/02/2026</td><td rowspan=3></td></tr>"
        "<tr><td>B-2</td></tr><tr><td>10</td><td>B-3</td><td>05/02/2026</td></tr>"
        "<tr><td colspan=2>B-4</td><td>06/02/2026</td><td>x</td></tr>"
    )
    made, refused, entries = accepted(tmp_path, table(HEAD, rows))
    assert [(one["subject"], one["time"][:10]) for one in made] == [
        ("B-1", "2026-02-01"), ("B-2", "2026-02-01"), ("B-3", "2026-02-04")
    ]  # fmt: skip
    # The code is missing in the last row: its cell begins in the column before.
    assert [(one.reason.code, place) for one, place in zip(refused, places(entries, refused), strict=True)] == [
        ("no_dossier", "5")
    ]


@pytest.mark.parametrize(
    ("cell", "due"),
    [
        ('<td x:num="46065">12/02/26</td>', "12/02/26"),
        ('<td class=xl7 x:num="46065">Feb-12</td>', "2026-02-12"),
        ('<td class="a xl7" x:num="46065.6875">####</td>', "2026-02-12T09:30:00.000000Z"),
        ('<td style=\'mso-number-format:"Short Date"\' x:num="46065">12.2.26</td>', "2026-02-12"),
        ('<td sdval="46065" sdnum="1033;0;DD/MM/YYYY">12-02</td>', "2026-02-12"),
        ('<td style=\'mso-number-format:"\\@"\' x:num="46065">12/02/2026</td>', "2026-02-12"),
        ('<td x:str="12/02/2026 ">12/0…</td>', "2026-02-12"),
        ("<td x:num>12/02/2026</td>", "2026-02-12"),
    ],
)
def test_what_a_spreadsheet_stored_beside_the_text_it_shows(tmp_path: Path, cell: str, due: str) -> None:
    styles = '<style><!--\n.xl6, td.xl7 {color:red; mso-number-format:"dd\\\\/mm\\\\/yyyy\\;\\@"; x:y}\n--></style>'
    row = f"<tr><td>1</td><td x:num='12345678901234'>1.23E+13</td><td>09/02/2026</td>{cell}</tr>"
    made, refused, _ = accepted(tmp_path, page(table(HEAD, row), head=styles))
    if due == "12/02/26":
        assert [one.reason.code for one in refused] == ["time_not_understood"]
    else:
        assert told(made) == [("12345678901234", "2026-02-08T17:00:00.000000Z", due)]


def test_numbers_that_lost_digits_and_damaged_letters_are_refused(tmp_path: Path) -> None:
    rows = b"<tr><td>1<td x:num='1.2345678901234567E+17'>1.23E+17<td>09/02/2026<td></tr>"
    rows += "<tr><td>2<td>Hồ sơ \x9f-1<td>09/02/2026<td></tr>".encode("latin-1", "ignore")
    made, refused, _ = accepted(tmp_path, f"<meta charset=utf-8>{HEAD}".encode() + rows + ROWS.encode())
    assert told(made) == WANTED
    assert [one.reason.code for one in refused] == ["digits_lost", "wrong_encoding"]


@pytest.mark.parametrize(
    ("encoding", "head"),
    [
        ("utf-8", ""),
        ("utf-8-sig", "<meta charset=windows-1252>"),
        ("utf-8", '<meta http-equiv=Content-Type content="text/html; charset=iso-8859-1">'),
        ("utf-16", ""),
        ("utf-16-le", ""),
        ("utf-16-be", '<meta charset="utf-16">'),
        ("cp1258", '<META HTTP-EQUIV="Content-Type" CONTENT="text/html; charset=windows-1258">'),
        ("cp1258", ""),
        ("cp1258", '<meta charset="utf-8">'),
    ],
)
def test_encodings_of_pages(tmp_path: Path, encoding: str, head: str) -> None:
    text = page(table(HEAD, ROWS), head=head)
    if encoding == "cp1258":
        # Its accents stand after their letters.
        for whole, parts in (("ố", "ô\u0301"), ("ồ", "ô\u0300"), ("ế", "ê\u0301"), ("ậ", "â\u0323"), ("ẹ", "e\u0323"),
                             ("ả", "a\u0309")):  # fmt: skip
            text = text.replace(whole, parts)
    made, refused, _ = accepted(tmp_path, text.encode(encoding))
    assert (told(made), refused) == (WANTED, [])


def test_other_tables_that_fit_are_told_and_may_be_named(tmp_path: Path) -> None:
    more = table(HEAD, cells("1", "C-1", "02/02/2026", ""))
    text = page(table(HEAD, ROWS), table(cells("a", "b", "c", "d", "e", "f") * 9), more)
    made, _, entries = accepted(tmp_path, text)
    assert told(made) == WANTED
    assert entries.notes[0].text("vi").startswith("Chỉ đọc bảng 1 vì có nhiều dữ liệu nhất; các bảng 3 cũng có đủ cột.")
    made, _, entries = accepted(tmp_path, text, '{sheet: "3"}')
    assert ([one["subject"] for one in made], entries.notes) == (["C-1"], ())
    made, refused, entries = accepted(tmp_path, text.replace("02/02/2026", "x"), '{sheet: "*"}')
    assert told(made) == WANTED
    assert places(entries, refused) == ["3!2"]
    with pytest.raises(MappingMistakes, match=r"m\.yaml:5: file\.sheet: .* has no table '4'. It has 3 of them"):
        accepted(tmp_path, text, "{sheet: 4}")
    with pytest.raises(MappingMistakes, match=r"file\.sheet: The sheet '2' has no column 'Số hồ sơ'"):
        accepted(tmp_path, text, "{sheet: [1, 2]}")


def test_a_page_without_a_table_or_cut_off_is_told(tmp_path: Path) -> None:
    with pytest.raises(ImportFailed, match="an HTML page without any table"):
        accepted(tmp_path, "<html><body><form>Mật khẩu <input></form></body></html>")
    whole = page(table(HEAD, ROWS))
    for cut in ("H40.11-26-0008", "<td>09/02/2026 13", "td><td>09/02/2026 13"):
        text = whole[: whole.index(cut) + 7]
        with pytest.raises(ImportFailed, match="damaged or incomplete"):
            accepted(tmp_path, text)
    # What is only not closed is whole.
    assert told(accepted(tmp_path, whole[: whole.index("</table>")])[0]) == WANTED


def test_a_row_with_more_cells_than_the_table_has_columns_is_refused(tmp_path: Path) -> None:
    """Its cells may stand under other names than theirs; a column without a name is none of it."""
    rows = ROWS + cells("3", "x", "H40.11-26-0009", "09/02/2026", "10/02/2026")
    made, refused, entries = accepted(tmp_path, table(HEAD, rows))
    assert told(made) == WANTED
    assert [(place, one.reason.code) for place, one in zip(places(entries, refused), refused, strict=True)] == [
        ("4", "html_row_ragged")
    ]
    made, refused, _ = accepted(tmp_path, table(HEAD, ROWS.replace("</tr>", "<td>Xem</td></tr>")))
    assert (told(made), refused) == (WANTED, [])


def test_three_numbers_are_no_numbering_of_columns(tmp_path: Path) -> None:
    head, rows = cells("Số hồ sơ", "Tiếp nhận", "Hẹn trả"), cells("1", "2", "3") + cells("2", "10/02/2026", "")
    made, refused, _ = accepted(tmp_path, table(head, rows))
    assert ([one["subject"] for one in made], [one.line for one in refused]) == (["2"], [2])


def test_limits_are_told_by_row(tmp_path: Path) -> None:
    rows = cells("1", "D" * 33_000, "02/02/2026", "") + "<tr>" + "<td colspan=1000>x</td>" * 20 + "</tr>" + ROWS
    made, refused, entries = accepted(tmp_path, table(HEAD, rows))
    assert told(made) == WANTED
    assert [(place, one.reason.code) for place, one in zip(places(entries, refused), refused, strict=True)] == [
        ("2", "html_cell_too_long"), ("3", "html_row_too_wide")
    ]  # fmt: skip


def test_inspecting_a_page_writes_a_mapping_that_reads_it(tmp_path: Path) -> None:
    path = tmp_path / "so.xls"
    path.write_text(page("<table><tr><td>Trang chủ</td></tr></table>", GROUPED.replace("soon", "05/02/2026")))
    found = inspect_file(path)
    assert (found.form, found.main.rows, found.main.sheet) == ("html", 4, "")
    assert [column.name for column in found.main.columns] == ["STT", "Số hồ sơ", "Tiếp nhận", "Hẹn trả", "@group"]
    mapping = first_mapping(found)
    assert [one["subject"] for one in accepted(tmp_path, path.read_text(), mapping=mapping)[0]] == [
        "A-1", "A-2", "A-3", "A-4"
    ]  # fmt: skip
    path.write_text(page(table(HEAD, ROWS), table(HEAD, ROWS, ROWS.replace("-26-", "-27-"))))
    assert [(part.sheet, part.rows) for part in inspect_file(path).parts] == [("1", 2), ("2", 4)]
    mapping = first_mapping(inspect_file(path))
    assert 'sheet: "*"' in mapping
    assert len(accepted(tmp_path, path.read_text(), mapping=mapping)[0]) == 4


async def test_an_import_goes_on_after_a_stop_and_reports_what_was_passed_over(tmp_path: Path) -> None:
    path, mapping, intake = tmp_path / "so.xls", tmp_path / "m.yaml", FakeIntake()
    mapping.write_text(REGISTER)
    rows = [cells(str(n), f"E-{n}", "02/02/2026" if n % 5 else "không", "") for n in range(1, 31)]
    path.write_text(page(table("<tr><th colspan=4>Sổ</th></tr>", HEAD, "<tr><td colspan=4>I. A</td></tr>", *rows)))
    intake.dies_after = 2
    with pytest.raises(ImportFailed, match="goes on where it stopped"):
        await run_import(options(intake, tmp_path, path, mapping=mapping, batch_size=5, patience=1.0))
    intake.dies_after = None
    summary = await run_import(options(intake, tmp_path, path, mapping=mapping, batch_size=5))
    assert (summary.rows, summary.accepted, summary.refused_by_reason) == (30, 24, {"time_not_understood": 6})
    assert [note.code for note in summary.notes] == ["html_passed_over"]
    assert summary.refused_file is not None
    with summary.refused_file.open(encoding="utf-8-sig", newline="") as opened:
        assert [row["line"] for row in csv.DictReader(opened)] == [str(3 + n) for n in range(5, 31, 5)]
