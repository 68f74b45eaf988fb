"""Sheets of OpenDocument workbooks (.ods): how much is filled, and the document copied with its filled cells only.

A repeated cell or row counts as often as it is repeated where it holds something. Empty ones count as far as they
stand before something that is filled, since the reader of workbooks gives each of them its place.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from typing import Any, Final
from xml.sax.saxutils import escape, quoteattr

from motcua.importing.sheets.area import Area

__all__ = ["OpenDocument"]

_SPACE: Final = re.compile(r"urn:oasis:names:tc:opendocument:xmlns:(office|table|text|style|number):1\.0")
_SPACES: Final = "".join(
    f' xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
    for name in ("office", "table", "text", "style", "number")
)
_CELLS: Final = frozenset({"table:table-cell", "table:covered-table-cell"})
_REPEATED_COLUMNS, _REPEATED_ROWS = "table:number-columns-repeated", "table:number-rows-repeated"


class OpenDocument:
    """Counts what is filled in the largest sheet, and copies the document if wanted.

    Args:
        write: takes pieces of the copy; None: only count.
        strict: whether empty texts count as what they are, empty; the reader of workbooks takes them for filled.

    Raises:
        TooMuch: the filled cells of a sheet span more than memory takes.
    """

    def __init__(self, write: Callable[[bytes], object] | None = None, *, strict: bool = True) -> None:
        self.area = Area()
        self._write = write
        self._strict = strict
        self._begun = False
        self._rows = self._pending = 0
        self._table = Area()
        #: Of the row that is read: its attributes, its pieces, its width so far, and the empty cells that wait.
        self._row: dict[str, str] | None = None
        self._cells: list[str] = []
        self._column = self._width = self._empty = 0
        #: Of the cell that is read: how deep its elements are, what it says, whether it is filled.
        self._depth = self._aside = 0
        self._cell: dict[str, str] = {}
        self._pieces: list[str] = []
        self._filled = False

    def start(self, tag: str, attributes: Any) -> None:
        """An element begins."""
        name = _named(tag)
        if self._depth:
            self._depth += 1
            self._aside += name == "office:annotation" or bool(self._aside)
            self._piece(_opening(name, _plain(attributes)) if name else "")
        elif self._row is not None and name in _CELLS:
            self._cell = _plain(attributes)
            self._depth, self._aside = 1, 0
            kind = next((value for key, value in attributes.items() if key.endswith("}value-type")), "")
            text = self._cell.get("office:string-value", "")
            formula = "table:formula" in self._cell
            self._filled = bool(text.strip()) or kind not in ("", "string")
            if not self._strict:
                self._filled = bool(kind) or formula
            self._pieces = []
        elif name == "table:table-row":
            self._row = _plain(attributes)
            self._cells = []
            self._column = self._width = self._empty = 0
        elif name:
            if name == "table:table":
                self._rows, self._pending, self._table = 0, 0, Area()
            self._out(_opening(name, _plain(attributes), "" if self._begun else _SPACES))
            self._begun = True

    def data(self, text: str) -> None:
        """A text, or a piece of one."""
        if self._depth:
            if not self._aside and not text.isspace():
                self._filled = True
            self._piece(escape(text))
        elif self._row is None:
            self._out(escape(text))

    def end(self, tag: str) -> None:
        """An element ends."""
        name = _named(tag)
        if self._depth > 1:
            self._depth -= 1
            self._aside -= bool(self._aside)
            self._piece(f"</{name}>" if name else "")
        elif self._depth:
            self._depth = 0
            self._end_cell(name)
        elif name == "table:table-row":
            self._end_row()
        elif name and self._row is None:
            self._out(f"</{name}>")

    def _end_cell(self, name: str) -> None:
        times = _times(self._cell.get(_REPEATED_COLUMNS))
        self._column += times
        if not self._filled:
            self._empty += times
            return
        self._width = self._column
        if self._write is not None:
            if self._empty:
                self._cells.append(f'<table:table-cell {_REPEATED_COLUMNS}="{self._empty}"/>')
            self._cells.append(f"{_opening(name, self._cell)}{''.join(self._pieces)}</{name}>")
        self._empty = 0

    def _end_row(self) -> None:
        row, self._row = self._row or {}, None
        times = _times(row.get(_REPEATED_ROWS))
        if not self._width:
            self._pending += times
            return
        self._rows += self._pending + times
        if self._pending:
            self._out(f'<table:table-row {_REPEATED_ROWS}="{self._pending}"><table:table-cell/></table:table-row>')
        self._pending = 0
        self._table.fill(self._rows, self._width)
        self.area = max(self.area, self._table, key=lambda one: one.rows * one.columns)
        self._out(f"{_opening('table:table-row', row)}{''.join(self._cells)}</table:table-row>")

    def _piece(self, text: str) -> None:
        if self._write is not None:
            self._pieces.append(text)

    def _out(self, text: str) -> None:
        if self._write is not None:
            self._write(text.encode())

    def close(self) -> None:
        """The part has ended."""


@lru_cache(maxsize=4_096)
def _named(tag: str) -> str:
    """A tag with the usual prefix of its namespace; "" for those of no account."""
    space, _, name = tag[1:].rpartition("}")
    found = _SPACE.fullmatch(space)
    return f"{found[1]}:{name}" if found is not None else ""


def _plain(attributes: Any) -> dict[str, str]:
    return {name: value for tag, value in attributes.items() if (name := _named(tag))}


def _opening(name: str, attributes: dict[str, str], more: str = "") -> str:
    told = "".join(f" {key}={quoteattr(value)}" for key, value in attributes.items())
    return f"<{name}{more}{told}>"


def _times(text: str | None) -> int:
    return int(text) if text is not None and text.isdigit() else 1
