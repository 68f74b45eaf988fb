"""What the tests of workbooks share: workbooks made of rows, and the mapping of a register."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
from openpyxl.utils.datetime import CALENDAR_MAC_1904
from openpyxl.worksheet.worksheet import Worksheet

from motcua.importing.mapping.model import FileFormat
from motcua.importing.tables.forms import form_of
from motcua.importing.tables.rows import Row
from motcua.importing.tables.workbook import WorkbookRows

__all__ = ["HEAD", "REGISTER", "Fill", "open_document", "rewritten", "rows", "sheet_of", "workbook", "workbook_1904"]

Fill = Callable[[Worksheet], None]

#: A mapping of a register of dossiers; its formats are those of texts, not of typed cells.
REGISTER = """\
source: so
row: dossier
dossier: "{Mã}"
formats: "%d/%m/%Y"
entries:
  - type: dossier.accepted
    time: "{Nhận}"
    data: {unit: U, channel: direct, promised_due: "{Hẹn}"}
"""
HEAD = ["Mã", "Nhận", "Hẹn"]


def sheet_of(*given: list[Any]) -> Fill:
    """Fills a sheet with rows."""

    def fill(sheet: Worksheet) -> None:
        for row in given:
            sheet.append(row)

    return fill


def workbook(path: Path, **sheets: Fill) -> Path:
    """A workbook with these sheets."""
    return _filled(openpyxl.Workbook(), path, sheets)


def workbook_1904(path: Path, **sheets: Fill) -> Path:
    """The same, counting its days from 1904."""
    book = openpyxl.Workbook()
    book.epoch = CALENDAR_MAC_1904
    return _filled(book, path, sheets)


def _filled(book: openpyxl.Workbook, path: Path, sheets: dict[str, Fill]) -> Path:
    book.remove(book.active)
    for name, fill in sheets.items():
        fill(book.create_sheet(name))
    book.save(path)
    return path


def rewritten(path: Path, old: str, new: str, part: str = "xl/worksheets/sheet1.xml") -> Path:
    """A workbook in whose part something else is written."""
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    assert old.encode() in parts[part], parts[part]
    parts[part] = parts[part].replace(old.encode(), new.encode())
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return path


def open_document(path: Path, table: str, head: list[str] = HEAD) -> Path:
    """An OpenDocument workbook with one sheet: its heading, then rows as they are given."""
    names = ("office", "table", "text")
    spaces = " ".join(f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in names)
    heading = "".join(
        f'<table:table-cell office:value-type="string"><text:p>{name}</text:p></table:table-cell>' for name in head
    )
    content = (
        f"<office:document-content {spaces}><office:body><office:spreadsheet>"
        f'<table:table table:name="so"><table:table-row>{heading}</table:table-row>{table}</table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("META-INF/manifest.xml", "<x/>")
        archive.writestr("content.xml", content)
    return path


def rows(path: Path, named: list[str] | None = None, **written: Any) -> tuple[WorkbookRows, list[list[str]]]:
    """A workbook that was read, and its cells."""
    made = WorkbookRows(path, form_of(path), FileFormat.model_validate(written), named)
    return made, [row.cells for row in made if isinstance(row, Row)]
