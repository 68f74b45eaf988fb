"""How large a workbook is once it is unpacked, found out before anything builds it in memory. Builds no cells itself.

A workbook of a few kilobytes can unpack to gigabytes, or hold two filled cells so far apart that the area between them
fits no memory; the reader of workbooks takes both at their word. Cells that only have a style are no matter of it.
"""

from __future__ import annotations

import errno
import re
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Final

from lxml import etree

from motcua.importing.reasons import ImportFailed
from motcua.importing.sheets.area import MOST_CELLS, Area, TooMuch
from motcua.importing.sheets.open_document import OpenDocument
from motcua.importing.sheets.pieces import pass_by

__all__ = ["MOST_UNPACKED", "Survey", "check_workbook", "told", "too_large"]

#: Bytes of all parts together, unpacked.
MOST_UNPACKED: Final = 1 << 30

_CHUNK, _OVERLAP = 1 << 20, 256
#: Elements within each other, of which no document has ten.
_DEEPEST: Final = 100_000
_PREFIX: Final = rb"(?:[A-Za-z_][\w.-]*:)?"
_NAMED: Final = re.compile(rb"\sr\s*=\s*[\"'][A-Za-z]{1,9}[0-9]")
#: A cell that says where it stands and holds something: its columns' letters and its row.
_FILLED: Final = re.compile(
    rb"<" + _PREFIX + rb"c\s(?:[^<>]*?\s)?r\s*=\s*[\"']([A-Za-z]{1,9})([0-9]{1,18})[\"'][^<>]*(?<!/)>\s*<[^/]"
)
_PREFIXED: Final = re.compile(rb"<[A-Za-z_][\w.-]*:")
#: What a sheet says of its size or of merged cells, and that it must name cells, or the reader of workbooks fails.
_RANGES: Final = re.compile(rb"<" + _PREFIX + rb"(?:dimension|mergeCell)(?=[\s/>])([^<>]*)>")
_RANGE: Final = re.compile(rb"\sref\s*=\s*[\"'][A-Za-z]{1,3}[1-9][0-9]{0,6}(?::[A-Za-z]{1,3}[1-9][0-9]{0,6})?[\"']")
_EPOCH: Final = re.compile(rb"date1904\s*=\s*[\"'](?:1|true|on)[\"']")


@dataclass(slots=True)
class Survey:
    """What is known of a workbook before it is built.

    Args:
        from_1904: whether it counts days from 1904.
        wide: the parts that are only to be read after they were cut down to their filled cells, with their areas.
    """

    from_1904: bool = False
    wide: dict[str, Area] = field(default_factory=dict)


def too_large(path: Path, what: str, limit: str) -> ImportFailed:
    """The refusal of a workbook that memory might not hold."""
    return ImportFailed("workbook_too_large", file=str(path), what=what, limit=limit)


@contextmanager
def told(path: Path) -> Iterator[None]:
    """Turn what goes wrong while an archive is read into a sentence.

    Raises:
        ImportFailed: it is damaged, locked or away.
    """
    try:
        yield
    except (zipfile.BadZipFile, zlib.error, EOFError, ValueError, NotImplementedError, etree.XMLSyntaxError) as error:
        raise ImportFailed("file_broken", file=str(path), reason=str(error)) from error
    except RuntimeError as error:
        # The library's word for a part that wants a password.
        raise ImportFailed("workbook_locked", file=str(path)) from error
    except OSError as error:
        # An archive whose places lie before its beginning is damaged, not away.
        code = "file_broken" if error.errno == errno.EINVAL else "file_away"
        raise ImportFailed(code, file=str(path), reason=error.strerror or str(error)) from error


