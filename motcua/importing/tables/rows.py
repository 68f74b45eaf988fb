"""CSV rows as a stream: encoding, delimiter, quotes, header; broken rows are told, never fatal. Knows no values.

Texts are brought to Unicode NFC, so that a header written with combining accents is the header the mapping names.
"""

from __future__ import annotations

import io
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from unicodedata import normalize

from motcua.importing.contents.plain import wide_encoding
from motcua.importing.encodings.guess import plain_encoding
from motcua.importing.encodings.readings import reader_of_bytes
from motcua.importing.mapping.check import DELIMITER_WORDS
from motcua.importing.mapping.model import FileFormat
from motcua.importing.mapping.templates import clean_name
from motcua.importing.quoting.line import LineReader
from motcua.importing.quoting.records import Record, Records, TooLong, Unread
from motcua.importing.reasons import ImportFailed, Reason, Refused
from motcua.importing.tables.header import Header
from motcua.importing.tables.source import DataFile, reading

__all__ = ["CsvRows", "Row"]

#: Characters of one line; a longer one is no row of a table but a wrong encoding or a broken quote.
LONGEST_LINE = 1_048_576
#: Bytes by which the encoding is checked.
_LOOKED_AT = 131_072
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
_UNDECODED = re.compile("[\udc80-\udcff]")
_SEPARATOR = re.compile(r'"?sep=(.)"?\s*', re.IGNORECASE)


@dataclass(slots=True)
class Row:
    """One row: its number among the rows, the lines it stands on, its cells; damaged = bytes that are no text."""

    number: int
    line: int
    last_line: int
    cells: list[str]
    damaged: bool


