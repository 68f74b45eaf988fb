"""Rows out of physical lines: one line, one row, unless a quoted cell may run over line ends and plainly does.

A quote that is not closed on its line costs its own line and no other: what it would have taken is read by itself. So
no row ever gets another row's cells. Memory is bounded by what one cell may hold.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from motcua.importing.quoting.line import Faulty, LineReader, Open
from motcua.importing.reasons import Reason

__all__ = ["LONGEST_CELL", "MOST_LINES", "Record", "Records", "TooLong", "Unread"]

#: Lines and characters one cell may take at most; an open quote is followed no further.
MOST_LINES: Final = 500
LONGEST_CELL: Final = 131_072


class TooLong(str):
    """Stands for a line that is longer than a line may be; its text is gone."""

    __slots__ = ()


@dataclass(slots=True)
class Record:
    """The cells of one row and the lines it stands on; `over` = columns whose cells run over line ends."""

    line: int
    last_line: int
    cells: list[str]
    over: Sequence[int] = ()


@dataclass(slots=True)
class Unread:
    """A line that is no row, the last line that its open quote would have taken, and the reason."""

    line: int
    last_line: int
    reason: Reason


class Records:
    """The rows of a text table.

    Args:
        lines: gives the next physical line with its end; None = there is none.
        reader: of single lines.
    """

    def __init__(self, lines: Callable[[], str | None], reader: LineReader) -> None:
        self._lines = lines
        self._reader = reader
        self._ahead: deque[str] = deque()
        #: Names of the columns, for messages and to know a row when one stands inside a cell.
        self.columns: Sequence[str] = ()
        #: Whether the file has blanks after its delimiters.
        self.airy = False
        #: The columns (from 0) whose cells may run over line ends; None: all of them.
        self.over: Collection[int] | None = ()
        #: Number of the last line that was given out.
        self.line = 0
        #: The last line that an open quote met so far would have taken.
        self._claimed = 0

    def put_back(self, line: str) -> None:
        """Give a line back, to be read next."""
        self._ahead.appendleft(line)
        self.line -= 1

    def next_line(self) -> str | None:
        """The next physical line."""
        line = self._ahead.popleft() if self._ahead else self._lines()
        if line is not None:
            self.line += 1
        return line

    def __iter__(self) -> Iterator[Record | Unread]:
        """Rows, and lines that are none."""
        read, ahead, following = self._reader.read, self._ahead, self._lines
        while (line := ahead.popleft() if ahead else following()) is not None:
            self.line += 1
            if type(line) is TooLong:
                yield self._unread("line_too_long", self.line, 0)
                continue
            cells = read(line)
            if type(cells) is list:
                if self.line > self._claimed or self._is_row(cells) or not any(cell.strip() for cell in cells):
                    yield Record(self.line, self.line, cells)
                else:
                    yield Unread(self.line, self.line, self._ragged(cells))
            elif isinstance(cells, Open):
                yield self._over(cells)
            elif isinstance(cells, Faulty):
                yield self._unread("quote_inside", self.line, cells.cell)

    def _ragged(self, cells: Sequence[str]) -> Reason:
        """What an open quote would have taken, and is no row by itself: perhaps the rest of the cell."""
        return Reason("rest_of_cell", {"cells": len(cells), "columns": len(self.columns)})

    def _unread(self, code: str, last: int, cell: int) -> Unread:
        name = self.columns[cell] if cell < len(self.columns) else str(cell + 1)
        # Told are the lines after the row's own one.
        told = {"column": name, "first": self.line + 1, "last": last}
        self._claimed = max(self._claimed, last)
        return Unread(self.line, last, Reason(code, told))

    def _over(self, held: Open) -> Record | Unread:
        """The row whose quote is open at its line's end, if it may go on; else its first line alone is refused."""
        begun, cell = self.line, len(held.cells)
        over: list[int] = []
        taken = 0
        while True:
            place = len(held.cells)
            last = self._reach(taken)
            meant = self.over is None or place in self.over
            if not meant or not last.closed or last.lines > MOST_LINES:
                return self._unread("broken_quotes" if last.lines else "quote_at_end", begun + last.lines, cell)
            if self._holds_a_row(taken, last.lines, held):
                return self._unread("quote_takes_rows", begun + last.lines, cell)
            made: list[str] | Open | Faulty = held
            for number in range(taken, last.lines):
                if isinstance(made, Open):
                    made = self._reader.go_on(self._ahead[number], made)
            taken = last.lines
            if isinstance(made, Faulty):
                return self._unread("quote_inside", begun + taken, made.cell)
            over.append(place)
            if isinstance(made, list):
                break
            held = made
        for _ in range(taken):
            self.next_line()
        return Record(begun, begun + taken, made, over)

    def _reach(self, after: int) -> _Reach:
        """How far an open quote goes, counted in lines after the row's first; reads on as far as a cell may."""
        held = 0
        number = after
        while held <= LONGEST_CELL:
            if number == len(self._ahead):
                line = self._lines()
                if line is None:
                    break
                self._ahead.append(line)
            line = self._ahead[number]
            if type(line) is TooLong:
                break
            number += 1
            if self._reader.closes(line):
                return _Reach(number, closed=True)
            held += len(line)
        return _Reach(number, closed=False)

    def _holds_a_row(self, first: int, last: int, held: Open) -> bool:
        """Whether one of the lines that a cell takes is a row of the table by itself: then the quote is no cell's.

        The line on which a first column's cell ends has as many cells as a row by its nature.
        """
        known = _shape(held.cells[0]) if held.cells else None
        for number in range(first, last - (not held.cells)):
            cells = self._reader.plain_cells(self._ahead[number])
            if len(cells) > 1 and (self._is_row(cells) or (known is not None and known == _shape(cells[0]))):
                return True
        return False

    def _is_row(self, cells: Sequence[str]) -> bool:
        """Whether cells are a row's by their number, without blanks after delimiters, which running text has."""
        return len(cells) == len(self.columns) and (self.airy or not any(cell[:1] == " " for cell in cells[1:]))


_DIGITS, _LETTERS = re.compile("[0-9]+"), re.compile(r"[^\W\d_]+")


def _shape(code: str) -> str | None:
    """What a code with digits looks like, such as `a9.9-9`; None for a text that is no code."""
    text = code.strip().strip('"')
    return _LETTERS.sub("a", _DIGITS.sub("9", text)) if any(letter.isdigit() for letter in text[:64]) else None


@dataclass(frozen=True, slots=True)
class _Reach:
    lines: int
    closed: bool
