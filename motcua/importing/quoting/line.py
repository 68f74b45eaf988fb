"""One physical line of a text table as cells, and what a quote on it does. Pure.

A quoted cell begins right after a delimiter and ends right before one, or at the line's end (blanks around it do no
harm). A quote in the middle of a cell, as in `14" pipe`, is a letter like any other.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

__all__ = ["Faulty", "LineReader", "Open"]

_ENDS: Final = "\r\n"


@dataclass(frozen=True, slots=True)
class Open:
    """A quote that is not closed on its line: the cells before it, and what stands after it, with the line's end."""

    cells: list[str]
    begun: str


@dataclass(frozen=True, slots=True)
class Faulty:
    """A quoted cell with text after its closing quote: the number of that cell, from 0."""

    cell: int


class LineReader:
    """Reads lines of one file.

    Args:
        delimiter: the character between cells.
        quote: the character round a cell; None: quotes mean nothing.
    """

    def __init__(self, delimiter: str, quote: str | None) -> None:
        self.delimiter = delimiter
        self.quote = quote
        if quote is None:
            return
        self._line: str | None = None
        self._strict = csv.reader(self._fed(), delimiter=delimiter, quotechar=quote, strict=True)
        inner, after = f"(?:[^{re.escape(quote)}]|{re.escape(quote * 2)})*+", re.escape(delimiter)
        blanks = "".join(re.escape(blank) for blank in " \t" if blank != delimiter)
        self._rest = re.compile(f"({inner}){re.escape(quote)}[{blanks}]*(?:({after})|[\r\n]*\\Z)")
        self._unclosed = re.compile(f"{inner}\\Z")
        self._begin = re.compile(f"[{blanks}]*{re.escape(quote)}")
        #: What the quick way takes for a letter: a quote after a delimiter and blanks.
        self._blanked = [blank + quote for blank in " \t" if blank != delimiter]
        self._after_blanks = re.compile(f"(?:^|{after})[{blanks}]+{re.escape(quote)}")

    def read(self, line: str) -> list[str] | Open | Faulty:
        """The cells of a line, with or without its end."""
        quote = self.quote
        if quote is None or quote not in line:
            return line.rstrip(_ENDS).split(self.delimiter)
        for blanked in self._blanked:
            if blanked in line and self._after_blanks.search(line) is not None:
                return self._told(line, [], 0)
        self._line = line
        try:
            return next(self._strict)
        except csv.Error:
            return self._told(line, [], 0)

    def _fed(self) -> Iterator[str]:
        """The line that is read; asked for another one, since a quote is open, the reader is given what it refuses."""
        while True:
            line, self._line = self._line, None
            yield line  # type: ignore[misc]

    def go_on(self, line: str, held: Open) -> list[str] | Open | Faulty:
        """The cells of a row whose open quote may be closed on this line; Open if it is not."""
        found = self._rest.match(line)
        if found is None:
            if self._unclosed.match(line) is not None:
                return Open(held.cells, held.begun + line)
            return Faulty(len(held.cells))
        cells = [*held.cells, self._plain(held.begun + found[1])]
        return self._told(line, cells, found.end()) if found[2] else cells

    def plain_cells(self, line: str) -> list[str]:
        """The cells of a line if its quotes meant nothing."""
        return line.rstrip(_ENDS).split(self.delimiter)

    def closes(self, line: str) -> bool:
        """Whether a quote that is open before a line is closed on it, well or not."""
        return self.quote in line and self._unclosed.match(line) is None if self.quote is not None else False

    def _plain(self, quoted: str) -> str:
        quote = self.quote or ""
        return quoted.replace(quote * 2, quote)

    def _told(self, line: str, cells: list[str], at: int) -> list[str] | Open | Faulty:
        """Cell by cell from a place on: for what the quick way does not take."""
        while True:
            begin = self._begin.match(line, at)
            if begin is not None:
                found = self._rest.match(line, begin.end())
                if found is None:
                    if self._unclosed.match(line, begin.end()) is not None:
                        return Open(cells, line[begin.end() :])
                    return Faulty(len(cells))
                cells.append(self._plain(found[1]))
                if not found[2]:
                    return cells
                at = found.end()
                continue
            end = line.find(self.delimiter, at)
            if end < 0:
                cells.append(line[at:].rstrip(_ENDS))
                return cells
            cells.append(line[at:end])
            at = end + 1
