"""CSV rows as a stream: encoding, delimiter, quotes, header; broken rows are told, never fatal. Knows no values.

Texts are brought to Unicode NFC, so that a header written with combining accents is the header the mapping names.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from unicodedata import normalize

from services.intake.files.header import Header
from services.intake.files.mapping_check import DELIMITER_WORDS
from services.intake.files.mapping_model import FileFormat
from services.intake.files.reasons import ImportFailed, Reason, Refused
from services.intake.files.source import DataFile, reading
from services.intake.files.templates import clean_name

__all__ = ["CsvRows", "Row"]

#: Characters of one line; a longer one is no row of a table but a wrong encoding or a broken quote.
LONGEST_LINE = 1_048_576
_BOMS = {b"\xef\xbb\xbf": "utf-8-sig", b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}
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

    notes: tuple[Reason, ...] = ()

    def __init__(self, path: Path, written: FileFormat) -> None:
        self._data = DataFile(path)
        self._format = written
        self._line = 0
        self._rows = 0
        self._unread: str | None = None
        self._damaged = False
        self._too_long = False
        #: Lines without any content, passed over.
        self.blank = 0
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
        start = self._data.content.read(4)
        self._data.content.seek(0)
        wanted = self._format.encoding
        named = next((name for bom, name in _BOMS.items() if start.startswith(bom)), wanted)
        #: The encoding used: what a byte order mark says goes before the mapping.
        self.encoding = named
        errors = "replace" if named.lower().replace("_", "-").startswith(("utf-16", "utf-32")) else "surrogateescape"
        return io.TextIOWrapper(self._data.content, encoding=named, errors=errors, newline="")

    def _header(self) -> list[str]:
        wanted = self._format.header_line
        if self._format.columns is not None:
            for _ in range(wanted - 1):
                self._next_line()
            return [clean_name(normalize("NFC", name)) for name in self._format.columns]
        for _ in range(wanted - 1):
            self._next_line()
        line = self._next_line()
        declared = _SEPARATOR.fullmatch(line or "")
        if declared is not None:
            # Excel's own first line that names the delimiter.
            if self._format.delimiter is None:
                self.delimiter = declared.group(1)
            line = self._next_line()
        if line is None or not line.strip():
            raise ImportFailed("file_empty", file=str(self._data.path), line=wanted)
        self._unread, self._line = line, self._line - 1
        try:
            cells = next(self._reader())
        except (csv.Error, StopIteration) as error:
            raise ImportFailed("file_broken", file=str(self._data.path), reason=str(error)) from error
        names = [clean_name(cell) for cell in cells]
        while names and not names[-1]:
            names.pop()
        if any(_CONTROL.search(name) for name in names):
            # Names that no terminal should be shown: not a text file, or of another encoding.
            raise ImportFailed("encoding_unread", file=str(self._data.path), encoding=self.encoding)
        return names

    def _next_line(self) -> str | None:
        if self._unread is not None:
            line, self._unread = self._unread, None
            self._line += 1
            return line
        line = self._text.readline(LONGEST_LINE)
        if not line:
            return None
        self._line += 1
        if len(line) == LONGEST_LINE and not line.endswith(("\n", "\r")):
            self._too_long = True
            while (rest := self._text.readline(LONGEST_LINE)) and not rest.endswith(("\n", "\r")):
                pass
            return "\n"
        if not line.isascii():
            if _UNDECODED.search(line):
                self._damaged = True
            return normalize("NFC", line)
        return line

    def _lines(self) -> Iterator[str]:
        while (line := self._next_line()) is not None:
            yield line

    def _reader(self) -> Iterator[list[str]]:
        if self._format.quote == "none":
            return csv.reader(self._lines(), delimiter=self.delimiter, quoting=csv.QUOTE_NONE)
        return csv.reader(self._lines(), delimiter=self.delimiter, quotechar=self._format.quote)

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
        reader = self._reader()
        while True:
            first = self._line + 1
            self._damaged = self._too_long = False
            try:
                with reading(self._data.path):
                    cells = next(reader, None)
            except csv.Error as error:
                # The reader goes on with the next line; what the open quote swallowed is told as one.
                yield self._refused(first, "broken_quotes", reason=str(error))
                continue
            except UnicodeError as error:
                raise ImportFailed("encoding_unread", file=str(self._data.path), encoding=self.encoding) from error
            if cells is None:
                return
            made = self._row(first, cells)
            if made is not None:
                yield made

    def _refused(self, first: int, code: str, **parameters: object) -> Refused:
        return Refused(first, self._line, Reason(code, parameters))

    def _row(self, first: int, cells: list[str]) -> Row | Refused | None:
        if self._too_long:
            return self._refused(first, "line_too_long", limit=LONGEST_LINE)
        if not any(cell.strip() for cell in cells):
            self.blank += 1
            return None
        self._rows += 1
        wanted = len(self.columns)
        if len(cells) > wanted:
            if any(cell.strip() for cell in cells[wanted:]):
                return self._refused(first, "ragged_row", cells=len(cells), columns=wanted)
            del cells[wanted:]
        elif len(cells) < wanted:
            if self._format.short_rows == "refuse":
                return self._refused(first, "ragged_row", cells=len(cells), columns=wanted)
            cells.extend([""] * (wanted - len(cells)))
        return Row(self._rows, first, self._line, cells, self._damaged)
