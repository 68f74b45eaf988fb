"""What is known of a table before its rows: columns, how it is written, how its rows are named to people. Pure.

A row's place is one number. In a workbook it holds the sheet and the row of the sheet, so that everything which keeps
or sorts places need not know of sheets.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

__all__ = ["MOST_ROWS", "MOST_SHEETS", "Header", "Places"]

_ROW_BITS = 21
#: Rows of a sheet and sheets of a workbook that places can name; both fit into 32 bits together.
MOST_ROWS, MOST_SHEETS = (1 << _ROW_BITS) - 1, 1 << 11


@dataclass(frozen=True, slots=True)
class Places:
    """How the places of rows are told: lines of a file, or rows of the sheets named here."""

    sheets: tuple[str, ...] = ()

    @staticmethod
    def of(sheet: int, row: int) -> int:
        """The place of a row (from 1) in a sheet (from 0)."""
        return sheet << _ROW_BITS | row

    def sheet(self, place: int) -> str:
        """The sheet's name; "" for a file without sheets."""
        return self.sheets[place >> _ROW_BITS] if self.sheets else ""

    def row(self, place: int) -> int:
        """The row in its sheet, or the line of the file."""
        return place & MOST_ROWS if self.sheets else place

    def text(self, place: int) -> str:
        """Such as `7`, or `Tháng 8!7`."""
        return f"{self.sheet(place)}!{self.row(place)}" if self.sheets else str(place)


@dataclass(frozen=True, slots=True)
class Header:
    """A table's columns, and what else decides how its cells are read.

    Args:
        encoding, delimiter: of a CSV file; named where a mapping does not fit.
        epoch_1904: whether the workbook counts days from 1904.
    """

    columns: Sequence[str]
    encoding: str = "utf-8"
    delimiter: str = ","
    places: Places = field(default_factory=Places)
    epoch_1904: bool = False