def check_workbook(path: Path) -> Survey:
    """Refuse a workbook that memory might not hold, and tell what must be cut down before it is built.

    Raises:
        ImportFailed: it is larger than the limits, damaged, or locked.
    """
    with told(path), zipfile.ZipFile(path) as archive:
        made, unpacked = Survey(), 0
        for part in archive.infolist():
            seen = _Seen()
            with archive.open(part) as opened:
                for chunk, new in _chunks(opened):
                    unpacked += new
                    if unpacked > MOST_UNPACKED:
                        raise too_large(path, "> 1 GiB", "1 GiB")
                    if part.filename.endswith("workbook.xml") and _EPOCH.search(chunk) is not None:
                        made.from_1904 = True
                    seen.look(chunk, new)
                    if seen.values > MOST_CELLS:
                        raise too_large(path, f"> {MOST_CELLS:,} ({part.filename})", f"{MOST_CELLS:,}")
            if part.filename.lower() == "content.xml":
                _look_at_document(path, archive, part, made)
            elif seen.area.too_large or seen.odd:
                made.wide[part.filename] = seen.area
    return made


def _look_at_document(path: Path, archive: zipfile.ZipFile, part: zipfile.ZipInfo, made: Survey) -> None:
    """Refuse an OpenDocument part of which too much is filled; note one that has too many empty texts."""
    loose = OpenDocument(strict=False)
    try:
        with archive.open(part) as opened:
            pass_by(opened, loose)
    except TooMuch:
        made.wide[part.filename] = loose.area
    else:
        return
    try:
        with archive.open(part) as opened:
            pass_by(opened, OpenDocument())
    except TooMuch as error:
        raise too_large(path, f"{error} ({part.filename})", f"{MOST_CELLS:,}") from error


def _chunks(opened: IO[bytes]) -> Iterator[tuple[bytes, int]]:
    """Pieces that overlap, so that nothing of interest is cut in two, and how many bytes of each are new."""
    rest = b""
    while chunk := opened.read(_CHUNK):
        yield rest + chunk, len(chunk)
        rest = chunk[-_OVERLAP:]


@dataclass(slots=True)
class _Seen:
    """The area that a part's filled cells span at most, if it is a sheet, and whether it says what no sheet says.

    A rough look, for speed: what it takes for too large is looked at again, cell by cell.
    """

    area: Area = field(default_factory=Area)
    odd: bool = False
    #: Cells that hold a value, at least.
    values: int = 0
    #: Elements that were begun and not ended, about.
    _open: int = 0
    _in_row: int = 0
    _row_tags: int = 0

    def look(self, chunk: bytes, new: int) -> None:
        """Take one more piece of the part; its last `new` bytes were not in the one before."""
        area, start = self.area, len(chunk) - new
        self.values += chunk.count(b"<v>", start) - chunk.count(b"<v></v>", start)
        self._open += chunk.count(b"<", start) - 2 * chunk.count(b"</", start) - chunk.count(b"/>", start)
        self._open -= chunk.count(b"<?", start) + chunk.count(b"<!", start)
        if self._open > _DEEPEST:
            raise ValueError("elements within elements")
        if area.too_large:
            return
        filled = _FILLED.findall(chunk)
        if filled:
            area.columns = max(area.columns, *map(_number_of, {letters for letters, _ in filled}))
            area.rows = max(area.rows, *map(int, {row for _, row in filled}))
        self.odd = self.odd or any(_RANGE.search(said) is None for said in _RANGES.findall(chunk))
        piece = chunk[max(start - 1, 0) :]
        if b":row" in piece or b":c" in piece:
            piece = _PREFIXED.sub(b"<", piece)
        cells = piece.count(b"<c") - piece.count(b"<col")
        if cells > piece.count(b'<c r="') and cells > len(_NAMED.findall(piece)):
            self._one_after_the_other(piece)

    def _one_after_the_other(self, piece: bytes) -> None:
        """Cells may leave out where they stand: then each stands after the one before."""
        for number, row in enumerate(piece.split(b"<row")):
            cells = row.count(b"<c") - row.count(b"<col")
            self._in_row = cells if number else self._in_row + cells
            self._row_tags += number > 0
            self.area.columns = max(self.area.columns, self._in_row)
        self.area.rows = max(self.area.rows, self._row_tags)


def _number_of(letters: bytes) -> int:
    number = 0
    for letter in letters.upper():
        number = 26 * number + letter - 64
    return number
