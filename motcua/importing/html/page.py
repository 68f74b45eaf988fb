"""The rows of all tables of a web page, as a stream: cells with their texts and spans. Knows no columns.

A table within a cell is a table of its own, and its text is also that of the cell around it. Memory holds one row of
each table that is open.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final
from unicodedata import normalize

from lxml import etree

from motcua.importing.html.stored import number_formats, stored_text
from motcua.importing.reasons import ImportFailed
from motcua.importing.tables.source import DataFile, reading

__all__ = ["LONGEST_CELL", "MOST_CELLS", "Cell", "TableRow", "page_rows"]

#: Characters of a cell, as in spreadsheets; columns of a row.
LONGEST_CELL: Final = 32_767
MOST_CELLS: Final = 16_384
#: Spans that HTML allows.
_MOST_COLUMNS, _MOST_ROWS = 1_000, 65_534
_CHUNK: Final = 65_536
_MOST_STYLES: Final = 1 << 20
#: Tables within tables whose cells take the text of those inside.
_DEEPEST: Final = 8
#: Elements whose text nobody sees.
_UNSEEN: Final = frozenset({"script", "style", "template", "title", "select", "textarea"})
#: Elements that begin on a line of their own, or end one.
_BREAKS: Final = frozenset({"br", "p", "div", "li", "tr", "td", "th", "h1", "h2", "h3", "h4", "h5", "h6", "hr"})
_HIDDEN: Final = re.compile(r"(?:display\s*:\s*none|mso-hide\s*:\s*all)", re.IGNORECASE)
#: Stands after the last letter of the file: what is open there was cut off.
_END: Final = "end-of-file-reached"


@dataclass(slots=True)
class Cell:
    """A cell of a row, with the columns and rows it spans."""

    text: str
    columns: int = 1
    rows: int = 1


@dataclass(slots=True)
class TableRow:
    """A row of a table; table and row are counted from 0, a fault is the code of why it cannot be used."""

    table: int
    row: int
    cells: list[Cell]
    fault: str | None = None


@dataclass(slots=True)
class _OpenCell:
    attributes: dict[str, str]
    pieces: list[str] = field(default_factory=list)
    length: int = 0


@dataclass(slots=True)
class _OpenTable:
    number: int
    rows: int = 0
    #: The row and the cell that are open.
    row: TableRow | None = None
    cell: _OpenCell | None = None


class _Page:
    """Takes the elements of a page as the parser meets them; finished rows are in `done`."""

    def __init__(self) -> None:
        self.done: list[TableRow] = []
        self.from_1904 = False
        self.complete = False
        self.cut = False
        self._open: list[_OpenTable] = []
        self._tables = 0
        #: Elements open within one that nobody sees, itself counted.
        self._unseen = 0
        self._styling = False
        self._styles = ""
        self._formats: dict[str, str] = {}

    def start(self, tag: str, attributes: Any) -> None:
        """An element begins."""
        if tag == _END:
            self.complete = True
            self.cut = any(table.cell is not None for table in self._open)
        elif self._unseen or tag in _UNSEEN or (tag not in _CELLS and _HIDDEN.search(attributes.get("style", ""))):
            self._hide(tag)
        elif tag == "table":
            self._open.append(_OpenTable(self._tables))
            self._tables += 1
        elif tag == "tr":
            self._row()
        elif tag in ("td", "th"):
            self._cell(attributes)
        elif tag in _BREAKS:
            self._text(" ")
        elif tag == "x:date1904":
            self.from_1904 = True

    def end(self, tag: str) -> None:
        """An element ends."""
        if self._unseen:
            self._unseen -= 1
            if tag == "style" and self._styling:
                self._formats |= number_formats(self._styles)
                self._styling, self._styles = False, ""
        elif not self._open:
            return
        elif tag in ("td", "th"):
            self._end_cell()
        elif tag in ("tr", "thead", "tbody", "tfoot"):
            self._end_row()
        elif tag == "table":
            self._end_row()
            self._open.pop()
        elif tag in _BREAKS:
            self._text(" ")

    def data(self, text: str) -> None:
        """Text of the element that is open."""
        if self._styling:
            if len(self._styles) < _MOST_STYLES:
                self._styles += text
        elif not self._unseen:
            self._text(text)

    def comment(self, text: str) -> None:
        """A comment; settings of the spreadsheet stand in some."""
        self.from_1904 = self.from_1904 or "<x:Date1904" in text

    def close(self) -> None:
        """The page has ended."""
        while self._open:
            self._end_row()
            self._open.pop()

    def _hide(self, tag: str) -> None:
        self._styling = self._styling or (tag == "style" and not self._unseen)
        self._unseen += 1

    def _text(self, text: str) -> None:
        for table in self._open[-_DEEPEST:]:
            cell = table.cell
            if cell is not None and cell.length <= LONGEST_CELL:
                cell.pieces.append(text)
                # A run of blanks is one.
                cell.length += len(text) if len(text) == 1 else len(" ".join(text.split())) + 1

    def _row(self) -> TableRow:
        if not self._open:
            # Some software leaves out the table around its rows.
            self._open.append(_OpenTable(self._tables))
            self._tables += 1
        table = self._open[-1]
        self._end_row()
        table.row = TableRow(table.number, table.rows, [])
        table.rows += 1
        return table.row

    def _cell(self, attributes: Any) -> None:
        if not self._open or self._open[-1].row is None:
            self._row()
        self._end_cell()
        self._open[-1].cell = _OpenCell(dict(attributes))

    def _end_cell(self) -> None:
        table = self._open[-1]
        cell, row, table.cell = table.cell, table.row, None
        if cell is None or row is None:
            return
        if cell.length > LONGEST_CELL:
            row.fault = "html_cell_too_long"
        shown = " ".join("".join(cell.pieces).split())
        text = stored_text(shown, cell.attributes, self._formats, from_1904=self.from_1904)
        if not text.isascii():
            # A byte that was no text is refused with its cell, as in any other table.
            text = normalize("NFC", text).replace("\ufffd", "\udcff")
        columns, rows = _span(cell.attributes, "colspan", _MOST_COLUMNS), _span(cell.attributes, "rowspan", _MOST_ROWS)
        if len(row.cells) < MOST_CELLS:
            row.cells.append(Cell(text, max(columns, 1), rows or _MOST_ROWS))
        else:
            row.fault = "html_row_too_wide"

    def _end_row(self) -> None:
        self._end_cell()
        table = self._open[-1]
        if table.row is not None:
            self.done.append(table.row)
            table.row = None


_CELLS: Final = frozenset({"table", "thead", "tbody", "tfoot", "tr", "td", "th", "html", "body"})


def _span(attributes: dict[str, str], name: str, most: int) -> int:
    text = attributes.get(name, "1").strip()
    return min(int(text), most) if text.isascii() and text.isdigit() and len(text) < 10 else 1


def page_rows(data: DataFile, encoding: str) -> Iterator[tuple[TableRow, bool]]:
    """The rows of all tables, each where it ends, and whether days are counted from 1904.

    Args:
        data: the file, at its beginning.
        encoding: as `page_encoding` tells it.

    Raises:
        ImportFailed: the file is damaged, went away, or breaks off within a cell; after what could be read.
    """
    decoder = codecs.getincrementaldecoder(encoding)("replace")
    page = _Page()
    parser = etree.HTMLParser(target=page, remove_pis=True, no_network=True)
    try:
        while True:
            with reading(data.path):
                chunk = data.content.read(_CHUNK)
            text = decoder.decode(chunk, not chunk)
            if text:
                parser.feed(text)
            rows, page.done = page.done, []
            yield from ((row, page.from_1904) for row in rows)
            if not chunk:
                break
        parser.feed(f"<{_END}>")
        cut = page.cut
        kept = len(page.done)
        parser.close()
    except etree.XMLSyntaxError as error:
        raise ImportFailed("file_broken", file=str(data.path), reason=" ".join(str(error).split())) from error
    cut = cut or (not page.complete and len(page.done) > kept)
    yield from ((row, page.from_1904) for row in (page.done[:kept] if cut else page.done))
    if cut:
        raise ImportFailed("file_broken", file=str(data.path), reason="</table>")
