"""How a text table is probably written: its encoding, its delimiter, the line of its heading. Pure."""

from __future__ import annotations

import codecs
import csv
import re
from typing import Final

from motcua.importing.encodings.guess import old_encoding
from motcua.importing.encodings.readings import reader_of_bytes

__all__ = ["CsvGuess", "guess_csv"]

_DELIMITERS: Final = (",", ";", "\t", "|")
_LINES = 40
#: Combining accents of windows-1258, which stand after the vowels they belong to.
_ACCENTED = re.compile(rb"[aeiouyAEIOUY\xe2\xe3\xea\xf4\xf5\xfd][\xcc\xd2\xde\xec\xf2]")
_HIGH = re.compile(rb"[\x80-\xff]")
_SEPARATOR = re.compile(r'"?sep=(.)"?\s*', re.IGNORECASE)
#: Of the widest line's cells, in hundredths, that a heading fills; titles above it fill fewer.
_FILLED = 70


class CsvGuess:
    """The guess as a mapping's `file` says it; what is the default is left out."""

    def __init__(self, encoding: str, delimiter: str, header_line: int) -> None:
        self.written: dict[str, str | int] = {}
        if encoding != "utf-8":
            self.written["encoding"] = encoding
        if delimiter != ",":
            self.written["delimiter"] = "tab" if delimiter == "\t" else delimiter
        if header_line > 1:
            self.written["header_line"] = header_line


def guess_csv(start: bytes) -> CsvGuess:
    """Guess from the first bytes of a file."""
    encoding = _encoding(start)
    reads = reader_of_bytes(encoding)
    python = "latin-1" if reads is not None else "utf-8-sig" if encoding == "utf-8" else encoding
    text = start.decode(python, "replace")
    if reads is not None:
        text = reads(text)
    lines = text.splitlines()[:_LINES]
    if lines and _SEPARATOR.fullmatch(lines[0]):
        return CsvGuess(encoding, ",", 1)
    tables = {sign: _cells(lines, sign) for sign in _DELIMITERS}
    delimiter = max(_DELIMITERS, key=lambda sign: _regular(tables[sign]))
    filled = [_filled(cells) for cells in tables[delimiter]]
    header = next((n for n, count in enumerate(filled) if 100 * count >= _FILLED * max(filled) and count), 0)
    # The number of the line, which quoted cells may make another than that of the row.
    before = tables[delimiter][:header]
    return CsvGuess(encoding, delimiter, 1 + sum(1 + "".join(cells).count("\n") for cells in before))


def _encoding(start: bytes) -> str:
    for mark, name in ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16")):
        if start.startswith(mark):
            return name
    even, odd = start[0:512:2].count(0), start[1:512:2].count(0)
    if even + odd > len(start[:512]) // 4:
        return "utf-16-be" if even > odd else "utf-16-le"
    try:
        codecs.getincrementaldecoder("utf-8")().decode(start)
    except UnicodeDecodeError:
        found = old_encoding(start, 2)
        if found is not None:
            return found
        high, accented = len(_HIGH.findall(start)), len(_ACCENTED.findall(start))
        return "windows-1258" if 6 * accented >= high else "windows-1252"
    return "utf-8"


def _filled(cells: list[str]) -> int:
    """Cells with a text; a first one without a name before others that all have one belongs to the heading too."""
    filled = sum(1 for cell in cells if cell.strip())
    return filled + (filled > 1 and filled == len(cells) - 1 and not cells[0].strip())


def _cells(lines: list[str], delimiter: str) -> list[list[str]]:
    try:
        return list(csv.reader((line + "\n" for line in lines), delimiter=delimiter))
    except csv.Error:
        return [line.split(delimiter) for line in lines]


def _regular(table: list[list[str]]) -> int:
    """How well a delimiter fits: rows of the commonest width, times that width."""
    widths = [len(cells) for cells in table if len(cells) > 1]
    return max((widths.count(width) * width for width in set(widths)), default=0)
