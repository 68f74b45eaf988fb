"""How much of a sheet is filled, held against what memory takes. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from motcua.importing.tables.header import MOST_ROWS

__all__ = ["MOST_CELLS", "Area", "TooMuch"]

#: Cells of the area that a sheet's filled cells span, rows times columns.
MOST_CELLS: Final = 32_000_000


class TooMuch(Exception):  # noqa: N818 (told as a sentence by whoever knows the file)
    """The filled cells of a sheet span more than memory takes."""


@dataclass(slots=True)
class Area:
    """Rows and columns that filled cells span, counted from the sheet's first cell."""

    rows: int = 0
    columns: int = 0

    @property
    def too_large(self) -> bool:
        """Whether it is more than memory takes, or than rows can be named."""
        return self.rows > MOST_ROWS or self.rows * self.columns > MOST_CELLS

    def fill(self, row: int, column: int) -> None:
        """Take a filled cell (or the last of several), from 1.

        Raises:
            TooMuch: the area has become too large.
        """
        self.rows, self.columns = max(self.rows, row), max(self.columns, column)
        if self.too_large:
            raise TooMuch(str(self))

    def __str__(self) -> str:
        """Such as `1,048,576 × 40`."""
        return f"{self.rows:,} × {self.columns:,}"
