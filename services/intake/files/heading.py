"""Column names out of a sheet's heading of one or several rows, with merged cells. Pure.

A group's cell that is merged over its columns stands over each of them; a heading merged downwards counts once. So
`Hạn` over `Hẹn trả` and `Gia hạn` gives `Hạn / Hẹn trả` and `Hạn / Gia hạn`, and `Mã` over two rows gives `Mã`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from services.intake.files.templates import clean_name

__all__ = ["Merge", "column_names"]

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
