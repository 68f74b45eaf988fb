"""Writes tables as CSV that spreadsheets do not run: texts quoted, instants as RFC 3339 in UTC, nothing for nothing.

A text that a spreadsheet could take for a formula gets an apostrophe in front, and so does one that begins with an
apostrophe: without the first apostrophe of a text that begins with one, the text is again as it was. Signs that nobody
sees (controls, bidi), which older journals may hold, stand as `<U+202E>`, since CSV is looked at in terminals too.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, BinaryIO, Final

from motcua.exporting.tables import Column
from shared.instants import to_rfc3339
from shared.texts.signs import visible

__all__ = ["CsvFile", "guarded"]

#: What spreadsheets begin formulas with, full-width letters included; and the apostrophe itself.
_FORMULA: Final = tuple("=+-@\t\r\n＝＋－＠'")


def guarded(text: str) -> str:
    """A text as it stands in a cell, before quotes: what nobody sees by its code point."""
    text = visible(text, "\t\r\n")
    return f"'{text}" if text.startswith(_FORMULA) else text


class CsvFile:
    """Takes rows and writes them as they come.

    Args:
        out: where to.
        columns: names and kinds.
    """

    def __init__(self, out: BinaryIO, columns: Sequence[Column]) -> None:
        self._out = out
        self._times = [column.kind == "time" for column in columns]
        self.add([column.name for column in columns], head=True)

    def add(self, row: Sequence[Any], *, head: bool = False) -> None:
        """Write one row.

        Raises:
            OSError: the disk is full.
        """
        cells = [
            ""
            if cell is None
            else _quoted(cell)
            if isinstance(cell, str)
            else ("true" if cell else "false")
            if isinstance(cell, bool)
            else to_rfc3339(cell)
            if time and not head
            else str(cell)
            for cell, time in zip(row, self._times, strict=True)
        ]
        self._out.write((",".join(cells) + "\n").encode())


def _quoted(text: str) -> str:
    return '"' + guarded(text).replace('"', '""') + '"'