class CsvRows:
    """The rows of a CSV file. Opening it reads the header.

    Raises:
        ImportFailed: the file cannot be read, or has no header.
    """

    def __init__(self, path: Path, written: FileFormat) -> None:
        self._misread: tuple[Reason, ...] = ()
        self._data = DataFile(path)
        self._format = written
        self._rows = 0
        #: Whether any line had bytes that are no text.
        self._undecoded = False
        #: Lines with accents beside their letters instead of on them.
        self._composed = 0
        #: Lines without any content, passed over.
        self.blank = 0
        #: Columns with cells that run over line ends, and how many.
        self.over_lines: Counter[str] = Counter()
        try:
            with reading(path):
                self._text = self._open()
                self.delimiter = DELIMITER_WORDS.get(written.delimiter or ",", written.delimiter or ",")
                self.columns = self._header()
        except UnicodeError as error:
            self.close()
            raise ImportFailed("encoding_unread", file=str(path), encoding=self.encoding) from error
        except ImportFailed:
            self.close()
            raise

    @property
    def header(self) -> Header:
        """The columns, and how the file is written."""
        return Header(self.columns, self.encoding, self.delimiter)

    def _open(self) -> io.TextIOWrapper:
        start = self._data.content.read(_LOOKED_AT)
        self._data.content.seek(0)
        wanted = self._format.encoding
        wide = wide_encoding(start)
        found = plain_encoding(start, wanted) if wide is None else None
        if found is not None:
            self._misread = (Reason("encoding_differs", {"found": found, "encoding": wanted}),)
        named = wide or wanted
        #: The encoding used: what a byte order mark, or the width of letters, says goes before the mapping.
        self.encoding = named
        #: What makes Unicode of an older encoding's bytes read as Latin-1.
        self._reads = reader_of_bytes(named)
        if self._reads is not None:
            return io.TextIOWrapper(self._data.content, encoding="latin-1", newline="")
        errors = "replace" if named.lower().replace("_", "-").startswith(("utf-16", "utf-32")) else "surrogateescape"
        return io.TextIOWrapper(self._data.content, encoding=named, errors=errors, newline="")

    def _reader(self) -> LineReader:
        quote = self._format.quote
        return LineReader(self.delimiter, None if quote == "none" else quote)

    def _records(self) -> Records:
        return Records(self._next_line, self._reader())

    def _header(self) -> list[str]:
        """The names of the columns; makes the records that the rows are read from."""
        wanted = self._format.header_line
        self._made = records = self._records()
        for _ in range(wanted - 1):
            records.next_line()
        if self._format.columns is not None:
            names = [clean_name(normalize("NFC", name)) for name in self._format.columns]
        else:
            names = self._named(wanted)
        records = self._made
        records.columns = names
        multiline = self._format.multiline
        if multiline is True:
            records.over = None
        elif multiline:
            meant = {clean_name(normalize("NFC", name)) for name in multiline}
            records.over = frozenset(place for place, name in enumerate(names) if name in meant)
        return names

    def _named(self, wanted: int) -> list[str]:
        line = self._made.next_line()
        declared = _SEPARATOR.fullmatch(line or "")
        if declared is not None:
            # Excel's own first line that names the delimiter.
            if self._format.delimiter is None:
                self.delimiter = declared.group(1)
                self._made, before = self._records(), self._made.line
                self._made.line = before
            line = self._made.next_line()
        if line is None or not line.strip():
            raise ImportFailed("file_empty", file=str(self._data.path), line=wanted)
        self._made.put_back(line)
        # Spreadsheets break names over lines.
        self._made.over = None
        made = next(iter(self._made))
        self._made.over = ()
        if isinstance(made, Record):
            cells = made.cells
        elif made.reason.code == "quote_inside" and made.last_line == made.line:
            # Nothing hangs on it: where the names are not those that the mapping means, it is told so.
            cells = self._reader().plain_cells(line)
        else:
            raise ImportFailed("header_broken", file=str(self._data.path), line=made.line)
        self._made.airy = any(cell[:1] == " " for cell in cells[1:])
        names = [clean_name(cell) for cell in cells]
        while names and not names[-1]:
            names.pop()
        if any(_CONTROL.search(name) for name in names):
            # Names that no terminal should be shown: not a text file, or of another encoding.
            raise ImportFailed("encoding_unread", file=str(self._data.path), encoding=self.encoding)
        return names

    def _next_line(self) -> str | None:
        line = self._text.readline(LONGEST_LINE)
        if self._reads is not None:
            line = self._reads(line)
        if line.isascii():
            if len(line) < LONGEST_LINE or line.endswith(("\n", "\r")):
                return line or None
        else:
            if not self._undecoded and _UNDECODED.search(line):
                self._undecoded = True
            if len(line) < LONGEST_LINE or line.endswith(("\n", "\r")):
                composed = normalize("NFC", line)
                self._composed += composed != line
                return composed
        while (rest := self._text.readline(LONGEST_LINE)) and not rest.endswith(("\n", "\r")):
            pass
        return TooLong("\n")

    @property
    def notes(self) -> tuple[Reason, ...]:
        """What people should know of how the file was read."""
        composed = (Reason("lines_composed", {"count": self._composed}),) if self._composed else ()
        return (*self._misread, *composed)

    @property
    def position(self) -> int:
        """Bytes of the file on disk read so far."""
        return self._data.position

    @property
    def size(self) -> int:
        """Bytes of the file on disk."""
        return self._data.size

    def close(self) -> None:
        """Close the file."""
        self._data.close()

    def __iter__(self) -> Iterator[Row | Refused]:
        """Rows, and what was no row, in the order of the file.

        Raises:
            ImportFailed: the file is damaged or went away while it was read.
        """
        try:
            with reading(self._data.path):
                for record in self._made:
                    made = self._row(record) if isinstance(record, Record) else _refused(record, record.reason)
                    if made is not None:
                        yield made
        except UnicodeError as error:
            raise ImportFailed("encoding_unread", file=str(self._data.path), encoding=self.encoding) from error

    def _row(self, record: Record) -> Row | Refused | None:
        cells = record.cells
        if not any(cell.strip() for cell in cells):
            self.blank += 1
            return None
        self._rows += 1
        wanted = len(self.columns)
        if len(cells) != wanted:
            told = {"cells": len(cells), "columns": wanted}
            if len(cells) < wanted:
                if self._format.short_rows == "refuse":
                    return _refused(record, Reason("ragged_row", told))
                if any(self.delimiter in cell for cell in cells):
                    return _refused(record, Reason("short_and_quoted", told))
                cells.extend([""] * (wanted - len(cells)))
            elif any(cell.strip() for cell in cells[wanted:]):
                return _refused(record, Reason("ragged_row", told))
            else:
                del cells[wanted:]
        elif record.over:
            self.over_lines.update(self.columns[place] for place in record.over)
        damaged = self._undecoded and _UNDECODED.search("".join(cells)) is not None
        return Row(self._rows, record.line, record.last_line, cells, damaged)


def _refused(record: Record | Unread, reason: Reason) -> Refused:
    return Refused(record.line, record.last_line, reason)
