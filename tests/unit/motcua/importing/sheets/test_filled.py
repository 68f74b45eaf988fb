"""Small registers with far cells that hold nothing are read, what is truly large is refused; neither takes memory."""

from __future__ import annotations

import io
import subprocess
import sys
import zipfile
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from motcua.importing.inspecting.inspection import inspect_file
from motcua.importing.reasons import ImportFailed
from motcua.importing.sheets.area import MOST_CELLS, TooMuch
from motcua.importing.sheets.copying import Readable
from motcua.importing.sheets.office_open import BlankStrings, FilledCells
from motcua.importing.sheets.open_document import OpenDocument
from motcua.importing.sheets.pieces import pass_by
from motcua.importing.tables.workbook_limits import check_workbook
from tests.unit.motcua.importing.fake_intake import read
from tests.unit.motcua.importing.tables.workbooks import HEAD, REGISTER, open_document, rewritten, sheet_of, workbook

_SHEET = "xl/worksheets/sheet1.xml"
_WIDE = 40
_NAMES = [*HEAD, *(f"C{n}" for n in range(4, _WIDE + 1))]
_ROW = "<table:table-row><table:table-cell{}>{}</table:table-cell></table:table-row>"
_EMPTY = (
    '<table:table-row table:number-rows-repeated="{}"><table:table-cell table:number-columns-repeated="{}"/>'
    "</table:table-row>"
)


def register(tmp_path: Path) -> Path:
    """A register of three dossiers and forty columns."""
    rows = [[f"D{n}", date(2026, 8, n), date(2026, 8, n + 3), *range(4, _WIDE + 1)] for n in (3, 4, 5)]
    return workbook(tmp_path / "so.xlsx", so=sheet_of(_NAMES, *rows))


def whole(path: Path) -> list[tuple[str, str]]:
    made, refused, _ = read(path, REGISTER)
    assert not refused
    return [(one["subject"], one["data"]["promised_due"]) for one in made]


RIGHT = [("D3", "2026-08-06"), ("D4", "2026-08-07"), ("D5", "2026-08-08")]


@pytest.mark.parametrize(
    "far",
    [
        '<row r="1048576" ht="12.8" customHeight="1"/>',
        '<row r="1048576"><c r="A1048576" s="1"/></row>',
        '<row r="1048576"><c r="XFD1048576" s="1"></c></row>',
        '<row r="1048576"><c r="AN1048576" t="str"><f>IF(A9="","",A9)</f><v></v></c></row>',
        '<row r="1048576"><c r="B1048576" t="inlineStr"><is><t xml:space="preserve">  </t></is></c></row>',
        '<row r="1048576"><c r="C1048576" t="e"><v>#N/A</v></c></row>',
        '<row r="900000"><c r="A900000" s="1"/><c r="XFD900000"><v/></c></row>',
    ],
)
def test_what_is_far_and_holds_nothing_is_no_matter(tmp_path: Path, far: str) -> None:
    path = register(tmp_path)
    assert whole(rewritten(path, "</sheetData>", f"{far}</sheetData>")) == RIGHT
    assert [(part.rows, len(part.columns)) for part in inspect_file(path).parts] == [(3, _WIDE)]


@pytest.mark.parametrize(
    "said", ['ref="1:1048576"', 'ref="A:XFD"', 'ref=""', 'ref="A0"', 'ref="$A$1:$AN$4"', "", 'ref="A1:XFD1048576"']
)
def test_a_sheet_that_says_a_wrong_size_is_read(tmp_path: Path, said: str) -> None:
    assert whole(rewritten(register(tmp_path), 'ref="A1:AN4"', said)) == RIGHT


def test_merged_columns_that_are_named_without_rows_are_passed_over(tmp_path: Path) -> None:
    merged = '</sheetData><mergeCells count="2"><mergeCell ref="AM:AN"/><mergeCell ref="C3:C4"/></mergeCells>'
    path = rewritten(register(tmp_path), "</sheetData>", merged)
    path = rewritten(path, '<c r="C4"', '<c r="AO4"')
    assert whole(path) == [RIGHT[0], ("D4", "2026-08-07"), ("D5", "2026-08-07")]


def test_texts_of_the_workbook_that_are_blank_count_nothing() -> None:
    strings = BlankStrings()
    part = (
        b'<sst><si><t>a</t></si><si><t xml:space="preserve"> </t></si>'
        b"<si><r><t> </t></r><r><t>b</t></r></si><si/></sst>"
    )
    pass_by(io.BytesIO(part), strings)
    assert strings.blank == {1, 3}
    made = io.BytesIO()
    cells = (
        b'<row r="2"><c r="A2" t="s"><v>0</v></c><c t="s"><v>1</v></c>'
        b'<c><v>&lt;5</v></c><c r="XFD2" t="s"><v>3</v></c></row>'
    )
    filled = FilledCells(made.write, strings.blank)
    pass_by(io.BytesIO(b'<x:worksheet xmlns:x="u"><sheetData>' + cells + b"</sheetData></x:worksheet>"), filled)
    assert b'<row r="2"><c r="A2" t="s"><v>0</v></c><c r="C2"><v>&lt;5</v></c></row>' in made.getvalue()
    assert str(filled.area) == "2 × 3"


