"""Rows of a workbook's sheets (.xlsx, .xls, .ods), with the cells as the office stored them. Knows no mapping values.

Formulas give the value that was stored with them, and cells with an error (#N/A) are empty. A cell that is merged
downwards holds for each of its rows. A sheet is built in memory as a whole; see workbook_limits.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any

from python_calamine import (
    CalamineSheet,
    CalamineWorkbook,
    PasswordError,
    SheetTypeEnum,
    SheetVisibleEnum,
    load_workbook,
)

from motcua.importing.mapping.model import FileFormat
from motcua.importing.mapping.similar import did_you_mean
from motcua.importing.mapping.templates import clean_name
from motcua.importing.reasons import ImportFailed, Reason, Refused
from motcua.importing.sheets.copying import Readable
from motcua.importing.tables.cells import LostDigits, cell_text
from motcua.importing.tables.forms import Form
from motcua.importing.tables.header import MOST_SHEETS, Header, Places
from motcua.importing.tables.heading import Merge, column_names
from motcua.importing.tables.rows import Row

__all__ = ["ALL_SHEETS", "WorkbookRows", "beginnings"]

ALL_SHEETS = "*"
#: Rows above a heading that may be empty without being counted in header_line.
_MOST_ABOVE = 1_000


@dataclass(slots=True)
class _Sheet:
    """A sheet that is read: its place among all, where its data begin, and which of its columns are wanted where."""

    index: int
    cells: CalamineSheet
    first_row: int
    columns: list[str]
    merges: list[Merge]
    places: list[int] = field(default_factory=list)


class WorkbookRows:
    """The rows of the wanted sheets, one after the other. Opening it reads their headings.

    Args:
        named: the columns that every sheet must have; None: whatever the first one has.

    Raises:
        ImportFailed: the workbook cannot be read, is locked or too large, or has no such sheet.
    """

    def __init__(self, path: Path, form: Form, written: FileFormat, named: Sequence[str] | None) -> None:
        self._path = path
        self._format = written
        self.blank = 0
        self._read = self._height = 0
        try:
            self.size = path.stat().st_size
        except OSError as error:
            raise ImportFailed("file_away", file=str(path), reason=error.strerror or str(error)) from error
        # Sheets are built when they are opened, and then stand in memory: what they were read from may go.
        with Readable(path, form) as readable:
            self._book: CalamineWorkbook = _guarded(path, lambda: load_workbook(readable.path))
            self._open(named, from_1904=readable.from_1904)

    def _open(self, named: Sequence[str] | None, *, from_1904: bool) -> None:
        path = self._path
        names = [clean_name(name) for name in self._book.sheet_names]
        if len(names) > MOST_SHEETS:
            raise ImportFailed("workbook_too_large", file=str(path), what=str(len(names)), limit=str(MOST_SHEETS))
        #: Sheets with data that are not read, by name.
        self.left: list[str] = []
        self._names = names
        self._sheets = self._chosen(named)
        self.header = Header(self._sheets[0].columns, places=Places(tuple(names)), epoch_1904=from_1904)
        for sheet in self._sheets:
            sheet.places = _positions(sheet.columns, self.header.columns)
            self._height += _rows_of(sheet.cells)

    @property
    def notes(self) -> tuple[Reason, ...]:
        """What people should know of how the workbook was read."""
        return (Reason("sheets_left", {"sheets": ", ".join(self.left)}),) if self.left else ()

    @property
    def position(self) -> int:
        """About how many bytes of the file were read, by the share of its rows."""
        return self.size * self._read // max(self._height, 1)

    def close(self) -> None:
        """Let go of the sheets."""
        self._sheets = []

    def _chosen(self, named: Sequence[str] | None) -> list[_Sheet]:
        wanted = self._format.sheet
        if wanted is not None and wanted != [ALL_SHEETS]:
            sheets = [self._opened(self._index(clean_name(one))) for one in wanted]
            given = [sheet for sheet in sheets if sheet is not None]
            if len(given) < len(sheets):
                raise ImportFailed("file_empty", file=str(self._path), line=self._format.header_line)
            for sheet in given[1:]:
                lacking = _lacking(sheet.columns, given[0].columns if named is None else named)
                if lacking is not None:
                    raise ImportFailed("sheet_differs", sheet=self._names[sheet.index], column=lacking)
            return given
        found = [opened for place in _visible(self._book) if (opened := self._opened(place)) is not None]
        if not found:
            raise ImportFailed("no_sheet", file=str(self._path))
        fitting: list[_Sheet] = found[:1]
        if wanted is not None:
            needed = found[0].columns if named is None else named
            fitting = [sheet for sheet in found if _lacking(sheet.columns, needed) is None] or fitting
        self.left = [self._names[sheet.index] for sheet in found if sheet not in fitting]
        return fitting

    def _index(self, wanted: str) -> int:
        if wanted in self._names:
            return self._names.index(wanted)
        if wanted.isdigit() and 1 <= int(wanted) <= len(self._names):
            return int(wanted) - 1
        hint, sheets = did_you_mean(wanted, self._names), ", ".join(self._names)
        raise ImportFailed("no_such_sheet", file=str(self._path), sheet=wanted, hint=hint, sheets=sheets)

    def _opened(self, index: int) -> _Sheet | None:
        """A sheet with its heading; None if it holds nothing."""
        cells, merges = _cells(self._path, self._book, index)
        start = self._format.header_line - 1
        rows = ([cell_text(cell) for cell in row] for row in islice(cells.iter_rows(), start, start + _MOST_ABOVE))
        if self._format.columns is not None:
            names = [clean_name(name) for name in self._format.columns]
            return _Sheet(index, cells, start, names, merges) if next(rows, None) is not None else None
        heading: list[list[str]] = []
        for row in rows:
            if not heading and not any(cell.strip() for cell in row):
                start += 1
                continue
            heading.append(row)
            if len(heading) == self._format.header_rows:
                break
        names = column_names(heading, start, merges)
        while names and not names[-1]:
            names.pop()
        return _Sheet(index, cells, start + len(heading), names, merges) if names else None

    def __iter__(self) -> Iterator[Row | Refused]:
        """Rows with content, sheet by sheet, each with its own number in its sheet.

        Raises:
            ImportFailed: the sheet cannot be read to its end.
        """
        number = before = 0
        for sheet in self._sheets:
            merged = _Merged(sheet.merges)
            rows = _guarded(self._path, sheet.cells.iter_rows)
            for row, cells in enumerate(rows):
                self._read = before + row + 1
                if row < sheet.first_row:
                    merged.fill(row, cells)
                    continue
                # What only a merged cell from above would fill is no row of the table.
                content = any(cell != "" and not (isinstance(cell, str) and cell.isspace()) for cell in cells)
                merged.fill(row, cells)
                if not content:
                    self.blank += 1
                    continue
                number += 1
                yield _row(number, Places.of(sheet.index, row + 1), cells, sheet.places)
            before += _rows_of(sheet.cells)


def beginnings(path: Path, form: Form, most: int = 40) -> list[tuple[str, list[list[str]], list[Merge]]]:
    """Of each visible sheet with data its name, its first rows and its merged cells.

    Raises:
        ImportFailed: the workbook cannot be read, is locked or too large.
    """
    found = []
    with Readable(path, form) as readable:
        book: CalamineWorkbook = _guarded(path, lambda: load_workbook(readable.path))
        for place in _visible(book):
            cells, merges = _cells(path, book, place)
            rows = [[cell_text(cell) for cell in row] for row in islice(cells.iter_rows(), most)]
            if any(cell.strip() for row in rows for cell in row):
                found.append((book.sheet_names[place], rows, merges))
    return found


def _visible(book: CalamineWorkbook) -> list[int]:
    return [
        place
        for place, told in enumerate(book.sheets_metadata)
        if told.visible == SheetVisibleEnum.Visible and told.typ == SheetTypeEnum.WorkSheet
    ]


def _cells(path: Path, book: CalamineWorkbook, index: int) -> tuple[CalamineSheet, list[Merge]]:
    cells: CalamineSheet = _guarded(path, lambda: book.get_sheet_by_index(index))
    # The reader gives rows from the sheet's first, but columns from the first with content. What is merged from a
    # column before that one shows the content of an empty cell.
    edge = cells.start[1] if cells.start is not None else 0
    merges = [
        (top, left - edge, bottom, right - edge)
        for (top, left), (bottom, right) in _guarded(path, lambda: cells.merged_cell_ranges) or ()
        if left >= edge
    ]
    return cells, merges


def _rows_of(cells: CalamineSheet) -> int:
    return 0 if cells.end is None else cells.end[0] + 1


def _row(number: int, line: int, cells: list[Any], places: list[int]) -> Row:
    width = len(cells)
    texts = [cell_text(cells[place]) if 0 <= place < width else "" for place in places]
    return Row(number, line, line, texts, any(type(text) is LostDigits for text in texts))


class _Merged:
    """Cells merged downwards, given to the rows below them as they come."""

    def __init__(self, merges: Sequence[Merge]) -> None:
        self._begins: dict[int, list[Merge]] = {}
        for merge in merges:
            if merge[2] > merge[0]:
                self._begins.setdefault(merge[0], []).append(merge)
        self._held: dict[int, tuple[int, Any]] = {}

    def fill(self, row: int, cells: list[Any]) -> None:
        """Fill a row's empty cells from the merged cells they belong to; rows come in their order."""
        for _, left, bottom, _ in self._begins.pop(row, ()):
            if left < len(cells):
                self._held[left] = (bottom, cells[left])
        for column, (last, value) in [*self._held.items()] if self._held else ():
            if row > last:
                del self._held[column]
            elif cells[column] == "":
                cells[column] = value


def _positions(columns: Sequence[str], wanted: Sequence[str]) -> list[int]:
    """Where each wanted column stands in a sheet; -1 where it does not. The same columns stand where they stand."""
    if list(columns) == list(wanted):
        return list(range(len(wanted)))
    where = {name: place for place, name in reversed([*enumerate(columns)])}
    return [where.get(name, -1) if name else -1 for name in wanted]


def _lacking(columns: Sequence[str], named: Sequence[str]) -> str | None:
    return next((name for name in named if name and columns.count(name) != 1), None)


def _guarded(path: Path, read: Any) -> Any:
    """What the reader of workbooks gives; whatever goes wrong in it is a sentence."""
    try:
        return read()
    except PasswordError as error:
        raise ImportFailed("workbook_locked", file=str(path)) from error
    except (KeyboardInterrupt, SystemExit, MemoryError):
        raise
    except BaseException as error:
        # The reader is a native library: on a damaged file it may end in a panic, which is no Exception.
        reason = str(error).partition("\n")[0] or type(error).__name__
        raise ImportFailed("workbook_broken", file=str(path), reason=reason) from error
