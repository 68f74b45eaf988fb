"""Sheets of Office Open workbooks (.xlsx), copied with their filled cells only.

Left out are cells that only have a style, and those whose value is an empty text, blanks or an error: each of them
reads as empty anyway. What the sheet says of its own size is left out too: it may be wrong, and nobody needs it.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from typing import Any, Final
from xml.sax.saxutils import escape, quoteattr

from motcua.importing.sheets.area import Area

__all__ = ["BlankStrings", "FilledCells", "NoSheet"]

_PLACE: Final = re.compile(r"([A-Za-z]{1,3})([1-9][0-9]{0,6})")
_RANGE: Final = re.compile(r"[A-Za-z]{1,3}[1-9][0-9]{0,6}:[A-Za-z]{1,3}[1-9][0-9]{0,6}")
_MAIN: Final = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
#: Blank shared texts that are remembered; beyond it they count as filled.
_MOST_BLANK: Final = 1_000_000


class NoSheet(Exception):  # noqa: N818 (nothing is wrong: the part is copied as it is)
    """The part is no sheet of cells."""


class BlankStrings:
    """Which of a workbook's shared texts are empty or blanks, by number."""

    def __init__(self) -> None:
        self.blank: set[int] = set()
        self._number = -1
        self._filled = self._in_text = False
        self._aside = 0

    def start(self, tag: str, _attributes: Any) -> None:
        """An element begins."""
        name = _local(tag)
        if name == "si":
            self._number += 1
            self._filled = False
        elif name == "rPh":
            self._aside += 1
        self._in_text = name == "t"

    def end(self, tag: str) -> None:
        """An element ends."""
        name = _local(tag)
        self._in_text = False
        if name == "rPh":
            self._aside -= 1
        elif name == "si" and not self._filled and len(self.blank) < _MOST_BLANK:
            self.blank.add(self._number)

    def data(self, text: str) -> None:
        """A text, or a piece of one."""
        if self._in_text and not self._aside and not text.isspace():
            self._filled = True

    def close(self) -> None:
        """The part has ended."""


class FilledCells:
    """Writes a sheet anew with its filled cells and its merged ones.

    Args:
        write: takes pieces of the new sheet.
        blank: numbers of the shared texts that are blank.

    Raises:
        NoSheet: with its first element, if the part is none.
        TooMuch: the filled cells span more than memory takes.
    """

    def __init__(self, write: Callable[[bytes], object], blank: set[int]) -> None:
        self.area = Area()
        self._write = write
        self._blank = blank
        self._begun = False
        self._row = self._column = 0
        self._merges: list[str] = []
        #: The attributes of the cell that is being read, and the pieces of its text.
        self._cell: dict[str, str] | None = None
        self._pieces: list[str] = []
        self._in_value = False
        self._aside = 0
        self._row_written = 0

    def start(self, tag: str, attributes: Any) -> None:
        """An element begins."""
        name = _local(tag)
        if not self._begun:
            if name != "worksheet":
                raise NoSheet
            self._begun = True
            self._write(f'<worksheet xmlns="{_MAIN}"><sheetData>'.encode())
        elif name == "c":
            self._begin_cell(attributes)
        elif name == "row":
            number = attributes.get("r", "")
            self._row = int(number) if number.isdigit() else self._row + 1
            self._column = 0
        elif name == "mergeCell":
            place = attributes.get("ref", "")
            if _RANGE.fullmatch(place):
                self._merges.append(place)
        elif self._cell is not None:
            self._aside += name == "rPh"
            self._in_value = name in ("v", "t") and not self._aside

    def _begin_cell(self, attributes: Any) -> None:
        place = _PLACE.fullmatch(attributes.get("r", ""))
        if place is None:
            self._column += 1
        else:
            self._column, self._row = _number_of(place[1]), int(place[2])
        self._cell = {name: attributes[name] for name in ("s", "t") if name in attributes}
        self._pieces = []

    def data(self, text: str) -> None:
        """A text, or a piece of one."""
        if self._in_value:
            self._pieces.append(text)

    def end(self, tag: str) -> None:
        """An element ends."""
        name = _local(tag)
        self._in_value = False
        if name == "c" and self._cell is not None:
            cell, self._cell = self._cell, None
            self._take(cell, "".join(self._pieces))
        elif name == "rPh" and self._aside:
            self._aside -= 1

    def _take(self, cell: dict[str, str], text: str) -> None:
        kind = cell.get("t", "n")
        if not text.strip() or kind == "e" or (kind == "s" and text.strip().isdigit() and int(text) in self._blank):
            return
        self.area.fill(self._row, self._column)
        if self._row != self._row_written:
            self._write(f'{"</row>" if self._row_written else ""}<row r="{self._row}">'.encode())
            self._row_written = self._row
        place = f"{_letters_of(self._column)}{self._row}"
        told = "".join(f" {name}={quoteattr(value)}" for name, value in cell.items())
        inner = escape(text)
        value = f'<is><t xml:space="preserve">{inner}</t></is>' if kind == "inlineStr" else f"<v>{inner}</v>"
        self._write(f'<c r="{place}"{told}>{value}</c>'.encode())

    def close(self) -> None:
        """The part has ended: so does the new one."""
        self._write(f"{'</row>' if self._row_written else ''}</sheetData>".encode())
        if self._merges:
            self._write(f'<mergeCells count="{len(self._merges)}">'.encode())
            for place in self._merges:
                self._write(f'<mergeCell ref="{place}"/>'.encode())
            self._write(b"</mergeCells>")
        self._write(b"</worksheet>")


@lru_cache(maxsize=4_096)
def _local(tag: str) -> str:
    return tag.rpartition("}")[2]


def _number_of(letters: str) -> int:
    number = 0
    for letter in letters.upper():
        number = 26 * number + ord(letter) - 64
    return number


def _letters_of(number: int) -> str:
    letters = ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters
