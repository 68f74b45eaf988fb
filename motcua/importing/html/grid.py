"""Where the cells of a table stand once spans are laid out, and which rows are no data. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from motcua.importing.html.page import MOST_CELLS, Cell, TableRow
from motcua.importing.tables.heading import Merge

__all__ = ["Grid", "Laid", "group_name", "is_numbering"]

#: The number of a group, alone in its cell; and a group's name that begins with one.
_NUMBER: Final = re.compile(r"(?:[IVXLCDM]+|[A-ZĐ]|[0-9]+(?:\.[0-9]+)*)[.)]?")
_NUMBERED: Final = re.compile(r"(?:[IVXLC]+|[A-ZĐ]|[0-9]{1,2})[.)]\s+\S")
#: A column's number under the heading, such as (3) or (5)=(3)+(4).
_COLUMN: Final = re.compile(r"[(\[]?\s*([0-9]{1,2}|[A-ZĐ])\s*[)\]]?(?:\s*=.*)?")


@dataclass(slots=True)
class Laid:
    """A row laid out: the texts that begin in it, those that reach down into it as well, and its spans."""

    own: list[str]
    texts: list[str]
    merges: list[Merge]
    #: Columns that a text's cell spans, by the column where it begins.
    spans: dict[int, int]
    fault: str | None = None


class Grid:
    """Lays out the rows of one table, which come in their order."""

    def __init__(self) -> None:
        #: By column: the last row that a cell from above reaches, and its text.
        self._held: dict[int, tuple[int, str]] = {}

    def laid(self, row: TableRow) -> Laid:
        """Lay out the next row."""
        held = self._held
        for column in [column for column, (last, _) in held.items() if last < row.row]:
            del held[column]
        above = dict(held)
        made = Laid([], [], [], {}, row.fault)
        column = 0
        for cell in row.cells:
            while column in above:
                column += 1
            if column + cell.columns > MOST_CELLS:
                made.fault = "html_row_too_wide"
                break
            self._put(made, row.row, column, cell)
            column += cell.columns
        width = max([len(made.own), *(place + 1 for place in above)])
        made.own += [""] * (width - len(made.own))
        made.texts = made.own[:]
        for place, (_, text) in above.items():
            made.texts[place] = text
        return made

    def _put(self, made: Laid, row: int, column: int, cell: Cell) -> None:
        made.own += [""] * (column + cell.columns - len(made.own))
        made.own[column] = cell.text
        if cell.text:
            made.spans[column] = cell.columns
        if cell.columns > 1 or cell.rows > 1:
            made.merges.append((row, column, row + cell.rows - 1, column + cell.columns - 1))
        if cell.rows > 1:
            for place in range(column, column + cell.columns):
                self._held[place] = (row + cell.rows - 1, cell.text if place == column else "")


def group_name(row: Laid, width: int) -> str | None:
    """The name of the group that a row only heads, or the remark it only holds; None for rows of data.

    Such a row has a single text whose cell spans columns, after the number of the group perhaps; or nothing but a text
    that begins with such a number.

    Args:
        row: as it was laid out.
        width: the columns of the table.
    """
    filled = [place for place, text in enumerate(row.own) if text.strip()]
    if width < 2 or not 1 <= len(filled) <= 2:
        return None
    *before, last = filled
    if any(not _NUMBER.fullmatch(row.own[place].strip()) for place in before):
        return None
    spans = row.spans.get(last, 1)
    spread = spans > 1 and (2 * spans >= width or not before)
    numbered = not before and width > 2 and _NUMBERED.match(row.own[last]) is not None
    return " ".join(row.own[place].strip() for place in filled) if spread or numbered else None


def is_numbering(own: Sequence[str]) -> bool:
    """Whether a row below the heading only numbers the columns: (1), (2), (3), or A, B, 1, 2."""
    filled = [text.strip() for text in own if text.strip()]
    found = [_COLUMN.fullmatch(text) for text in filled]
    if len(filled) < 3 or not all(found):
        return False
    if len(filled) < 4 and not all(text.startswith(("(", "[")) for text in filled):
        # Three small numbers may be a row of data.
        return False
    numbers = [int(one[1]) for one in found if one is not None and one[1].isdigit()]
    return len(numbers) > 1 and numbers == list(range(1, len(numbers) + 1))
