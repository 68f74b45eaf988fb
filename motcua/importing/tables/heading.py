"""Column names out of a sheet's heading of one or several rows, with merged cells. Pure.

A group's cell that is merged over its columns stands over each of them; a heading merged downwards counts once. So
`Hạn` over `Hẹn trả` and `Gia hạn` gives `Hạn / Hẹn trả` and `Hạn / Gia hạn`, and `Mã` over two rows gives `Mã`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from motcua.importing.mapping.templates import clean_name

__all__ = ["Merge", "column_names", "guess_heading", "heading_rows"]

#: First row, first column, last row, last column, from 0.
Merge = tuple[int, int, int, int]
_BETWEEN = " / "


def column_names(rows: Sequence[Sequence[str]], first: int, merges: Iterable[Merge]) -> list[str]:
    """The names of a sheet's columns; "" where a column has none.

    Args:
        rows: the cells of the heading's rows.
        first: the number of the first of them, from 0.
        merges: of the whole sheet.
    """
    width = max(map(len, rows), default=0)
    #: What each place shows, and which merged cell it belongs to.
    shown = [[*row, *[""] * (width - len(row))] for row in rows]
    owner: dict[tuple[int, int], Merge] = {}
    for merge in merges:
        top, left, bottom, right = merge
        inside = range(max(top, first), min(bottom, first + len(rows) - 1) + 1)
        for row in inside:
            for column in range(left, min(right, width - 1) + 1):
                owner[row - first, column] = merge
                if first <= top and left < width:
                    shown[row - first][column] = shown[top - first][left]
    names: list[str] = []
    for column in range(width):
        parts: list[str] = []
        above: Merge | None = None
        for level in range(len(rows)):
            merge_here = owner.get((level, column))
            name = clean_name(shown[level][column])
            if name and not (merge_here is not None and merge_here == above):
                parts.append(name)
            above = merge_here
        names.append(_BETWEEN.join(parts))
    return names


#: Rows of a heading at most, and the share of the table's width (hundredths) from which a row can be one.
_MOST_LEVELS, _FILLED = 5, 80
#: Of the width, in hundredths, that cells of its own fill in a heading; a title has one or two.
_OWN = 34


def heading_rows(number: int, merges: Iterable[Merge]) -> int:
    """How many rows a heading has that begins in a row (from 0), by the cells that are merged there."""
    begun = [merge for merge in merges if merge[0] == number and merge[2] - number < _MOST_LEVELS]
    last = max((merge[2] for merge in begun), default=number)
    if last == number and any(merge[3] > merge[1] for merge in begun):
        last = number + 1
    return last - number + 1


def guess_heading(rows: Sequence[Sequence[str]], merges: Iterable[Merge]) -> tuple[int, int]:
    """Where a sheet's heading probably is: its first row (from 1) and how many rows it has.

    It is the first row that fills the table's width by cells of its own and is not followed by an empty row; titles
    above it fill less, or stand alone.

    Args:
        rows: the sheet's first rows.
        merges: of the whole sheet.
    """
    merged = [merge for merge in merges if merge[0] < len(rows)]
    spread: list[int] = []
    for number, row in enumerate(rows):
        filled = {column for column, cell in enumerate(row) if cell.strip()}
        for top, left, _, right in merged:
            if top == number and left in filled:
                filled.update(range(left, right + 1))
        if len(filled) > 1 and filled == set(range(1, max(filled) + 1)):
            # The numbers of rows have no heading in tables that programs write.
            filled.add(0)
        spread.append(len(filled))
    width = max(spread, default=0)
    for number, row in enumerate(rows):
        own = sum(1 for cell in row if cell.strip())
        if own and 100 * spread[number] >= _FILLED * width and (own > 1 or width == 1) and 100 * own >= _OWN * width:
            last = number + heading_rows(number, merged) - 1
            if last + 1 >= len(rows) or spread[last + 1]:
                return number + 1, last - number + 1
    return 1, 1