@pytest.mark.parametrize(
    "far",
    [
        _ROW.format(' office:value-type="string"', "<text:p/>"),
        _ROW.format(' office:value-type="string" table:number-columns-repeated="900"', "<text:p> </text:p>"),
        _ROW.format(' table:formula="of:=IF([.A1]=0;&quot;&quot;;1)" office:value-type="string"', ""),
        _ROW.format("", "<office:annotation><text:p>ghi chú</text:p></office:annotation>"),
        _EMPTY.format(9, 16_384),
    ],
)  # fmt: skip
def test_open_documents_with_far_cells_that_hold_nothing(tmp_path: Path, far: str) -> None:
    rows = "".join(
        '<table:table-row><table:table-cell office:value-type="string"><text:p>'
        f'D{n}</text:p></table:table-cell><table:table-cell office:value-type="date" office:date-value="2026-08-0{n}"/>'
        f'<table:table-cell office:value-type="date" office:date-value="2026-08-0{n + 3}"/>'
        f'<table:table-cell office:value-type="float" office:value="1" table:number-columns-repeated="{_WIDE - 3}"/>'
        "</table:table-row>"
        for n in (3, 4, 5)
    )
    empty = '<table:table-row table:number-rows-repeated="1048570"><table:table-cell/></table:table-row>'
    assert whole(open_document(tmp_path / "so.ods", rows + empty + far, _NAMES)) == RIGHT


def test_a_copy_is_made_only_where_it_must_and_goes_away(tmp_path: Path) -> None:
    path = register(tmp_path)
    with Readable(path, "xlsx") as readable:
        assert readable.path == path
    rewritten(path, 'ref="A1:AN4"', 'ref="A:AN"')
    with Readable(path, "xlsx") as readable:
        copy = readable.path
        assert copy != path
        with zipfile.ZipFile(copy) as archive:
            assert b"dimension" not in archive.read(_SHEET)
    assert not copy.exists()


def _corners(path: Path) -> None:
    rewritten(path, "</sheetData>", '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>')


def _filled(path: Path) -> None:
    row = "".join("<c><v>1</v></c>" for _ in range(1_000))
    rewritten(
        path, "</sheetData>", f"<row>{row}</row>" * 400 + '<row r="40000"><c r="A40000"><v>1</v></c></row></sheetData>'
    )


def _repeated(path: Path) -> None:
    cell = ' office:value-type="float" office:value="1" table:number-columns-repeated="1000"'
    open_document(
        path, _ROW.format(cell, "").replace("<table:table-row>", '<table:table-row table:number-rows-repeated="99999">')
    )


def _gap(path: Path) -> None:
    far = _ROW.format(' office:value-type="string"', "<text:p>x</text:p>").replace(
        "<table:table-row>", '<table:table-row><table:table-cell table:number-columns-repeated="999"/>'
    )
    empty = '<table:table-row table:number-rows-repeated="1000000"><table:table-cell/></table:table-row>'
    open_document(path, empty + far)


def _deep(path: Path) -> None:
    rewritten(path, "</sheetData>", "<a>" * 200_000)


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (_corners, "1,048,576 × 16,384"),
        (_filled, "40,000 × 1,000"),
        (_repeated, "100,000 × 1,000"),
        (_gap, "1,000,002 × 1,000"),
        (_deep, "elements within elements"),
    ],
)
def test_what_is_truly_large_is_refused(tmp_path: Path, make: Callable[[Path], None], said: str) -> None:
    path = register(tmp_path)
    make(path)
    with pytest.raises(ImportFailed, match=said):
        read(path, REGISTER)


def test_targets_stop_at_the_limit() -> None:
    row = b'<row r="%d"><c r="XFD%d"><v>1</v></c></row>'
    rows = b"".join(row % (n, n) for n in range(1, MOST_CELLS // 16_384 + 2))
    with pytest.raises(TooMuch):
        pass_by(io.BytesIO(b"<worksheet>" + rows + b"</worksheet>"), FilledCells(lambda _piece: None, set()))


def test_looking_takes_no_memory_however_many_empty_cells_there_are(tmp_path: Path) -> None:
    """A process of its own, since what a process once took it keeps."""
    path = register(tmp_path)
    rewritten(path, "</sheetData>", '<row r="9">' + "<c/>" * 300_000 + "</row>" + "<row/>" * 300_000 + "</sheetData>")
    document = open_document(tmp_path / "so.ods", "<table:table-row/>" * 300_000 + _ROW.format("", "") * 100_000)
    code = (
        "import resource, sys; from pathlib import Path\n"
        "from motcua.importing.sheets.copying import Readable\n"
        "def peak(): return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss\n"
        "before = peak()\n"
        "for name, form in zip(sys.argv[1:], ('xlsx', 'ods')):\n"
        "    Readable(Path(name), form).close()\n"
        "print(peak() - before)\n"
    )
    told = subprocess.run(
        [sys.executable, "-c", code, str(path), str(document)], check=True, capture_output=True, text=True
    )
    assert int(told.stdout) < 24_000, "kilobytes"


def test_the_counting_of_days_is_known_of_a_copy_too(tmp_path: Path) -> None:
    path = register(tmp_path)
    assert not check_workbook(path).wide
    rewritten(path, "<workbookPr", '<workbookPr date1904="1"', "xl/workbook.xml")
    rewritten(path, 'ref="A1:AN4"', 'ref="A:AN"')
    with Readable(path, "xlsx") as readable:
        assert readable.from_1904


def test_open_documents_are_counted_by_what_is_filled() -> None:
    spaces = " ".join(
        f'xmlns:{name[0]}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in ("table", "office")
    )
    first = '<t:table-row><t:table-cell t:number-columns-repeated="7"/><t:table-cell o:value-type="x"/></t:table-row>'
    second = '<t:table-row t:number-rows-repeated="5"><t:table-cell o:value-type="x"/></t:table-row>'
    part = f"<o:x {spaces}><t:table>{first}</t:table><t:table>{second}</t:table></o:x>"
    document = OpenDocument()
    pass_by(io.BytesIO(part.encode()), document)
    assert str(document.area) == "1 × 8"
