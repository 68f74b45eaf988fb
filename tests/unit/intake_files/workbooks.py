"""What the tests of workbooks share: workbooks made of rows, and the mapping of a register."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
from openpyxl.utils.datetime import CALENDAR_MAC_1904
from openpyxl.worksheet.worksheet import Worksheet

from services.intake.files.forms import form_of
from services.intake.files.mapping_model import FileFormat
from services.intake.files.rows import Row
from services.intake.files.workbook import WorkbookRows

__all__ = ["HEAD", "REGISTER", "Fill", "rows", "sheet_of", "workbook", "workbook_1904"]

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


def rows(path: Path, named: list[str] | None = None, **written: Any) -> tuple[WorkbookRows, list[list[str]]]:
    """A workbook that was read, and its cells."""
    made = WorkbookRows(path, form_of(path), FileFormat.model_validate(written), named)
    return made, [row.cells for row in made if isinstance(row, Row)]
