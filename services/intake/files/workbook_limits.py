"""How large a workbook is once it is unpacked, found out before anything builds it in memory. Builds no cells itself.

A workbook of a few kilobytes can unpack to gigabytes, or hold two cells so far apart that the area between them fits
no memory; the reader of workbooks takes both at their word.
"""

from __future__ import annotations

import errno
import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Final

from lxml import etree

from services.intake.files.header import MOST_ROWS
from services.intake.files.reasons import ImportFailed

__all__ = ["MOST_CELLS", "MOST_UNPACKED", "check_workbook"]

#: Bytes of all parts together, unpacked.
MOST_UNPACKED: Final = 1 << 30
#: Cells of the area that a sheet spans, rows times columns.
MOST_CELLS: Final = 32_000_000

_CHUNK, _OVERLAP = 1 << 20, 256
_COLUMN = re.compile(rb"\sr\s*=\s*[\"']([A-Za-z]{1,9})[0-9]")
_ROW = re.compile(rb"\sr\s*=\s*[\"'][A-Za-z]{0,9}([0-9]{1,18})")
_TAG = re.compile(rb"<(?:[A-Za-z_][\w.-]*:)?(row|c)[\s/>]")
_EPOCH = re.compile(rb"date1904\s*=\s*[\"'](?:1|true|on)[\"']")
_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"


def check_workbook(path: Path) -> bool:
    """Refuse a workbook that memory might not hold; tell whether it counts days from 1904.

    Raises:
        ImportFailed: it is larger than the limits, damaged, or locked.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            return _checked(path, archive)
    except (zipfile.BadZipFile, zlib.error, EOFError, ValueError, NotImplementedError, etree.XMLSyntaxError) as error:
        raise ImportFailed("file_broken", file=str(path), reason=str(error)) from error
    except RuntimeError as error:
        # The library's word for a part that wants a password.
        raise ImportFailed("workbook_locked", file=str(path)) from error
    except OSError as error:
        # An archive whose places lie before its beginning is damaged, not away.
        code = "file_broken" if error.errno == errno.EINVAL else "file_away"
        raise ImportFailed(code, file=str(path), reason=error.strerror or str(error)) from error


def _checked(path: Path, archive: zipfile.ZipFile) -> bool:
    unpacked, from_1904 = 0, False
    for part in archive.infolist():
        area = _Area()
        with archive.open(part) as opened:
            for chunk, new in _chunks(opened):
                unpacked += new
                if unpacked > MOST_UNPACKED:
                    raise _too_large(path, "> 1 GiB", "1 GiB")
                from_1904 = from_1904 or (part.filename.endswith("workbook.xml") and _EPOCH.search(chunk) is not None)
                area.look(chunk, new)
        _check_area(path, part.filename, area.rows, area.columns)
        if part.filename.lower() == "content.xml":
            with archive.open(part) as opened:
                _check_area(path, part.filename, *_open_document(opened))
    return from_1904


def _chunks(opened: IO[bytes]) -> Iterator[tuple[bytes, int]]:
    """Pieces that overlap, so that nothing of interest is cut in two, and how many bytes of each are new."""
    rest = b""
    while chunk := opened.read(_CHUNK):
        yield rest + chunk, len(chunk)
        rest = chunk[-_OVERLAP:]


def _too_large(path: Path, what: str, limit: str) -> ImportFailed:
    return ImportFailed("workbook_too_large", file=str(path), what=what, limit=limit)


def _check_area(path: Path, part: str, rows: int, columns: int) -> None:
    if rows > MOST_ROWS or rows * columns > MOST_CELLS:
        raise _too_large(path, f"{rows:,} × {columns:,} ({part})", f"{MOST_CELLS:,}")


@dataclass(slots=True)
class _Area:
    """Rows and columns that a part's cells span at most, if it is a sheet."""

    rows: int = 0
    columns: int = 0
    _in_row: int = 0
    _row_tags: int = 0

    def look(self, chunk: bytes, new: int) -> None:
        """Take one more piece of the part; its last `new` bytes were not in the one before."""
        named = _COLUMN.findall(chunk)
        if named:
            self.columns = max(self.columns, *map(_number_of, set(named)))
        self.rows = max(self.rows, max(map(int, set(_ROW.findall(chunk))), default=0))
        start = len(chunk) - new
        if chunk.count(b"<c", start) + chunk.count(b":c", start) > len(named):
            # Cells may leave out where they stand: then they stand one after the other.
            for tag in _TAG.finditer(chunk, max(start - 1, 0)):
                if tag.group(1) == b"c":
                    self._in_row += 1
                    self.columns = max(self.columns, self._in_row)
                else:
                    self._in_row, self._row_tags = 0, self._row_tags + 1
            self.rows = max(self.rows, self._row_tags)


def _number_of(letters: bytes) -> int:
    number = 0
    for letter in letters.upper():
        number = 26 * number + letter - 64
    return number


def _open_document(opened: IO[bytes]) -> tuple[int, int]:
    """Rows and columns of the largest table of an OpenDocument sheet; repeated ones count where they hold something."""
    rows = columns = largest_rows = largest_columns = pending = 0
    wanted = (f"{_TABLE}table-row", f"{_TABLE}table")
    options = {"resolve_entities": False, "no_network": True, "load_dtd": False, "collect_ids": False}
    for _, element in etree.iterparse(opened, events=("end",), tag=wanted, **options):
        if element.tag == wanted[1]:
            if rows * columns > largest_rows * largest_columns or rows > largest_rows:
                largest_rows, largest_columns = rows, columns
            rows = columns = pending = 0
        else:
            width = seen = 0
            for cell in element:
                seen += _repeated(cell, "columns")
                if len(cell) or any(name.endswith(("}value-type", "}formula")) for name in cell.attrib):
                    width = seen
            pending += _repeated(element, "rows")
            if width:
                rows, pending, columns = rows + pending, 0, max(columns, width)
        element.clear()
    return largest_rows, largest_columns


def _repeated(element: etree._Element, what: str) -> int:
    text = element.get(f"{_TABLE}number-{what}-repeated", "1")
    return int(text) if text.isdigit() else 1
